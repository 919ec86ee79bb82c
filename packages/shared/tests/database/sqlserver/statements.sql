-- TAKE_LOCK
SET NOCOUNT ON;
DECLARE @outcome int;
EXEC @outcome = sp_getapplock @Resource = @resource, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 20000;
SELECT @outcome AS outcome;

-- FIND_MIGRATIONS
SELECT OBJECT_ID(N'dbo.scorpiox_migration', N'U') AS id;

-- CREATE_MIGRATIONS
IF OBJECT_ID(N'dbo.scorpiox_migration', N'U') IS NULL
CREATE TABLE dbo.scorpiox_migration (
  [version] int NOT NULL PRIMARY KEY,
  [name] nvarchar(256) NOT NULL,
  applied_at bigint NOT NULL
);

-- USE_ROW_VERSIONS
IF NOT EXISTS (SELECT 1 FROM sys.tables WHERE [name] <> 'scorpiox_migration')
ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT;

-- READ_VERSION
SELECT MAX([version]) AS [version] FROM dbo.scorpiox_migration;

-- NOTE_MIGRATION
INSERT INTO dbo.scorpiox_migration ([version], [name], applied_at) VALUES (@version, @name, @now);

-- COUNT_ROWS
IF OBJECT_ID(N'dbo.scorpiox_rollup', N'U') IS NOT NULL
SELECT COUNT_BIG(*) AS [rows] FROM dbo.scorpiox_rollup;

-- migration 1.1
CREATE TABLE dbo.scorpiox_app (
  id int IDENTITY(1,1) NOT NULL PRIMARY KEY,
  [name] nvarchar(64) NOT NULL,
  name_key varchar(64) NOT NULL UNIQUE,
  created_at bigint NOT NULL
);

-- migration 1.2
CREATE TABLE dbo.scorpiox_ingest_key (
  [key] varchar(36) NOT NULL PRIMARY KEY,
  app_id int NOT NULL REFERENCES dbo.scorpiox_app (id),
  created_at bigint NOT NULL
);

-- migration 1.3
CREATE INDEX scorpiox_ingest_key_by_app ON dbo.scorpiox_ingest_key (app_id, created_at);

-- migration 1.4
CREATE TABLE dbo.scorpiox_token (
  [hash] binary(32) NOT NULL PRIMARY KEY,
  [name] nvarchar(64) NOT NULL,
  name_key varchar(64) NOT NULL UNIQUE,
  [role] varchar(8) NOT NULL CHECK ([role] IN ('viewer', 'admin')),
  created_at bigint NOT NULL
);

-- migration 1.5
CREATE TABLE dbo.scorpiox_sign_in_link (
  [hash] binary(32) NOT NULL PRIMARY KEY,
  [user] nvarchar(256) NOT NULL,
  [role] varchar(8) NOT NULL CHECK ([role] IN ('viewer', 'admin')),
  expires_at bigint NOT NULL
);

-- migration 1.6
CREATE TABLE dbo.scorpiox_session (
  [hash] binary(32) NOT NULL PRIMARY KEY,
  [user] nvarchar(256) NOT NULL,
  [role] varchar(8) NOT NULL CHECK ([role] IN ('viewer', 'admin')),
  expires_at bigint NOT NULL
);

-- migration 2.1
CREATE TABLE dbo.scorpiox_event (
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
);

-- migration 2.2
CREATE TABLE dbo.scorpiox_rollup (
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
);

-- migration 2.3
CREATE TABLE dbo.scorpiox_rollup_bucket (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  bucket smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash, bucket)
);

-- migration 2.4
CREATE TABLE dbo.scorpiox_app_counter (
  app_id int NOT NULL PRIMARY KEY,
  received bigint NOT NULL,
  accepted bigint NOT NULL,
  duplicates bigint NOT NULL,
  sampled bigint NOT NULL,
  late bigint NOT NULL,
  last_seen bigint NULL
);

-- migration 2.5
CREATE TABLE dbo.scorpiox_app_rejection (
  app_id int NOT NULL,
  what varchar(64) NOT NULL,
  [count] bigint NOT NULL,
  PRIMARY KEY (app_id, what)
);

-- migration 2.6
CREATE TABLE dbo.scorpiox_app_adjustment (
  app_id int NOT NULL,
  what varchar(64) NOT NULL,
  [count] bigint NOT NULL,
  PRIMARY KEY (app_id, what)
);

-- migration 3.1
CREATE UNIQUE CLUSTERED INDEX scorpiox_event_identity ON dbo.scorpiox_event (app_id, [time], [hash]) WITH (IGNORE_DUP_KEY = ON);

-- migration 3.1 portable
CREATE UNIQUE INDEX scorpiox_event_identity ON dbo.scorpiox_event (app_id, [time], [hash]);

-- migration 4.1
CREATE TABLE dbo.scorpiox_rollup_hour (
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
);

-- migration 4.2
INSERT INTO dbo.scorpiox_rollup_hour (app_id, kind, [minute], name_hash, [name], [count], failures, timed, sum_us, min_us, max_us)
SELECT app_id, kind, [minute] - [minute] % 60, name_hash, MIN([name]), SUM([count]), SUM(failures), SUM(timed), SUM(sum_us), MIN(min_us), MAX(max_us)
FROM dbo.scorpiox_rollup
GROUP BY app_id, kind, [minute] - [minute] % 60, name_hash;

-- migration 4.3
CREATE TABLE dbo.scorpiox_rollup_hour_bucket (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  bucket smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash, bucket)
);

-- migration 4.4
INSERT INTO dbo.scorpiox_rollup_hour_bucket (app_id, kind, [minute], name_hash, bucket, [count])
SELECT app_id, kind, [minute] - [minute] % 60, name_hash, bucket, SUM([count])
FROM dbo.scorpiox_rollup_bucket
GROUP BY app_id, kind, [minute] - [minute] % 60, name_hash, bucket;

-- migration 4.5
CREATE TABLE dbo.scorpiox_rollup_day (
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
);

-- migration 4.6
INSERT INTO dbo.scorpiox_rollup_day (app_id, kind, [minute], name_hash, [name], [count], failures, timed, sum_us, min_us, max_us)
SELECT app_id, kind, [minute] - [minute] % 1440, name_hash, MIN([name]), SUM([count]), SUM(failures), SUM(timed), SUM(sum_us), MIN(min_us), MAX(max_us)
FROM dbo.scorpiox_rollup
GROUP BY app_id, kind, [minute] - [minute] % 1440, name_hash;

-- migration 4.7
CREATE TABLE dbo.scorpiox_rollup_day_bucket (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  name_hash binary(16) NOT NULL,
  bucket smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, kind, [minute], name_hash, bucket)
);

-- migration 4.8
INSERT INTO dbo.scorpiox_rollup_day_bucket (app_id, kind, [minute], name_hash, bucket, [count])
SELECT app_id, kind, [minute] - [minute] % 1440, name_hash, bucket, SUM([count])
FROM dbo.scorpiox_rollup_bucket
GROUP BY app_id, kind, [minute] - [minute] % 1440, name_hash, bucket;

-- migration 5.1
ALTER TABLE dbo.scorpiox_app ADD retention_days int NULL;

-- migration 5.2
CREATE TABLE dbo.scorpiox_key (
  [key] varchar(36) NOT NULL PRIMARY KEY,
  app_id int NULL REFERENCES dbo.scorpiox_app (id),
  rate_limit int NULL,
  created_at bigint NOT NULL,
  revoked_at bigint NULL
);

-- migration 5.3
CREATE INDEX scorpiox_key_by_app ON dbo.scorpiox_key (app_id, created_at);

-- migration 5.4
INSERT INTO dbo.scorpiox_key ([key], app_id, created_at)
SELECT [key], app_id, created_at FROM dbo.scorpiox_ingest_key;

-- migration 5.5
DROP TABLE dbo.scorpiox_ingest_key;

-- migration 6.1
CREATE TABLE dbo.scorpiox_spool (
  lineage varchar(36) NOT NULL PRIMARY KEY,
  shipped bigint NOT NULL,
  shipped_at bigint NOT NULL
);

-- migration 7.1
CREATE TABLE dbo.scorpiox_alert_rule (
  id varchar(64) NOT NULL PRIMARY KEY,
  [at] bigint NOT NULL,
  body nvarchar(max) NOT NULL
);

-- migration 7.2
CREATE TABLE dbo.scorpiox_alert_state (
  id varchar(64) NOT NULL PRIMARY KEY,
  body nvarchar(max) NOT NULL
);

-- migration 7.3
CREATE TABLE dbo.scorpiox_alert_history (
  [at] bigint NOT NULL,
  id varchar(64) NOT NULL,
  body nvarchar(max) NOT NULL,
  PRIMARY KEY ([at], id)
);

-- migration 7.4
CREATE TABLE dbo.scorpiox_alert_delivery (
  id varchar(64) NOT NULL PRIMARY KEY,
  [at] bigint NOT NULL,
  due_at bigint NULL,
  body nvarchar(max) NOT NULL
);

-- migration 7.5
CREATE INDEX scorpiox_alert_delivery_by_time ON dbo.scorpiox_alert_delivery ([at]);

-- migration 7.6
CREATE INDEX scorpiox_alert_delivery_due ON dbo.scorpiox_alert_delivery (due_at);

-- migration 7.7
CREATE TABLE dbo.scorpiox_lease (
  [name] varchar(64) NOT NULL PRIMARY KEY,
  holder varchar(64) NOT NULL,
  expires_at bigint NOT NULL
);

-- migration 7.8
INSERT INTO dbo.scorpiox_lease ([name], holder, expires_at) VALUES ('alerts', '', 0);

-- migration 8.1
ALTER TABLE dbo.scorpiox_event ADD metric nvarchar(max) NULL;

-- migration 8.2
CREATE TABLE dbo.scorpiox_metric (
  app_id int NOT NULL,
  metric binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  unit nvarchar(63) NOT NULL,
  PRIMARY KEY (app_id, metric)
);

-- migration 8.3
CREATE TABLE dbo.scorpiox_metric_series (
  app_id int NOT NULL,
  metric binary(16) NOT NULL,
  series binary(16) NOT NULL,
  kind varchar(16) NOT NULL,
  dimensions nvarchar(max) NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (app_id, metric, series)
);

-- migration 8.4
CREATE INDEX scorpiox_metric_series_by_age ON dbo.scorpiox_metric_series (app_id, seen_at);

-- migration 8.5
CREATE TABLE dbo.scorpiox_metric_stream (
  app_id int NOT NULL,
  stream binary(16) NOT NULL,
  [state] nvarchar(max) NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (app_id, stream)
);

-- migration 8.6
CREATE INDEX scorpiox_metric_stream_by_age ON dbo.scorpiox_metric_stream (app_id, seen_at);

-- migration 8.7
CREATE TABLE dbo.scorpiox_metric_memory (
  app_id int NOT NULL PRIMARY KEY,
  since bigint NOT NULL
);

-- migration 8.8
CREATE TABLE dbo.scorpiox_metric_rollup (
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
);

-- migration 8.9
CREATE TABLE dbo.scorpiox_metric_rollup_bucket (
  app_id int NOT NULL,
  metric binary(16) NOT NULL,
  [minute] int NOT NULL,
  series binary(16) NOT NULL,
  low int NOT NULL,
  high int NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, metric, [minute], series, low, high)
);

-- migration 8.10
CREATE TABLE dbo.scorpiox_metric_rollup_hour (
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
);

-- migration 8.11
CREATE TABLE dbo.scorpiox_metric_rollup_hour_bucket (
  app_id int NOT NULL,
  metric binary(16) NOT NULL,
  [minute] int NOT NULL,
  series binary(16) NOT NULL,
  low int NOT NULL,
  high int NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, metric, [minute], series, low, high)
);

-- migration 8.12
CREATE TABLE dbo.scorpiox_metric_rollup_day (
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
);

-- migration 8.13
CREATE TABLE dbo.scorpiox_metric_rollup_day_bucket (
  app_id int NOT NULL,
  metric binary(16) NOT NULL,
  [minute] int NOT NULL,
  series binary(16) NOT NULL,
  low int NOT NULL,
  high int NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY (app_id, metric, [minute], series, low, high)
);

-- migration 9.1
ALTER TABLE dbo.scorpiox_event ADD operation_minute AS CAST([time] / 60000000 AS int);

-- migration 9.2
ALTER TABLE dbo.scorpiox_event ADD operation_key AS CAST(operation_id AS nvarchar(16));

-- migration 9.3
CREATE INDEX scorpiox_event_by_operation ON dbo.scorpiox_event (operation_minute, operation_key);

-- migration 10.1
CREATE TABLE dbo.scorpiox_size_sample (
  [at] bigint NOT NULL PRIMARY KEY,
  bytes bigint NOT NULL
);

-- migration 11.1
ALTER TABLE dbo.scorpiox_app ADD apdex_ms int NULL;

-- migration 11.2
CREATE TABLE dbo.scorpiox_app_rollup (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  latency varbinary(max) NULL,
  PRIMARY KEY (app_id, kind, [minute])
);

-- migration 11.3
INSERT INTO dbo.scorpiox_app_rollup (app_id, kind, [minute], [count], failures, timed, sum_us, min_us, max_us)
SELECT app_id, kind, [minute], SUM([count]), SUM(failures), SUM(timed), SUM(sum_us), MIN(min_us), MAX(max_us)
FROM dbo.scorpiox_rollup
GROUP BY app_id, kind, [minute];

-- migration 11.4
CREATE TABLE dbo.scorpiox_app_rollup_hour (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  latency varbinary(max) NULL,
  PRIMARY KEY (app_id, kind, [minute])
);

-- migration 11.5
INSERT INTO dbo.scorpiox_app_rollup_hour (app_id, kind, [minute], [count], failures, timed, sum_us, min_us, max_us)
SELECT app_id, kind, [minute], SUM([count]), SUM(failures), SUM(timed), SUM(sum_us), MIN(min_us), MAX(max_us)
FROM dbo.scorpiox_rollup_hour
GROUP BY app_id, kind, [minute];

-- migration 11.6
CREATE TABLE dbo.scorpiox_app_rollup_day (
  app_id int NOT NULL,
  kind varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  latency varbinary(max) NULL,
  PRIMARY KEY (app_id, kind, [minute])
);

-- migration 11.7
INSERT INTO dbo.scorpiox_app_rollup_day (app_id, kind, [minute], [count], failures, timed, sum_us, min_us, max_us)
SELECT app_id, kind, [minute], SUM([count]), SUM(failures), SUM(timed), SUM(sum_us), MIN(min_us), MAX(max_us)
FROM dbo.scorpiox_rollup_day
GROUP BY app_id, kind, [minute];

-- migration 11.8
CREATE TABLE dbo.scorpiox_app_hours (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  requests varbinary(max) NOT NULL,
  failures varbinary(max) NOT NULL,
  exceptions varbinary(max) NOT NULL,
  PRIMARY KEY (app_id, [minute])
);

-- migration 11.9
CREATE TABLE dbo.scorpiox_exception_group (
  app_id int NOT NULL,
  id binary(16) NOT NULL,
  [type] nvarchar(1024) NOT NULL,
  place nvarchar(1024) NOT NULL,
  first_seen bigint NOT NULL,
  last_seen bigint NOT NULL,
  newest_hash binary(16) NOT NULL,
  PRIMARY KEY (app_id, id)
);

-- migration 11.10
CREATE INDEX scorpiox_exception_group_by_first ON dbo.scorpiox_exception_group (app_id, first_seen);

-- migration 11.11
CREATE TABLE dbo.scorpiox_exception_rollup (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  id binary(16) NOT NULL,
  [count] float NOT NULL,
  [users] varbinary(max) NOT NULL,
  PRIMARY KEY (app_id, [minute], id)
);

-- migration 11.12
CREATE TABLE dbo.scorpiox_exception_rollup_hour (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  id binary(16) NOT NULL,
  [count] float NOT NULL,
  [users] varbinary(max) NOT NULL,
  PRIMARY KEY (app_id, [minute], id)
);

-- migration 11.13
CREATE TABLE dbo.scorpiox_exception_rollup_day (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  id binary(16) NOT NULL,
  [count] float NOT NULL,
  [users] varbinary(max) NOT NULL,
  PRIMARY KEY (app_id, [minute], id)
);

-- migration 11.14
CREATE TABLE dbo.scorpiox_instance (
  app_id int NOT NULL,
  id binary(16) NOT NULL,
  instance nvarchar(256) NOT NULL,
  [version] nvarchar(1024) NOT NULL,
  first_seen bigint NOT NULL,
  last_seen bigint NOT NULL,
  PRIMARY KEY (app_id, id)
);

-- migration 11.15
CREATE TABLE dbo.scorpiox_instance_rollup (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  id binary(16) NOT NULL,
  [events] float NOT NULL,
  requests float NOT NULL,
  failures float NOT NULL,
  PRIMARY KEY (app_id, [minute], id)
);

-- migration 11.16
CREATE TABLE dbo.scorpiox_instance_rollup_hour (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  id binary(16) NOT NULL,
  [events] float NOT NULL,
  requests float NOT NULL,
  failures float NOT NULL,
  PRIMARY KEY (app_id, [minute], id)
);

-- migration 11.17
CREATE TABLE dbo.scorpiox_instance_rollup_day (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  id binary(16) NOT NULL,
  [events] float NOT NULL,
  requests float NOT NULL,
  failures float NOT NULL,
  PRIMARY KEY (app_id, [minute], id)
);

-- migration 11.18
CREATE TABLE dbo.scorpiox_dependency_target (
  app_id int NOT NULL,
  id binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [type] nvarchar(1024) NOT NULL,
  [target] nvarchar(1024) NOT NULL,
  last_seen bigint NOT NULL,
  PRIMARY KEY (app_id, id)
);

-- migration 11.19
CREATE TABLE dbo.scorpiox_app_activity (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  early int NOT NULL,
  late int NOT NULL,
  PRIMARY KEY (app_id, [minute])
);

-- migration 11.20
INSERT INTO dbo.scorpiox_app_activity (app_id, [minute], early, late)
SELECT app_id, [minute] - [minute] % 60,
  COALESCE(SUM(DISTINCT CASE WHEN [minute] % 60 < 30 THEN POWER(2, [minute] % 30) END), 0),
  COALESCE(SUM(DISTINCT CASE WHEN [minute] % 60 >= 30 THEN POWER(2, [minute] % 30) END), 0)
FROM dbo.scorpiox_app_rollup
GROUP BY app_id, [minute] - [minute] % 60;

-- migration 11.21
CREATE TABLE dbo.scorpiox_edge_rollup (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  from_app_id int NOT NULL,
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  latency varbinary(max) NULL,
  PRIMARY KEY (app_id, [minute], from_app_id)
);

-- migration 11.22
CREATE TABLE dbo.scorpiox_edge_rollup_hour (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  from_app_id int NOT NULL,
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  latency varbinary(max) NULL,
  PRIMARY KEY (app_id, [minute], from_app_id)
);

-- migration 11.23
CREATE TABLE dbo.scorpiox_edge_rollup_day (
  app_id int NOT NULL,
  [minute] int NOT NULL,
  from_app_id int NOT NULL,
  [count] float NOT NULL,
  failures float NOT NULL,
  timed float NOT NULL,
  sum_us float NOT NULL,
  min_us bigint NULL,
  max_us bigint NULL,
  latency varbinary(max) NULL,
  PRIMARY KEY (app_id, [minute], from_app_id)
);

-- migration 11.24
CREATE TABLE dbo.scorpiox_call_ends (
  seq bigint IDENTITY(1,1) NOT NULL PRIMARY KEY,
  stored_at bigint NOT NULL,
  ends varbinary(max) NOT NULL
);

-- migration 11.25
CREATE TABLE dbo.scorpiox_call_ends_linked (
  id int NOT NULL PRIMARY KEY,
  seq bigint NOT NULL
);

-- migration 11.26
INSERT INTO dbo.scorpiox_call_ends_linked (id, seq) VALUES (1, 0);

-- migration 12.1
CREATE TABLE dbo.scorpiox_view (
  id varchar(36) NOT NULL PRIMARY KEY,
  [owner] nvarchar(256) NOT NULL,
  changed_at bigint NOT NULL,
  body nvarchar(max) NOT NULL
);

-- migration 13.1
DROP INDEX scorpiox_event_by_operation ON dbo.scorpiox_event;

-- migration 13.2
ALTER TABLE dbo.scorpiox_event DROP COLUMN operation_key;

-- migration 13.3
ALTER TABLE dbo.scorpiox_event ADD operation_key AS CAST(RIGHT(operation_id, 16) AS nvarchar(16));

-- migration 13.4
CREATE INDEX scorpiox_event_by_operation ON dbo.scorpiox_event (operation_minute, operation_key);

-- migration 14.1
CREATE TABLE dbo.scorpiox_deleted_event (
  app_id int NOT NULL PRIMARY KEY,
  oldest bigint NOT NULL,
  newest bigint NOT NULL
);

-- migration 14.2
INSERT INTO dbo.scorpiox_deleted_event (app_id, oldest, newest)
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
GROUP BY a.id;

-- migration 15.1
ALTER TABLE dbo.scorpiox_exception_group ADD first_stored bigint NOT NULL DEFAULT 0;

-- migration 16.1
UPDATE r SET failures = x.failures
FROM dbo.scorpiox_app_rollup AS r JOIN (
  SELECT app_id, [time] / 60000000 AS [minute], SUM([weight]) AS failures
  FROM dbo.scorpiox_event
  WHERE kind = 'trace' AND (success = 0 OR severity IN ('error', 'critical'))
  GROUP BY app_id, [time] / 60000000
) AS x ON x.app_id = r.app_id AND x.[minute] = r.[minute]
WHERE r.kind = 'trace' AND r.failures < x.failures;

-- migration 16.2
UPDATE r SET failures = x.failures
FROM dbo.scorpiox_app_rollup_hour AS r JOIN (
  SELECT app_id, [minute] - [minute] % 60 AS [minute], SUM(failures) AS failures
  FROM dbo.scorpiox_app_rollup WHERE kind = 'trace'
  GROUP BY app_id, [minute] - [minute] % 60
) AS x ON x.app_id = r.app_id AND x.[minute] = r.[minute]
WHERE r.kind = 'trace' AND r.failures < x.failures;

-- migration 16.3
UPDATE r SET failures = x.failures
FROM dbo.scorpiox_app_rollup_day AS r JOIN (
  SELECT app_id, [minute] - [minute] % 1440 AS [minute], SUM(failures) AS failures
  FROM dbo.scorpiox_app_rollup_hour WHERE kind = 'trace'
  GROUP BY app_id, [minute] - [minute] % 1440
) AS x ON x.app_id = r.app_id AND x.[minute] = r.[minute]
WHERE r.kind = 'trace' AND r.failures < x.failures;

-- migration 17.1
CREATE TABLE dbo.scorpiox_api_process (
  [name] nvarchar(64) NOT NULL PRIMARY KEY,
  seen_at bigint NOT NULL
);

-- migration 18.1
ALTER TABLE dbo.scorpiox_app_rollup ADD failed_latency varbinary(max) NULL;

-- migration 18.2
ALTER TABLE dbo.scorpiox_app_rollup_hour ADD failed_latency varbinary(max) NULL;

-- migration 18.3
ALTER TABLE dbo.scorpiox_app_rollup_day ADD failed_latency varbinary(max) NULL;

-- ADD_APP
SET NOCOUNT ON;
DECLARE @added TABLE (id int NOT NULL);
INSERT INTO dbo.scorpiox_app ([name], name_key, created_at)
OUTPUT inserted.id INTO @added (id)
SELECT @name, @name_key, @now
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app WHERE name_key = @name_key);
INSERT INTO dbo.scorpiox_key ([key], app_id, created_at)
SELECT @key, id, @now FROM @added;
SELECT id FROM @added;

-- FIND_APP
SELECT a.id, a.[name], a.created_at, a.retention_days, a.apdex_ms,
  (SELECT TOP 1 k.[key] FROM dbo.scorpiox_key AS k
   WHERE k.app_id = a.id AND k.revoked_at IS NULL ORDER BY k.created_at, k.[key]) AS [key]
FROM dbo.scorpiox_app AS a WHERE a.name_key = @name_key;

-- LIST_APPS
SELECT a.id, a.[name], a.created_at, a.retention_days, a.apdex_ms,
  (SELECT TOP 1 k.[key] FROM dbo.scorpiox_key AS k
   WHERE k.app_id = a.id AND k.revoked_at IS NULL ORDER BY k.created_at, k.[key]) AS [key]
FROM dbo.scorpiox_app AS a ORDER BY a.name_key;

-- SET_RETENTION
UPDATE dbo.scorpiox_app SET retention_days = NULLIF(@days, 0)
OUTPUT inserted.id
WHERE name_key = @name_key;

-- SET_APDEX
UPDATE dbo.scorpiox_app SET apdex_ms = NULLIF(@milliseconds, 0)
OUTPUT inserted.id
WHERE name_key = @name_key;

-- FIND_KEY
SELECT a.id, a.[name], a.retention_days, k.rate_limit
FROM dbo.scorpiox_key AS k LEFT JOIN dbo.scorpiox_app AS a ON a.id = k.app_id
WHERE k.[key] = @key AND k.revoked_at IS NULL;

-- LIST_KEYS
SELECT k.[key], a.[name] AS app, k.rate_limit, k.created_at, k.revoked_at
FROM dbo.scorpiox_key AS k LEFT JOIN dbo.scorpiox_app AS a ON a.id = k.app_id
ORDER BY a.name_key, k.created_at, k.[key];

-- ADD_SHARED_KEY
INSERT INTO dbo.scorpiox_key ([key], rate_limit, created_at)
VALUES (@key, NULLIF(@rate, 0), @now);

-- ADD_KEY
SET NOCOUNT ON;
INSERT INTO dbo.scorpiox_key ([key], app_id, rate_limit, created_at)
SELECT @key, id, NULLIF(@rate, 0), @now FROM dbo.scorpiox_app WHERE name_key = @name_key;
SELECT a.[name] FROM dbo.scorpiox_key AS k JOIN dbo.scorpiox_app AS a ON a.id = k.app_id WHERE k.[key] = @key;

-- REVOKE_KEY
UPDATE dbo.scorpiox_key SET revoked_at = COALESCE(revoked_at, @now)
OUTPUT inserted.[key]
WHERE [key] = @key;

-- SET_RATE_LIMIT
UPDATE dbo.scorpiox_key SET rate_limit = NULLIF(@rate, 0)
OUTPUT inserted.[key]
WHERE [key] = @key;

-- ADD_TOKEN
SET NOCOUNT ON;
DECLARE @added TABLE (name_key varchar(64) NOT NULL);
INSERT INTO dbo.scorpiox_token ([hash], [name], name_key, [role], created_at)
OUTPUT inserted.name_key INTO @added (name_key)
SELECT @hash, @name, @name_key, @role, @now
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_token WHERE name_key = @name_key);
SELECT name_key FROM @added;

-- FIND_TOKEN
SELECT [name] AS [user], [role] FROM dbo.scorpiox_token WHERE [hash] = @hash;

-- LIST_TOKENS
SELECT [name], [role], created_at FROM dbo.scorpiox_token ORDER BY name_key;

-- REVOKE_TOKEN
DELETE FROM dbo.scorpiox_token
OUTPUT deleted.name_key
WHERE name_key = @name_key;

-- ADD_LINK
SET NOCOUNT ON;
DELETE FROM dbo.scorpiox_sign_in_link WHERE expires_at <= @now;
INSERT INTO dbo.scorpiox_sign_in_link ([hash], [user], [role], expires_at) VALUES (@hash, @user, @role, @expires_at);

-- ADD_SESSION
SET NOCOUNT ON;
DELETE FROM dbo.scorpiox_session WHERE expires_at <= @now;
INSERT INTO dbo.scorpiox_session ([hash], [user], [role], expires_at) VALUES (@hash, @user, @role, @expires_at);

-- TAKE_LINK
DELETE FROM dbo.scorpiox_sign_in_link
OUTPUT deleted.[user], deleted.[role], deleted.expires_at
WHERE [hash] = @hash;

-- FIND_SESSION
SELECT [user], [role] FROM dbo.scorpiox_session WHERE [hash] = @hash AND expires_at > @now;

-- END_SESSION
DELETE FROM dbo.scorpiox_session WHERE [hash] = @hash;

-- END_SESSIONS_OF
DELETE FROM dbo.scorpiox_session WHERE [user] = @user AND [hash] <> @hash;

-- NOTE_PROCESS
SET NOCOUNT ON;
DELETE FROM dbo.scorpiox_api_process WHERE seen_at < @before;
UPDATE dbo.scorpiox_api_process SET seen_at = @at WHERE [name] = @name;
INSERT INTO dbo.scorpiox_api_process ([name], seen_at)
SELECT @name, @at
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_api_process WHERE [name] = @name);

-- LIST_PROCESSES
SELECT [name] FROM dbo.scorpiox_api_process ORDER BY [name];

-- REMOVE_PROCESS
DELETE FROM dbo.scorpiox_api_process WHERE [name] = @name;

-- NOTE_SIZE
SET NOCOUNT ON;
DELETE FROM dbo.scorpiox_size_sample WHERE [at] < @before;
INSERT INTO dbo.scorpiox_size_sample ([at], bytes)
SELECT @at, @bytes
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_size_sample WHERE [at] = @at);

-- LIST_SIZES
SELECT [at], bytes FROM dbo.scorpiox_size_sample WHERE [at] >= @since ORDER BY [at];

-- LIST_VIEWS
SELECT id, [owner], changed_at, body FROM dbo.scorpiox_view ORDER BY id;

-- PUT_VIEW
SET NOCOUNT ON;
UPDATE dbo.scorpiox_view SET changed_at = @changed_at, body = @body WHERE id = @id;
INSERT INTO dbo.scorpiox_view (id, [owner], changed_at, body)
SELECT @id, @owner, @changed_at, @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_view WHERE id = @id)
  AND (SELECT COUNT(*) FROM dbo.scorpiox_view) < @most;
SELECT id FROM dbo.scorpiox_view WHERE id = @id;

-- REMOVE_VIEW
DELETE FROM dbo.scorpiox_view
OUTPUT deleted.id
WHERE id = @id;

-- LIST_RULES
SELECT id, [at], body FROM dbo.scorpiox_alert_rule ORDER BY id;

-- PUT_RULE
SET NOCOUNT ON;
UPDATE dbo.scorpiox_alert_rule SET [at] = @at, body = @body WHERE id = @id;
INSERT INTO dbo.scorpiox_alert_rule (id, [at], body)
SELECT @id, @at, @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_alert_rule WHERE id = @id);

-- REMOVE_RULE
SET NOCOUNT ON;
DELETE FROM dbo.scorpiox_alert_state WHERE id = @id OR id LIKE @id + ' %';
DELETE FROM dbo.scorpiox_alert_rule
OUTPUT deleted.id
WHERE id = @id;

-- LIST_STATES
SELECT id, body FROM dbo.scorpiox_alert_state ORDER BY id;

-- TAKE_LEASE
UPDATE dbo.scorpiox_lease SET holder = @holder, expires_at = @until
OUTPUT inserted.holder
WHERE [name] = 'alerts' AND (holder = @holder OR expires_at <= @now);

-- DROP_LEASE
UPDATE dbo.scorpiox_lease SET holder = '', expires_at = 0
WHERE [name] = 'alerts' AND holder = @holder;

-- HOLD_LEASE
UPDATE dbo.scorpiox_lease SET holder = holder
OUTPUT inserted.holder
WHERE [name] = 'alerts' AND holder = @holder AND expires_at > @now;

-- PUT_STATE
SET NOCOUNT ON;
UPDATE dbo.scorpiox_alert_state SET body = @body WHERE id = @id;
INSERT INTO dbo.scorpiox_alert_state (id, body)
SELECT @id, @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_alert_state WHERE id = @id);

-- REMOVE_STATE
DELETE FROM dbo.scorpiox_alert_state WHERE id = @id;

-- ADD_HISTORY
INSERT INTO dbo.scorpiox_alert_history ([at], id, body)
SELECT @at, @id, @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_alert_history WHERE [at] = @at AND id = @id);

-- PUT_DELIVERY
SET NOCOUNT ON;
UPDATE dbo.scorpiox_alert_delivery SET due_at = NULLIF(@due, 0), body = @body WHERE id = @id;
INSERT INTO dbo.scorpiox_alert_delivery (id, [at], due_at, body)
SELECT @id, @at, NULLIF(@due, 0), @body
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_alert_delivery WHERE id = @id);

-- LIST_HISTORY
SELECT TOP (@limit) [at], id, body FROM dbo.scorpiox_alert_history
WHERE [at] < @at OR ([at] = @at AND id < @id)
ORDER BY [at] DESC, id DESC;

-- LIST_DELIVERIES
SELECT TOP (@limit) id, [at], due_at, body FROM dbo.scorpiox_alert_delivery ORDER BY [at] DESC, id DESC;

-- LIST_DUE_DELIVERIES
SELECT TOP (@limit) id, [at], due_at, body FROM dbo.scorpiox_alert_delivery
WHERE due_at <= @now
ORDER BY due_at, id;

-- FORGET_HISTORY
DELETE TOP (1000) FROM dbo.scorpiox_alert_history WHERE [at] < @at;

-- FORGET_DELIVERIES
DELETE TOP (1000) FROM dbo.scorpiox_alert_delivery WHERE [at] < @at AND due_at IS NULL;
