// What is in a user's mailboxes, as a line a message, so that the two sides of a synchronisation can be compared.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { RawImap } from './raw-imap.ts';

const LETTERS: Readonly<Record<string, string>> = {
  '\\Answered': 'R',
  '\\Deleted': 'T',
  '\\Draft': 'D',
  '\\Flagged': 'F',
  '\\Seen': 'S',
};

const subjectOf = (header: string): string => /^subject: *([^\r\n]*)/im.exec(header)?.[1] ?? '';

/** The mailboxes' names, as LIST tells them. */
export async function mailboxesOf(imap: RawImap): Promise<string[]> {
  const names = [...(await imap.command('LIST "" *')).matchAll(/^\* LIST \([^)]*\) "\." "?([^"\r\n]*)"?\r$/gm)];
  return names.map(([, name = '']) => name).sort();
}

/** `mailbox/subject flags` of every message on the server, sorted; flags in a Maildir's letters. */
export async function farContents(imap: RawImap): Promise<string[]> {
  const lines: string[] = [];
  for (const mailbox of await mailboxesOf(imap)) {
    await imap.command(`EXAMINE "${mailbox}"`);
    const reply = await imap.command('FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])');
    for (const [, flags = '', header = ''] of reply.matchAll(/FLAGS \(([^)]*)\) [^{]*\{\d+\}\r\n(.*?)\r\n\r\n\)/gs)) {
      const letters = flags.split(' ').flatMap((flag) => LETTERS[flag] ?? []);
      lines.push(`${mailbox}/${subjectOf(header)} ${letters.sort().join('')}`);
    }
  }
  return lines.sort();
}

/** Paths of the messages of one Maildir. */
export function filesIn(maildir: string): string[] {
  const parts = ['new', 'cur'].map((part) => join(maildir, part));
  return parts.flatMap((part) => (existsSync(part) ? readdirSync(part).map((name) => join(part, name)) : []));
}

/** Maildirs below a folder, that one included. */
function maildirsBelow(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const inner = below.filter(({ name }) => !['cur', 'new', 'tmp'].includes(name));
  const own = below.length > inner.length ? [folder] : [];
  return [...own, ...inner.flatMap(({ name }) => maildirsBelow(join(folder, name)))];
}

/** The same of Maildirs below a folder, levels parted by dots as on the server. */
export function nearContents(folder: string): string[] {
  const lines = maildirsBelow(folder).flatMap((maildir) =>
    filesIn(maildir).map((path) => {
      const letters = basename(path).split(':2,')[1] ?? '';
      const mailbox = relative(folder, maildir).replaceAll('/', '.');
      return `${mailbox}/${subjectOf(readFileSync(path, 'latin1'))} ${letters}`;
    }),
  );
  return lines.sort();
}
