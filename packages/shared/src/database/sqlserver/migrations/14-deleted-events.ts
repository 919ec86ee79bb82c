import type { SqlServerMigration } from '../migrate.ts';

/** As in the embedded database: what was deleted before is told by the sums that are there without events. */
export const DELETED_EVENTS: SqlServerMigration = {
  version: 14,
  name: 'what was deleted of events',
  statements: [
    `CREATE TABLE dbo.scorpiox_deleted_event (
  app_id int NOT NULL PRIMARY KEY,
  oldest bigint NOT NULL,
  newest bigint NOT NULL
);`,
    `INSERT INTO dbo.scorpiox_deleted_event (app_id, oldest, newest)
SELECT a.id, MIN(s.first_minute) * 60000000, COALESCE(MIN(e.oldest), MAX(d.end_minute) * 60000000, MAX(s.first_minute + s.minutes) * 60000000) - 1
FROM dbo.scorpiox_app AS a
CROSS JOIN (VALUES ('request'), ('dependency'), ('event'), ('trace'), ('exception'), ('metric'), ('pageView'), ('availability')) AS k (kind)
CROSS APPLY (
  SELECT CAST(MIN([minute]) AS bigint) AS first_minute, 1 AS minutes
  FROM dbo.scorpiox_rollup WHERE app_id = a.id AND kind = k.kind
  UNION ALL
  SELECT CAST(MIN([minute]) AS bigint), 60 FROM dbo.scorpiox_rollup_hour WHERE app_id = a.id AND kind = k.kind
  UNION ALL
  SELECT CAST(MIN([minute]) AS bigint), 1440 FROM dbo.scorpiox_rollup_day WHERE app_id = a.id AND kind = k.kind
) AS s
OUTER APPLY (SELECT MIN([time]) AS oldest FROM dbo.scorpiox_event WHERE app_id = a.id) AS e
OUTER APPLY (
  SELECT CAST(MAX([minute]) AS bigint) + 1440 AS end_minute FROM dbo.scorpiox_rollup_day WHERE app_id = a.id
) AS d
WHERE s.first_minute IS NOT NULL AND (e.oldest IS NULL OR (s.first_minute + s.minutes) * 60000000 <= e.oldest)
GROUP BY a.id;`,
  ],
};
