import type { SqlServerMigration } from '../migrate.ts';

export const SPOOLS: SqlServerMigration = {
  version: 6,
  name: 'how far spools are shipped',
  statements: [
    `CREATE TABLE dbo.scorpiox_spool (
  lineage varchar(36) NOT NULL PRIMARY KEY,
  shipped bigint NOT NULL,
  shipped_at bigint NOT NULL
);`,
  ],
};
