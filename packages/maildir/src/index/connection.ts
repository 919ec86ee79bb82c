/**
 * One process's connection to a user's index. Several processes have it open at once: writers take turns by
 * BEGIN IMMEDIATE, waiting inside SQLite for a moment only and then outside the event loop's turn. What is committed is
 * on disk (`synchronous=FULL`), except for caches, which say so.
 */
import { statSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementResultingChanges } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { StoreFailure, sqliteCode } from '../errors.ts';
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
  #damaged = false;

  /** Opens or makes the index; throws SQLite's errors as they are. */
  constructor(file: string) {
    this.#db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true });
    try {
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      migrate(this.#db);
      this.#file = file;
      this.#inode = statSync(file).ino;
      this.#dataVersion = this.prepare('PRAGMA data_version');
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  prepare(sql: string): Statement {
    const statement = this.#db.prepare(sql);
    return {
      get: (...values) => this.#watched(() => statement.get(...values)),
      all: (...values) => this.#watched(() => statement.all(...values)),
      run: (...values) => this.#watched(() => statement.run(...values)),
    };
  }

  /** Whether the file under the index's name is still this one, and no damage was met in it. */
  isCurrent(): boolean {
    return !this.#damaged && statSync(this.#file, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  /** Throws `index-replaced` where this connection's index is not the user's index any more. */
  ensureCurrent(): void {
    if (!this.isCurrent()) throw notCurrent(this.#damaged ? 'is damaged' : 'was replaced');
  }

  /** Changes whenever another connection committed something. */
  dataVersion(): number {
    return Number(this.#dataVersion.get()?.data_version);
  }

  /** Runs `work` on one snapshot. */
  read<T>(work: () => T): T {
    return this.#db.isTransaction ? work() : this.#transaction('BEGIN', work);
  }

  /** Runs `work` in a write transaction, waiting only a moment for other processes. Must not await anything. */
  writeNow<T>(work: () => T): T {
    this.ensureCurrent();
    return this.#transaction('BEGIN IMMEDIATE', work);
  }

  /** The same, patient: for everything that can wait its turn. */
  async write<T>(work: () => T): Promise<T> {
    return whileBusy(() => this.writeNow(work));
  }

  /** A write whose loss in a power failure costs nothing but doing it again. */
  writeCache(work: () => void): void {
    this.#db.exec('PRAGMA synchronous = NORMAL');
    try {
      this.writeNow(work);
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  close(): void {
    this.#db.close();
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
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Damage makes this connection unusable, and is remembered on disk for the next opening. */
  #watched<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isDamaged(error)) throw error;
      // Only the file that this connection has open is condemned: its successor may be a good one.
      if (this.isCurrent()) writeFileSync(damageMark(this.#file), '');
      this.#damaged = true;
      throw notCurrent('is damaged', error);
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
