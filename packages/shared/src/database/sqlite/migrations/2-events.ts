import type { Migration } from '../migrate.ts';

export const EVENTS: Migration = {
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
};
