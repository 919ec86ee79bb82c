/** The configuration in the server's own terms. */
import { ensureCertificates } from '@scorpiox/shared/certificates';
import { tlsFolder } from '@scorpiox/shared/config';
import type { MailConfig } from './fleet/settings.ts';
import { CONNECTION, type ConnectionLimits } from './limits.ts';
import { EXIT, StartError } from './process.ts';
import type { TlsFiles } from './server/tls.ts';

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60 * MS_PER_SECOND;
const OCTETS_PER_MIB = 1024 * 1024;

/** Those of limits.ts, with what the operator wants otherwise. */
export function limitsOf({ imap: { keepAlive, limits } }: MailConfig): ConnectionLimits {
  return {
    ...CONNECTION,
    keepAlive: keepAlive * MS_PER_MINUTE,
    connections: limits.connections,
    perAddress: limits.connectionsPerAddress,
    perUser: limits.connectionsPerUser,
    messageSize: limits.messageSize * OCTETS_PER_MIB,
    beforeSignIn: limits.signInTimeout * MS_PER_SECOND,
    idle: limits.idleTimeout * MS_PER_MINUTE,
    stalled: limits.stalledTimeout * MS_PER_SECOND,
  };
}

/** Where LMTP listens. */
export function lmtpAt({ imap }: MailConfig): {
  readonly port: number | undefined;
  readonly socket: string | undefined;
} {
  return { port: imap.lmtpPort === 0 ? undefined : imap.lmtpPort, socket: imap.lmtpSocket };
}

/** Certificate and key: the operator's, or those of the local authority, which are made where they are missing or old. */
export async function certificateOf(config: MailConfig): Promise<TlsFiles> {
  const { tlsCert, tlsKey } = config.imap;
  if (tlsCert !== undefined && tlsKey !== undefined) return { certFile: tlsCert, keyFile: tlsKey };
  return ensureCertificates({ folder: tlsFolder(config) });
}

/** Runs `work`, which needs the certificate; what goes wrong is a `StartError`. */
export async function withCertificate<T>(config: MailConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { tlsCert, tlsKey } = config.imap;
    const why = error instanceof Error ? error.message : 'unknown';
    const files = tlsCert === undefined ? tlsFolder(config) : `imap.tls_cert ${tlsCert} and imap.tls_key ${tlsKey}`;
    throw new StartError(`The TLS certificate cannot be used (${files}): ${why}`, EXIT.config);
  }
}
