import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';
import { BACKDATE_MS, CA_LIFE_MS, LEAF_LIFE_MS } from './limits.ts';

// Makes the certificates (RFC 5280), with the extensions that OpenSSL's strict mode asks for: critical basicConstraints
// and keyUsage, subject and authority key identifiers, a positive serial number.

/** A key pair's private half and a certificate, both in PEM. */
export interface Signer {
  readonly key: string;
  readonly certificate: string;
}

/** A self-signed CA certificate for this private key (PEM) that may sign servers' certificates and nothing below. */
export function issueCa(key: string, now: number): string {
  const privateKey = forge.pki.privateKeyFromPem(key);
  // The name holds a part of the key's fingerprint: two CAs in one trust store must not share a name.
  const certificate = blank(publicKeyOf(privateKey), now, now + CA_LIFE_MS);
  const fingerprint = keyIdentifier(certificate).toHex().slice(0, 8);
  const name = [{ name: 'commonName', value: `Scorpiox local CA ${fingerprint}` }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: keyIdentifier(certificate).getBytes() },
  ]);
  return sign(certificate, privateKey);
}

/** A TLS server's certificate for these names and addresses, signed by the CA, that does not outlive the CA. */
export function issueLeaf(ca: Signer, key: string, hostNames: readonly string[], now: number): string {
  const issuer = forge.pki.certificateFromPem(ca.certificate);
  const until = Math.min(now + LEAF_LIFE_MS, issuer.validity.notAfter.getTime());
  const certificate = blank(publicKeyOf(forge.pki.privateKeyFromPem(key)), now, until);
  certificate.setSubject([{ name: 'commonName', value: commonName(hostNames) }]);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: hostNames.map(alternativeName) },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: keyIdentifier(issuer).getBytes() },
  ]);
  return sign(certificate, forge.pki.privateKeyFromPem(ca.key));
}

/** For people who look at it: the first name that is not this machine's own word for itself. Clients go by the others. */
function commonName(hostNames: readonly string[]): string {
  const given = hostNames.find((host) => host !== 'localhost' && host.length <= CN_MAX && isIP(host) === 0);
  return given ?? 'localhost';
}

/** Longest commonName (RFC 5280 appendix A.1, ub-common-name). */
const CN_MAX = 64;

function blank(publicKey: forge.pki.rsa.PublicKey, now: number, until: number): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(now - BACKDATE_MS);
  certificate.validity.notAfter = new Date(until);
  return certificate;
}

const publicKeyOf = (key: forge.pki.rsa.PrivateKey): forge.pki.rsa.PublicKey => forge.pki.setRsaPublicKey(key.n, key.e);

/** SHA-1 of the public key (RFC 5280 §4.2.1.2, method 1): a name, not a protection. */
const keyIdentifier = (certificate: forge.pki.Certificate): forge.util.ByteStringBuffer =>
  certificate.generateSubjectKeyIdentifier();

/** 16 bytes in hex, positive and without a leading zero byte, as DER wants integers (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return bytes.toString('hex');
}

/** GeneralName of RFC 5280 §4.2.1.6: 7 is an address, 2 a DNS name. */
const alternativeName = (host: string) => (isIP(host) ? { type: 7, ip: host } : { type: 2, value: host });

function sign(certificate: forge.pki.Certificate, key: forge.pki.rsa.PrivateKey): string {
  certificate.sign(key, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}
