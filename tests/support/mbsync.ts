// mbsync between a user's mail on the server ("far") and a Maildir on this machine ("near").
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, passwordOf } from './platform.ts';

export interface Mbsync {
  /** The folder of near Maildirs, a folder each. */
  readonly near: string;
  /** What mbsync is called with. */
  readonly args: readonly string[];
}

/** @param channel lines of the channel beyond its two stores. */
export function configureMbsync(platform: Platform, user: string, channel: readonly string[]): Mbsync {
  const folder = mkdtempSync(join(tmpdir(), 'mbsync-'));
  const near = join(folder, 'near');
  mkdirSync(near);
  const secret = join(folder, 'password');
  writeFileSync(secret, passwordOf(user), { mode: 0o600 });
  const configuration = join(folder, 'mbsyncrc');
  const account = ['IMAPAccount a', 'Host localhost', `Port ${platform.ports.imaps}`, `User ${user}`];
  account.push(`PassCmd "cat ${secret}"`, 'SSLType IMAPS', `CertificateFile ${platform.ca}`, 'SystemCertificates no');
  const stores = ['IMAPStore far', 'Account a', '', 'MaildirStore near', `Inbox ${near}/INBOX`, `Path ${near}/`];
  const lines = [...account, '', ...stores, 'SubFolders Verbatim', '', 'Channel all', 'Far :far:', 'Near :near:'];
  writeFileSync(configuration, [...lines, 'SyncState *', ...channel, ''].join('\n'));
  return { near, args: ['--config', configuration, '--all'] };
}
