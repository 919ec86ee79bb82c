import type { SqlServerMigration } from '../migrate.ts';

/** By what a trace is found: as in the embedded database, by columns that the server computes. */
export const OPERATIONS: SqlServerMigration = {
  version: 9,
  name: 'events by operation',
  statements: [
    `ALTER TABLE dbo.scorpiox_event ADD operation_minute AS CAST([time] / 60000000 AS int);`,
    `ALTER TABLE dbo.scorpiox_event ADD operation_key AS CAST(operation_id AS nvarchar(16));`,
    {
      text: `CREATE INDEX scorpiox_event_by_operation ON dbo.scorpiox_event (operation_minute, operation_key);`,
      reads: 'scorpiox_event',
    },
  ],
};
