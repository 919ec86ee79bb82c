/** The messages of an index. Every method that changes something runs inside a write transaction of the caller. */
import type { BaseName, MailboxStatus, Uid } from '../api.ts';
import { DELETED, SEEN } from '../flags.ts';
import { toBaseName, toUid } from '../ids.ts';
import type { Connection } from './connection.ts';
import { integer, type Row, text } from './row.ts';

/** Where a message's file is, and how it is called there. */
export interface Place {
  /** In new/, else in cur/. */
  readonly inNew: boolean;
  /** The file name after the base. */
  readonly info: string;
}

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
  readonly exact: boolean;
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

const toMessageRow = (row: Row): MessageRow => ({
  ...toPlaceRow(row),
  modSeq: integer(row, 'modseq'),
  mask: integer(row, 'mask'),
  extra: text(row, 'extra'),
  recent: integer(row, 'recent') === 1,
  internalDate: integer(row, 'internal_date'),
  size: integer(row, 'size'),
  virtualSize: integer(row, 'virtual_size'),
  exact: integer(row, 'exact') === 1,
});

/** The counts of STATUS that come from messages. */
export type Counts = Pick<MailboxStatus, 'messages' | 'recent' | 'unseen' | 'deleted' | 'size'>;

const COUNTS = `SELECT count(*) AS messages, ifnull(sum(recent), 0) AS recent, ifnull(sum(mask & ${SEEN} = 0), 0) AS unseen,
  ifnull(sum(mask & ${DELETED} <> 0), 0) AS deleted, ifnull(sum(virtual_size), 0) AS size FROM messages WHERE mailbox = ?`;

export class Messages {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      all: db.prepare('SELECT * FROM messages WHERE mailbox = ? ORDER BY uid'),
      places: db.prepare('SELECT uid, base, in_new, info FROM messages WHERE mailbox = ?'),
      inNew: db.prepare('SELECT uid, base, in_new, info FROM messages WHERE mailbox = ? AND in_new = 1 ORDER BY uid'),
      flagged: db.prepare('SELECT uid FROM messages WHERE mailbox = ? AND mask & ? <> 0 ORDER BY uid'),
      byUid: db.prepare('SELECT * FROM messages WHERE mailbox = ? AND uid = ?'),
      byBase: db.prepare('SELECT * FROM messages WHERE mailbox = ? AND base = ?'),
      changed: db.prepare('SELECT * FROM messages WHERE mailbox = ? AND modseq > ? ORDER BY uid'),
      vanished: db.prepare('SELECT uid FROM expunged WHERE mailbox = ? AND modseq > ? ORDER BY uid'),
      counts: db.prepare(COUNTS),
      add: db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
      update: db.prepare(
        'UPDATE messages SET in_new = ?, info = ?, mask = ?, extra = ?, modseq = ? WHERE mailbox = ? AND uid = ?',
      ),
      sizes: db.prepare('UPDATE messages SET size = ?, virtual_size = ?, exact = 1 WHERE mailbox = ? AND uid = ?'),
      claim: db.prepare('UPDATE messages SET recent = 0 WHERE mailbox = ? AND recent = 1 RETURNING uid'),
      anyRecent: db.prepare('SELECT 1 AS yes FROM messages WHERE mailbox = ? AND recent = 1 LIMIT 1'),
      remove: db.prepare('DELETE FROM messages WHERE mailbox = ? AND uid = ?'),
      bury: db.prepare('INSERT INTO expunged VALUES (?, ?, ?)'),
    };
  }

  all(mailbox: number): MessageRow[] {
    return this.#statements.all.all(mailbox).map(toMessageRow);
  }

  places(mailbox: number): PlaceRow[] {
    return this.#statements.places.all(mailbox).map(toPlaceRow);
  }

  inNew(mailbox: number): PlaceRow[] {
    return this.#statements.inNew.all(mailbox).map(toPlaceRow);
  }

  /** UIDs of the messages that have any of the letters in `mask`, ascending. */
  flagged(mailbox: number, mask: number): Uid[] {
    return this.#statements.flagged.all(mailbox, mask).map((row) => toUid(integer(row, 'uid')));
  }

  byUid(mailbox: number, uid: Uid): MessageRow | undefined {
    const row = this.#statements.byUid.get(mailbox, uid);
    return row === undefined ? undefined : toMessageRow(row);
  }

  byBase(mailbox: number, base: BaseName): MessageRow | undefined {
    const row = this.#statements.byBase.get(mailbox, base);
    return row === undefined ? undefined : toMessageRow(row);
  }

  changed(mailbox: number, since: number): MessageRow[] {
    return this.#statements.changed.all(mailbox, since).map(toMessageRow);
  }

  vanished(mailbox: number, since: number): Uid[] {
    return this.#statements.vanished.all(mailbox, since).map((row) => toUid(integer(row, 'uid')));
  }

  counts(mailbox: number): Counts {
    const row = this.#statements.counts.get(mailbox) ?? {};
    return {
      messages: integer(row, 'messages'),
      recent: integer(row, 'recent'),
      unseen: integer(row, 'unseen'),
      deleted: integer(row, 'deleted'),
      size: integer(row, 'size'),
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
      Number(row.exact),
    );
  }

  update(mailbox: number, uid: Uid, to: RowUpdate, modSeq: number): void {
    this.#statements.update.run(Number(to.inNew), to.info, to.mask, to.extra, modSeq, mailbox, uid);
  }

  setSizes(mailbox: number, uid: Uid, size: number, virtualSize: number): void {
    this.#statements.sizes.run(size, virtualSize, mailbox, uid);
  }

  hasRecent(mailbox: number): boolean {
    return this.#statements.anyRecent.get(mailbox) !== undefined;
  }

  claimRecent(mailbox: number): Uid[] {
    const rows = this.#statements.claim.all(mailbox);
    return rows.map((row) => toUid(integer(row, 'uid'))).sort((a, b) => a - b);
  }

  /** Removes a message and remembers when. */
  remove(mailbox: number, uid: Uid, modSeq: number): void {
    this.#statements.remove.run(mailbox, uid);
    this.#statements.bury.run(mailbox, modSeq, uid);
  }
}
