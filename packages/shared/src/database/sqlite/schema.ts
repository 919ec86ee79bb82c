import type { Migration } from './migrate.ts';

/**
 * The insights database, version by version. A migration that has been released never changes: a later one mends it.
 *
 * Times of events are microseconds since 1970, other times milliseconds. `events` is keyed by (application, time, hash):
 * the key is the deduplication, and time before the hash keeps inserts sequential and serves range scans without a
 * second index. The tables without row ids are their own index.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'applications, keys, tokens, sessions',
    sql: `
      CREATE TABLE apps (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE ingest_keys (
        key TEXT PRIMARY KEY,
        app_id INTEGER NOT NULL REFERENCES apps (id),
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX ingest_keys_by_app ON ingest_keys (app_id, created_at);
      CREATE TABLE tokens (
        hash BLOB PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        role TEXT NOT NULL CHECK (role IN ('viewer', 'admin')),
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE sign_in_links (
        hash BLOB PRIMARY KEY,
        user TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('viewer', 'admin')),
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE sessions (
        hash BLOB PRIMARY KEY,
        user TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('viewer', 'admin')),
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    name: 'events, rollups, counters',
    sql: `
      CREATE TABLE events (
        app_id INTEGER NOT NULL,
        time INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 16),
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        id TEXT,
        time_ns INTEGER,
        weight REAL NOT NULL,
        duration_ms INTEGER,
        duration_us INTEGER,
        success INTEGER,
        code TEXT,
        operation_id TEXT,
        parent_id TEXT,
        trace_id TEXT,
        span_id TEXT,
        message TEXT,
        severity TEXT,
        value REAL,
        unit TEXT,
        user TEXT,
        session TEXT,
        instance TEXT,
        version TEXT,
        properties TEXT,
        measurements TEXT,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (app_id, time, hash)
      ) STRICT, WITHOUT ROWID;
      -- One row per application, kind, minute (since 1970) and operation. Counts are weighted by the sampling rate.
      CREATE TABLE rollups (
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
      -- Latency buckets of a rollup row: bucket i holds durations up to 2^(i/32) microseconds, bucket -1 those of 0.
      CREATE TABLE rollup_buckets (
        app_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        minute INTEGER NOT NULL,
        name TEXT NOT NULL,
        bucket INTEGER NOT NULL,
        count REAL NOT NULL,
        PRIMARY KEY (app_id, kind, minute, name, bucket)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE app_counters (
        app_id INTEGER PRIMARY KEY,
        received INTEGER NOT NULL,
        accepted INTEGER NOT NULL,
        duplicates INTEGER NOT NULL,
        sampled INTEGER NOT NULL,
        late INTEGER NOT NULL,
        last_seen INTEGER
      ) STRICT;
      CREATE TABLE app_rejections (
        app_id INTEGER NOT NULL,
        reason TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (app_id, reason)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE app_adjustments (
        app_id INTEGER NOT NULL,
        what TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (app_id, what)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 3,
    name: 'rollups of hours and days',
    sql: coarserRollups('hour', 60) + coarserRollups('day', 24 * 60),
  },
  {
    version: 4,
    name: 'shared and revoked keys, limits of keys, retention',
    sql: `
      ALTER TABLE apps ADD COLUMN retention_days INTEGER;
      -- A key without an application is a shared one.
      CREATE TABLE new_ingest_keys (
        key TEXT PRIMARY KEY,
        app_id INTEGER REFERENCES apps (id),
        rate_limit INTEGER,
        created_at INTEGER NOT NULL,
        revoked_at INTEGER
      ) STRICT, WITHOUT ROWID;
      INSERT INTO new_ingest_keys (key, app_id, created_at) SELECT key, app_id, created_at FROM ingest_keys;
      DROP TABLE ingest_keys;
      ALTER TABLE new_ingest_keys RENAME TO ingest_keys;
      CREATE INDEX ingest_keys_by_app ON ingest_keys (app_id, created_at);
    `,
  },
];

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
