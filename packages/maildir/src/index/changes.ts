/** What happened to an index's messages: which changed after a modification sequence, and which were expunged. */
import type { Uid } from '../api.ts';
import type { Connection } from './connection.ts';
import { STATE, type StateRow, toStateRow, toUidOf } from './message-row.ts';
import { integer, type Row } from './row.ts';

/** An expunge that is remembered. */
export interface Expunged {
  readonly uid: Uid;
  readonly modSeq: number;
}

/** Changes after a place in the order of modification sequences and UIDs, up to a modification sequence. */
export interface Span {
  readonly after: { readonly modSeq: number; readonly uid: number };
  readonly upTo: number;
}

const toExpunged = (row: Row): Expunged => ({ uid: toUidOf(row), modSeq: integer(row, 'modseq') });

/**
 * The modification sequence of what a folder held when it was first read, and of a mailbox of which nobody has been told. Rows with it are not in the index by modification
 * sequences, which spares the first reading that index; after it only ask those who know nothing.
 */
export const FROM_THE_BEGINNING = 1;

/**
 * That the rows are in the index has to be said, and is no place to begin at: `likely` has SQLite seek by the other bound, of
 * the caller. Else it might go through every message that ever changed.
 */
const STATE_BY_MODSEQ = `SELECT uid, modseq, mask, extra, recent FROM messages INDEXED BY messages_modseq
  WHERE likely(modseq > ${FROM_THE_BEGINNING}) AND mailbox = ?`;

export class Changes {
  readonly #statements;
  /** Expunges written by this process since they were last counted, by mailbox. */
  readonly #expunges = new Map<number, number>();

  constructor(db: Connection) {
    this.#statements = {
      all: db.prepare(`${STATE} ORDER BY uid`),
      unchanged: db.prepare(
        `${STATE} AND modseq = ${FROM_THE_BEGINNING} AND uid > ? AND uid < ? ORDER BY uid LIMIT +?`,
      ),
      changed: db.prepare(`${STATE_BY_MODSEQ} AND modseq > ? ORDER BY uid`),
      arrived: db.prepare(`${STATE} AND uid >= ? AND uid < ? AND modseq > ? ORDER BY uid LIMIT +?`),
      changedPage: db.prepare(
        `${STATE_BY_MODSEQ} AND (modseq, uid) > (?, ?) AND modseq <= ? AND uid < ? ORDER BY modseq, uid LIMIT +?`,
      ),
      vanished: db.prepare('SELECT uid, modseq FROM expunged WHERE mailbox = ? AND modseq > ? ORDER BY uid'),
      vanishedPage: db.prepare(
        `SELECT uid, modseq FROM expunged WHERE mailbox = ? AND (modseq, uid) > (?, ?) AND modseq <= ?
         ORDER BY modseq, uid LIMIT +?`,
      ),
      vanishedIn: db.prepare('SELECT uid FROM expunged WHERE mailbox = ? AND modseq > ? AND uid >= ? AND uid < ?'),
      highestUid: db.prepare(
        `SELECT max(ifnull((SELECT uid FROM messages WHERE mailbox = ?1 AND modseq <= ?2 ORDER BY uid DESC LIMIT 1), 0),
                    (SELECT ifnull(max(uid), 0) FROM expunged WHERE mailbox = ?1 AND modseq <= ?2)) AS uid`,
      ),
      bury: db.prepare('INSERT INTO expunged VALUES (?, ?, ?)'),
      newest: db.prepare('SELECT modseq FROM expunged WHERE mailbox = ? ORDER BY modseq DESC LIMIT 1 OFFSET ?'),
      forget: db.prepare(
        `DELETE FROM expunged WHERE mailbox = ?1 AND (modseq, uid) IN
         (SELECT modseq, uid FROM expunged WHERE mailbox = ?1 AND modseq < ?2 ORDER BY modseq, uid LIMIT +?3)`,
      ),
    };
  }

  changed(mailbox: number, since: number): StateRow[] {
    const { all, changed } = this.#statements;
    return (since < FROM_THE_BEGINNING ? all.all(mailbox) : changed.all(mailbox, since)).map(toStateRow);
  }

  /** The first `limit` messages from UID `first` and below `end` that changed after `since`, ascending by UID. */
  arrived(mailbox: number, range: { first: number; end: number; since: number }, limit: number): StateRow[] {
    return this.#statements.arrived.all(mailbox, range.first, range.end, range.since, limit).map(toStateRow);
  }

  /** The first `limit` changes of messages below `end`, in the order of their modification sequences and UIDs. */
  changedPage(mailbox: number, { after, upTo }: Span, end: number, limit: number): StateRow[] {
    const { unchanged, changedPage } = this.#statements;
    const isBefore = after.modSeq < FROM_THE_BEGINNING;
    const first =
      after.modSeq > FROM_THE_BEGINNING || upTo < FROM_THE_BEGINNING
        ? []
        : unchanged.all(mailbox, isBefore ? 0 : after.uid, end, limit);
    if (limit >= 0 && first.length >= limit) return first.map(toStateRow);
    const rest = limit < 0 ? limit : limit - first.length;
    return [...first, ...changedPage.all(mailbox, after.modSeq, after.uid, upTo, end, rest)].map(toStateRow);
  }

  /** All of a span, ascending by UID. */
  changedUpTo(mailbox: number, span: Span): StateRow[] {
    return this.changedPage(mailbox, span, 2 ** 32, -1).sort((a, b) => a.uid - b.uid);
  }

  vanished(mailbox: number, since: number): Expunged[] {
    return this.#statements.vanished.all(mailbox, since).map(toExpunged);
  }

  /** The first `limit` expunges, in the same order. */
  vanishedPage(mailbox: number, { after, upTo }: Span, limit: number): Expunged[] {
    return this.#statements.vanishedPage.all(mailbox, after.modSeq, after.uid, upTo, limit).map(toExpunged);
  }

  /** The same of expunges. */
  vanishedUpTo(mailbox: number, span: Span): Expunged[] {
    return this.vanishedPage(mailbox, span, -1).sort((a, b) => a.uid - b.uid);
  }

  /** Which UIDs from `first` and below `end` were expunged after `since`. */
  vanishedIn(mailbox: number, { first, end, since }: { first: number; end: number; since: number }): Uid[] {
    return this.#statements.vanishedIn.all(mailbox, since, first, end).map(toUidOf);
  }

  /** The highest UID that is known to have been there at a modification sequence: those above may have been, too. */
  highestUid(mailbox: number, at: number): number {
    return integer(this.#statements.highestUid.get(mailbox, at) ?? {}, 'uid');
  }

  /** Remembers an expunge. */
  bury(mailbox: number, uid: Uid, modSeq: number): void {
    this.#statements.bury.run(mailbox, modSeq, uid);
    this.#expunges.set(mailbox, (this.#expunges.get(mailbox) ?? 0) + 1);
  }

  /** Whether this process has written that many expunges since it was last told so. */
  hasExpunged(mailbox: number, count: number): boolean {
    if ((this.#expunges.get(mailbox) ?? 0) < count) return false;
    this.#expunges.delete(mailbox);
    return true;
  }

  /** The modification sequence of the expunge that is older than `count` others; undefined where there are not as many. */
  expungeBehind(mailbox: number, count: number): number | undefined {
    const row = this.#statements.newest.get(mailbox, count);
    return row === undefined ? undefined : integer(row, 'modseq');
  }

  /** Forgets some of the expunges below a modification sequence, the oldest first; returns how many. */
  forgetExpunges(mailbox: number, below: number, limit: number): number {
    return Number(this.#statements.forget.run(mailbox, below, limit).changes);
  }
}
