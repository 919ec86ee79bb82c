/** The messages of an index. Every method that changes something runs inside a write transaction of the caller. */
import type { BaseName, ObjectId, Uid } from '../api.ts';
import { sqliteCode } from '../errors.ts';
import type { Changes } from './changes.ts';
import type { Connection } from './connection.ts';
import {
  DETAILS,
  type FoundRow,
  type Learnt,
  type MessageRow,
  type NamedRow,
  type NewRow,
  type PlaceRow,
  type RowUpdate,
  toMessageRow,
  toPlaceRow,
  toUidOf,
} from './message-row.ts';
import { pick } from './pick.ts';
import type { UidRanges } from './uid-ranges.ts';

const PLACES = 'SELECT uid, base, in_new, info FROM messages';

const CONSTRAINT = 19;

export class Messages {
  readonly #statements;
  readonly #changes: Changes;
  readonly #uids: UidRanges;

  constructor(db: Connection, changes: Changes, uids: UidRanges) {
    this.#changes = changes;
    this.#uids = uids;
    this.#statements = {
      range: db.prepare('SELECT * FROM messages WHERE mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid'),
      byUid: db.prepare('SELECT * FROM messages WHERE mailbox = ? AND uid = ?'),
      byBase: db.prepare('SELECT * FROM messages WHERE mailbox = ? AND base = ?'),
      places: db.prepare(`${PLACES} WHERE mailbox = ? AND uid > ? ORDER BY uid LIMIT +?`),
      // The planner does not know how few they are, and would read all messages.
      inNew: db.prepare(
        `${PLACES} INDEXED BY messages_new WHERE mailbox = ? AND in_new = 1 AND uid > ? ORDER BY uid LIMIT +?`,
      ),
      anyNew: db.prepare(
        'SELECT 1 AS yes FROM messages INDEXED BY messages_new WHERE mailbox = ? AND in_new = 1 LIMIT 1',
      ),
      unlearnt: db.prepare(
        'SELECT uid FROM messages WHERE mailbox = ? AND details = 0 AND uid > ? ORDER BY uid LIMIT +?',
      ),
      add: db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      addNamed: db.prepare(
        `INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, '') ON CONFLICT DO NOTHING`,
      ),
      // One statement for many rows takes half the time of one for each.
      addRun: db.prepare(
        `INSERT INTO messages SELECT ?1, ?2 + key, ?3, value ->> 0, value ->> 1, value ->> 2, value ->> 3, '', value ->> 4,
         0, 0, 0, 0, ?4, '' FROM json_each(?5)`,
      ),
      learn: db.prepare(
        `UPDATE messages SET internal_date = iif(details = 0, ?, internal_date), size = ?, virtual_size = ?, details = ?
         WHERE mailbox = ? AND uid = ? AND details <= ?`,
      ),
      update: db.prepare(
        'UPDATE messages SET in_new = ?, info = ?, mask = ?, extra = ?, modseq = ? WHERE mailbox = ? AND uid = ?',
      ),
      rename: db.prepare('UPDATE messages SET base = ?, email_id = ? WHERE mailbox = ? AND uid = ?'),
      remove: db.prepare('DELETE FROM messages WHERE mailbox = ? AND uid = ?'),
    };
  }

  /** Whole rows with these UIDs, ascending; those that are gone are left out. */
  rows(mailbox: number, uids: Uint32Array): MessageRow[] {
    const { range } = this.#statements;
    return pick(
      uids,
      (first, last) => range.all(mailbox, first, last).map(toMessageRow),
      (uid) => this.byUid(mailbox, uid),
    );
  }

  byUid(mailbox: number, uid: number): MessageRow | undefined {
    const row = this.#statements.byUid.get(mailbox, uid);
    return row === undefined ? undefined : toMessageRow(row);
  }

  byBase(mailbox: number, base: BaseName): MessageRow | undefined {
    const row = this.#statements.byBase.get(mailbox, base);
    return row === undefined ? undefined : toMessageRow(row);
  }

  /** Where the first `limit` messages above `after` are, ascending by UID. */
  places(mailbox: number, after: number, limit: number): PlaceRow[] {
    return this.#statements.places.all(mailbox, after, limit).map(toPlaceRow);
  }

  /** Whether any message is in new/. */
  hasNew(mailbox: number): boolean {
    return this.#statements.anyNew.get(mailbox) !== undefined;
  }

  /** The first `limit` messages in new/ above `after`, ascending by UID. */
  inNew(mailbox: number, after: number, limit: number): PlaceRow[] {
    return this.#statements.inNew.all(mailbox, after, limit).map(toPlaceRow);
  }

  /** The first `limit` messages above `after` of which only the name is known. */
  unlearnt(mailbox: number, after: number, limit: number): Uint32Array {
    return Uint32Array.from(this.#statements.unlearnt.all(mailbox, after, limit), toUidOf);
  }

  add(mailbox: number, uid: number, modSeq: number, row: NewRow): void {
    this.#statements.add.run(
      mailbox,
      uid,
      modSeq,
      row.base,
      Number(row.inNew),
      row.info,
      row.mask,
      row.extra,
      Number(row.recent),
      row.internalDate,
      row.size,
      row.virtualSize,
      DETAILS.indexOf(row.details),
      row.saveDate,
      row.emailId ?? '',
    );
    this.#uids.add(mailbox, uid);
  }

  /** Enters a file of which only the name is known; false where the base name or the UID is taken. */
  addNamed(mailbox: number, uid: number, modSeq: number, row: NamedRow): boolean {
    const { base, inNew, info, mask, extra, recent, saveDate } = row;
    const values = [mailbox, uid, modSeq, base, Number(inNew), info, mask, extra, Number(recent), saveDate];
    const isNew = this.#statements.addNamed.run(...values).changes === 1;
    if (isNew) this.#uids.add(mailbox, uid);
    return isNew;
  }

  /**
   * Enters files of which only the names are known, with one UID after the other from `first` on; none, and false, where
   * one of the base names or UIDs is taken. Keywords without a letter they have none.
   */
  addRun(mailbox: number, first: number, modSeq: number, rows: readonly FoundRow[], saveDate: number): boolean {
    const values = rows.map(({ base, inNew, info, mask, recent }) => [base, Number(inNew), info, mask, Number(recent)]);
    try {
      this.#statements.addRun.run(mailbox, first, modSeq, saveDate, JSON.stringify(values));
    } catch (error) {
      if (sqliteCode(error) === CONSTRAINT) return false; // SQLite takes back what the statement did
      throw error;
    }
    this.#uids.add(mailbox, first, first + rows.length - 1);
    return true;
  }

  /** Keeps what a look at the file told; what was learnt better, or as well, stays. */
  learn(mailbox: number, uid: Uid, { internalDate, size, virtualSize, details }: Learnt): void {
    const level = DETAILS.indexOf(details);
    this.#statements.learn.run(internalDate, size, virtualSize, level, mailbox, uid, level);
  }

  update(mailbox: number, uid: Uid, to: RowUpdate, modSeq: number): void {
    this.#statements.update.run(Number(to.inNew), to.info, to.mask, to.extra, modSeq, mailbox, uid);
  }

  /** Gives a message another base name; it stays the message that it was. */
  rename(mailbox: number, uid: Uid, base: BaseName, emailId: ObjectId): void {
    this.#statements.rename.run(base, emailId, mailbox, uid);
  }

  /** Removes a message and remembers when. */
  remove(mailbox: number, uid: Uid, modSeq: number): void {
    this.#statements.remove.run(mailbox, uid);
    this.#uids.remove(mailbox, uid);
    this.#changes.bury(mailbox, uid, modSeq);
  }
}
