import type { SqlServerMigration } from '../migrate.ts';

export const VIEWS: SqlServerMigration = {
  version: 12,
  name: 'saved views',
  statements: [
    `CREATE TABLE dbo.scorpiox_view (
  id varchar(36) NOT NULL PRIMARY KEY,
  [owner] nvarchar(256) NOT NULL,
  changed_at bigint NOT NULL,
  body nvarchar(max) NOT NULL
);`,
  ],
};
