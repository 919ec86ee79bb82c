/**
 * One process's connection to a user's index. Several processes have it open at once: writers take turns by
 * BEGIN IMMEDIATE, waiting inside SQLite for a moment only and then outside the event loop's turn. What is committed is
 * on disk (`synchronous=FULL`), except for caches, which say so.
 */
import { statSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { StoreFailure, sqliteCode } from '../errors.ts';
import { BUSY_PAUSE, BUSY_TIMEOUT, WRITE_DEADLINE } from '../limits.ts';
import { MIGRATIONS } from './schema.ts';

const BUSY = 5;
const DAMAGED = [11, 26];

/** Whether SQLite says that the file is no database or a broken one. */
export const isDamaged = (error: unknown): boolean => DAMAGED.includes(sqliteCode(error) ?? 0);

/** Beside an index in which damage was met: the next opening sets it aside. */
export const damageMark = (file: string): string => `${file}.damaged`;

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
  readonly #dataVersion: StatementSync;

  /** Opens or makes the index; throws SQLite's errors as they are. */
  constructor(file: string) {
    this.#db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT, enableForeignKeyConstraints: true });
    try {
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      migrate(this.#db);
      this.#dataVersion = this.#db.prepare('PRAGMA data_version');
      this.#file = file;
      this.#inode = statSync(file).ino;
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
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
    if (statSync(this.#file, { throwIfNoEntry: false })?.ino !== this.#inode) {
      throw new StoreFailure('unavailable', 'The mail index was replaced; open the mail store again.');
    }
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
      this.#db.exec(begin);
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      if (isDamaged(error)) writeFileSync(damageMark(this.#file), '');
      throw error;
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
