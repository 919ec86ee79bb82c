-- rows into apps
SET IDENTITY_INSERT dbo.scorpiox_app ON;
INSERT INTO dbo.scorpiox_app ([id], [name], [created_at], [retention_days], [apdex_ms], [name_key])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 nvarchar(64) '$.c1',
  c2 bigint '$.c2',
  c3 int '$.c3',
  c4 int '$.c4',
  c5 varchar(64) '$.c5'
) AS j;
SET IDENTITY_INSERT dbo.scorpiox_app OFF;

-- rows into ingest_keys
INSERT INTO dbo.scorpiox_key ([key], [app_id], [rate_limit], [created_at], [revoked_at])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4
FROM OPENJSON(@rows) WITH (
  c0 varchar(36) '$.c0',
  c1 int '$.c1',
  c2 int '$.c2',
  c3 bigint '$.c3',
  c4 bigint '$.c4'
) AS j;

-- rows into tokens
INSERT INTO dbo.scorpiox_token ([hash], [name], [role], [created_at], [name_key])
SELECT CONVERT(binary(32), j.c0, 2), j.c1, j.c2, j.c3, j.c4
FROM OPENJSON(@rows) WITH (
  c0 varchar(max) '$.c0',
  c1 nvarchar(64) '$.c1',
  c2 varchar(8) '$.c2',
  c3 bigint '$.c3',
  c4 varchar(64) '$.c4'
) AS j;

-- rows into sign_in_links
INSERT INTO dbo.scorpiox_sign_in_link ([hash], [user], [role], [expires_at])
SELECT CONVERT(binary(32), j.c0, 2), j.c1, j.c2, j.c3
FROM OPENJSON(@rows) WITH (
  c0 varchar(max) '$.c0',
  c1 nvarchar(256) '$.c1',
  c2 varchar(8) '$.c2',
  c3 bigint '$.c3'
) AS j;

-- rows into sessions
INSERT INTO dbo.scorpiox_session ([hash], [user], [role], [expires_at])
SELECT CONVERT(binary(32), j.c0, 2), j.c1, j.c2, j.c3
FROM OPENJSON(@rows) WITH (
  c0 varchar(max) '$.c0',
  c1 nvarchar(256) '$.c1',
  c2 varchar(8) '$.c2',
  c3 bigint '$.c3'
) AS j;

-- rows into views
INSERT INTO dbo.scorpiox_view ([id], [owner], [changed_at], [body])
SELECT j.c0, j.c1, j.c2, j.c3
FROM OPENJSON(@rows) WITH (
  c0 varchar(36) '$.c0',
  c1 nvarchar(256) '$.c1',
  c2 bigint '$.c2',
  c3 nvarchar(max) '$.c3'
) AS j;

-- rows into alert_rules
INSERT INTO dbo.scorpiox_alert_rule ([id], [at], [body])
SELECT j.c0, j.c1, j.c2
FROM OPENJSON(@rows) WITH (
  c0 varchar(64) '$.c0',
  c1 bigint '$.c1',
  c2 nvarchar(max) '$.c2'
) AS j;

-- rows into alert_states
INSERT INTO dbo.scorpiox_alert_state ([id], [body])
SELECT j.c0, j.c1
FROM OPENJSON(@rows) WITH (
  c0 varchar(64) '$.c0',
  c1 nvarchar(max) '$.c1'
) AS j;

-- rows into alert_history
INSERT INTO dbo.scorpiox_alert_history ([at], [id], [body])
SELECT j.c0, j.c1, j.c2
FROM OPENJSON(@rows) WITH (
  c0 bigint '$.c0',
  c1 varchar(64) '$.c1',
  c2 nvarchar(max) '$.c2'
) AS j;

-- rows into alert_deliveries
INSERT INTO dbo.scorpiox_alert_delivery ([id], [at], [due_at], [body])
SELECT j.c0, j.c1, j.c2, j.c3
FROM OPENJSON(@rows) WITH (
  c0 varchar(64) '$.c0',
  c1 bigint '$.c1',
  c2 bigint '$.c2',
  c3 nvarchar(max) '$.c3'
) AS j;

-- rows into events
INSERT INTO dbo.scorpiox_event ([app_id], [time], [hash], [kind], [name], [id], [time_ns], [weight], [duration_ms], [duration_us], [success], [code], [operation_id], [parent_id], [trace_id], [span_id], [message], [severity], [value], [unit], [user], [session], [instance], [version], [properties], [measurements], [received_at], [metric])
SELECT j.c0, j.c1, CONVERT(binary(16), j.c2, 2), j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, j.c9, j.c10, j.c11, j.c12, j.c13, j.c14, j.c15, j.c16, j.c17, j.c18, j.c19, j.c20, j.c21, j.c22, j.c23, j.c24, j.c25, j.c26, j.c27
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 bigint '$.c1',
  c2 varchar(max) '$.c2',
  c3 varchar(16) '$.c3',
  c4 nvarchar(1024) '$.c4',
  c5 nvarchar(512) '$.c5',
  c6 smallint '$.c6',
  c7 float '$.c7',
  c8 int '$.c8',
  c9 bigint '$.c9',
  c10 bit '$.c10',
  c11 nvarchar(1024) '$.c11',
  c12 nvarchar(1024) '$.c12',
  c13 nvarchar(1024) '$.c13',
  c14 nvarchar(64) '$.c14',
  c15 nvarchar(32) '$.c15',
  c16 nvarchar(max) '$.c16',
  c17 varchar(16) '$.c17',
  c18 float '$.c18',
  c19 nvarchar(63) '$.c19',
  c20 nvarchar(1024) '$.c20',
  c21 nvarchar(64) '$.c21',
  c22 nvarchar(256) '$.c22',
  c23 nvarchar(1024) '$.c23',
  c24 nvarchar(max) '$.c24',
  c25 nvarchar(max) '$.c25',
  c26 bigint '$.c26',
  c27 nvarchar(max) '$.c27'
) AS j;

-- rows into deleted_events
INSERT INTO dbo.scorpiox_deleted_event ([app_id], [oldest], [newest])
SELECT j.c0, j.c1, j.c2
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 bigint '$.c1',
  c2 bigint '$.c2'
) AS j;

-- rows into app_counters
INSERT INTO dbo.scorpiox_app_counter ([app_id], [received], [accepted], [duplicates], [sampled], [late], [last_seen])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 bigint '$.c1',
  c2 bigint '$.c2',
  c3 bigint '$.c3',
  c4 bigint '$.c4',
  c5 bigint '$.c5',
  c6 bigint '$.c6'
) AS j;

-- rows into app_rejections
INSERT INTO dbo.scorpiox_app_rejection ([app_id], [what], [count])
SELECT j.c0, j.c1, j.c2
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(64) '$.c1',
  c2 bigint '$.c2'
) AS j;

-- rows into app_adjustments
INSERT INTO dbo.scorpiox_app_adjustment ([app_id], [what], [count])
SELECT j.c0, j.c1, j.c2
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(64) '$.c1',
  c2 bigint '$.c2'
) AS j;

-- rows into call_ends
SET IDENTITY_INSERT dbo.scorpiox_call_ends ON;
INSERT INTO dbo.scorpiox_call_ends ([seq], [stored_at], [ends])
SELECT j.c0, j.c1, CONVERT(varbinary(max), j.c2, 2)
FROM OPENJSON(@rows) WITH (
  c0 bigint '$.c0',
  c1 bigint '$.c1',
  c2 varchar(max) '$.c2'
) AS j;
SET IDENTITY_INSERT dbo.scorpiox_call_ends OFF;

-- rows into call_ends_linked
INSERT INTO dbo.scorpiox_call_ends_linked ([id], [seq])
SELECT j.c0, j.c1
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 bigint '$.c1'
) AS j;

-- rows into rollups
INSERT INTO dbo.scorpiox_rollup ([app_id], [kind], [minute], [name], [count], [failures], [timed], [sum_us], [min_us], [max_us], [name_hash])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, j.c9, CONVERT(binary(16), j.c10, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(16) '$.c1',
  c2 int '$.c2',
  c3 nvarchar(1024) '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 float '$.c7',
  c8 bigint '$.c8',
  c9 bigint '$.c9',
  c10 varchar(max) '$.c10'
) AS j;

-- rows into hour_rollups
INSERT INTO dbo.scorpiox_rollup_hour ([app_id], [kind], [minute], [name], [count], [failures], [timed], [sum_us], [min_us], [max_us], [name_hash])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, j.c9, CONVERT(binary(16), j.c10, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(16) '$.c1',
  c2 int '$.c2',
  c3 nvarchar(1024) '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 float '$.c7',
  c8 bigint '$.c8',
  c9 bigint '$.c9',
  c10 varchar(max) '$.c10'
) AS j;

-- rows into day_rollups
INSERT INTO dbo.scorpiox_rollup_day ([app_id], [kind], [minute], [name], [count], [failures], [timed], [sum_us], [min_us], [max_us], [name_hash])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, j.c9, CONVERT(binary(16), j.c10, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(16) '$.c1',
  c2 int '$.c2',
  c3 nvarchar(1024) '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 float '$.c7',
  c8 bigint '$.c8',
  c9 bigint '$.c9',
  c10 varchar(max) '$.c10'
) AS j;

-- rows into rollup_buckets
INSERT INTO dbo.scorpiox_rollup_bucket ([app_id], [kind], [minute], [bucket], [count], [name_hash])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, CONVERT(binary(16), j.c5, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(16) '$.c1',
  c2 int '$.c2',
  c3 smallint '$.c3',
  c4 float '$.c4',
  c5 varchar(max) '$.c5'
) AS j;

-- rows into hour_rollup_buckets
INSERT INTO dbo.scorpiox_rollup_hour_bucket ([app_id], [kind], [minute], [bucket], [count], [name_hash])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, CONVERT(binary(16), j.c5, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(16) '$.c1',
  c2 int '$.c2',
  c3 smallint '$.c3',
  c4 float '$.c4',
  c5 varchar(max) '$.c5'
) AS j;

-- rows into day_rollup_buckets
INSERT INTO dbo.scorpiox_rollup_day_bucket ([app_id], [kind], [minute], [bucket], [count], [name_hash])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, CONVERT(binary(16), j.c5, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(16) '$.c1',
  c2 int '$.c2',
  c3 smallint '$.c3',
  c4 float '$.c4',
  c5 varchar(max) '$.c5'
) AS j;

-- rows into app_rollups
INSERT INTO dbo.scorpiox_app_rollup ([app_id], [kind], [minute], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency], [failed_latency])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, CONVERT(varbinary(max), j.c9, 2), CONVERT(varbinary(max), j.c10, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(16) '$.c1',
  c2 int '$.c2',
  c3 float '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 bigint '$.c7',
  c8 bigint '$.c8',
  c9 varchar(max) '$.c9',
  c10 varchar(max) '$.c10'
) AS j;

-- rows into hour_app_rollups
INSERT INTO dbo.scorpiox_app_rollup_hour ([app_id], [kind], [minute], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency], [failed_latency])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, CONVERT(varbinary(max), j.c9, 2), CONVERT(varbinary(max), j.c10, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(16) '$.c1',
  c2 int '$.c2',
  c3 float '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 bigint '$.c7',
  c8 bigint '$.c8',
  c9 varchar(max) '$.c9',
  c10 varchar(max) '$.c10'
) AS j;

-- rows into day_app_rollups
INSERT INTO dbo.scorpiox_app_rollup_day ([app_id], [kind], [minute], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency], [failed_latency])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, CONVERT(varbinary(max), j.c9, 2), CONVERT(varbinary(max), j.c10, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(16) '$.c1',
  c2 int '$.c2',
  c3 float '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 bigint '$.c7',
  c8 bigint '$.c8',
  c9 varchar(max) '$.c9',
  c10 varchar(max) '$.c10'
) AS j;

-- rows into app_hours
INSERT INTO dbo.scorpiox_app_hours ([app_id], [minute], [requests], [failures], [exceptions])
SELECT j.c0, j.c1, CONVERT(varbinary(max), j.c2, 2), CONVERT(varbinary(max), j.c3, 2), CONVERT(varbinary(max), j.c4, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 varchar(max) '$.c2',
  c3 varchar(max) '$.c3',
  c4 varchar(max) '$.c4'
) AS j;

-- rows into exception_groups
INSERT INTO dbo.scorpiox_exception_group ([app_id], [id], [type], [place], [first_seen], [last_seen], [newest_hash], [first_stored])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, j.c3, j.c4, j.c5, CONVERT(binary(16), j.c6, 2), j.c7
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 nvarchar(1024) '$.c2',
  c3 nvarchar(1024) '$.c3',
  c4 bigint '$.c4',
  c5 bigint '$.c5',
  c6 varchar(max) '$.c6',
  c7 bigint '$.c7'
) AS j;

-- rows into exception_rollups
INSERT INTO dbo.scorpiox_exception_rollup ([app_id], [minute], [id], [count], [users])
SELECT j.c0, j.c1, CONVERT(binary(16), j.c2, 2), j.c3, CONVERT(varbinary(max), j.c4, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 varchar(max) '$.c2',
  c3 float '$.c3',
  c4 varchar(max) '$.c4'
) AS j;

-- rows into hour_exception_rollups
INSERT INTO dbo.scorpiox_exception_rollup_hour ([app_id], [minute], [id], [count], [users])
SELECT j.c0, j.c1, CONVERT(binary(16), j.c2, 2), j.c3, CONVERT(varbinary(max), j.c4, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 varchar(max) '$.c2',
  c3 float '$.c3',
  c4 varchar(max) '$.c4'
) AS j;

-- rows into day_exception_rollups
INSERT INTO dbo.scorpiox_exception_rollup_day ([app_id], [minute], [id], [count], [users])
SELECT j.c0, j.c1, CONVERT(binary(16), j.c2, 2), j.c3, CONVERT(varbinary(max), j.c4, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 varchar(max) '$.c2',
  c3 float '$.c3',
  c4 varchar(max) '$.c4'
) AS j;

-- rows into instances
INSERT INTO dbo.scorpiox_instance ([app_id], [id], [instance], [version], [first_seen], [last_seen])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, j.c3, j.c4, j.c5
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 nvarchar(256) '$.c2',
  c3 nvarchar(1024) '$.c3',
  c4 bigint '$.c4',
  c5 bigint '$.c5'
) AS j;

-- rows into instance_rollups
INSERT INTO dbo.scorpiox_instance_rollup ([app_id], [minute], [id], [events], [requests], [failures])
SELECT j.c0, j.c1, CONVERT(binary(16), j.c2, 2), j.c3, j.c4, j.c5
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 varchar(max) '$.c2',
  c3 float '$.c3',
  c4 float '$.c4',
  c5 float '$.c5'
) AS j;

-- rows into hour_instance_rollups
INSERT INTO dbo.scorpiox_instance_rollup_hour ([app_id], [minute], [id], [events], [requests], [failures])
SELECT j.c0, j.c1, CONVERT(binary(16), j.c2, 2), j.c3, j.c4, j.c5
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 varchar(max) '$.c2',
  c3 float '$.c3',
  c4 float '$.c4',
  c5 float '$.c5'
) AS j;

-- rows into day_instance_rollups
INSERT INTO dbo.scorpiox_instance_rollup_day ([app_id], [minute], [id], [events], [requests], [failures])
SELECT j.c0, j.c1, CONVERT(binary(16), j.c2, 2), j.c3, j.c4, j.c5
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 varchar(max) '$.c2',
  c3 float '$.c3',
  c4 float '$.c4',
  c5 float '$.c5'
) AS j;

-- rows into dependency_targets
INSERT INTO dbo.scorpiox_dependency_target ([app_id], [id], [name], [type], [target], [last_seen])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, j.c3, j.c4, j.c5
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 nvarchar(1024) '$.c2',
  c3 nvarchar(1024) '$.c3',
  c4 nvarchar(1024) '$.c4',
  c5 bigint '$.c5'
) AS j;

-- rows into app_activity
INSERT INTO dbo.scorpiox_app_activity ([app_id], [minute], [early], [late])
SELECT j.c0, j.c1, j.c2, j.c3
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 int '$.c2',
  c3 int '$.c3'
) AS j;

-- rows into edge_rollups
INSERT INTO dbo.scorpiox_edge_rollup ([app_id], [minute], [from_app_id], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, CONVERT(varbinary(max), j.c9, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 int '$.c2',
  c3 float '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 bigint '$.c7',
  c8 bigint '$.c8',
  c9 varchar(max) '$.c9'
) AS j;

-- rows into hour_edge_rollups
INSERT INTO dbo.scorpiox_edge_rollup_hour ([app_id], [minute], [from_app_id], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, CONVERT(varbinary(max), j.c9, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 int '$.c2',
  c3 float '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 bigint '$.c7',
  c8 bigint '$.c8',
  c9 varchar(max) '$.c9'
) AS j;

-- rows into day_edge_rollups
INSERT INTO dbo.scorpiox_edge_rollup_day ([app_id], [minute], [from_app_id], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency])
SELECT j.c0, j.c1, j.c2, j.c3, j.c4, j.c5, j.c6, j.c7, j.c8, CONVERT(varbinary(max), j.c9, 2)
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 int '$.c1',
  c2 int '$.c2',
  c3 float '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 bigint '$.c7',
  c8 bigint '$.c8',
  c9 varchar(max) '$.c9'
) AS j;

-- rows into metrics
INSERT INTO dbo.scorpiox_metric ([app_id], [metric], [name], [unit])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, j.c3
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 nvarchar(1024) '$.c2',
  c3 nvarchar(63) '$.c3'
) AS j;

-- rows into metric_series
INSERT INTO dbo.scorpiox_metric_series ([app_id], [metric], [series], [kind], [dimensions], [seen_at])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), CONVERT(binary(16), j.c2, 2), j.c3, j.c4, j.c5
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 varchar(max) '$.c2',
  c3 varchar(16) '$.c3',
  c4 nvarchar(max) '$.c4',
  c5 bigint '$.c5'
) AS j;

-- rows into metric_streams
INSERT INTO dbo.scorpiox_metric_stream ([app_id], [stream], [state], [seen_at])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, j.c3
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 nvarchar(max) '$.c2',
  c3 bigint '$.c3'
) AS j;

-- rows into metric_memories
INSERT INTO dbo.scorpiox_metric_memory ([app_id], [since])
SELECT j.c0, j.c1
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 bigint '$.c1'
) AS j;

-- rows into metric_rollups
INSERT INTO dbo.scorpiox_metric_rollup ([app_id], [metric], [minute], [series], [points], [count], [summed], [sum], [ranged], [min], [max], [last], [last_time])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, CONVERT(binary(16), j.c3, 2), j.c4, j.c5, j.c6, j.c7, j.c8, j.c9, j.c10, j.c11, j.c12
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 int '$.c2',
  c3 varchar(max) '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 float '$.c7',
  c8 float '$.c8',
  c9 float '$.c9',
  c10 float '$.c10',
  c11 float '$.c11',
  c12 bigint '$.c12'
) AS j;

-- rows into hour_metric_rollups
INSERT INTO dbo.scorpiox_metric_rollup_hour ([app_id], [metric], [minute], [series], [points], [count], [summed], [sum], [ranged], [min], [max], [last], [last_time])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, CONVERT(binary(16), j.c3, 2), j.c4, j.c5, j.c6, j.c7, j.c8, j.c9, j.c10, j.c11, j.c12
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 int '$.c2',
  c3 varchar(max) '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 float '$.c7',
  c8 float '$.c8',
  c9 float '$.c9',
  c10 float '$.c10',
  c11 float '$.c11',
  c12 bigint '$.c12'
) AS j;

-- rows into day_metric_rollups
INSERT INTO dbo.scorpiox_metric_rollup_day ([app_id], [metric], [minute], [series], [points], [count], [summed], [sum], [ranged], [min], [max], [last], [last_time])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, CONVERT(binary(16), j.c3, 2), j.c4, j.c5, j.c6, j.c7, j.c8, j.c9, j.c10, j.c11, j.c12
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 int '$.c2',
  c3 varchar(max) '$.c3',
  c4 float '$.c4',
  c5 float '$.c5',
  c6 float '$.c6',
  c7 float '$.c7',
  c8 float '$.c8',
  c9 float '$.c9',
  c10 float '$.c10',
  c11 float '$.c11',
  c12 bigint '$.c12'
) AS j;

-- rows into metric_buckets
INSERT INTO dbo.scorpiox_metric_rollup_bucket ([app_id], [metric], [minute], [series], [low], [high], [count])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, CONVERT(binary(16), j.c3, 2), j.c4, j.c5, j.c6
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 int '$.c2',
  c3 varchar(max) '$.c3',
  c4 int '$.c4',
  c5 int '$.c5',
  c6 float '$.c6'
) AS j;

-- rows into hour_metric_buckets
INSERT INTO dbo.scorpiox_metric_rollup_hour_bucket ([app_id], [metric], [minute], [series], [low], [high], [count])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, CONVERT(binary(16), j.c3, 2), j.c4, j.c5, j.c6
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 int '$.c2',
  c3 varchar(max) '$.c3',
  c4 int '$.c4',
  c5 int '$.c5',
  c6 float '$.c6'
) AS j;

-- rows into day_metric_buckets
INSERT INTO dbo.scorpiox_metric_rollup_day_bucket ([app_id], [metric], [minute], [series], [low], [high], [count])
SELECT j.c0, CONVERT(binary(16), j.c1, 2), j.c2, CONVERT(binary(16), j.c3, 2), j.c4, j.c5, j.c6
FROM OPENJSON(@rows) WITH (
  c0 int '$.c0',
  c1 varchar(max) '$.c1',
  c2 int '$.c2',
  c3 varchar(max) '$.c3',
  c4 int '$.c4',
  c5 int '$.c5',
  c6 float '$.c6'
) AS j;

-- a range away
DELETE FROM dbo.scorpiox_event WHERE [app_id] = CONVERT(int, @w0) AND [time] >= CONVERT(bigint, @from) AND [time] <= CONVERT(bigint, @through)

-- a row away
DELETE FROM dbo.scorpiox_app_rejection WHERE [app_id] = CONVERT(int, @k0) AND [what] = CONVERT(varchar(64), @k1)

-- a row changed
UPDATE dbo.scorpiox_app SET [name] = CONVERT(nvarchar(64), @v0), [created_at] = CONVERT(bigint, @v1), [retention_days] = CONVERT(int, @v2), [apdex_ms] = CONVERT(int, @v3), [name_key] = CONVERT(varchar(64), @v4) WHERE [id] = CONVERT(int, @k0)

-- notes begin
CREATE TABLE dbo.scorpiox_moved_event (
  note bigint IDENTITY(1,1) NOT NULL PRIMARY KEY,
  [app_id] int NOT NULL,
  [time] bigint NOT NULL
);
EXEC (N'CREATE TRIGGER dbo.scorpiox_moved_event_note ON dbo.scorpiox_event AFTER INSERT, UPDATE, DELETE AS
BEGIN
SET NOCOUNT ON;
INSERT INTO dbo.scorpiox_moved_event ([app_id], [time])
SELECT [app_id], [time] FROM inserted
UNION
SELECT [app_id], [time] FROM deleted;
END');
CREATE TABLE dbo.scorpiox_moved_rollup_bucket (
  note bigint IDENTITY(1,1) NOT NULL PRIMARY KEY,
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL
);
EXEC (N'CREATE TRIGGER dbo.scorpiox_moved_rollup_bucket_note ON dbo.scorpiox_rollup_bucket AFTER INSERT, UPDATE, DELETE AS
BEGIN
SET NOCOUNT ON;
INSERT INTO dbo.scorpiox_moved_rollup_bucket ([app_id], [kind], [minute])
SELECT [app_id], [kind], [minute] FROM inserted
UNION
SELECT [app_id], [kind], [minute] FROM deleted;
END');
CREATE TABLE dbo.scorpiox_moved_metric_series (
  note bigint IDENTITY(1,1) NOT NULL PRIMARY KEY,
  [app_id] int NOT NULL,
  [metric] binary(16) NOT NULL,
  [series] binary(16) NOT NULL
);
EXEC (N'CREATE TRIGGER dbo.scorpiox_moved_metric_series_note ON dbo.scorpiox_metric_series AFTER INSERT, UPDATE, DELETE AS
BEGIN
SET NOCOUNT ON;
INSERT INTO dbo.scorpiox_moved_metric_series ([app_id], [metric], [series])
SELECT [app_id], [metric], [series] FROM inserted
UNION
SELECT [app_id], [metric], [series] FROM deleted;
END');

-- notes counted
SELECT COUNT_BIG(*) AS n FROM dbo.scorpiox_moved_event

-- notes read
SELECT TOP (5000) note, [app_id] AS [app_id], [time] AS [time] FROM dbo.scorpiox_moved_event ORDER BY note

-- notes away
DELETE FROM dbo.scorpiox_moved_event WHERE note IN (SELECT CONVERT(bigint, [value]) FROM OPENJSON(@notes))

-- notes end
DROP TABLE IF EXISTS dbo.scorpiox_moved_event
DROP TABLE IF EXISTS dbo.scorpiox_moved_rollup_bucket
DROP TABLE IF EXISTS dbo.scorpiox_moved_metric_series

-- closed
EXEC (N'CREATE TRIGGER dbo.scorpiox_closed_app ON dbo.scorpiox_app AFTER INSERT, UPDATE, DELETE AS
BEGIN
;THROW 51000, N''this database has moved to mssql://sa@host:1433/o''''clock'', 1;
END');
EXEC (N'CREATE TRIGGER dbo.scorpiox_closed_event ON dbo.scorpiox_event AFTER INSERT, UPDATE, DELETE AS
BEGIN
;THROW 51000, N''this database has moved to mssql://sa@host:1433/o''''clock'', 1;
END');
EXEC (N'CREATE TRIGGER dbo.scorpiox_closed_rollup_bucket ON dbo.scorpiox_rollup_bucket AFTER INSERT, UPDATE, DELETE AS
BEGIN
;THROW 51000, N''this database has moved to mssql://sa@host:1433/o''''clock'', 1;
END');
EXEC (N'CREATE TRIGGER dbo.scorpiox_closed_metric_series ON dbo.scorpiox_metric_series AFTER INSERT, UPDATE, DELETE AS
BEGIN
;THROW 51000, N''this database has moved to mssql://sa@host:1433/o''''clock'', 1;
END');
EXEC (N'CREATE TRIGGER dbo.scorpiox_closed_lease ON dbo.scorpiox_lease AFTER INSERT, UPDATE, DELETE AS
BEGIN
;THROW 51000, N''this database has moved to mssql://sa@host:1433/o''''clock'', 1;
END');

-- opened again
DROP TRIGGER IF EXISTS dbo.scorpiox_closed_app
DROP TRIGGER IF EXISTS dbo.scorpiox_closed_event
DROP TRIGGER IF EXISTS dbo.scorpiox_closed_rollup_bucket
DROP TRIGGER IF EXISTS dbo.scorpiox_closed_metric_series
DROP TRIGGER IF EXISTS dbo.scorpiox_closed_lease

-- source: is there a mark
SELECT 1 AS there WHERE OBJECT_ID(N'dbo.scorpiox_move_source', N'U') IS NOT NULL;

-- source: the mark
CREATE TABLE dbo.scorpiox_move_source (id int NOT NULL PRIMARY KEY, move varchar(36) NOT NULL, target nvarchar(512) NOT NULL, started_at bigint NOT NULL, closed_at bigint NULL, closed_by bigint NULL)

-- source: read
SELECT * FROM dbo.scorpiox_move_source WHERE id = 1

-- source: no mark
DROP TABLE IF EXISTS dbo.scorpiox_move_source

-- target: is there a mark
SELECT 1 AS there WHERE OBJECT_ID(N'dbo.scorpiox_move_target', N'U') IS NOT NULL;

-- target: the mark
CREATE TABLE dbo.scorpiox_move_target (id int NOT NULL PRIMARY KEY, move varchar(36) NOT NULL, source nvarchar(512) NOT NULL, holder bigint NOT NULL, phase varchar(16) NOT NULL, progress nvarchar(max) NOT NULL)

-- target: read
SELECT * FROM dbo.scorpiox_move_target WHERE id = 1

-- target: no mark
DROP TABLE IF EXISTS dbo.scorpiox_move_target

-- the mark written
INSERT INTO dbo.scorpiox_move_source (id, move, target, started_at) VALUES (1, @move, @target, @started_at)

-- the mark changed by its holder
UPDATE dbo.scorpiox_move_target SET holder = @holder, phase = @phase WHERE id = 1 AND holder = @held

-- not to be used
INSERT INTO dbo.scorpiox_migration ([version], [name], applied_at) VALUES (1000000, N'being filled by scorpiox db migrate', 0);

-- to be used
DELETE FROM dbo.scorpiox_migration WHERE [version] = 1000000;
