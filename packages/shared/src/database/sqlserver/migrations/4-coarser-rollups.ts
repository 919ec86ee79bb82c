import type { MigrationStatement, SqlServerMigration } from '../migrate.ts';

export const COARSER_ROLLUPS: SqlServerMigration = {
  version: 4,
  name: 'rollups of hours and days',
  statements: [...coarserRollups('scorpiox_rollup_hour', 60), ...coarserRollups('scorpiox_rollup_day', 24 * 60)],
};

/** The rollups of minutes once more, by longer lengths of time: `minute` is the first one of the hour or day. */
function coarserRollups(table: string, minutes: number): readonly MigrationStatement[] {
  const start = `[minute] - [minute] % ${minutes}`;
  return [
    `CREATE TABLE dbo.${table} (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash)
);`,
    {
      reads: 'scorpiox_rollup',
      text: `INSERT INTO dbo.${table} (app_id, kind, [minute], name_hash, [name], [count], failures, timed, sum_us, min_us, max_us)
SELECT app_id, kind, ${start}, name_hash, MIN([name]), SUM([count]), SUM(failures), SUM(timed), SUM(sum_us), MIN(min_us), MAX(max_us)
FROM dbo.scorpiox_rollup
GROUP BY app_id, kind, ${start}, name_hash;`,
    },
    `CREATE TABLE dbo.${table}_bucket (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  bucket smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash, bucket)
);`,
    {
      reads: 'scorpiox_rollup_bucket',
      text: `INSERT INTO dbo.${table}_bucket (app_id, kind, [minute], name_hash, bucket, [count])
SELECT app_id, kind, ${start}, name_hash, bucket, SUM([count])
FROM dbo.scorpiox_rollup_bucket
GROUP BY app_id, kind, ${start}, name_hash, bucket;`,
    },
  ];
}
