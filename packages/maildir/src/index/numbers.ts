/**
 * A mailbox's numbers, read and set by whoever mends an index that disagrees with itself. They are set while nobody else has
 * the index open: those who have keep UIDs and UIDVALIDITY in mind, and hear only of what changes as it should.
 */
import { existsSync } from 'node:fs';
import { sqliteCode } from '../errors.ts';
import { Connection } from './connection.ts';
import { IndexReader, type UidRange } from './index-reader.ts';

export interface MailboxNumbers {
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModSeq: number;
  /** The ranges of its UIDs, where they are not what the messages say, or were so. */
  readonly ranges?: readonly UidRange[];
}

const BUSY = 5;

/** The numbers of a folder's mailbox; undefined where the index cannot be read, or has none. */
export function readNumbers(indexFile: string, folder: string, withRanges: boolean): MailboxNumbers | undefined {
  const index = IndexReader.open(indexFile);
  if (!(index instanceof IndexReader)) return undefined;
  try {
    const mailbox = index.mailboxes().find((candidate) => candidate.folder === folder);
    if (mailbox === undefined) return undefined;
    const { uidValidity, uidNext, highestModSeq } = mailbox;
    const ranges = withRanges ? { ranges: index.ranges(mailbox.id).kept } : {};
    return { uidValidity, uidNext, highestModSeq, ...ranges };
  } finally {
    index.close();
  }
}

/** Whether another process, or another connection of this one, has the index open. */
export function isOpenElsewhere(indexFile: string): boolean {
  if (!existsSync(indexFile)) return false;
  return alone(indexFile, () => undefined) === 'open-elsewhere';
}

/** Sets a mailbox's numbers, durably. `along` runs in the same transaction. */
export function setNumbers(
  indexFile: string,
  folder: string,
  to: MailboxNumbers,
  along: () => void,
): 'done' | 'open-elsewhere' {
  return alone(indexFile, (db) => {
    along();
    db.prepare('UPDATE mailboxes SET uidvalidity = ?, uidnext = ?, highestmodseq = ? WHERE folder = ?').run(
      ...[to.uidValidity, to.uidNext, to.highestModSeq],
      folder,
    );
    if (to.ranges === undefined) return;
    db.prepare('DELETE FROM uid_ranges WHERE mailbox = (SELECT id FROM mailboxes WHERE folder = ?)').run(folder);
    const add = db.prepare('INSERT INTO uid_ranges SELECT id, ?, ? FROM mailboxes WHERE folder = ?');
    for (const [first, last] of to.ranges) add.run(first, last, folder);
  });
}

/** Runs `work` in a transaction while every other connection is kept out. */
function alone(indexFile: string, work: (db: Connection) => void): 'done' | 'open-elsewhere' {
  let db: Connection | undefined;
  try {
    db = new Connection(indexFile, 'exclusive');
    const open = db;
    open.writeNow(() => work(open));
    return 'done';
  } catch (error) {
    if (sqliteCode(error) === BUSY) return 'open-elsewhere';
    throw error;
  } finally {
    db?.close();
  }
}
