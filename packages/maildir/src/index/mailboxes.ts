/** The mailboxes of an index. Every method that changes something runs inside a write transaction of the caller. */
import type { ModSeq, ObjectId, UidValidity } from '../api.ts';
import { toModSeq, toObjectId, toUidValidity } from '../names/ids.ts';
import type { Connection } from './connection.ts';
import { integer, type Row, text } from './row.ts';

/** `scanned` of a mailbox whose folder has never been read to the end. */
export const NEVER_SCANNED = '';
/** `scanned` of one that has, but whose times cannot be trusted. */
export const UNTRUSTED = 'untrusted';

/** Folder of a mailbox that is no more, before its number; its rows are removed a few at a time. No folder is called so. */
const REMOVED = 'removed-';
/** Rows removed by one statement: some tenths of a millisecond. */
const REMOVED_AT_ONCE = 25;
const ALIVE = `folder NOT GLOB '${REMOVED}*'`;

/** A mailbox's row. */
export interface MailboxRow {
  readonly id: number;
  readonly folder: string;
  readonly uidValidity: UidValidity;
  readonly uidNext: number;
  readonly highestModSeq: ModSeq;
  /** The folder's stamp at the last scan that can be trusted, or one of the two below. */
  readonly scanned: string;
  readonly objectId: ObjectId;
  /** Expunges are remembered from this modification sequence on. */
  readonly historyFrom: ModSeq;
}

const toMailboxRow = (row: Row): MailboxRow => ({
  id: integer(row, 'id'),
  folder: text(row, 'folder'),
  uidValidity: toUidValidity(integer(row, 'uidvalidity')),
  uidNext: integer(row, 'uidnext'),
  highestModSeq: toModSeq(integer(row, 'highestmodseq')),
  scanned: text(row, 'scanned'),
  objectId: toObjectId(text(row, 'object_id')),
  historyFrom: toModSeq(integer(row, 'history_from')),
});

export class Mailboxes {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      byId: db.prepare(`SELECT * FROM mailboxes WHERE id = ? AND ${ALIVE}`),
      byFolder: db.prepare('SELECT * FROM mailboxes WHERE folder = ?'),
      add: db.prepare(
        `INSERT INTO mailboxes (folder, uidvalidity, uidnext, highestmodseq, scanned, object_id)
         VALUES (?, ?, 1, 1, ?, 'F' || lower(hex(randomblob(12))))`,
      ),
      all: db.prepare(`SELECT * FROM mailboxes WHERE ${ALIVE} ORDER BY folder`),
      removed: db.prepare(`SELECT id FROM mailboxes WHERE folder GLOB '${REMOVED}*'`),
      clear: [
        db.prepare(
          `DELETE FROM messages WHERE mailbox = ?1 AND uid IN
           (SELECT uid FROM messages WHERE mailbox = ?1 ORDER BY uid LIMIT ${REMOVED_AT_ONCE})`,
        ),
        db.prepare(
          `DELETE FROM uid_ranges WHERE mailbox = ?1 AND first IN
           (SELECT first FROM uid_ranges WHERE mailbox = ?1 ORDER BY first LIMIT ${REMOVED_AT_ONCE})`,
        ),
        db.prepare(
          `DELETE FROM expunged WHERE mailbox = ?1 AND (modseq, uid) IN
           (SELECT modseq, uid FROM expunged WHERE mailbox = ?1 ORDER BY modseq, uid LIMIT ${REMOVED_AT_ONCE})`,
        ),
        db.prepare(
          `DELETE FROM adopted_uids WHERE mailbox = ?1 AND base IN
           (SELECT base FROM adopted_uids WHERE mailbox = ?1 ORDER BY base LIMIT ${REMOVED_AT_ONCE})`,
        ),
        db.prepare(
          `DELETE FROM adopted_keywords WHERE mailbox = ?1 AND base IN
           (SELECT base FROM adopted_keywords WHERE mailbox = ?1 ORDER BY base LIMIT ${REMOVED_AT_ONCE})`,
        ),
        db.prepare('DELETE FROM mailboxes WHERE id = ?'), // keywords and annotations, a few hundred at the most, go along
      ],
      renew: db.prepare('UPDATE mailboxes SET uidvalidity = ? WHERE id = ?'),
      remove: db.prepare(`UPDATE mailboxes SET folder = '${REMOVED}' || id WHERE id = ?`),
      rename: db.prepare('UPDATE mailboxes SET folder = ?, uidvalidity = ? WHERE folder = ?'),
      distrust: db.prepare(
        `UPDATE mailboxes SET scanned = iif(scanned = '${NEVER_SCANNED}', scanned, '${UNTRUSTED}'), highestmodseq = highestmodseq + ?`,
      ),
      changeAll: db.prepare(
        'UPDATE messages SET modseq = (SELECT highestmodseq FROM mailboxes WHERE id = ?1) WHERE mailbox = ?1',
      ),
      settle: db.prepare('UPDATE mailboxes SET folder = ? WHERE id = ?'),
      scanned: db.prepare('UPDATE mailboxes SET scanned = ? WHERE id = ?'),
      advance: db.prepare('UPDATE mailboxes SET uidnext = ?, highestmodseq = ? WHERE id = ?'),
      raiseHistory: db.prepare('UPDATE mailboxes SET history_from = max(history_from, ?) WHERE id = ?'),
      giveUid: db.prepare(
        `UPDATE mailboxes SET uidnext = uidnext + 1 WHERE id = ? AND ${ALIVE} RETURNING uidnext - 1 AS uid`,
      ),
      nextModSeq: db.prepare(
        `UPDATE mailboxes SET highestmodseq = highestmodseq + 1 WHERE id = ? AND ${ALIVE} RETURNING highestmodseq`,
      ),
      highest: db.prepare(
        'SELECT max((SELECT ifnull(max(uidvalidity), 0) FROM mailboxes), (SELECT ifnull(max(uidvalidity), 0) FROM used_names)) AS highest',
      ),
      used: db.prepare('SELECT uidvalidity FROM used_names WHERE folder = ?'),
      use: db.prepare(
        'INSERT INTO used_names VALUES (?, ?) ON CONFLICT DO UPDATE SET uidvalidity = max(uidvalidity, excluded.uidvalidity)',
      ),
    };
  }

  byId(id: number): MailboxRow | undefined {
    const row = this.#statements.byId.get(id);
    return row === undefined ? undefined : toMailboxRow(row);
  }

  byFolder(folder: string): MailboxRow | undefined {
    const row = this.#statements.byFolder.get(folder);
    return row === undefined ? undefined : toMailboxRow(row);
  }

  all(): MailboxRow[] {
    return this.#statements.all.all().map(toMailboxRow);
  }

  /** Says that the UIDs of a mailbox are not those that clients know. */
  renew(id: number, uidValidity: number): void {
    this.#statements.renew.run(uidValidity, id);
  }

  /** The highest UIDVALIDITY that any mailbox has or had. */
  highestUidValidity(): number {
    return integer(this.#statements.highest.get() ?? {}, 'highest');
  }

  add(folder: string, uidValidity: number): MailboxRow {
    this.#statements.add.run(folder, uidValidity, NEVER_SCANNED);
    const row = this.byFolder(folder);
    if (row === undefined) throw new Error('A row that was just inserted is not there.');
    return row;
  }

  /** The highest UIDVALIDITY that mailboxes of this name have had; undefined where there was none. */
  usedUidValidity(folder: string): number | undefined {
    const row = this.#statements.used.get(folder);
    return row === undefined ? undefined : integer(row, 'uidvalidity');
  }

  /** Forgets a mailbox with its messages, but not the UIDVALIDITY that its name has had. Its rows are left to `clear`. */
  remove(folder: string): void {
    const row = this.byFolder(folder);
    if (row === undefined) return;
    this.#statements.use.run(folder, row.uidValidity);
    this.discard(row.id);
  }

  /** Renames; a name that was in use under a higher UIDVALIDITY gets a new one from `next` (RFC 9051 §2.3.1.1). */
  rename(from: string, to: string, next: () => number): void {
    const row = this.byFolder(from);
    if (row === undefined) return;
    this.remove(to);
    const used = this.#statements.used.get(to);
    const uidValidity = used !== undefined && integer(used, 'uidvalidity') > row.uidValidity ? next() : row.uidValidity;
    this.#statements.use.run(from, row.uidValidity);
    this.#statements.rename.run(to, uidValidity, from);
  }

  /** Trusts no earlier scan of any folder any more, and raises every highest modification sequence by `jump`. */
  distrustAll(jump: number): void {
    this.#statements.distrust.run(jump);
  }

  /** Gives a mailbox that nobody knows of yet the folder that it was made for. */
  settle(id: number, folder: string): void {
    this.#statements.settle.run(folder, id);
  }

  /** Removes a mailbox that nobody knows of. Its rows are left to `clear`. */
  discard(id: number): void {
    this.#statements.remove.run(id);
  }

  /** Numbers of mailboxes that are no more, but have rows left. */
  removed(): number[] {
    return this.#statements.removed.all().map((row) => integer(row, 'id'));
  }

  /** Removes rows of a mailbox that is no more until `isOver`; false when none is left. */
  clear(id: number, isOver: () => boolean): boolean {
    for (const statement of this.#statements.clear) {
      while (Number(statement.run(id).changes) > 0) if (isOver()) return true;
    }
    return false;
  }

  /** Counts every message of a mailbox as changed just now. */
  changeAll(id: number): void {
    if (this.nextModSeq(id) !== undefined) this.#statements.changeAll.run(id);
  }

  keepScanned(id: number, stamp: string): void {
    this.#statements.scanned.run(stamp, id);
  }

  /** After several UIDs were given at once, under one modification sequence. */
  advance(id: number, uidNext: number, modSeq: number): void {
    this.#statements.advance.run(uidNext, modSeq, id);
  }

  /** Expunges before this modification sequence are about to be forgotten. */
  raiseHistory(id: number, from: number): void {
    this.#statements.raiseHistory.run(from, id);
  }

  /** The next UID; undefined when the mailbox is gone. */
  giveUid(id: number): number | undefined {
    const row = this.#statements.giveUid.get(id);
    return row === undefined ? undefined : integer(row, 'uid');
  }

  nextModSeq(id: number): number | undefined {
    const row = this.#statements.nextModSeq.get(id);
    return row === undefined ? undefined : integer(row, 'highestmodseq');
  }
}
