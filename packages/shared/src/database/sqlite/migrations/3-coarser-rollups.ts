import type { DatabaseSync } from 'node:sqlite';
import type { Migration } from '../migrate.ts';

const DAY = 24 * 60;

/** What is made of each table by minutes: the same by hours and by days. */
const LENGTHS = [
  { name: 'hour', minutes: 60 },
  { name: 'day', minutes: DAY },
] as const;

export const COARSER_ROLLUPS: Migration = {
  version: 3,
  name: 'rollups of hours and days',
  sql: LENGTHS.map(({ name }) => tablesOf(name)).join(''),
  reads: ['rollups', 'rollups', 'rollup_buckets', 'rollup_buckets'],
  move(db, step) {
    const sums = LENGTHS.map(({ name, minutes }) => db.prepare(insertSums(name, minutes)));
    moveByDays(db, 'rollups', sums, step);
    const buckets = LENGTHS.map(({ name, minutes }) => db.prepare(insertBuckets(name, minutes)));
    moveByDays(db, 'rollup_buckets', buckets, step);
  },
};

/** The rollups of minutes once more, by longer lengths of time: `minute` is the first one of the hour or day. */
function tablesOf(name: string): string {
  return `
      CREATE TABLE ${name}_rollups (
        app_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        minute INTEGER NOT NULL,
        name TEXT NOT NULL,
        count REAL NOT NULL,
        failures REAL NOT NULL,
        timed REAL NOT NULL,
        sum_us REAL NOT NULL,
        min_us INTEGER,
        max_us INTEGER,
        PRIMARY KEY (app_id, kind, minute, name)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE ${name}_rollup_buckets (
        app_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        minute INTEGER NOT NULL,
        name TEXT NOT NULL,
        bucket INTEGER NOT NULL,
        count REAL NOT NULL,
        PRIMARY KEY (app_id, kind, minute, name, bucket)
      ) STRICT, WITHOUT ROWID;
    `;
}

/** A day of one application and kind, in whole minutes. */
const WITHIN = 'WHERE app_id = ? AND kind = ? AND minute >= ? AND minute < ?';

const insertSums = (name: string, minutes: number): string => `
      INSERT INTO ${name}_rollups
        SELECT app_id, kind, minute - minute % ${minutes} AS start, name,
          sum(count), sum(failures), sum(timed), sum(sum_us), min(min_us), max(max_us)
        FROM rollups ${WITHIN} GROUP BY app_id, kind, start, name`;

const insertBuckets = (name: string, minutes: number): string => `
      INSERT INTO ${name}_rollup_buckets
        SELECT app_id, kind, minute - minute % ${minutes} AS start, name, bucket, sum(count)
        FROM rollup_buckets ${WITHIN} GROUP BY app_id, kind, start, name, bucket`;

/** Hours and days both end where a day does, so each day of an application and kind can be done by itself. */
function moveByDays(
  db: DatabaseSync,
  table: 'rollups' | 'rollup_buckets',
  inserts: readonly ReturnType<DatabaseSync['prepare']>[],
  step: (rows: number) => void,
): void {
  const count = db.prepare(`SELECT count(*) AS count FROM ${table} ${WITHIN}`);
  for (const { app_id, kind, from } of daysOf(db, table)) {
    const day = [app_id, kind, from, from + DAY] as const;
    const { count: rows } = count.get(...day) as { count: number }; // what count(*) gives
    for (const insert of inserts) {
      insert.run(...day);
      step(rows);
    }
  }
}

interface Day {
  readonly app_id: number;
  readonly kind: string;
  readonly from: number;
}

/** The days that have rows, each found by one look into the primary key. */
function* daysOf(db: DatabaseSync, table: string): Generator<Day> {
  const next = db.prepare(`
    SELECT app_id, kind, minute FROM ${table} WHERE (app_id, kind, minute) >= (?, ?, ?)
    ORDER BY app_id, kind, minute LIMIT 1`);
  let after: Day = { app_id: Number.MIN_SAFE_INTEGER, kind: '', from: 0 };
  for (;;) {
    // Columns of a STRICT table, NOT NULL.
    const row = next.get(after.app_id, after.kind, after.from) as
      | { readonly app_id: number; readonly kind: string; readonly minute: number }
      | undefined;
    if (row === undefined) return;
    const from = Math.floor(row.minute / DAY) * DAY;
    yield { app_id: row.app_id, kind: row.kind, from };
    after = { app_id: row.app_id, kind: row.kind, from: from + DAY };
  }
}
