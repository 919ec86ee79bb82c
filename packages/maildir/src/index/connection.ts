/**
 * One process's connection to a user's index. Several processes have it open at once: writers take turns by
 * BEGIN IMMEDIATE, waiting inside SQLite for a moment only and then outside the event loop's turn. What is committed is
 * on disk (`synchronous=FULL`), except for caches and late writes, which say so.
 */
import { statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { DatabaseSync, type SQLInputValue, type StatementResultingChanges } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { errno, isMissing, StoreFailure, sqliteCode, storeClosed } from '../errors.ts';
import { BUSY_PAUSE, BUSY_TIMEOUT, WRITE_DEADLINE } from '../limits.ts';
import type { Row } from './row.ts';
import { MIGRATIONS } from './schema.ts';

const BUSY = 5;
const DAMAGED = [11, 26];

/** Whether SQLite says that the file is no database or a broken one. */
export const isDamaged = (error: unknown): boolean => DAMAGED.includes(sqliteCode(error) ?? 0);

/** Beside an index in which damage was met: the next opening sets it aside. */
export const damageMark = (file: string): string => `${file}.damaged`;

/** A prepared statement; what it meets of damage is kept in mind. */
interface Statement {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  run(...values: SQLInputValue[]): StatementResultingChanges;
}

const notCurrent = (what: string, cause?: unknown): StoreFailure =>
  new StoreFailure('index-replaced', `The mail index ${what}; open the mail store again.`, cause);

const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.user_version);

function migrate(db: DatabaseSync): void {
  if (versionOf(db) === MIGRATIONS.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(db); // another process may have migrated meanwhile
    if (version > MIGRATIONS.length) {
      throw new StoreFailure('unavailable', 'The mail index was made by a newer version of this program.');
    }
    for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
    if (version < MIGRATIONS.length) db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

export class Connection {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #inode: number;
  readonly #dataVersion: Statement;
  readonly #version: Statement;
  #synchronous: 'FULL' | 'NORMAL' = 'FULL';
  #overdue: (() => void) | undefined;
  #failures = 0;
  #damaged = false;
  /** A newer version of this program has migrated the file: what it keeps besides, this one would not keep true. */
  #isOutgrown = false;
  #isClosed = false;

  /**
   * Opens the file, which may be empty; throws SQLite's errors as they are. 'exclusive' keeps every other connection out until this
   * one is closed, and needs no shared memory beside the file.
   */
  constructor(file: string, mode: 'shared' | 'exclusive' = 'shared') {
    // Never made here: a file that another process is just replacing must not come back empty (open.ts).
    const existing = pathToFileURL(file);
    existing.searchParams.set('mode', 'rw');
    this.#db = new DatabaseSync(existing, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true });
    try {
      if (mode === 'exclusive') this.#db.exec('PRAGMA locking_mode = EXCLUSIVE');
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      migrate(this.#db);
      this.#file = file;
      this.#inode = statSync(file).ino;
      this.#dataVersion = this.prepare('PRAGMA data_version');
      this.#version = this.prepare('PRAGMA user_version');
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /**
   * Prepared once for good: a bound `LIMIT ?` would have SQLite plan the statement anew for each number that it is given, which
   * costs several times what it does. `LIMIT +?` is an expression, and no number to plan by.
   */
  prepare(sql: string): Statement {
    const statement = this.#db.prepare(sql);
    return {
      get: (...values) => this.#watched(() => statement.get(...values)),
      all: (...values) => this.#watched(() => statement.all(...values)),
      run: (...values) => this.#watched(() => statement.run(...values)),
    };
  }

  /** Whether the file under the index's name is still this one, of this version, and no damage was met in it. */
  isCurrent(): boolean {
    return !this.#damaged && !this.#isOutgrown && statSync(this.#file, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  /** Throws `index-replaced` where this connection's index is not the user's index any more, `unavailable` after `close`. */
  ensureCurrent(): void {
    this.#ensureOpen();
    if (this.#isOutgrown) throw notCurrent('was migrated by a newer version of this program');
    if (!this.isCurrent()) throw notCurrent(this.#damaged ? 'is damaged' : 'was replaced');
  }

  /** Changes whenever another connection committed something. */
  dataVersion(): number {
    return Number(this.#dataVersion.get()?.data_version);
  }

  /** Transactions that were not committed, since the connection was opened. */
  get failures(): number {
    return this.#failures;
  }

  get isInTransaction(): boolean {
    return this.#db.isTransaction;
  }

  /** Runs `work` on one snapshot. */
  read<T>(work: () => T): T {
    this.#ensureOpen();
    return this.#db.isTransaction ? work() : this.#transaction('BEGIN', work);
  }

  /** Runs `work` in a write transaction, waiting only a moment for other processes. Must not await anything. */
  writeNow<T>(work: () => T): T {
    return this.#write('FULL', work);
  }

  /** The same, patient: for everything that can wait its turn. */
  async write<T>(work: () => T): Promise<T> {
    return whileBusy(() => this.writeNow(work));
  }

  /** Makes `work` part of the next write transaction that succeeds: for what has to be written, but finds no room now. */
  withNextWrite(work: () => void): void {
    this.#overdue = work;
  }

  /** A write that survives the death of the process, and a power failure only after `syncLog` or a later `write`. */
  async writeLate<T>(work: () => T): Promise<T> {
    return whileBusy(() => this.#write('NORMAL', work));
  }

  /** A write whose loss in a power failure costs nothing but doing it again. */
  writeCache<T>(work: () => T): T {
    return this.#write('NORMAL', work);
  }

  /**
   * Makes durable what was written late. The write-ahead log is opened a second time for that, which is harmless: POSIX
   * drops a process's locks on a file when it closes any descriptor of it, but SQLite locks the other two files only.
   */
  async syncLog(): Promise<void> {
    try {
      const log = await open(`${this.#file}-wal`, 'r');
      try {
        await log.sync();
      } finally {
        await log.close();
      }
    } catch (error) {
      if (!isMissing(error)) throw error; // without a log everything is in the database file, synced
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#db.close();
  }

  #write<T>(synchronous: 'FULL' | 'NORMAL', work: () => T): T {
    this.ensureCurrent();
    if (synchronous !== this.#synchronous) {
      this.#db.exec(`PRAGMA synchronous = ${synchronous}`);
      this.#synchronous = synchronous;
    }
    const overdue = this.#overdue;
    const result = this.#transaction('BEGIN IMMEDIATE', () => {
      this.#isOutgrown = this.#version.get()?.user_version !== MIGRATIONS.length;
      if (this.#isOutgrown) this.ensureCurrent();
      overdue?.();
      return work();
    });
    if (this.#overdue === overdue) this.#overdue = undefined;
    return result;
  }

  #transaction<T>(begin: string, work: () => T): T {
    try {
      return this.#watched(() => {
        this.#db.exec(begin);
        const result = work();
        this.#db.exec('COMMIT');
        return result;
      });
    } catch (error) {
      this.#failures += 1;
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #ensureOpen(): void {
    if (this.#isClosed) throw storeClosed();
  }

  /** Damage makes this connection unusable, and is remembered on disk for the next opening. */
  #watched<T>(work: () => T): T {
    this.#ensureOpen();
    try {
      return work();
    } catch (error) {
      if (!isDamaged(error)) throw error;
      const isMarked = this.#condemn();
      this.#damaged = true;
      throw notCurrent(isMarked ? 'is damaged' : 'is damaged, which could not be noted beside it', error);
    }
  }

  /**
   * Leaves the mark; false where there is no room for it, or no right: what was found out is told all the same, and the
   * next opening meets the damage by itself.
   */
  #condemn(): boolean {
    // Only the file that this connection has open is condemned: its successor may be a good one.
    if (!this.isCurrent()) return true;
    try {
      writeFileSync(damageMark(this.#file), '');
      return true;
    } catch (error) {
      if (errno(error) === undefined) throw error;
      return false;
    }
  }
}

/** Repeats `work` while another process holds the lock, until the deadline. */
export async function whileBusy<T>(work: () => T): Promise<T> {
  const deadline = performance.now() + WRITE_DEADLINE;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (sqliteCode(error) !== BUSY || performance.now() > deadline) throw error;
    }
    await pause(BUSY_PAUSE);
  }
}
