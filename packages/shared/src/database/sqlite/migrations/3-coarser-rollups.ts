import type { Migration } from '../migrate.ts';

export const COARSER_ROLLUPS: Migration = {
  version: 3,
  name: 'rollups of hours and days',
  sql: coarserRollups('hour', 60) + coarserRollups('day', 24 * 60),
};

/** The rollups of minutes once more, by longer lengths of time: `minute` is the first one of the hour or day. */
function coarserRollups(name: string, minutes: number): string {
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
      INSERT INTO ${name}_rollups
        SELECT app_id, kind, minute - minute % ${minutes} AS start, name,
          sum(count), sum(failures), sum(timed), sum(sum_us), min(min_us), max(max_us)
        FROM rollups GROUP BY app_id, kind, start, name;
      CREATE TABLE ${name}_rollup_buckets (
        app_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        minute INTEGER NOT NULL,
        name TEXT NOT NULL,
        bucket INTEGER NOT NULL,
        count REAL NOT NULL,
        PRIMARY KEY (app_id, kind, minute, name, bucket)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO ${name}_rollup_buckets
        SELECT app_id, kind, minute - minute % ${minutes} AS start, name, bucket, sum(count)
        FROM rollup_buckets GROUP BY app_id, kind, start, name, bucket;
    `;
}
