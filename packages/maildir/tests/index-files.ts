/** What tests do to the files of an index, behind the back of the store. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Runs `work` on the index with plain SQLite. */
export function withDatabase<T>(file: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

export function removeIndex(file: string): void {
  for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
}

/** Fills the root page of a table or index with rubbish. Nobody may have the file open. */
export function overwrite(file: string, what: string): void {
  const { page, size } = withDatabase(file, (db) => {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return {
      page: Number(db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(what)?.rootpage),
      size: Number(db.prepare('PRAGMA page_size').get()?.page_size),
    };
  });
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(size, 0xaa), 0, size, (page - 1) * size);
  closeSync(descriptor);
}

/** A clock and a timer that tests move by hand. */
export class Hand {
  now = 1_700_000_000_000;
  readonly #works = new Set<() => void>();
  readonly clock = (): number => this.now;
  readonly repeat = (work: () => void): (() => void) => {
    this.#works.add(work);
    return () => this.#works.delete(work);
  };

  /** Lets a time pass, in milliseconds, and the timer strike. */
  pass(time: number): void {
    this.now += time;
    for (const work of this.#works) work();
  }
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
