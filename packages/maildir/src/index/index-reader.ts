/** The index as somebody who only looks: read-only, without a lock that anybody would wait for. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { READ_PATIENCE } from '../limits.ts';
import type { Keywords } from '../names/flags.ts';
import { checkIndex } from './check.ts';
import { type MessageRow, toMessageRow } from './message-row.ts';
import { placeToRead } from './place-to-read.ts';
import { copyOf } from './restore.ts';
import { bytes, integer, type Row, text } from './row.ts';
import { MIGRATIONS } from './schema.ts';

export interface MailboxFacts {
  readonly id: number;
  readonly folder: string;
  readonly uidValidity: number;
  readonly uidNext: number;
  readonly highestModSeq: number;
  readonly objectId: string;
}

export interface MessageFacts {
  readonly uid: number;
  readonly inNew: boolean;
  readonly info: string;
  /** Absent while only the name is known. */
  readonly learnt?: { readonly size: number; readonly internalDate: number };
}

/** UIDs without a gap, the last one included. */
export type UidRange = readonly [first: number, last: number];

/** The ranges of the UIDs that a mailbox's messages have. */
const RUNS = `SELECT min(uid) AS first, max(uid) AS last FROM
  (SELECT uid, uid - row_number() OVER (ORDER BY uid) AS run FROM messages WHERE mailbox = ?1) GROUP BY run`;

/** How many rows are read at a time. */
const PAGE = 1_000;

/** Why an index cannot be asked. */
export type IndexTrouble = 'index-missing' | 'index-damaged' | 'index-version';

/** Without mailboxes that are being made or removed (mailboxes.ts, adopted.ts). */
const HAS_FOLDER = "(folder = '' OR folder GLOB '.*')";

export class IndexReader {
  readonly #db: DatabaseSync;
  readonly #message: ReturnType<DatabaseSync['prepare']>;
  readonly #page: ReturnType<DatabaseSync['prepare']>;
  readonly #row: ReturnType<DatabaseSync['prepare']>;
  readonly #rows: ReturnType<DatabaseSync['prepare']>;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    this.#message = db.prepare(
      'SELECT uid, in_new, info, size, internal_date, details FROM messages WHERE mailbox = ? AND base = ?',
    );
    this.#page = db.prepare('SELECT uid, base FROM messages WHERE mailbox = ? AND uid > ? ORDER BY uid LIMIT +?');
    this.#row = db.prepare('SELECT * FROM messages WHERE mailbox = ? AND base = ?');
    this.#rows = db.prepare('SELECT * FROM messages WHERE mailbox = ? AND uid > ? ORDER BY uid LIMIT +?');
  }

  /**
   * The index of a file, or why it cannot be asked. Every page of it is checked first where `isChecked`: some milliseconds
   * for each ten megabytes, which those spare who read little of it.
   */
  static open(file: string, isChecked = true): IndexReader | IndexTrouble {
    if (!existsSync(file)) return 'index-missing';
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(placeToRead(file), { readOnly: true, timeout: READ_PATIENCE });
      const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
      if (version === MIGRATIONS.length && (!isChecked || checkIndex(db))) return new IndexReader(db);
      db.close();
      return version === MIGRATIONS.length ? 'index-damaged' : 'index-version';
    } catch {
      db?.close();
      return 'index-damaged';
    }
  }

  /** The last copy of an index, where there is a sound one. */
  static openCopy(file: string): IndexReader | undefined {
    const copy = IndexReader.open(copyOf(file));
    return copy instanceof IndexReader ? copy : undefined;
  }

  close(): void {
    this.#db.close();
  }

  /** Runs `work` on the index as of one moment. */
  atOnce<T>(work: () => T): T {
    this.#db.exec('BEGIN');
    try {
      return work();
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  mailboxes(): readonly MailboxFacts[] {
    const rows = this.#db
      .prepare(`SELECT id, folder, uidvalidity, uidnext, highestmodseq, object_id FROM mailboxes WHERE ${HAS_FOLDER}`)
      .all();
    return rows.map((row: Row) => ({
      id: integer(row, 'id'),
      folder: text(row, 'folder'),
      uidValidity: integer(row, 'uidvalidity'),
      uidNext: integer(row, 'uidnext'),
      highestModSeq: integer(row, 'highestmodseq'),
      objectId: text(row, 'object_id'),
    }));
  }

  /** The values of one annotation by the folders whose mailboxes have it. */
  annotations(entry: string): ReadonlyMap<string, Uint8Array> {
    const rows = this.#db
      .prepare('SELECT folder, value FROM mailbox_metadata JOIN mailboxes ON id = mailbox WHERE entry = ?')
      .all(entry);
    return new Map(rows.map((row: Row) => [text(row, 'folder'), bytes(row, 'value')]));
  }

  /** The names of a mailbox's keywords by their ordinals. */
  keywordNames(mailbox: number): Keywords {
    const names: (string | undefined)[] = [];
    for (const row of this.#db.prepare('SELECT ordinal, name FROM keywords WHERE mailbox = ?').all(mailbox)) {
      names[integer(row, 'ordinal')] = text(row, 'name');
    }
    return Array.from(names);
  }

  /** How many messages of a mailbox have a UID below this one. */
  count(mailbox: number, uidNext: number): number {
    const row = this.#db
      .prepare('SELECT count(*) AS messages FROM messages WHERE mailbox = ? AND uid < ?')
      .get(mailbox, uidNext);
    return integer(row ?? {}, 'messages');
  }

  /** How many messages of a mailbox are \Recent. */
  recent(mailbox: number): number {
    const row = this.#db
      .prepare('SELECT count(*) AS recent FROM messages INDEXED BY messages_recent WHERE mailbox = ? AND recent = 1')
      .get(mailbox);
    return integer(row ?? {}, 'recent');
  }

  /** The whole row of a file. */
  row(mailbox: number, base: string): MessageRow | undefined {
    const row = this.#row.get(mailbox, base);
    return row === undefined ? undefined : toMessageRow(row);
  }

  /** Whole rows above a UID, ascending. */
  rows(mailbox: number, after: number, limit: number): MessageRow[] {
    return this.#rows.all(mailbox, after, limit).map(toMessageRow);
  }

  /** The ordinals that have a keyword in a mailbox; 0 is letter `a`. */
  keywords(mailbox: number): ReadonlySet<number> {
    const rows = this.#db.prepare('SELECT ordinal FROM keywords WHERE mailbox = ?').all(mailbox);
    return new Set(rows.map((row: Row) => integer(row, 'ordinal')));
  }

  message(mailbox: number, base: string): MessageFacts | undefined {
    const row = this.#message.get(mailbox, base);
    if (row === undefined) return undefined;
    const facts = { uid: integer(row, 'uid'), inNew: integer(row, 'in_new') === 1, info: text(row, 'info') };
    if (integer(row, 'details') === 0) return facts;
    return { ...facts, learnt: { size: integer(row, 'size'), internalDate: integer(row, 'internal_date') } };
  }

  /** The base names of a mailbox, a thousand at a time. */
  *bases(mailbox: number): Iterable<readonly string[]> {
    let after = 0;
    for (;;) {
      const rows = this.#page.all(mailbox, after, PAGE);
      if (rows.length === 0) return;
      after = integer(rows[rows.length - 1] ?? {}, 'uid');
      yield rows.map((row: Row) => text(row, 'base'));
    }
  }

  /** The highest UID and modification sequence of a mailbox's messages; 0 where it has none. */
  highest(mailbox: number): { readonly uid: number; readonly modSeq: number } {
    const row = this.#db
      .prepare(
        'SELECT coalesce(max(uid), 0) AS uid, coalesce(max(modseq), 0) AS modseq FROM messages WHERE mailbox = ?',
      )
      .get(mailbox);
    return { uid: integer(row ?? {}, 'uid'), modSeq: integer(row ?? {}, 'modseq') };
  }

  /** The highest UID that is remembered of an expunged message; 0 where none is. */
  highestExpunged(mailbox: number): number {
    const row = this.#db.prepare('SELECT coalesce(max(uid), 0) AS uid FROM expunged WHERE mailbox = ?').get(mailbox);
    return integer(row ?? {}, 'uid');
  }

  /** The ranges of UIDs that are kept for a mailbox, and those that its messages have. */
  ranges(mailbox: number): { readonly kept: readonly UidRange[]; readonly true: readonly UidRange[] } {
    const read = (sql: string): readonly UidRange[] =>
      this.#db
        .prepare(`SELECT first, last FROM (${sql}) ORDER BY first`)
        .all(mailbox)
        .map((row: Row) => [integer(row, 'first'), integer(row, 'last')]);
    return { kept: read('SELECT first, last FROM uid_ranges WHERE mailbox = ?1'), true: read(RUNS) };
  }

  /** Whether the ranges of a mailbox hold its UIDs and no other. */
  hasTrueRanges(mailbox: number): boolean {
    const kept = 'SELECT first, last FROM uid_ranges WHERE mailbox = ?1';
    // Neighbouring ranges may be kept apart: compared is what they hold together.
    const merged = `SELECT min(first) AS first, max(last) AS last FROM (
      SELECT first, last, last - sum(last - first + 1) OVER (ORDER BY first ROWS UNBOUNDED PRECEDING) AS run
      FROM (${kept})) GROUP BY run`;
    const wrong = this.#db
      .prepare(`SELECT EXISTS (SELECT * FROM (${RUNS}) EXCEPT SELECT * FROM (${merged}))
        OR EXISTS (SELECT * FROM (${merged}) EXCEPT SELECT * FROM (${RUNS})) AS wrong`)
      .get(mailbox);
    return wrong?.wrong === 0;
  }
}
