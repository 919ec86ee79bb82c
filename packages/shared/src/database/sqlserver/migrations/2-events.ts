import type { SqlServerMigration } from '../migrate.ts';

export const EVENTS: SqlServerMigration = {
  version: 2,
  name: 'events, rollups, counters',
  statements: [
    `CREATE TABLE dbo.scorpiox_event (
  app_id int NOT NULL,
  [time] bigint NOT NULL,
  [hash] binary(16) NOT NULL,
  kind varchar(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  id nvarchar(512) NULL,
  time_ns smallint NULL,
  [weight] float NOT NULL,
  duration_ms int NULL,
  duration_us bigint NULL,
  success bit NULL,
  code nvarchar(1024) NULL,
  operation_id nvarchar(1024) NULL,
  parent_id nvarchar(1024) NULL,
  trace_id nvarchar(64) NULL,
  span_id nvarchar(32) NULL,
  [message] nvarchar(max) NULL,
  severity varchar(16) NULL,
  [value] float NULL,
  unit nvarchar(63) NULL,
  [user] nvarchar(1024) NULL,
  [session] nvarchar(64) NULL,
  instance nvarchar(256) NULL,
  [version] nvarchar(1024) NULL,
  properties nvarchar(max) NULL,
  measurements nvarchar(max) NULL,
  received_at bigint NOT NULL
);`,
    `CREATE TABLE dbo.scorpiox_rollup (
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
    `CREATE TABLE dbo.scorpiox_rollup_bucket (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  bucket smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash, bucket)
);`,
    `CREATE TABLE dbo.scorpiox_app_counter (
  app_id int NOT NULL PRIMARY KEY,
  received bigint NOT NULL,
  accepted bigint NOT NULL,
  duplicates bigint NOT NULL,
  sampled bigint NOT NULL,
  late bigint NOT NULL,
  last_seen bigint NULL
);`,
    tallyTable('scorpiox_app_rejection'),
    tallyTable('scorpiox_app_adjustment'),
  ],
};

function tallyTable(table: string): string {
  return `CREATE TABLE dbo.${table} (
  app_id int NOT NULL,
  what varchar(64) NOT NULL,
  [count] bigint NOT NULL,
  PRIMARY KEY (app_id, what)
);`;
}
