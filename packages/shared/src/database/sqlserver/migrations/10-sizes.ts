import type { SqlServerMigration } from '../migrate.ts';

export const SIZES: SqlServerMigration = {
  version: 10,
  name: 'sizes of the database over time',
  statements: [
    `CREATE TABLE dbo.scorpiox_size_sample (
  [at] bigint NOT NULL PRIMARY KEY,
  bytes bigint NOT NULL
);`,
  ],
};
