import type { DatabaseSync } from 'node:sqlite';
import { openConnection } from './connection.ts';
import { readVersion } from './migrate.ts';

/** What a SQLite file of the platform says of itself. */
export interface Inspected {
  /** Of its schema; 0 where it has none. */
  readonly version: number;
  /** What `PRAGMA quick_check` has against it, a line each; empty where it was not asked for. */
  readonly problems: readonly string[];
}

/** Lines of a check that are read: the first says that it is damaged, and nobody mends it by the hundredth. */
const MOST_PROBLEMS = 10;

/** Looks a file over without changing it. Throws what node:sqlite throws where it is no database or cannot be read. */
export function inspectFile(file: string, { check }: { readonly check: boolean }): Inspected {
  const db = openConnection(file, { readOnly: true });
  try {
    const userVersion = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    return { version: readVersion(db) || userVersion, problems: check ? problemsOf(db) : [] };
  } finally {
    db.close();
  }
}

function problemsOf(db: DatabaseSync): readonly string[] {
  const rows = db.prepare(`PRAGMA quick_check(${MOST_PROBLEMS})`).all();
  return rows.map((row) => String(row.quick_check)).filter((line) => line !== 'ok');
}
