/**
 * text.db: the decoded, casemapped text of messages and the trigrams in it. Derived and disposable: what is wrong with it
 * is mended by removing it (text/handles.ts), and a power failure may take its last transactions.
 *
 * A row's id is its mailbox's number times 2^32 plus the UID. Rows of a mailbox belong to the MAILBOXID and UIDVALIDITY
 * in `mailboxes`: where the index has others, `claim` removes them, and until then they count as absent. `messages` says
 * which messages are there (small, so that listing them reads little), `texts` holds what was kept of them, `grams` leads
 * from three code points to ids. `grams` has no content and no positions (`detail=none`): a needle's trigrams name
 * candidates, which are verified against `texts`.
 */
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { BUSY_TIMEOUT, TEXT_LEASE } from '../limits.ts';
import { integer, type Row, text } from './row.ts';

const VERSION = 1;
/** UIDs of one mailbox. */
const SPAN = 2 ** 32;

const SCHEMA = `
  CREATE TABLE mailboxes (
    id INTEGER PRIMARY KEY, object_id TEXT NOT NULL, uidvalidity INTEGER NOT NULL,
    builder TEXT NOT NULL DEFAULT '', until INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE messages (id INTEGER PRIMARY KEY, cut INTEGER NOT NULL) STRICT;
  CREATE TABLE texts (id INTEGER PRIMARY KEY, lines TEXT NOT NULL, header BLOB NOT NULL, body BLOB NOT NULL) STRICT;
  CREATE VIRTUAL TABLE grams USING fts5(
    text, tokenize = 'trigram case_sensitive 1', detail = none, content = '', contentless_delete = 1
  );
  PRAGMA user_version = ${VERSION};
`;

/** What a message's kept text lacks, as bits. */
export const CUT = { header: 1, body: 2 } as const;

/** A message's text, casemapped, in UTF-8. */
export interface KeptText {
  readonly uid: number;
  /** The fields of its own header, a line each, then the headers of its parts. */
  readonly header: Uint8Array;
  /** Octets of each line of its own header. */
  readonly lines: readonly number[];
  readonly body: Uint8Array;
  /** Bits of `CUT`. */
  readonly cut: number;
}

/** A mailbox as the index has it: the text belongs to all of this. */
export interface TextMailbox {
  readonly id: number;
  readonly objectId: string;
  readonly uidValidity: number;
}

/** The headers of a message, as they are kept. */
export type KeptHeader = Pick<KeptText, 'header' | 'lines'>;

export class TextDb {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #inode: number;
  readonly #statements;

  /** Opens or makes the file; throws SQLite's errors, and an `OtherVersion` where another version made it. */
  constructor(file: string) {
    closeSync(openSync(file, 'a', 0o600)); // for its owner only: SQLite gives its companions the same mode
    this.#db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
    try {
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      this.#migrate();
      this.#file = file;
      this.#inode = statSync(file).ino;
      this.#statements = statementsOf(this.#db);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  isCurrent(): boolean {
    return statSync(this.#file, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  close(): void {
    this.#db.close();
  }

  /** Runs `work` in a write transaction; throws SQLite's BUSY where another process writes for longer than a moment. */
  write<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Whether the rows of this mailbox are those of this MAILBOXID and UIDVALIDITY. */
  isOf(mailbox: TextMailbox): boolean {
    const row = this.#statements.mailbox.get(mailbox.id);
    return row !== undefined && isSame(row, mailbox);
  }

  /**
   * Makes the mailbox's rows its own, and `builder` the one who adds to them until `TEXT_LEASE` from now; false where
   * another builder is at it. Runs inside `write`.
   */
  claim(mailbox: TextMailbox, builder: string, now: number): boolean {
    const row = this.#statements.mailbox.get(mailbox.id);
    if (row === undefined || !isSame(row, mailbox)) {
      this.forget(mailbox.id);
      this.#statements.addMailbox.run(mailbox.id, mailbox.objectId, mailbox.uidValidity);
    } else if (text(row, 'builder') !== builder) {
      const left = integer(row, 'until') - now;
      if (left > 0 && left <= TEXT_LEASE) return false; // a lease from the future is one of a clock that was set
    }
    this.#statements.lease.run(builder, now + TEXT_LEASE, mailbox.id);
    return true;
  }

  /** Lets others build. Runs inside `write`. */
  release(mailbox: number, builder: string): void {
    this.#statements.release.run(mailbox, builder);
  }

  /** Adds texts that are not there yet. Runs inside `write`. */
  add(mailbox: number, kept: readonly KeptText[]): void {
    for (const one of kept) {
      const id = mailbox * SPAN + one.uid;
      if (this.#statements.addMessage.run(id, one.cut).changes === 0) continue;
      this.#statements.addText.run(id, one.lines.join(','), one.header, one.body);
      this.#statements.addGrams.run(id, gramText(one));
    }
  }

  /** Runs inside `write`. */
  remove(mailbox: number, uids: Iterable<number>): void {
    for (const uid of uids) {
      const id = mailbox * SPAN + uid;
      this.#statements.removeGrams.run(id);
      this.#statements.removeText.run(id);
      this.#statements.removeMessage.run(id);
    }
  }

  /** Removes all of a mailbox. Runs inside `write`. */
  forget(mailbox: number): void {
    this.remove(mailbox, this.known(mailbox));
    this.#statements.removeMailbox.run(mailbox);
  }

  /** UIDs whose text is there, ascending. */
  known(mailbox: number): number[] {
    return uidsIn(mailbox, this.#statements.known.get(...span(mailbox)));
  }

  /** UIDs whose text lacks something of what the bits in `mask` say. */
  cut(mailbox: number, mask: number): number[] {
    return uidsIn(mailbox, this.#statements.cut.get(...span(mailbox), mask));
  }

  /** UIDs whose text holds all of these trigrams, ascending. */
  candidates(mailbox: number, trigrams: readonly string[]): number[] {
    const query = trigrams.map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND ');
    return uidsIn(mailbox, this.#statements.candidates.get(query, ...span(mailbox)));
  }

  /** Whether the message's text holds the needle. Undefined: no text is there. */
  holds(mailbox: number, uid: number, needle: Uint8Array, scope: 'body' | 'text'): boolean | undefined {
    const { inBody, inText } = this.#statements;
    const id = mailbox * SPAN + uid;
    const row = scope === 'body' ? inBody.get(needle, id) : inText.get(needle, needle, id);
    return row === undefined ? undefined : integer(row, 'hit') === 1;
  }

  /** The message's headers, where they hold the needle, else null. Undefined: no text is there. */
  header(mailbox: number, uid: number, needle: Uint8Array): KeptHeader | null | undefined {
    const row = this.#statements.header.get(needle, mailbox * SPAN + uid);
    if (row === undefined) return undefined;
    const { header } = row;
    return header instanceof Uint8Array ? { header, lines: text(row, 'lines').split(',').map(Number) } : null;
  }

  count(mailbox: number): number {
    return integer(this.#statements.count.get(...span(mailbox)) ?? {}, 'texts');
  }

  /** How many texts of each mailbox are there. */
  counts(): ReadonlyMap<number, number> {
    const rows = this.#statements.counts.all();
    return new Map(rows.map((row) => [integer(row, 'mailbox'), integer(row, 'texts')]));
  }

  /** The mailboxes that have rows. */
  mailboxes(): number[] {
    return this.#statements.mailboxes.all().map((row) => integer(row, 'id'));
  }

  #migrate(): void {
    const version = (): number => Number(this.#db.prepare('PRAGMA user_version').get()?.user_version);
    if (version() === 0) this.write(() => version() === 0 && this.#db.exec(SCHEMA));
    if (version() !== VERSION) throw new OtherVersion();
  }
}

/** The file was made by another version of this program. */
export class OtherVersion extends Error {
  override readonly name = 'OtherVersion';
}

/** The files of a database. */
export const textFiles = (file: string): readonly string[] => [`${file}-wal`, `${file}-shm`, file];

/** Bytes on disk. */
export const bytesOf = (file: string): number =>
  textFiles(file).reduce(
    (sum, name) => sum + (existsSync(name) ? (statSync(name, { throwIfNoEntry: false })?.size ?? 0) : 0),
    0,
  );

const isSame = (row: Row, { objectId, uidValidity }: TextMailbox): boolean =>
  text(row, 'object_id') === objectId && integer(row, 'uidvalidity') === uidValidity;

const span = (mailbox: number): [number, number] => [mailbox * SPAN, (mailbox + 1) * SPAN - 1];

/** What the trigrams are made of: the tokenizer stops at a NUL, and no needle holds one. */
const gramText = ({ header, body }: KeptText): string =>
  `${Buffer.from(header).toString()}\0${Buffer.from(body).toString()}`.replaceAll('\0', '\n');

/** Numbers of many rows come fastest as one text. */
const numbersOf = (sql: string): string => `SELECT json_group_array(id) AS ids FROM (${sql} ORDER BY id)`;

/** The UIDs of ids of one mailbox. */
function uidsIn(mailbox: number, row: Row | undefined): number[] {
  // `numbersOf` makes an array of the ids of rows, which are integers
  const ids = JSON.parse(text(row ?? {}, 'ids')) as number[];
  return ids.map((id) => id - mailbox * SPAN);
}

const statementsOf = (db: DatabaseSync) => ({
  mailbox: db.prepare('SELECT * FROM mailboxes WHERE id = ?'),
  mailboxes: db.prepare('SELECT id FROM mailboxes'),
  addMailbox: db.prepare('INSERT INTO mailboxes (id, object_id, uidvalidity) VALUES (?, ?, ?)'),
  removeMailbox: db.prepare('DELETE FROM mailboxes WHERE id = ?'),
  lease: db.prepare('UPDATE mailboxes SET builder = ?, until = ? WHERE id = ?'),
  release: db.prepare("UPDATE mailboxes SET builder = '', until = 0 WHERE id = ? AND builder = ?"),
  addMessage: db.prepare('INSERT INTO messages VALUES (?, ?) ON CONFLICT DO NOTHING'),
  addText: db.prepare('INSERT INTO texts VALUES (?, ?, ?, ?)'),
  addGrams: db.prepare('INSERT INTO grams (rowid, text) VALUES (?, ?)'),
  removeMessage: db.prepare('DELETE FROM messages WHERE id = ?'),
  removeText: db.prepare('DELETE FROM texts WHERE id = ?'),
  removeGrams: db.prepare('DELETE FROM grams WHERE rowid = ?'),
  known: db.prepare(numbersOf('SELECT id FROM messages WHERE id BETWEEN ? AND ?')),
  cut: db.prepare(numbersOf('SELECT id FROM messages WHERE id BETWEEN ? AND ? AND cut & ? <> 0')),
  candidates: db.prepare(numbersOf('SELECT rowid AS id FROM grams WHERE grams MATCH ? AND rowid BETWEEN ? AND ?')),
  inBody: db.prepare('SELECT instr(body, ?) > 0 AS hit FROM texts WHERE id = ?'),
  inText: db.prepare('SELECT instr(header, ?) > 0 OR instr(body, ?) > 0 AS hit FROM texts WHERE id = ?'),
  header: db.prepare('SELECT lines, iif(instr(header, ?) > 0, header, NULL) AS header FROM texts WHERE id = ?'),
  count: db.prepare('SELECT count(*) AS texts FROM messages WHERE id BETWEEN ? AND ?'),
  counts: db.prepare(`SELECT id / ${SPAN} AS mailbox, count(*) AS texts FROM messages GROUP BY 1`),
});
