import type { SqlServerMigration } from '../migrate.ts';

/** When a group of exceptions was first stored, as in the embedded database. */
export const STORED_GROUPS: SqlServerMigration = {
  version: 15,
  name: 'when exceptions were first stored',
  statements: [`ALTER TABLE dbo.scorpiox_exception_group ADD first_stored bigint NOT NULL DEFAULT 0;`],
};
