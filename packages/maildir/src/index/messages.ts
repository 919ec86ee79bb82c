/** The messages of an index. Every method that changes something runs inside a write transaction of the caller. */
import type { BaseName, MailboxStatus, ObjectId, Uid } from '../api.ts';
import type { Place } from '../files/places.ts';
import { DELETED, SEEN } from '../names/flags.ts';
import { toBaseName, toObjectId, toUid } from '../names/ids.ts';
import type { Connection } from './connection.ts';
import { integer, type Row, text } from './row.ts';

/** A message's row. */
export interface MessageRow extends Place {
  readonly uid: Uid;
  readonly modSeq: number;
  readonly base: BaseName;
  readonly mask: number;
  readonly extra: string;
  readonly recent: boolean;
  readonly internalDate: number;
  readonly size: number;
  readonly virtualSize: number;
  readonly details: Details;
  /** When the message came into the mailbox, milliseconds since the epoch. */
  readonly saveDate: number;
  /** Undefined while it follows from the base name. */
  readonly emailId: ObjectId | undefined;
}

/** What is known of a message's file: its name; its date and presumable sizes; its date and sizes as counted. */
export type Details = 'name' | 'claimed' | 'counted';
const DETAILS: readonly Details[] = ['name', 'claimed', 'counted'];

/** What a `MessageState` is made of. */
export type StateRow = Pick<MessageRow, 'uid' | 'modSeq' | 'mask' | 'extra' | 'recent'>;

/** What a look at a file tells beyond its name. */
export type Learnt = Pick<MessageRow, 'internalDate' | 'size' | 'virtualSize' | 'details'>;

/** A file of which only the name is known. */
export type NamedRow = Pick<MessageRow, 'base' | 'inNew' | 'info' | 'mask' | 'extra' | 'recent' | 'saveDate'>;

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

/** A row without what the index itself gives. */
export type NewRow = Omit<MessageRow, 'uid' | 'modSeq'>;

/** What can change in a row. */
export type RowUpdate = Pick<MessageRow, 'inNew' | 'info' | 'mask' | 'extra'>;

/** What reconciliation compares. */
export interface PlaceRow extends Place {
  readonly uid: Uid;
  readonly base: BaseName;
}

const toPlaceRow = (row: Row): PlaceRow => ({
  uid: toUid(integer(row, 'uid')),
  base: toBaseName(text(row, 'base')),
  inNew: integer(row, 'in_new') === 1,
  info: text(row, 'info'),
});

const toStateRow = (row: Row): StateRow => ({
  uid: toUid(integer(row, 'uid')),
  modSeq: integer(row, 'modseq'),
  mask: integer(row, 'mask'),
  extra: text(row, 'extra'),
  recent: integer(row, 'recent') === 1,
});

const toUidOf = (row: Row): Uid => toUid(integer(row, 'uid'));

const toExpunged = (row: Row): Expunged => ({ uid: toUidOf(row), modSeq: integer(row, 'modseq') });

const toMessageRow = (row: Row): MessageRow => ({
  ...toStateRow(row),
  base: toBaseName(text(row, 'base')),
  inNew: integer(row, 'in_new') === 1,
  info: text(row, 'info'),
  internalDate: integer(row, 'internal_date'),
  size: integer(row, 'size'),
  virtualSize: integer(row, 'virtual_size'),
  details: DETAILS[integer(row, 'details')] ?? 'name',
  saveDate: integer(row, 'save_date'),
  emailId: text(row, 'email_id') === '' ? undefined : toObjectId(text(row, 'email_id')),
});

/** The counts of STATUS that come from messages. */
export interface Counts extends Pick<MailboxStatus, 'messages' | 'unseen' | 'deleted' | 'size'> {
  /** Messages of which only the name is known: `size` is without them. */
  readonly unlearnt: number;
  /** The highest UID among those counted; 0 where there are none. */
  readonly last: number;
}

const COUNTS = `SELECT count(*) AS messages, ifnull(sum(mask & ${SEEN} = 0), 0) AS unseen,
  ifnull(sum(mask & ${DELETED} <> 0), 0) AS deleted, ifnull(sum(virtual_size), 0) AS size,
  ifnull(sum(details = 0), 0) AS unlearnt, ifnull(max(uid), 0) AS last FROM
  (SELECT uid, mask, virtual_size, details FROM messages WHERE mailbox = ? AND uid > ? ORDER BY uid LIMIT ?)`;

const STATE = 'SELECT uid, modseq, mask, extra, recent FROM messages WHERE mailbox = ?';
const STATE_BY_MODSEQ =
  'SELECT uid, modseq, mask, extra, recent FROM messages INDEXED BY messages_modseq WHERE mailbox = ?';
const PLACES = 'SELECT uid, base, in_new, info FROM messages';

/** UIDs that came as one text: a tenth of the time and memory of an object for each row. */
function toUids(row: Row | undefined): number[] {
  const uids: unknown = JSON.parse(text(row ?? {}, 'uids'));
  return Array.isArray(uids) ? uids : [];
}

/** Rows by UID, ascending: a range where the UIDs lie close together, else one by one. */
function pick(
  uids: Uint32Array,
  range: (first: number, last: number) => Row[],
  one: (uid: number) => Row | undefined,
): Row[] {
  const [first, last] = [uids[0], uids.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (last - first >= SPARSE * uids.length) return [...uids].map(one).filter((row) => row !== undefined);
  const rows = range(first, last);
  if (last - first + 1 === uids.length) return rows;
  let at = 0;
  return rows.filter((row) => {
    const uid = integer(row, 'uid');
    while ((uids[at] ?? uid) < uid) at += 1;
    return uids[at] === uid;
  });
}

/** Where at most one UID in so many is asked for, a range would read more rows than it gives. */
export const SPARSE = 3;

export class Messages {
  readonly #statements;
  /** Expunges written by this process since they were last counted, by mailbox. */
  readonly #expunges = new Map<number, number>();

  constructor(db: Connection) {
    this.#statements = {
      uids: db.prepare(
        'SELECT json_group_array(uid) AS uids FROM (SELECT uid FROM messages WHERE mailbox = ? ORDER BY uid)',
      ),
      range: db.prepare('SELECT * FROM messages WHERE mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid'),
      stateRange: db.prepare(`${STATE} AND uid BETWEEN ? AND ? ORDER BY uid`),
      stateByUid: db.prepare(`${STATE} AND uid = ?`),
      unlearnt: db.prepare(
        'SELECT uid FROM messages WHERE mailbox = ? AND details = 0 AND uid > ? ORDER BY uid LIMIT ?',
      ),
      places: db.prepare(`${PLACES} WHERE mailbox = ? AND uid > ? ORDER BY uid LIMIT ?`),
      // The planner does not know how few they are, and would read all messages.
      inNew: db.prepare(
        `${PLACES} INDEXED BY messages_new WHERE mailbox = ? AND in_new = 1 AND uid > ? ORDER BY uid LIMIT ?`,
      ),
      recent: db.prepare(
        `SELECT json_group_array(uid) AS uids FROM
         (SELECT uid FROM messages INDEXED BY messages_recent WHERE mailbox = ? AND recent = 1 ORDER BY uid LIMIT ?)`,
      ),
      flagged: db.prepare(
        `SELECT json_group_array(uid) AS uids FROM
         (SELECT uid FROM messages WHERE mailbox = ? AND mask & ? <> 0 AND uid BETWEEN ? AND ? ORDER BY uid)`,
      ),
      firstUnseen: db.prepare(`SELECT uid FROM messages WHERE mailbox = ? AND mask & ${SEEN} = 0 ORDER BY uid LIMIT 1`),
      byUid: db.prepare('SELECT * FROM messages WHERE mailbox = ? AND uid = ?'),
      byBase: db.prepare('SELECT * FROM messages WHERE mailbox = ? AND base = ?'),
      changed: db.prepare(`${STATE} AND modseq > ? ORDER BY uid`),
      vanished: db.prepare('SELECT uid, modseq FROM expunged WHERE mailbox = ? AND modseq > ? ORDER BY uid'),
      arrived: db.prepare(`${STATE} AND uid >= ? AND uid < ? AND modseq > ? ORDER BY uid LIMIT ?`),
      changedPage: db.prepare(
        `${STATE_BY_MODSEQ} AND (modseq, uid) > (?, ?) AND modseq <= ? AND uid < ? ORDER BY modseq, uid LIMIT ?`,
      ),
      vanishedPage: db.prepare(
        `SELECT uid, modseq FROM expunged WHERE mailbox = ? AND (modseq, uid) > (?, ?) AND modseq <= ?
         ORDER BY modseq, uid LIMIT ?`,
      ),
      vanishedIn: db.prepare('SELECT uid FROM expunged WHERE mailbox = ? AND modseq > ? AND uid >= ? AND uid < ?'),
      highestUid: db.prepare(
        `SELECT max((SELECT ifnull(max(uid), 0) FROM messages WHERE mailbox = ?1 AND modseq <= ?2),
                    (SELECT ifnull(max(uid), 0) FROM expunged WHERE mailbox = ?1 AND modseq <= ?2)) AS uid`,
      ),
      counts: db.prepare(COUNTS),
      count: db.prepare('SELECT count(*) AS messages FROM messages WHERE mailbox = ?'),
      countRecent: db.prepare(
        'SELECT count(*) AS recent FROM messages INDEXED BY messages_recent WHERE mailbox = ? AND recent = 1',
      ),
      add: db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      addNamed: db.prepare(
        `INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, '') ON CONFLICT DO NOTHING`,
      ),
      learn: db.prepare(
        `UPDATE messages SET internal_date = iif(details = 0, ?, internal_date), size = ?, virtual_size = ?, details = ?
         WHERE mailbox = ? AND uid = ? AND details <= ?`,
      ),
      newest: db.prepare('SELECT modseq FROM expunged WHERE mailbox = ? ORDER BY modseq DESC LIMIT 1 OFFSET ?'),
      forget: db.prepare(
        `DELETE FROM expunged WHERE mailbox = ?1 AND (modseq, uid) IN
         (SELECT modseq, uid FROM expunged WHERE mailbox = ?1 AND modseq < ?2 ORDER BY modseq, uid LIMIT ?3)`,
      ),
      update: db.prepare(
        'UPDATE messages SET in_new = ?, info = ?, mask = ?, extra = ?, modseq = ? WHERE mailbox = ? AND uid = ?',
      ),
      rename: db.prepare('UPDATE messages SET base = ?, email_id = ? WHERE mailbox = ? AND uid = ?'),
      claim: db.prepare(
        'UPDATE messages INDEXED BY messages_recent SET recent = 0 WHERE mailbox = ? AND recent = 1 AND uid <= ?',
      ),
      anyRecent: db.prepare('SELECT 1 AS yes FROM messages WHERE mailbox = ? AND recent = 1 LIMIT 1'),
      remove: db.prepare('DELETE FROM messages WHERE mailbox = ? AND uid = ?'),
      bury: db.prepare('INSERT INTO expunged VALUES (?, ?, ?)'),
    };
  }

  /** The lowest UID without \Seen. */
  firstUnseen(mailbox: number): Uid | undefined {
    const row = this.#statements.firstUnseen.get(mailbox);
    return row === undefined ? undefined : toUidOf(row);
  }

  /** The UIDs of all messages, ascending. */
  uids(mailbox: number): Uint32Array {
    return Uint32Array.from(toUids(this.#statements.uids.get(mailbox)));
  }

  /** Whole rows with these UIDs, ascending; those that are gone are left out. */
  rows(mailbox: number, uids: Uint32Array): MessageRow[] {
    const { range, byUid } = this.#statements;
    return pick(
      uids,
      (first, last) => range.all(mailbox, first, last),
      (uid) => byUid.get(mailbox, uid),
    ).map(toMessageRow);
  }

  /** The same, without what a state does not need. */
  states(mailbox: number, uids: Uint32Array): StateRow[] {
    const { stateRange, stateByUid } = this.#statements;
    return pick(
      uids,
      (first, last) => stateRange.all(mailbox, first, last),
      (uid) => stateByUid.get(mailbox, uid),
    ).map(toStateRow);
  }

  state(mailbox: number, uid: Uid): StateRow | undefined {
    const row = this.#statements.stateByUid.get(mailbox, uid);
    return row === undefined ? undefined : toStateRow(row);
  }

  /** The first `limit` messages above `after` of which only the name is known. */
  unlearnt(mailbox: number, after: number, limit: number): Uint32Array {
    return Uint32Array.from(this.#statements.unlearnt.all(mailbox, after, limit), toUidOf);
  }

  /** Where the first `limit` messages above `after` are, ascending by UID. */
  places(mailbox: number, after: number, limit: number): PlaceRow[] {
    return this.#statements.places.all(mailbox, after, limit).map(toPlaceRow);
  }

  /** The first `limit` messages in new/ above `after`, ascending by UID. */
  inNew(mailbox: number, after: number, limit: number): PlaceRow[] {
    return this.#statements.inNew.all(mailbox, after, limit).map(toPlaceRow);
  }

  /** UIDs from `first` to `last` of the messages that have any of the letters in `mask`, ascending. */
  flagged(mailbox: number, mask: number, first: number, last: number): Uid[] {
    return toUids(this.#statements.flagged.get(mailbox, mask, first, last)).map(toUid);
  }

  byUid(mailbox: number, uid: Uid): MessageRow | undefined {
    const row = this.#statements.byUid.get(mailbox, uid);
    return row === undefined ? undefined : toMessageRow(row);
  }

  byBase(mailbox: number, base: BaseName): MessageRow | undefined {
    const row = this.#statements.byBase.get(mailbox, base);
    return row === undefined ? undefined : toMessageRow(row);
  }

  changed(mailbox: number, since: number): StateRow[] {
    return this.#statements.changed.all(mailbox, since).map(toStateRow);
  }

  /** The first `limit` messages from UID `first` and below `end` that changed after `since`, ascending by UID. */
  arrived(mailbox: number, range: { first: number; end: number; since: number }, limit: number): StateRow[] {
    return this.#statements.arrived.all(mailbox, range.first, range.end, range.since, limit).map(toStateRow);
  }

  /** The first `limit` changes of messages below `end`, in the order of their modification sequences and UIDs. */
  changedPage(mailbox: number, { after, upTo }: Span, end: number, limit: number): StateRow[] {
    return this.#statements.changedPage.all(mailbox, after.modSeq, after.uid, upTo, end, limit).map(toStateRow);
  }

  /** All of a span, ascending by UID. */
  changedUpTo(mailbox: number, span: Span): StateRow[] {
    return this.changedPage(mailbox, span, 2 ** 32, -1).sort((a, b) => a.uid - b.uid);
  }

  /** The same of expunges. */
  vanishedUpTo(mailbox: number, span: Span): Expunged[] {
    return this.vanishedPage(mailbox, span, -1).sort((a, b) => a.uid - b.uid);
  }

  /** The first `limit` expunges, in the same order. */
  vanishedPage(mailbox: number, { after, upTo }: Span, limit: number): Expunged[] {
    return this.#statements.vanishedPage.all(mailbox, after.modSeq, after.uid, upTo, limit).map(toExpunged);
  }

  /** Which UIDs from `first` and below `end` were expunged after `since`. */
  vanishedIn(mailbox: number, { first, end, since }: { first: number; end: number; since: number }): Uid[] {
    return this.#statements.vanishedIn.all(mailbox, since, first, end).map(toUidOf);
  }

  /** The highest UID that is known to have been there at a modification sequence: those above may have been, too. */
  highestUid(mailbox: number, at: number): number {
    return integer(this.#statements.highestUid.get(mailbox, at) ?? {}, 'uid');
  }

  vanished(mailbox: number, since: number): Expunged[] {
    return this.#statements.vanished.all(mailbox, since).map(toExpunged);
  }

  /** How many messages there are. */
  count(mailbox: number): number {
    return integer(this.#statements.count.get(mailbox) ?? {}, 'messages');
  }

  /** How many of them nobody has claimed. */
  countRecent(mailbox: number): number {
    return integer(this.#statements.countRecent.get(mailbox) ?? {}, 'recent');
  }

  /** Counts the first `limit` messages above `after`; all of them where it is negative. */
  counts(mailbox: number, after: number, limit: number): Counts {
    const row = this.#statements.counts.get(mailbox, after, limit) ?? {};
    return {
      messages: integer(row, 'messages'),
      unseen: integer(row, 'unseen'),
      deleted: integer(row, 'deleted'),
      size: integer(row, 'size'),
      unlearnt: integer(row, 'unlearnt'),
      last: integer(row, 'last'),
    };
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
  }

  /** Enters a file of which only the name is known; false where the base name or the UID is taken. */
  addNamed(mailbox: number, uid: number, modSeq: number, row: NamedRow): boolean {
    const { base, inNew, info, mask, extra, recent, saveDate } = row;
    const values = [mailbox, uid, modSeq, base, Number(inNew), info, mask, extra, Number(recent), saveDate];
    return this.#statements.addNamed.run(...values).changes === 1;
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

  hasRecent(mailbox: number): boolean {
    return this.#statements.anyRecent.get(mailbox) !== undefined;
  }

  /** The first `limit` messages that nobody has claimed, ascending by UID; all of them where it is negative. */
  recent(mailbox: number, limit = -1): Uid[] {
    return toUids(this.#statements.recent.get(mailbox, limit)).map(toUid);
  }

  /** Claims them. */
  claimRecent(mailbox: number, limit: number): Uid[] {
    const claimed = this.recent(mailbox, limit);
    const last = claimed.at(-1);
    if (last !== undefined) this.#statements.claim.run(mailbox, last);
    return claimed;
  }

  /** Removes a message and remembers when. */
  remove(mailbox: number, uid: Uid, modSeq: number): void {
    this.#statements.remove.run(mailbox, uid);
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
