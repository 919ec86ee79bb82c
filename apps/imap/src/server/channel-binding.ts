/** What ties a sign-in to the TLS connection that it is made on (RFC 5929, RFC 9266). */
import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { ChannelBinding } from '../auth/exchange.ts';

/**
 * The bindings of a connection, after its handshake. None where a TLS 1.2 session was resumed: without the extended
 * master secret, of which Node does not tell, somebody in between could have two connections agree (RFC 7677 §4).
 */
export function channelBindingOf(socket: TLSSocket): ChannelBinding | undefined {
  const modern = socket.getProtocol() === 'TLSv1.3';
  if (!modern && socket.isSessionReused()) return undefined;
  return (type) => {
    switch (type) {
      case 'tls-exporter':
        return modern ? socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)) : undefined;
      case 'tls-server-end-point':
        return certificateHash(socket);
      case 'tls-unique':
        // The first Finished message, which in a full handshake is the client's (RFC 5929 §3); TLS 1.3 has none such.
        return modern ? undefined : socket.getPeerFinished();
      default:
        return undefined;
    }
  };
}

/** The hash of the certificate by its signature's hash function, SHA-256 for the broken ones (RFC 5929 §4.1). */
function certificateHash(socket: TLSSocket): Uint8Array | undefined {
  const certificate = socket.getX509Certificate();
  const algorithm = /(md5|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512)(?!\d)/i.exec(
    certificate?.signatureAlgorithm ?? '',
  )?.[1];
  // Signatures without a hash function of their own (Ed25519) have no such binding.
  if (certificate === undefined || algorithm === undefined) return undefined;
  const name = algorithm.toLowerCase().replace('-', '');
  return createHash(name === 'md5' || name === 'sha1' ? 'sha256' : name)
    .update(certificate.raw)
    .digest();
}
