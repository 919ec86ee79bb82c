import type { SqlServerMigration } from '../migrate.ts';

export const PROCESSES: SqlServerMigration = {
  version: 17,
  name: 'processes of the API',
  statements: [
    `CREATE TABLE dbo.scorpiox_api_process (
  [name] nvarchar(64) NOT NULL PRIMARY KEY,
  seen_at bigint NOT NULL
);`,
  ],
};
