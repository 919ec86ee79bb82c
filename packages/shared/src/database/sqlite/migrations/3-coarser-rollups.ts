import type { Migration } from '../migrate.ts';
import { DAY, moveByDays, WITHIN } from './by-days.ts';

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

const insertSums = (name: string, minutes: number): string => `
      INSERT INTO ${name}_rollups
        SELECT app_id, kind, minute - minute % ${minutes} AS start, name,
          sum(count), sum(failures), sum(timed), sum(sum_us), min(min_us), max(max_us)
        FROM rollups ${WITHIN} GROUP BY app_id, kind, start, name`;

const insertBuckets = (name: string, minutes: number): string => `
      INSERT INTO ${name}_rollup_buckets
        SELECT app_id, kind, minute - minute % ${minutes} AS start, name, bucket, sum(count)
        FROM rollup_buckets ${WITHIN} GROUP BY app_id, kind, start, name, bucket`;
