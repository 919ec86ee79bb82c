import { join } from 'node:path';
import { nodeFileSystem } from '../files/node-file-system.ts';
import { UIDVALIDITY_FILE } from '../folders/folders.ts';
import { isOpenElsewhere, type MailboxNumbers, readNumbers, setNumbers } from '../index/numbers.ts';

export interface MailPlaces {
  readonly maildir: string;
  readonly indexFile: string;
}

/** A mailbox's numbers, with what is noted beside the mail, and whether they may be set. */
export interface NumbersSeen {
  readonly numbers: MailboxNumbers | undefined;
  /** The last UIDVALIDITY that was given, as the Maildir has it. */
  readonly last: number | undefined;
  readonly isOpenElsewhere: boolean;
}

/** Reads a mailbox's numbers. Whether anybody has the mail open is found out by keeping everybody out for a moment. */
export function readMailboxNumbers(
  { maildir, indexFile }: MailPlaces,
  folder: string,
  withRanges: boolean,
): NumbersSeen {
  const text = nodeFileSystem.now.readText(join(maildir, UIDVALIDITY_FILE));
  const last = text === undefined ? Number.NaN : Number.parseInt(text, 10);
  return {
    numbers: readNumbers(indexFile, folder, withRanges),
    last: Number.isNaN(last) ? undefined : last,
    isOpenElsewhere: isOpenElsewhere(indexFile),
  };
}

/** Sets a mailbox's numbers, and the last UIDVALIDITY where one is given, all or nothing. */
export function setMailboxNumbers(
  { maildir, indexFile }: MailPlaces,
  folder: string,
  to: MailboxNumbers & { readonly last?: number },
): 'done' | 'open-elsewhere' {
  return setNumbers(indexFile, folder, to, () => {
    if (to.last !== undefined) nodeFileSystem.now.replaceText(join(maildir, UIDVALIDITY_FILE), `${to.last}\n`);
  });
}
