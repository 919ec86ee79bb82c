import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './connection.ts';

/** One step of the schema. */
export interface Migration {
  /** Whole, ascending from 1 without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** What `migrate` found: the database is at the program's version now, or a newer program has been here. */
export type MigrationOutcome =
  | { readonly kind: 'current'; readonly applied: number }
  | { readonly kind: 'too-new'; readonly version: number };

/**
 * Brings the database to the newest version that `migrations` knows. Everything happens in one transaction that holds
 * the write lock while it looks: of two processes that start at once the second waits, looks, and finds nothing to do.
 */
export function migrate(db: DatabaseSync, migrations: readonly Migration[], now: () => number): MigrationOutcome {
  const newest = migrations.at(-1)?.version ?? 0;
  if (readVersion(db) === newest) return { kind: 'current', applied: 0 };
  return inTransaction(db, () => {
    db.exec(
      'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
    );
    const version = readVersion(db);
    if (version > newest) return { kind: 'too-new', version };
    const due = migrations.filter((migration) => migration.version > version);
    const note = db.prepare('INSERT INTO migrations (version, name, applied_at) VALUES (?, ?, ?)');
    for (const migration of due) {
      db.exec(migration.sql);
      note.run(migration.version, migration.name, now());
    }
    return { kind: 'current', applied: due.length };
  });
}

/** The version the database is at; 0 for a new one. */
function readVersion(db: DatabaseSync): number {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'").get();
  if (known === undefined) return 0;
  const version = db.prepare('SELECT max(version) AS version FROM migrations').get()?.version;
  return typeof version === 'number' ? version : 0;
}
