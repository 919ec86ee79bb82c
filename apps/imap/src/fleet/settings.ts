/**
 * What a worker is to serve, as it passes between processes: the primary's own configuration, so that a worker that is
 * started again after the file was changed serves what the others serve.
 */
import { type Config, secret } from '@scorpiox/shared/config';

/** The part of the configuration that concerns mail. */
export type MailConfig = Pick<Config, 'dataDir' | 'imap' | 'telemetry'>;

export interface Settings {
  readonly dataDir: string;
  readonly imap: Config['imap'];
  readonly connectionString: string | null;
  /** Base64. With the same keys, a TLS session of one worker is resumed in another (RFC 5077, RFC 8446 §2.2). */
  readonly ticketKeys: string;
}

export function packSettings({ dataDir, imap, telemetry }: MailConfig, ticketKeys: Uint8Array): Settings {
  return {
    dataDir,
    imap,
    connectionString: telemetry.connectionString?.reveal() ?? null,
    ticketKeys: Buffer.from(ticketKeys).toString('base64'),
  };
}

export function unpackSettings({ dataDir, imap, connectionString, ticketKeys }: Settings): {
  readonly config: MailConfig;
  readonly ticketKeys: Buffer;
} {
  const telemetry = connectionString === null ? {} : { connectionString: secret(connectionString) };
  return { config: { dataDir, imap, telemetry }, ticketKeys: Buffer.from(ticketKeys, 'base64') };
}
