import type { Migration } from '../migrate.ts';

/**
 * Metrics and their sums. `metric`, `series` and `stream` are hashes (rollup/metrics/identity.ts of the API); `dimensions`,
 * `state` and the events' `metric` are JSON.
 */
export const METRICS: Migration = {
  version: 6,
  name: 'metrics',
  sql: `
    ALTER TABLE events ADD COLUMN metric TEXT;
    CREATE TABLE metrics (
      app_id INTEGER NOT NULL,
      metric BLOB NOT NULL,
      name TEXT NOT NULL,
      unit TEXT NOT NULL,
      PRIMARY KEY (app_id, metric)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE metric_series (
      app_id INTEGER NOT NULL,
      metric BLOB NOT NULL,
      series BLOB NOT NULL,
      kind TEXT NOT NULL,
      dimensions TEXT NOT NULL,
      seen_at INTEGER NOT NULL,
      PRIMARY KEY (app_id, metric, series)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX metric_series_by_age ON metric_series (app_id, seen_at);
    -- The newest point of each cumulative stream.
    CREATE TABLE metric_streams (
      app_id INTEGER NOT NULL,
      stream BLOB NOT NULL,
      state TEXT NOT NULL,
      seen_at INTEGER NOT NULL,
      PRIMARY KEY (app_id, stream)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX metric_streams_by_age ON metric_streams (app_id, seen_at);
    -- Since when cumulative streams of an application are remembered.
    CREATE TABLE metric_memories (app_id INTEGER PRIMARY KEY, since INTEGER NOT NULL) STRICT;
    ${sums('metric_rollups', 'metric_buckets')}
    ${sums('hour_metric_rollups', 'hour_metric_buckets')}
    ${sums('day_metric_rollups', 'day_metric_buckets')}
  `,
};

/** Sums by minutes, hours or days, and how many observations lie in which range of the grid. */
function sums(rollups: string, buckets: string): string {
  return `
    CREATE TABLE ${rollups} (
      app_id INTEGER NOT NULL,
      metric BLOB NOT NULL,
      minute INTEGER NOT NULL,
      series BLOB NOT NULL,
      points REAL NOT NULL,
      count REAL NOT NULL,
      summed REAL NOT NULL,
      sum REAL NOT NULL,
      ranged REAL NOT NULL,
      min REAL,
      max REAL,
      last REAL,
      last_time INTEGER NOT NULL,
      PRIMARY KEY (app_id, metric, minute, series)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE ${buckets} (
      app_id INTEGER NOT NULL,
      metric BLOB NOT NULL,
      minute INTEGER NOT NULL,
      series BLOB NOT NULL,
      low INTEGER NOT NULL,
      high INTEGER NOT NULL,
      count REAL NOT NULL,
      PRIMARY KEY (app_id, metric, minute, series, low, high)
    ) STRICT, WITHOUT ROWID;`;
}
