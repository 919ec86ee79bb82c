import { packHistogram } from '../../histogram.ts';
import type { Migration } from '../migrate.ts';
import { moveByDays, WITHIN } from './by-days.ts';

/** Of minutes, hours and days. */
const PREFIXES = ['', 'hour_', 'day_'] as const;

/** The same table for minutes, hours and days. */
const byResolution = (make: (prefix: string) => string): string => PREFIXES.map(make).join('');

const TIMED = `
      count REAL NOT NULL,
      failures REAL NOT NULL,
      timed REAL NOT NULL,
      sum_us REAL NOT NULL,
      min_us INTEGER,
      max_us INTEGER,
      latency BLOB`;

/** What the pages of applications and the map are made of. Ids are the first 16 bytes of a SHA-256. */
export const OVERVIEW: Migration = {
  version: 9,
  name: 'rollups of applications, exceptions, instances, calls',
  sql: `
    ALTER TABLE apps ADD COLUMN apdex_ms INTEGER;
    -- All operations of a kind together, their latency in one column: what is shown of an application is a row a step.
    ${byResolution(
      (prefix) => `
    CREATE TABLE ${prefix}app_rollups (
      app_id INTEGER NOT NULL,
      kind TEXT NOT NULL,
      minute INTEGER NOT NULL,${TIMED},
      PRIMARY KEY (app_id, kind, minute)
    ) STRICT, WITHOUT ROWID;`,
    )}
    -- Per hour (its first minute) how much was in each of its minutes, packed as latency is: sparklines read a row an hour.
    CREATE TABLE app_hours (
      app_id INTEGER NOT NULL,
      minute INTEGER NOT NULL,
      requests BLOB NOT NULL,
      failures BLOB NOT NULL,
      exceptions BLOB NOT NULL,
      PRIMARY KEY (app_id, minute)
    ) STRICT, WITHOUT ROWID;
    -- Exceptions by type and place. Times are those of events; newest_hash is the hash of the one at last_seen.
    CREATE TABLE exception_groups (
      app_id INTEGER NOT NULL,
      id BLOB NOT NULL,
      type TEXT NOT NULL,
      place TEXT NOT NULL,
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      newest_hash BLOB NOT NULL,
      PRIMARY KEY (app_id, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX exception_groups_by_first ON exception_groups (app_id, first_seen);
    ${byResolution(
      (prefix) => `
    CREATE TABLE ${prefix}exception_rollups (
      app_id INTEGER NOT NULL,
      minute INTEGER NOT NULL,
      id BLOB NOT NULL,
      count REAL NOT NULL,
      users BLOB NOT NULL,
      PRIMARY KEY (app_id, minute, id)
    ) STRICT, WITHOUT ROWID;`,
    )}
    -- Who sends: an instance of a version. An empty text where events do not say.
    CREATE TABLE instances (
      app_id INTEGER NOT NULL,
      id BLOB NOT NULL,
      instance TEXT NOT NULL,
      version TEXT NOT NULL,
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      PRIMARY KEY (app_id, id)
    ) STRICT, WITHOUT ROWID;
    ${byResolution(
      (prefix) => `
    CREATE TABLE ${prefix}instance_rollups (
      app_id INTEGER NOT NULL,
      minute INTEGER NOT NULL,
      id BLOB NOT NULL,
      events REAL NOT NULL,
      requests REAL NOT NULL,
      failures REAL NOT NULL,
      PRIMARY KEY (app_id, minute, id)
    ) STRICT, WITHOUT ROWID;`,
    )}
    -- Of what type a dependency is, and where it leads, as last sent.
    CREATE TABLE dependency_targets (
      app_id INTEGER NOT NULL,
      id BLOB NOT NULL,
      name TEXT NOT NULL,
      type TEXT NOT NULL,
      target TEXT NOT NULL,
      last_seen INTEGER NOT NULL,
      PRIMARY KEY (app_id, id)
    ) STRICT, WITHOUT ROWID;
    -- In which minutes of an hour something was received: bit n of early is minute n, of late minute 30 + n.
    CREATE TABLE app_activity (
      app_id INTEGER NOT NULL,
      minute INTEGER NOT NULL,
      early INTEGER NOT NULL,
      late INTEGER NOT NULL,
      PRIMARY KEY (app_id, minute)
    ) STRICT, WITHOUT ROWID;
    -- Requests of an application (app_id) that a call of another (from_app_id) caused.
    ${byResolution(
      (prefix) => `
    CREATE TABLE ${prefix}edge_rollups (
      app_id INTEGER NOT NULL,
      minute INTEGER NOT NULL,
      from_app_id INTEGER NOT NULL,${TIMED},
      PRIMARY KEY (app_id, minute, from_app_id)
    ) STRICT, WITHOUT ROWID;`,
    )}
    -- Ends of calls in the order in which they were stored, until they are linked; and up to which they are.
    CREATE TABLE call_ends (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      stored_at INTEGER NOT NULL,
      ends BLOB NOT NULL
    ) STRICT;
    CREATE TABLE call_ends_linked (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      seq INTEGER NOT NULL
    ) STRICT;
    INSERT INTO call_ends_linked (id, seq) VALUES (1, 0);
  `,
  reads: PREFIXES.flatMap((prefix) => [`${prefix}rollups`, `${prefix}rollup_buckets`]),
  move(db, step) {
    // A new database has nothing to move, and its connection, which stays open, does without a function of ours then.
    if (PREFIXES.every((prefix) => db.prepare(`SELECT 1 FROM ${prefix}rollups LIMIT 1`).get() === undefined)) return;
    db.function('pack_histogram', (pairs) => packHistogram(new Map(JSON.parse(String(pairs)))));
    for (const prefix of PREFIXES) {
      moveByDays(db, `${prefix}rollups`, [db.prepare(insertTotals(prefix))], step);
      moveByDays(db, `${prefix}rollup_buckets`, [db.prepare(setLatency(prefix))], step);
    }
    db.exec(FILL_HOURS + FILL_ACTIVITY);
  },
};

const insertTotals = (prefix: string): string => `
  INSERT INTO ${prefix}app_rollups (app_id, kind, minute, count, failures, timed, sum_us, min_us, max_us)
    SELECT app_id, kind, minute, sum(count), sum(failures), sum(timed), sum(sum_us), min(min_us), max(max_us)
    FROM ${prefix}rollups ${WITHIN} GROUP BY app_id, kind, minute`;

const setLatency = (prefix: string): string => `
  UPDATE ${prefix}app_rollups SET latency = (
    SELECT pack_histogram(json_group_array(json_array(bucket, weight))) FROM (
      SELECT bucket, sum(count) AS weight FROM ${prefix}rollup_buckets AS b
      WHERE b.app_id = ${prefix}app_rollups.app_id AND b.kind = ${prefix}app_rollups.kind
        AND b.minute = ${prefix}app_rollups.minute GROUP BY bucket))
  ${WITHIN}`;

const inHour = (column: string, kind: string): string =>
  `pack_histogram(json_group_array(json_array(minute % 60, ${column})) FILTER (WHERE kind = '${kind}' AND ${column} > 0))`;

// A row a minute and kind: few, beside those that they were made of.
const FILL_HOURS = `
  INSERT INTO app_hours
    SELECT app_id, minute - minute % 60 AS hour,
      ${inHour('count', 'request')}, ${inHour('failures', 'request')}, ${inHour('count', 'exception')}
    FROM app_rollups WHERE kind IN ('request', 'exception') GROUP BY app_id, hour;`;

const FILL_ACTIVITY = `
  INSERT INTO app_activity
    SELECT app_id, minute - minute % 60 AS hour,
      coalesce(sum(DISTINCT CASE WHEN minute % 60 < 30 THEN 1 << (minute % 30) END), 0),
      coalesce(sum(DISTINCT CASE WHEN minute % 60 >= 30 THEN 1 << (minute % 30) END), 0)
    FROM app_rollups GROUP BY app_id, hour;`;
