import type { SqlServerMigration } from '../migrate.ts';

/** By what a trace is found, once more: by the end of its id, as in the embedded database. */
export const OPERATION_ENDS: SqlServerMigration = {
  version: 13,
  name: 'events by the end of their operation',
  statements: [
    `DROP INDEX scorpiox_event_by_operation ON dbo.scorpiox_event;`,
    `ALTER TABLE dbo.scorpiox_event DROP COLUMN operation_key;`,
    `ALTER TABLE dbo.scorpiox_event ADD operation_key AS CAST(RIGHT(operation_id, 16) AS nvarchar(16));`,
    {
      text: `CREATE INDEX scorpiox_event_by_operation ON dbo.scorpiox_event (operation_minute, operation_key);`,
      reads: 'scorpiox_event',
    },
  ],
};
