import type { SqlServerMigration } from '../migrate.ts';

/** How long what failed took, for Apdex. Sums that are there already do not say. */
export const FAILED_LATENCY: SqlServerMigration = {
  version: 18,
  name: 'how long what failed took',
  statements: ['', '_hour', '_day'].map(
    (suffix) => `ALTER TABLE dbo.scorpiox_app_rollup${suffix} ADD failed_latency varbinary(max) NULL;`,
  ),
};
