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
import { BUSY_TIMEOUT, READ_PATIENCE, TEXT_LEASE } from '../limits.ts';
import { placeToRead } from './place-to-read.ts';
import { integer, type Row, text } from './row.ts';

/** Rises with the schema, and where messages are decoded otherwise than before: older texts are built anew. */
const VERSION = 2;
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
  /** What was known at `#knownAt`, by mailbox: most searches follow one another without a change in between. */
  readonly #known = new Map<number, Uint32Array>();
  #knownAt = '';

  /**
   * Opens or makes the file; throws SQLite's errors, and an `OtherVersion` where another version made it. With `toRead` it
   * makes and writes nothing, and whoever writes waits for nobody.
   */
  constructor(file: string, toRead = false) {
    if (!toRead) closeSync(openSync(file, 'a', 0o600)); // for its owner only: SQLite gives its companions the same mode
    this.#db = toRead
      ? new DatabaseSync(placeToRead(file), { timeout: READ_PATIENCE, readOnly: true })
      : new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
    try {
      if (!toRead) this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      this.#migrate(toRead);
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

  /**
   * Adds texts that are not there yet. Runs inside `write`. In the order of their ids: of any other, FTS5 writes a segment
   * for each, and the pages of `texts` stay half empty.
   */
  add(mailbox: number, kept: readonly KeptText[]): void {
    for (const one of kept.toSorted((a, b) => a.uid - b.uid)) {
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
  known(mailbox: number): Uint32Array {
    const version = this.#version();
    if (version !== this.#knownAt) this.#known.clear();
    this.#knownAt = version;
    const kept = this.#known.get(mailbox) ?? uidsIn(this.#statements.known.get(mailbox * SPAN, ...span(mailbox)));
    this.#known.set(mailbox, kept);
    return kept;
  }

  /** UIDs whose text lacks something of what the bits in `mask` say. */
  cut(mailbox: number, mask: number): Uint32Array {
    return uidsIn(this.#statements.cut.get(mailbox * SPAN, ...span(mailbox), mask));
  }

  /** UIDs whose text holds all of these trigrams, ascending. */
  candidates(mailbox: number, trigrams: readonly string[]): Uint32Array {
    const query = trigrams.map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND ');
    return uidsIn(this.#statements.candidates.get(mailbox * SPAN, query, ...span(mailbox)));
  }

  /** Which of these messages' texts hold the needle, in any order; those that have no text are in neither. */
  holding(mailbox: number, uids: Uint32Array, needle: Uint8Array, scope: 'body' | 'text'): Verified {
    const { inBody, inText } = this.#statements;
    const row = (scope === 'body' ? inBody : inText).get(needle, mailbox * SPAN, `[${uids.join(',')}]`);
    const signed = numbersIn(row);
    return { hits: signed.filter((uid) => uid > 0), others: signed.filter((uid) => uid < 0).map((uid) => -uid) };
  }

  /** The message's headers, where they hold the needle, else null. Undefined: no text is there. */
  header(mailbox: number, uid: number, needle: Uint8Array): KeptHeader | null | undefined {
    const row = this.#statements.header.get(needle, mailbox * SPAN + uid);
    if (row === undefined) return undefined;
    const { header } = row;
    return header instanceof Uint8Array ? { header, lines: text(row, 'lines').split(',').map(Number) } : null;
  }

  /** Changes with everything that this connection or another one commits. */
  #version(): string {
    const { version, changes } = this.#statements;
    return `${integer(version.get() ?? {}, 'data_version')} ${integer(changes.get() ?? {}, 'changes')}`;
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

  #migrate(toRead: boolean): void {
    const version = (): number => Number(this.#db.prepare('PRAGMA user_version').get()?.user_version);
    if (version() === 0 && !toRead) this.write(() => version() === 0 && this.#db.exec(SCHEMA));
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

/** Numbers of many rows come fastest as one text; `?1` is the first id of the mailbox. */
const numbersOf = (sql: string): string => `SELECT json_group_array(id - ?1) AS ids FROM (${sql} ORDER BY id)`;

/** UIDs below zero for the texts that do not hold the needle `?1`; `?2` is as above, `?3` the UIDs. */
const verified = (holds: string): string =>
  `SELECT json_group_array(iif(${holds}, texts.id - ?2, ?2 - texts.id)) AS ids
   FROM json_each(?3) AS wanted CROSS JOIN texts ON texts.id = ?2 + wanted.value`;

// What the two above make is an array of integers.
const numbersIn = (row: Row | undefined): number[] => JSON.parse(text(row ?? {}, 'ids')) as number[];

const uidsIn = (row: Row | undefined): Uint32Array => Uint32Array.from(numbersIn(row));

/** What was found in texts. */
interface Verified {
  readonly hits: readonly number[];
  readonly others: readonly number[];
}

const statementsOf = (db: DatabaseSync) => ({
  version: db.prepare('PRAGMA data_version'),
  changes: db.prepare('SELECT total_changes() AS changes'),
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
  known: db.prepare(numbersOf('SELECT id FROM messages WHERE id BETWEEN ?2 AND ?3')),
  cut: db.prepare(numbersOf('SELECT id FROM messages WHERE id BETWEEN ?2 AND ?3 AND cut & ?4 <> 0')),
  candidates: db.prepare(numbersOf('SELECT rowid AS id FROM grams WHERE grams MATCH ?2 AND rowid BETWEEN ?3 AND ?4')),
  inBody: db.prepare(verified('instr(body, ?1)')),
  inText: db.prepare(verified('instr(header, ?1) OR instr(body, ?1)')),
  header: db.prepare('SELECT lines, iif(instr(header, ?) > 0, header, NULL) AS header FROM texts WHERE id = ?'),
  count: db.prepare('SELECT count(*) AS texts FROM messages WHERE id BETWEEN ? AND ?'),
  counts: db.prepare(`SELECT id / ${SPAN} AS mailbox, count(*) AS texts FROM messages GROUP BY 1`),
});
