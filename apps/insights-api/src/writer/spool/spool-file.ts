import { randomUUID } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '@scorpiox/shared/database';
import { SPOOL_CHECKPOINT_PAGES, VACUUM_PAGES } from '../../limits.ts';
import type { Submission } from '../../store/port.ts';
import { Aside } from './aside.ts';
import { type Consignment, type Culprit, cutIntoParcels, packSubmissions, unpackSubmissions } from './parcel.ts';

const SCHEMA = `
  CREATE TABLE spool (lineage TEXT NOT NULL, target TEXT NOT NULL) STRICT;
  CREATE TABLE parcel (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at INTEGER NOT NULL,
    events INTEGER NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;`;

// The cast below rests on the schema: a STRICT table, NOT NULL columns.
interface ParcelRow {
  readonly seq: number;
  readonly events: number;
  /** Bytes of the body when it is unpacked. */
  readonly size: number;
  readonly body: Uint8Array;
}

/** Attempts to have a new file to ourselves: the lock is free for a moment after the file is named. */
const CREATE_ATTEMPTS = 10;

/**
 * One file of the spool, locked for as long as it is open: SQLite's exclusive locking mode holds the lock of the file
 * itself, which the system takes away from a process that dies, however it dies.
 */
export class SpoolFile {
  readonly path: string;
  /** Names the file on the server. A file is appended to by the process that made it only, so no number comes twice. */
  readonly lineage: string;
  readonly kept: Aside;
  readonly #db: DatabaseSync;
  readonly #counts: { parcels: number; events: number };

  private constructor(path: string, db: DatabaseSync, lineage: string) {
    this.path = path;
    this.lineage = lineage;
    this.#db = db;
    this.kept = new Aside(db, lineage);
    const row = db.prepare('SELECT count(*) AS parcels, coalesce(sum(events), 0) AS events FROM parcel').get();
    this.#counts = { parcels: Number(row?.parcels), events: Number(row?.events) };
  }

  /**
   * Makes a file of this process's own. `target` names the database that it is for. It gets its name when it is whole,
   * so a file of that name that holds nothing was broken by somebody.
   */
  static create(folder: string, target: string): SpoolFile {
    for (let attempt = 1; ; attempt += 1) {
      const path = join(folder, `${randomUUID()}.db`);
      make(`${path}.new`, target);
      renameSync(`${path}.new`, path);
      const own = SpoolFile.adopt(path, target);
      if (own instanceof SpoolFile) return own;
      // A neighbour that adopts took it for a leftover in this very moment; it removes what is empty.
      if (attempt >= CREATE_ATTEMPTS) throw new Error(`no file in ${folder} can be kept locked`);
    }
  }

  /**
   * Takes over what another process left. `busy`: it lives and has its file. `foreign`: the file waits for another
   * database. Throws what SQLite throws, of which `isDamage` tells that the file is broken.
   */
  static adopt(path: string, target: string): SpoolFile | 'busy' | 'foreign' {
    let db: DatabaseSync | undefined;
    try {
      db = connect(path);
      const whole = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' AND name = 'spool'").get();
      const spool = whole?.n === 1 ? db.prepare('SELECT lineage, target FROM spool').get() : undefined;
      if (spool === undefined) throw new SpoolDamaged(`${path} holds no spool`);
      if (spool.target === target) return new SpoolFile(path, db, String(spool.lineage));
      db.close();
      return 'foreign';
    } catch (error) {
      if (db?.isOpen) db.close();
      if (codeOf(error) === SQLITE_BUSY) return 'busy';
      throw error;
    }
  }

  /** Puts submissions down, durably, all or none. */
  append(submissions: readonly Submission[], parcelEvents: number): void {
    const insert = this.#db.prepare('INSERT INTO parcel (received_at, events, size, body) VALUES (?, ?, ?, ?)');
    const parcels = cutIntoParcels(submissions, parcelEvents).map((parcel) => ({
      events: parcel.reduce((sum, one) => sum + one.events.length, 0),
      receivedAt: Math.min(...parcel.map(({ receivedAt }) => receivedAt)),
      ...packSubmissions(parcel),
    }));
    inTransaction(this.#db, () => {
      for (const { receivedAt, events, size, body } of parcels) insert.run(receivedAt, events, size, body);
    });
    this.#count(
      parcels.length,
      parcels.reduce((sum, { events }) => sum + events, 0),
    );
  }

  /** The oldest parcels, at least one, within these bounds (bytes unpacked); undefined when nothing waits. */
  take(most: { readonly events: number; readonly bytes: number }): Consignment | undefined {
    const rows = this.#db.prepare('SELECT seq, events, size, body FROM parcel ORDER BY seq').iterate();
    const parcels: ParcelRow[] = [];
    let [events, bytes] = [0, 0];
    for (const row of rows as unknown as Iterable<ParcelRow>) {
      events += row.events;
      bytes += row.size;
      if (parcels.length > 0 && (events > most.events || bytes > most.bytes)) break;
      parcels.push(row);
    }
    const [first, last] = [parcels[0], parcels.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    return { lineage: this.lineage, parcels, without: this.kept.among(first.seq, last.seq) };
  }

  /** Forgets parcels that the server has committed; gives how many events were in them. */
  remove(through: number): number {
    const gone = inTransaction(this.#db, () => {
      const sum = this.#db
        .prepare('SELECT count(*) AS parcels, coalesce(sum(events), 0) AS events FROM parcel WHERE seq <= ?')
        .get(through);
      this.#db.prepare('DELETE FROM parcel WHERE seq <= ?').run(through);
      return { parcels: Number(sum?.parcels), events: Number(sum?.events) };
    });
    this.#count(-gone.parcels, -gone.events);
    // The room that an outage took goes back to the disk, a little each time.
    if (this.#pragma('freelist_count') > VACUUM_PAGES) this.#db.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
    return gone.events;
  }

  /** Keeps events of a parcel aside: from now on it goes without them. */
  setAside(seq: number, culprits: readonly Culprit[], now: number): void {
    const row = this.#db.prepare('SELECT body FROM parcel WHERE seq = ?').get(seq);
    const submissions = row?.body instanceof Uint8Array ? unpackSubmissions(row.body) : [];
    inTransaction(this.#db, () => this.kept.add(culprits, submissions, now));
  }

  /** Keeps a parcel aside that cannot be read. */
  setDamaged(seq: number, reason: string, now: number): void {
    const events = inTransaction(this.#db, () => {
      const row = this.#db.prepare('SELECT events, body FROM parcel WHERE seq = ?').get(seq);
      if (!(row?.body instanceof Uint8Array)) return undefined;
      this.kept.addDamaged({ seq, events: Number(row.events), body: row.body }, reason, now);
      this.#db.prepare('DELETE FROM parcel WHERE seq = ?').run(seq);
      return Number(row.events);
    });
    if (events !== undefined) this.#count(-1, -events);
  }

  /** What waits; bytes are those of the pages in use, `oldest` is in milliseconds since 1970. */
  state(): { readonly parcels: number; readonly events: number; readonly bytes: number; readonly oldest?: number } {
    const first = this.#db.prepare('SELECT received_at FROM parcel ORDER BY seq LIMIT 1').get();
    return {
      ...this.#counts,
      bytes: this.bytes(),
      ...(typeof first?.received_at === 'number' ? { oldest: first.received_at } : {}),
    };
  }

  /** Bytes of the pages in use. */
  bytes(): number {
    return (this.#pragma('page_count') - this.#pragma('freelist_count')) * this.#pragma('page_size');
  }

  /** Takes over what another file keeps aside. Twice is as once. */
  absorb(other: SpoolFile): void {
    inTransaction(this.#db, () => this.kept.copy(other.kept));
  }

  close(): void {
    this.#db.close();
  }

  /** Closes the file for good. */
  destroy(): void {
    this.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${this.path}${end}`, { force: true });
  }

  #count(parcels: number, events: number): void {
    this.#counts.parcels += parcels;
    this.#counts.events += events;
  }

  #pragma(name: 'page_count' | 'freelist_count' | 'page_size'): number {
    return Number(this.#db.prepare(`PRAGMA ${name}`).get()?.[name]);
  }
}

/** Makes an empty spool of its own lineage. */
function make(path: string, target: string): void {
  closeSync(openSync(path, 'wx', 0o600));
  const db = connect(path);
  try {
    inTransaction(db, () => {
      db.exec(SCHEMA);
      db.exec(Aside.SCHEMA);
      db.prepare('INSERT INTO spool (lineage, target) VALUES (?, ?)').run(randomUUID(), target);
    });
  } finally {
    db.close();
  }
}

/** Opens a file and takes its lock. In this order: WAL then needs no shared memory, and its lock is the whole file's. */
function connect(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL');
    db.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${SPOOL_CHECKPOINT_PAGES}`);
    // The lock is taken by the first write transaction and kept from then on.
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The file is a database, but not what it was. */
class SpoolDamaged extends Error {}

const [SQLITE_BUSY, SQLITE_CORRUPT, SQLITE_NOTADB] = [5, 11, 26];

/** SQLite's own result code behind an error of node:sqlite (https://sqlite.org/rescode.html), without its extension. */
function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

/** Whether an error says that a file is broken, or is no database at all. */
export const isDamage = (error: unknown): boolean =>
  error instanceof SpoolDamaged || [SQLITE_CORRUPT, SQLITE_NOTADB].includes(codeOf(error) ?? 0);
