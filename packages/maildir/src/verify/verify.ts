/*
 * Looking a Maildir over
 *
 * Every file of every folder is looked at, and the index beside it, to say what is wrong; nothing is changed, opened for
 * writing or locked, so it may run beside a server, a mail server and everybody else.
 *
 * Hazards
 * - The mail goes on: a file may be renamed between the reading of its name and the look at it, or be met twice. So what
 *   vanished is passed over, twins are looked for a second time, and what the next look of a mailbox settles by itself
 *   (a delivery that the index does not know yet) is a note and no fault.
 * - A million files: names come from the directory one by one; of each only a number is kept (bases.ts), and rows of the
 *   index are read a thousand at a time.
 * - A damaged index: it is told, and the folders are looked at without it.
 * - Names that are no text: they are read as bytes, and shown with `\xNN`.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errno } from '../errors.ts';
import { IndexReader, type MailboxFacts } from '../index/index-reader.ts';
import { checkMailbox, readWitnesses } from './check-index.ts';
import { type Finding, indexFinding } from './faults.ts';
import { verifyFolder } from './verify-folder.ts';

export interface VerifyOptions {
  readonly maildir: string;
  readonly indexFile: string;
  /** Whether all messages are read, to count what their names claim (`W=`): as long as reading all mail takes. */
  readonly contents?: boolean;
  /** Milliseconds since the epoch; the machine's clock by default. */
  readonly clock?: () => number;
  readonly signal?: AbortSignal;
  /** Called after each folder and after each thousand messages, with how many were looked at so far. */
  readonly onProgress?: (folders: number, messages: number) => void;
}

/**
 * Looks a Maildir and its index over and tells what is wrong, in no order that means anything. Throws the system's error
 * where the Maildir cannot be read, and the signal's reason.
 */
export async function* verifyMaildir(options: VerifyOptions): AsyncGenerator<Finding> {
  const { maildir, indexFile, contents = false, clock = Date.now, signal, onProgress } = options;
  const opened = IndexReader.open(indexFile);
  if (!(opened instanceof IndexReader)) yield indexFinding(opened);
  const index = opened instanceof IndexReader ? opened : undefined;
  const copy = IndexReader.openCopy(indexFile);
  try {
    const mailboxes = new Map((index?.mailboxes() ?? []).map((mailbox) => [mailbox.folder, mailbox]));
    if (index !== undefined) yield* checkNumbers(index, mailboxes.values(), options, copy);
    const owner = (await stat(maildir)).uid;
    let [folders, messages] = [0, 0];
    for (const folder of await foldersOf(maildir)) {
      const mailbox = mailboxes.get(folder);
      const indexed = index === undefined || mailbox === undefined ? undefined : { index, mailbox };
      const onMessage = (): void => {
        messages += 1;
        if (messages % 1_000 === 0) onProgress?.(folders, messages);
      };
      yield* verifyFolder({ maildir, folder, owner, indexed, contents, now: clock(), signal, onMessage });
      folders += 1;
      onProgress?.(folders, messages);
    }
  } finally {
    index?.close();
    copy?.close();
  }
}

function* checkNumbers(
  index: IndexReader,
  mailboxes: Iterable<MailboxFacts>,
  { maildir }: VerifyOptions,
  copy: IndexReader | undefined,
): Iterable<Finding> {
  const witnesses = readWitnesses(maildir, copy);
  for (const mailbox of mailboxes) yield* checkMailbox(index, mailbox, witnesses);
}

/** INBOX, then every folder beside it that a listing of mailboxes would show. */
async function foldersOf(maildir: string): Promise<readonly string[]> {
  const names = (await readdir(maildir, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && /^\.[^.]/.test(entry.name))
    .map((entry) => entry.name);
  const isFolder = await Promise.all(names.map((name) => hasDirectory(join(maildir, name))));
  return ['', ...names.filter((_, at) => isFolder[at]).sort()];
}

/** Whether it has any of a folder's directories; a directory of somebody else's has none. */
async function hasDirectory(path: string): Promise<boolean> {
  for (const name of ['cur', 'new', 'tmp']) {
    try {
      if ((await stat(join(path, name))).isDirectory()) return true;
    } catch (error) {
      if (errno(error) !== 'ENOENT' && errno(error) !== 'ENOTDIR') throw error;
    }
  }
  return false;
}
