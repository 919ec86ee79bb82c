import type { Migration } from '../migrate.ts';

export const KEYS_AND_RETENTION: Migration = {
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
};
