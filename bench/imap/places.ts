// What lies on the disk before the servers start: messages, Maildirs for both servers that link to them, accounts, a certificate.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAccounts } from '../../packages/shared/src/accounts/index.ts';
import { deriveByNode, hashPassword, passwordBytes } from '../../packages/shared/src/accounts/password.ts';
import { type CertificateFiles, ensureCertificates } from '../../packages/shared/src/certificates/index.ts';
import { fillWithLinks, originals, temporary } from '../support/maildirs.ts';

export const PASSWORD = 'bench-password';
/** Rounds of what can be measured once per Maildir: each has a user of its own. */
export const FRESH = 3;
export const MANY_USERS = 60;

/** Messages of the mailboxes, and octets of each: 220 MB in the middle one. */
const ORIGINALS = { messages: 10_000, octets: 22_000 };
const SMALL = { messages: 1_000, octets: 10_000 };

const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${name}${at}`);

/** Users by the size of their INBOX. */
export const USERS = {
  middle: [...numbered('envelope', FRESH), ...numbered('structure', FRESH), ...numbered('noop', FRESH), 'read'],
  large: numbered('large', FRESH),
  small: ['bench', 'pairs', 'quiet'],
  empty: ['idle', ...numbered('append', 10), ...numbered('many', MANY_USERS)],
} as const;

export interface Places {
  readonly ours: { readonly folder: string; readonly mail: string };
  readonly theirs: { readonly mail: string; readonly passwords: string };
  readonly certificate: CertificateFiles;
  remove(): void;
}

function fillAll(mail: string, source: string): void {
  const inbox = (user: string): string => join(mail, user, 'Maildir');
  for (const user of USERS.middle)
    fillWithLinks(inbox(user), ORIGINALS.messages, join(source, 'middle'), ORIGINALS.messages);
  for (const user of USERS.large) fillWithLinks(inbox(user), 100_000, join(source, 'middle'), ORIGINALS.messages);
  for (const user of USERS.small) fillWithLinks(inbox(user), SMALL.messages, join(source, 'small'), SMALL.messages);
  for (const user of USERS.empty) fillWithLinks(inbox(user), 0, source, 1);
}

async function addAccounts(folder: string, passwords: string): Promise<void> {
  const bytes = passwordBytes(PASSWORD);
  if (bytes === undefined) throw new Error('the password is none');
  const hash = await hashPassword(bytes, deriveByNode);
  const names = Object.values(USERS).flat();
  writeFileSync(passwords, names.map((name) => `${name}:{ARGON2ID}${hash}::::::\n`).join(''));
  const accounts = openAccounts(join(folder, 'accounts.db'));
  for (const name of names) await accounts.add({ name, password: PASSWORD });
  accounts.close();
}

export async function prepare(): Promise<Places> {
  const { path } = temporary();
  chmodSync(path, 0o755); // Dovecot's user reads below it
  const ours = { folder: join(path, 'ours'), mail: join(path, 'ours', 'mail') };
  const theirs = { mail: join(path, 'theirs'), passwords: join(path, 'passwords') };
  mkdirSync(ours.mail, { recursive: true });
  originals(join(path, 'middle'), ORIGINALS.messages, ORIGINALS.octets);
  originals(join(path, 'small'), SMALL.messages, SMALL.octets);
  for (const { mail } of [ours, theirs]) fillAll(mail, path);
  await addAccounts(ours.folder, theirs.passwords);
  const certificate = await ensureCertificates({ folder: join(path, 'tls') });
  return { ours, theirs, certificate, remove: () => rmSync(path, { recursive: true, force: true }) };
}
