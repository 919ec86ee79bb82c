import type { SqlServerMigration } from '../migrate.ts';

export const IDENTITY: SqlServerMigration = {
  version: 3,
  name: 'the identity of events',
  statements: [
    `CREATE UNIQUE CLUSTERED INDEX scorpiox_event_identity ON dbo.scorpiox_event (app_id, [time], [hash]) WITH (IGNORE_DUP_KEY = ON);`,
  ],
  portable: [`CREATE UNIQUE INDEX scorpiox_event_identity ON dbo.scorpiox_event (app_id, [time], [hash]);`],
};
