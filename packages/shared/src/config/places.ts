/** Where things lie below the configured folders: the layout that every part has to agree on (ARCHITECTURE.md). */
import { join } from 'node:path';
import type { Config } from './config.ts';

/** The accounts' database. */
export const accountsFile = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'accounts.db');

/** The folder of the local authority and the certificate that the first start makes. */
export const tlsFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'tls');

/** The token that the IMAP server's operator needs (`imap.admin_port`). */
export const adminTokenFile = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'imap-admin.token');

/** The folder of protocol traces. */
export const traceFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'imap-traces');

/** The folder where messages that arrive wait to be stored: on the disk of everything else, and not in memory. */
export const lmtpSpoolFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'lmtp');

/** A user's Maildir and the index beside it. `user` is an account's name, already folded. */
export function mailPlaces(
  { imap }: Pick<Config, 'imap'>,
  user: string,
): { readonly maildir: string; readonly indexFile: string } {
  const home = join(imap.mailRoot, user);
  return { maildir: join(home, 'Maildir'), indexFile: join(home, 'index.db') };
}

/** The folder where events wait for a SQL Server. */
export const spoolFolder = ({ dataDir }: Config): string => join(dataDir, 'spool');

/** Copies of the insights database. */
export const backupFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'backups');

/** Files that an operator wants imported, and how far their imports are. */
export const importFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'imports');
