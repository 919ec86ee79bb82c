import type { SqlServerMigration } from '../migrate.ts';

const addUp = (coarse: string, fine: string, minutes: number): string => `UPDATE r SET failures = x.failures
FROM dbo.${coarse} AS r JOIN (
  SELECT app_id, [minute] - [minute] % ${minutes} AS [minute], SUM(failures) AS failures
  FROM dbo.${fine} WHERE kind = 'trace'
  GROUP BY app_id, [minute] - [minute] % ${minutes}
) AS x ON x.app_id = r.app_id AND x.[minute] = r.[minute]
WHERE r.kind = 'trace' AND r.failures < x.failures;`;

/** As in the embedded database: traces of severity error and above are failures in the sums of applications. */
export const FAILED_TRACES: SqlServerMigration = {
  version: 16,
  name: 'errors in the sums of traces',
  statements: [
    {
      text: `UPDATE r SET failures = x.failures
FROM dbo.scorpiox_app_rollup AS r JOIN (
  SELECT app_id, [time] / 60000000 AS [minute], SUM([weight]) AS failures
  FROM dbo.scorpiox_event
  WHERE kind = 'trace' AND (success = 0 OR severity IN ('error', 'critical'))
  GROUP BY app_id, [time] / 60000000
) AS x ON x.app_id = r.app_id AND x.[minute] = r.[minute]
WHERE r.kind = 'trace' AND r.failures < x.failures;`,
      reads: 'scorpiox_event',
    },
    addUp('scorpiox_app_rollup_hour', 'scorpiox_app_rollup', 60),
    addUp('scorpiox_app_rollup_day', 'scorpiox_app_rollup_hour', 1440),
  ],
};
