import type { SqlServerMigration } from '../migrate.ts';

export const KEYS_AND_RETENTION: SqlServerMigration = {
  version: 5,
  name: 'shared and revoked keys, limits of keys, retention',
  statements: [
    `ALTER TABLE dbo.scorpiox_app ADD retention_days int NULL;`,
    // A new table, since a column that an index holds cannot be made nullable. A key without an application is a shared one.
    `CREATE TABLE dbo.scorpiox_key (
  [key] varchar(36) NOT NULL PRIMARY KEY,
  app_id int NULL REFERENCES dbo.scorpiox_app (id),
  rate_limit int NULL,
  created_at bigint NOT NULL,
  revoked_at bigint NULL
);`,
    `CREATE INDEX scorpiox_key_by_app ON dbo.scorpiox_key (app_id, created_at);`,
    `INSERT INTO dbo.scorpiox_key ([key], app_id, created_at)
SELECT [key], app_id, created_at FROM dbo.scorpiox_ingest_key;`,
    `DROP TABLE dbo.scorpiox_ingest_key;`,
  ],
};
