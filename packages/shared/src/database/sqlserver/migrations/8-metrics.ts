import type { SqlServerMigration } from '../migrate.ts';

/** Metrics and their sums, as in the embedded database (../../sqlite/migrations/6-metrics.ts). */
export const METRICS: SqlServerMigration = {
  version: 8,
  name: 'metrics',
  statements: [
    `ALTER TABLE dbo.scorpiox_event ADD metric nvarchar(max) NULL;`,
    `CREATE TABLE dbo.scorpiox_metric (
  app_id int NOT NULL,
  metric binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  unit nvarchar(63) NOT NULL,
  PRIMARY KEY (app_id, metric)
);`,
    `CREATE TABLE dbo.scorpiox_metric_series (
  app_id int NOT NULL,
  metric binary(16) NOT NULL,
  series binary(16) NOT NULL,
  kind varchar(16) NOT NULL,
  dimensions nvarchar(max) NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (app_id, metric, series)
);`,
    `CREATE INDEX scorpiox_metric_series_by_age ON dbo.scorpiox_metric_series (app_id, seen_at);`,
    `CREATE TABLE dbo.scorpiox_metric_stream (
  app_id int NOT NULL,
  stream binary(16) NOT NULL,
  [state] nvarchar(max) NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (app_id, stream)
);`,
    `CREATE INDEX scorpiox_metric_stream_by_age ON dbo.scorpiox_metric_stream (app_id, seen_at);`,
    `CREATE TABLE dbo.scorpiox_metric_memory (
  app_id int NOT NULL PRIMARY KEY,
  since bigint NOT NULL
);`,
    ...['scorpiox_metric_rollup', 'scorpiox_metric_rollup_hour', 'scorpiox_metric_rollup_day'].flatMap(sums),
  ],
};

/** Sums by minutes, hours or days, and how many observations lie in which range of the grid. */
function sums(table: string): readonly string[] {
  return [
    `CREATE TABLE dbo.${table} (
  app_id int NOT NULL,
  metric binary(16) NOT NULL,
  [minute] int NOT NULL,
  series binary(16) NOT NULL,
  points float NOT NULL,
  [count] float NOT NULL,
  summed float NOT NULL,
  [sum] float NOT NULL,
  ranged float NOT NULL,
  [min] float NULL,
  [max] float NULL,
  [last] float NULL,
  last_time bigint NOT NULL,
  PRIMARY KEY (app_id, metric, [minute], series)
);`,
    `CREATE TABLE dbo.${table}_bucket (
  app_id int NOT NULL,
  metric binary(16) NOT NULL,
  [minute] int NOT NULL,
  series binary(16) NOT NULL,
  low int NOT NULL,
  high int NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, metric, [minute], series, low, high)
);`,
  ];
}
