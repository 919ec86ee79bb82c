/**
 * Which UIDs a mailbox has, as ranges without a gap: mail comes with one UID after the other and mostly stays, so that a
 * mailbox of any size has few of them, and who opens it need not read its messages. At worst, where every second message
 * was expunged, they are half as many as the messages.
 *
 * They say what the rows of `messages` say, as each row comes and goes in one transaction with its UID here
 * (messages.ts; the rows of a mailbox that is no more go apart, since nobody asks for its UIDs). Two ranges may touch.
 */
import type { Connection } from './connection.ts';
import { integer, numbers, type Row } from './row.ts';

/** A mailbox's ranges in one row. */
export const ALL_RANGES = `SELECT json_group_array(first) AS firsts, json_group_array(last) AS lasts FROM
  (SELECT first, last FROM uid_ranges WHERE mailbox = ? ORDER BY first)`;

/** The UIDs of such a row, ascending. */
export function toUids(row: Row | undefined): Uint32Array {
  const [firsts, lasts] = [numbers(row, 'firsts'), numbers(row, 'lasts')];
  const lastOf = (at: number): number => lasts[at] ?? 0;
  const uids = new Uint32Array(firsts.reduce((sum, first, at) => sum + lastOf(at) - first + 1, 0));
  let place = 0;
  for (const [at, first] of firsts.entries()) {
    for (let uid = first; uid <= lastOf(at); uid += 1, place += 1) uids[place] = uid;
  }
  return uids;
}

export class UidRanges {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      all: db.prepare(ALL_RANGES),
      count: db.prepare('SELECT ifnull(sum(last - first + 1), 0) AS uids FROM uid_ranges WHERE mailbox = ?'),
      around: db.prepare(
        'SELECT first, last FROM uid_ranges WHERE mailbox = ? AND first <= ? ORDER BY first DESC LIMIT 1',
      ),
      add: db.prepare('INSERT INTO uid_ranges VALUES (?, ?, ?)'),
      begin: db.prepare('UPDATE uid_ranges SET first = ? WHERE mailbox = ? AND first = ?'),
      end: db.prepare('UPDATE uid_ranges SET last = ? WHERE mailbox = ? AND first = ?'),
      remove: db.prepare('DELETE FROM uid_ranges WHERE mailbox = ? AND first = ?'),
    };
  }

  /** All UIDs, ascending. */
  all(mailbox: number): Uint32Array {
    return toUids(this.#statements.all.get(mailbox));
  }

  count(mailbox: number): number {
    return integer(this.#statements.count.get(mailbox) ?? {}, 'uids');
  }

  /** Adds UIDs that the mailbox does not have. */
  add(mailbox: number, first: number, last = first): void {
    const before = this.#around(mailbox, first);
    if (before?.last === first - 1) this.#statements.end.run(last, mailbox, before.first);
    else this.#statements.add.run(mailbox, first, last);
  }

  /** Takes one out that it has. */
  remove(mailbox: number, uid: number): void {
    const range = this.#around(mailbox, uid);
    if (range === undefined || range.last < uid) return;
    const { begin, end, add, remove } = this.#statements;
    if (range.first === range.last) remove.run(mailbox, uid);
    else if (range.first === uid) begin.run(uid + 1, mailbox, uid);
    else {
      end.run(uid - 1, mailbox, range.first);
      if (uid < range.last) add.run(mailbox, uid + 1, range.last);
    }
  }

  /** The range that begins at a UID, or is the last one that begins before it. */
  #around(mailbox: number, uid: number): { readonly first: number; readonly last: number } | undefined {
    const row = this.#statements.around.get(mailbox, uid);
    return row === undefined ? undefined : { first: integer(row, 'first'), last: integer(row, 'last') };
  }
}
