/**
 * Where the folders of a Maildir are. Maildir++ has them side by side, `.Archive.2026/cur`; Dovecot's `LAYOUT=fs`, mbsync and
 * offlineimap have them one in the other, `Archive/2026/cur`. Both are read, wherever they are.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeUtf7 } from '@scorpiox/maildir';
import { systemErrorCode } from '../../failure.ts';

export interface MaildirFolder {
  readonly directory: string;
  readonly path: readonly string[];
}

const OWN = ['cur', 'new', 'tmp'];

/** A name as people see it, where it is modified UTF-7. */
const decoded = (name: string): string => (name.includes('&') ? (decodeUtf7(name) ?? name) : name);

export async function findFolders(root: string, passedOver: string[]): Promise<readonly MaildirFolder[]> {
  const folders: MaildirFolder[] = [];
  await walk(root, [], folders, passedOver);
  return folders;
}

async function walk(
  directory: string,
  path: readonly string[],
  folders: MaildirFolder[],
  passedOver: string[],
): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true });
  const isMaildir = entries.some((entry) => entry.name === 'cur' && entry.isDirectory());
  if (isMaildir) folders.push({ directory, path: path.length === 0 ? ['INBOX'] : path });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const below = join(directory, entry.name);
    if (entry.isSymbolicLink() && !OWN.includes(entry.name)) passedOver.push(`${below} is a symbolic link.`);
    if (!entry.isDirectory() || (isMaildir && OWN.includes(entry.name))) continue;
    if (!entry.name.startsWith('.')) await walk(below, [...path, decoded(entry.name)], folders, passedOver);
    else if (await hasCur(below)) {
      await walk(below, [...path, ...decoded(entry.name.slice(1)).split('.')], folders, passedOver);
    }
  }
}

async function hasCur(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory, { withFileTypes: true })).some(({ name }) => name === 'cur');
  } catch {
    return false;
  }
}

/** Subscribed mailboxes, levels divided by line ends; undefined where nobody has written them down. */
export async function readSubscriptions(root: string): Promise<ReadonlySet<string> | undefined> {
  const dovecot = await readText(join(root, 'subscriptions'));
  const courier = dovecot === undefined ? await readText(join(root, 'courierimapsubscribed')) : undefined;
  const text = dovecot ?? courier;
  if (text === undefined) return undefined;
  // Version 2 begins with `V 2` and an empty line, and divides levels by tabs.
  const lines = text.split('\n').filter((line) => line !== '' && !/^V\t\d/.test(line));
  return new Set(
    lines.map((line) => {
      const levels = decoded(line.trimEnd()).split(/[./\t]/);
      return (levels.length > 1 && levels[0] === 'INBOX' ? levels.slice(1) : levels).join('\n');
    }),
  );
}

export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
