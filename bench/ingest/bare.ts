// What SQLite itself takes: the rows of a benchmark put into a table again by one statement a row, in one thread, with
// nothing around it, `synchronous=FULL`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openInsightsDatabase } from '../../packages/shared/src/database/sqlite/open.ts';
import { seconds } from '../table.ts';

type Value = string | number | Uint8Array | null;
export type Row = readonly Value[];

/** The newest rows of a database's events, all columns as they are stored. */
export function storedRows(file: string, count: number): readonly Row[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = db.prepare('SELECT * FROM events ORDER BY received_at DESC LIMIT ?').all(count);
    return rows.map((row) => Object.values(row) as Value[]); // no column holds a bigint: times are below 2^53
  } finally {
    db.close();
  }
}

/** Where rows are put: the API's own table, or one of the few columns that no telemetry does without. */
export type Table = 'events' | 'five columns';

const FIVE = ['app_id', 'time', 'hash', 'name', 'duration_us'];
const FIVE_TABLE = `CREATE TABLE five (app_id INTEGER, time INTEGER, hash BLOB, name TEXT, duration_us INTEGER,
  PRIMARY KEY (app_id, time, hash)) WITHOUT ROWID`;

/** Rows a second, durable, `commit` of them in each transaction. */
export async function bareInserts(rows: readonly Row[], table: Table, commit: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bare-'));
  const opened = openInsightsDatabase(join(folder, 'bare.db'), Date.now);
  if (!opened.ok) throw new Error(opened.error.message);
  const db = opened.value;
  try {
    const columns = db
      .prepare('PRAGMA table_info(events)')
      .all()
      .map(({ name }) => String(name));
    db.exec(FIVE_TABLE);
    const kept = table === 'events' ? columns : FIVE;
    const places = kept.map((name) => columns.indexOf(name));
    const given = rows.map((row) => places.map((place) => row[place] ?? null));
    const insert = db.prepare(
      `INSERT INTO ${table === 'events' ? 'events' : 'five'} (${kept.join(', ')}) VALUES (${kept.map(() => '?').join(', ')})`,
    );
    const taken = await seconds(() => {
      for (let at = 0; at < given.length; at += commit) {
        db.exec('BEGIN IMMEDIATE');
        for (const row of given.slice(at, at + commit)) insert.run(...row);
        db.exec('COMMIT');
      }
    });
    return rows.length / taken;
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
