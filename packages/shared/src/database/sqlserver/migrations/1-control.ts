import type { SqlServerMigration } from '../migrate.ts';

export const CONTROL: SqlServerMigration = {
  version: 1,
  name: 'applications, keys, tokens, sessions',
  statements: [
    `CREATE TABLE dbo.scorpiox_app (
  id int IDENTITY(1,1) NOT NULL PRIMARY KEY,
  [name] nvarchar(64) NOT NULL,
  name_key varchar(64) NOT NULL UNIQUE,
  created_at bigint NOT NULL
);`,
    `CREATE TABLE dbo.scorpiox_ingest_key (
  [key] varchar(36) NOT NULL PRIMARY KEY,
  app_id int NOT NULL REFERENCES dbo.scorpiox_app (id),
  created_at bigint NOT NULL
);`,
    `CREATE INDEX scorpiox_ingest_key_by_app ON dbo.scorpiox_ingest_key (app_id, created_at);`,
    `CREATE TABLE dbo.scorpiox_token (
  [hash] binary(32) NOT NULL PRIMARY KEY,
  [name] nvarchar(64) NOT NULL,
  name_key varchar(64) NOT NULL UNIQUE,
  [role] varchar(8) NOT NULL CHECK ([role] IN ('viewer', 'admin')),
  created_at bigint NOT NULL
);`,
    signInTable('scorpiox_sign_in_link'),
    signInTable('scorpiox_session'),
  ],
};

function signInTable(table: string): string {
  return `CREATE TABLE dbo.${table} (
  [hash] binary(32) NOT NULL PRIMARY KEY,
  [user] nvarchar(256) NOT NULL,
  [role] varchar(8) NOT NULL CHECK ([role] IN ('viewer', 'admin')),
  expires_at bigint NOT NULL
);`;
}
