import type { DatabaseSync } from 'node:sqlite';
import { type MigrationWatch, makeMeter, WEIGHING } from '../migration-meter.ts';
import { inTransaction } from './connection.ts';

/** One step of the schema. */
export interface Migration {
  /** Whole, ascending from 1 without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /**
   * The tables of which `sql` or `move` reads every row, once for each time: what the step is weighed by. Absent where
   * it reads next to nothing, however much the database holds.
   */
  readonly reads?: readonly string[];
  /** Moves what may be many rows, after `sql`, in portions, and says after each how many rows it has read. */
  readonly move?: (db: DatabaseSync, step: (rows: number) => void) => void;
}

/** What `migrate` found: the database is at the program's version now, or a newer program has been here. */
export type MigrationOutcome =
  | { readonly kind: 'current'; readonly applied: number }
  | { readonly kind: 'too-new'; readonly version: number };

/**
 * Brings the database to the newest version that `migrations` knows. Everything happens in one transaction that holds
 * the write lock while it looks: of two processes that start at once the second waits, looks, and finds nothing to do.
 * Whatever ends it before its end leaves the database as it was.
 */
export function migrate(
  db: DatabaseSync,
  migrations: readonly Migration[],
  now: () => number,
  watch: MigrationWatch = () => {},
): MigrationOutcome {
  const newest = migrations.at(-1)?.version ?? 0;
  if (readVersion(db) === newest) return { kind: 'current', applied: 0 };
  return inTransaction(db, () => {
    db.exec(
      'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
    );
    const version = readVersion(db);
    if (version > newest) return { kind: 'too-new', version };
    const due = migrations.filter((migration) => migration.version > version);
    apply(db, due, now, watch);
    return { kind: 'current', applied: due.length };
  });
}

function apply(db: DatabaseSync, due: readonly Migration[], now: () => number, watch: MigrationWatch): void {
  watch(WEIGHING);
  const parts = due.map(({ version, name, reads = [] }) => ({
    detail: `version ${version}: ${name}`,
    rows: reads.reduce((rows, table) => rows + countRows(db, table), 0),
  }));
  const meter = makeMeter(parts, watch);
  const note = db.prepare('INSERT INTO migrations (version, name, applied_at) VALUES (?, ?, ?)');
  for (const [index, { version, name, sql, move }] of due.entries()) {
    meter.begin(index);
    db.exec(sql);
    move?.(db, meter.step);
    note.run(version, name, now());
  }
}

/** A table that an earlier step makes holds nothing yet: what will be in it is not known, and counts for nothing. */
function countRows(db: DatabaseSync, table: string): number {
  if (!hasTable(db, table)) return 0;
  const rows = db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count;
  return typeof rows === 'number' ? rows : 0;
}

const hasTable = (db: DatabaseSync, table: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined;

/** The version the database is at; 0 for a new one. */
export function readVersion(db: DatabaseSync): number {
  if (!hasTable(db, 'migrations')) return 0;
  const version = db.prepare('SELECT max(version) AS version FROM migrations').get()?.version;
  return typeof version === 'number' ? version : 0;
}
