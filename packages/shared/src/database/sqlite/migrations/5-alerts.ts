import type { Migration } from '../migrate.ts';

export const ALERTS: Migration = {
  version: 5,
  name: 'alerts',
  sql: `
    CREATE TABLE alert_rules (id TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE alert_states (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE alert_history (
      at INTEGER NOT NULL,
      id TEXT NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (at, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE alert_deliveries (
      id TEXT PRIMARY KEY,
      at INTEGER NOT NULL,
      due_at INTEGER,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alert_deliveries_by_time ON alert_deliveries (at);
    CREATE INDEX alert_deliveries_due ON alert_deliveries (due_at) WHERE due_at IS NOT NULL;
    -- Work that one process at a time does.
    CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO leases (name, holder, expires_at) VALUES ('alerts', '', 0);
  `,
};
