/** Insights databases with something in every table. */
import { createHash } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openControl } from '@scorpiox/shared/database';
import { INSIGHTS_TABLES, type InsightsColumn, type InsightsTable } from '@scorpiox/shared/database/tables';
import { onTestFinished } from 'vitest';

/** A folder that lasts as long as the test, in memory where there is a place for it: what is tried commits thousands of times. */
export async function folderInMemory(): Promise<string> {
  const folder = await mkdtemp(join(isThere('/dev/shm') ? '/dev/shm' : tmpdir(), 'scorpiox-db-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** An insights database at this program's version, with nothing in it. */
export async function makeInsights(file: string): Promise<void> {
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  await control.value.close();
}

/** Runs `use` with the file open. */
export function within<T>(file: string, use: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file, { timeout: 30_000 });
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** The same, with `rows` rows in each table, and ten times as many events unless told otherwise. */
export async function fillInsights(file: string, rows = 40, events = rows * 10): Promise<void> {
  await makeInsights(file);
  within(file, (db) => {
    db.exec('PRAGMA foreign_keys = OFF; BEGIN');
    for (const table of INSIGHTS_TABLES) {
      const many = table.sqlite === 'events' ? events : table.sqlite === 'call_ends_linked' ? 1 : rows;
      const names = table.columns.map(({ name }) => `"${name}"`);
      const insert = db.prepare(
        `INSERT OR REPLACE INTO ${table.sqlite} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      );
      for (let row = 1; row <= many; row++) insert.run(...table.columns.map((column) => cellOf(table, column, row)));
    }
    db.exec('COMMIT');
  });
}

const KINDS = ['request', 'dependency', 'trace'];

function cellOf(table: InsightsTable, { name, type, serverType }: InsightsColumn, row: number) {
  if (name === 'app_id') return table.key.length === 1 && table.key[0] === 'app_id' ? row : 1 + (row % 3);
  if (name === 'kind') return KINDS[row % 3] ?? null;
  if (name === 'role') return row % 2 === 0 ? 'viewer' : 'admin';
  if (name === 'metric' && type === 'bytes') return digest('metric', row % 4, 16);
  if (name === 'minute') return 28_000_000 + row;
  if (name === 'time') return 1_780_000_000_000_000 + row * 1_000_003;
  if (name === 'success') return row % 2;
  // Names are ASCII (`checkName`), and so is what a SQL Server keeps in a varchar.
  const isPlain = serverType.startsWith('varchar') || table.standIn?.how === 'lower-case';
  if (type === 'text') return isPlain ? `${name} ${row}` : `${name} ${row} ü\u{1f980}`;
  if (type === 'bytes') return digest(name, row, serverType === 'binary(32)' ? 32 : 16);
  return type === 'real' ? row / 7 + 1e-9 : row;
}

const digest = (name: string, row: number, length: number): Uint8Array =>
  createHash('sha256').update(`${name} ${row}`).digest().subarray(0, length);
