import type { MigrationStatement, SqlServerMigration } from '../migrate.ts';

const RESOLUTIONS = ['', '_hour', '_day'] as const;

const TIMED = `
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  latency varbinary(max) NULL`;

const appRollup = (suffix: string): readonly MigrationStatement[] => [
  `CREATE TABLE dbo.scorpiox_app_rollup${suffix} (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,${TIMED},
  PRIMARY KEY (app_id, kind, [minute])
);`,
  // Columns are packed by the program, not by the server: latency of what is there already stays with the operations.
  {
    reads: `scorpiox_rollup${suffix}`,
    text: `INSERT INTO dbo.scorpiox_app_rollup${suffix} (app_id, kind, [minute], [count], failures, timed, sum_us, min_us, max_us)
SELECT app_id, kind, [minute], SUM([count]), SUM(failures), SUM(timed), SUM(sum_us), MIN(min_us), MAX(max_us)
FROM dbo.scorpiox_rollup${suffix}
GROUP BY app_id, kind, [minute];`,
  },
];

const exceptionRollup = (suffix: string): string => `CREATE TABLE dbo.scorpiox_exception_rollup${suffix} (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  id binary(16) NOT NULL,
  [count] float NOT NULL,
  [users] varbinary(max) NOT NULL,
  PRIMARY KEY (app_id, [minute], id)
);`;

const instanceRollup = (suffix: string): string => `CREATE TABLE dbo.scorpiox_instance_rollup${suffix} (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  id binary(16) NOT NULL,
  [events] float NOT NULL,
  requests float NOT NULL,
  failures float NOT NULL,
  PRIMARY KEY (app_id, [minute], id)
);`;

const edgeRollup = (suffix: string): string => `CREATE TABLE dbo.scorpiox_edge_rollup${suffix} (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  from_app_id int NOT NULL,${TIMED},
  PRIMARY KEY (app_id, [minute], from_app_id)
);`;

/** What the pages of applications and the map are made of. Ids are the first 16 bytes of a SHA-256. */
export const OVERVIEW: SqlServerMigration = {
  version: 11,
  name: 'rollups of applications, exceptions, instances, calls',
  statements: [
    `ALTER TABLE dbo.scorpiox_app ADD apdex_ms int NULL;`,
    ...RESOLUTIONS.flatMap(appRollup),
    `CREATE TABLE dbo.scorpiox_app_hours (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  requests varbinary(max) NOT NULL,
  failures varbinary(max) NOT NULL,
  exceptions varbinary(max) NOT NULL,
  PRIMARY KEY (app_id, [minute])
);`,
    `CREATE TABLE dbo.scorpiox_exception_group (
  app_id int NOT NULL,
  id binary(16) NOT NULL,
  [type] nvarchar(1024) NOT NULL,
  place nvarchar(1024) NOT NULL,
  first_seen bigint NOT NULL,
  last_seen bigint NOT NULL,
  newest_hash binary(16) NOT NULL,
  PRIMARY KEY (app_id, id)
);`,
    `CREATE INDEX scorpiox_exception_group_by_first ON dbo.scorpiox_exception_group (app_id, first_seen);`,
    ...RESOLUTIONS.map(exceptionRollup),
    `CREATE TABLE dbo.scorpiox_instance (
  app_id int NOT NULL,
  id binary(16) NOT NULL,
  instance nvarchar(256) NOT NULL,
  [version] nvarchar(1024) NOT NULL,
  first_seen bigint NOT NULL,
  last_seen bigint NOT NULL,
  PRIMARY KEY (app_id, id)
);`,
    ...RESOLUTIONS.map(instanceRollup),
    `CREATE TABLE dbo.scorpiox_dependency_target (
  app_id int NOT NULL,
  id binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [type] nvarchar(1024) NOT NULL,
  [target] nvarchar(1024) NOT NULL,
  last_seen bigint NOT NULL,
  PRIMARY KEY (app_id, id)
);`,
    `CREATE TABLE dbo.scorpiox_app_activity (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  early int NOT NULL,
  late int NOT NULL,
  PRIMARY KEY (app_id, [minute])
);`,
    `INSERT INTO dbo.scorpiox_app_activity (app_id, [minute], early, late)
SELECT app_id, [minute] - [minute] % 60,
  COALESCE(SUM(DISTINCT CASE WHEN [minute] % 60 < 30 THEN POWER(2, [minute] % 30) END), 0),
  COALESCE(SUM(DISTINCT CASE WHEN [minute] % 60 >= 30 THEN POWER(2, [minute] % 30) END), 0)
FROM dbo.scorpiox_app_rollup
GROUP BY app_id, [minute] - [minute] % 60;`,
    ...RESOLUTIONS.map(edgeRollup),
    `CREATE TABLE dbo.scorpiox_call_ends (
  seq bigint IDENTITY(1,1) NOT NULL PRIMARY KEY,
  stored_at bigint NOT NULL,
  ends varbinary(max) NOT NULL
);`,
    `CREATE TABLE dbo.scorpiox_call_ends_linked (
  id int NOT NULL PRIMARY KEY,
  seq bigint NOT NULL
);`,
    `INSERT INTO dbo.scorpiox_call_ends_linked (id, seq) VALUES (1, 0);`,
  ],
};
