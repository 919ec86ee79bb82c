-- READ_DEDUPLICATION
SELECT COUNT(*) AS skipping FROM sys.indexes
WHERE object_id = OBJECT_ID(N'dbo.scorpiox_event') AND is_unique = 1 AND ignore_dup_key = 1 AND is_disabled = 0;

-- INSERT_SKIPPING
SET NOCOUNT ON;
DECLARE @stored TABLE (app_id int NOT NULL, [time] bigint NOT NULL, [hash] binary(16) NOT NULL);
DECLARE @inserted int;
INSERT INTO dbo.scorpiox_event ([app_id], [hash], [received_at], [time], [time_ns], [kind], [name], [id], [weight], [duration_ms], [duration_us], [success], [code], [operation_id], [parent_id], [trace_id], [span_id], [message], [severity], [value], [unit], [user], [session], [instance], [version], [properties], [measurements])
OUTPUT inserted.app_id, inserted.[time], inserted.[hash] INTO @stored (app_id, [time], [hash])
SELECT j.[app_id], CONVERT(binary(16), j.[hash], 2), j.[received_at], j.[time], j.[time_ns], j.[kind], j.[name], j.[id], j.[weight], j.[duration_ms], j.[duration_us], j.[success], j.[code], j.[operation_id], j.[parent_id], j.[trace_id], j.[span_id], j.[message], j.[severity], j.[value], j.[unit], j.[user], j.[session], j.[instance], j.[version], j.[properties], j.[measurements]
FROM OPENJSON(@events) WITH (
    [app_id] int '$.app_id',
    [hash] varchar(32) '$.hash',
    [received_at] bigint '$.received_at',
    [time] bigint '$.time',
    [time_ns] smallint '$.time_ns',
    [kind] varchar(16) '$.kind',
    [name] nvarchar(1024) '$.name',
    [id] nvarchar(512) '$.id',
    [weight] float '$.weight',
    [duration_ms] int '$.duration_ms',
    [duration_us] bigint '$.duration_us',
    [success] bit '$.success',
    [code] nvarchar(1024) '$.code',
    [operation_id] nvarchar(1024) '$.operation_id',
    [parent_id] nvarchar(1024) '$.parent_id',
    [trace_id] nvarchar(64) '$.trace_id',
    [span_id] nvarchar(32) '$.span_id',
    [message] nvarchar(max) '$.message',
    [severity] varchar(16) '$.severity',
    [value] float '$.value',
    [unit] nvarchar(63) '$.unit',
    [user] nvarchar(1024) '$.user',
    [session] nvarchar(64) '$.session',
    [instance] nvarchar(256) '$.instance',
    [version] nvarchar(1024) '$.version',
    [properties] nvarchar(max) '$.properties',
    [measurements] nvarchar(max) '$.measurements'
) AS j
ORDER BY j.app_id, j.[time], j.[hash];
SET @inserted = @@ROWCOUNT;
SELECT app_id, [time], [hash] FROM @stored;
SELECT @inserted AS inserted;

-- INSERT_LOOKING
SET NOCOUNT ON;
DECLARE @stored TABLE (app_id int NOT NULL, [time] bigint NOT NULL, [hash] binary(16) NOT NULL);
DECLARE @inserted int;
INSERT INTO dbo.scorpiox_event ([app_id], [hash], [received_at], [time], [time_ns], [kind], [name], [id], [weight], [duration_ms], [duration_us], [success], [code], [operation_id], [parent_id], [trace_id], [span_id], [message], [severity], [value], [unit], [user], [session], [instance], [version], [properties], [measurements])
OUTPUT inserted.app_id, inserted.[time], inserted.[hash] INTO @stored (app_id, [time], [hash])
SELECT j.[app_id], CONVERT(binary(16), j.[hash], 2), j.[received_at], j.[time], j.[time_ns], j.[kind], j.[name], j.[id], j.[weight], j.[duration_ms], j.[duration_us], j.[success], j.[code], j.[operation_id], j.[parent_id], j.[trace_id], j.[span_id], j.[message], j.[severity], j.[value], j.[unit], j.[user], j.[session], j.[instance], j.[version], j.[properties], j.[measurements]
FROM OPENJSON(@events) WITH (
    [app_id] int '$.app_id',
    [hash] varchar(32) '$.hash',
    [received_at] bigint '$.received_at',
    [time] bigint '$.time',
    [time_ns] smallint '$.time_ns',
    [kind] varchar(16) '$.kind',
    [name] nvarchar(1024) '$.name',
    [id] nvarchar(512) '$.id',
    [weight] float '$.weight',
    [duration_ms] int '$.duration_ms',
    [duration_us] bigint '$.duration_us',
    [success] bit '$.success',
    [code] nvarchar(1024) '$.code',
    [operation_id] nvarchar(1024) '$.operation_id',
    [parent_id] nvarchar(1024) '$.parent_id',
    [trace_id] nvarchar(64) '$.trace_id',
    [span_id] nvarchar(32) '$.span_id',
    [message] nvarchar(max) '$.message',
    [severity] varchar(16) '$.severity',
    [value] float '$.value',
    [unit] nvarchar(63) '$.unit',
    [user] nvarchar(1024) '$.user',
    [session] nvarchar(64) '$.session',
    [instance] nvarchar(256) '$.instance',
    [version] nvarchar(1024) '$.version',
    [properties] nvarchar(max) '$.properties',
    [measurements] nvarchar(max) '$.measurements'
) AS j
WHERE NOT EXISTS (
  SELECT 1 FROM dbo.scorpiox_event AS e
  WHERE e.app_id = j.app_id AND e.[time] = j.[time] AND e.[hash] = CONVERT(binary(16), j.[hash], 2)
)
ORDER BY j.app_id, j.[time], j.[hash];
SET @inserted = @@ROWCOUNT;
SELECT app_id, [time], [hash] FROM @stored;
SELECT @inserted AS inserted;

-- add to rollups
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [name_hash] binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [count] float NOT NULL,
  [failures] float NOT NULL,
  [timed] float NOT NULL,
  [sum_us] float NOT NULL,
  [min_us] bigint NULL,
  [max_us] bigint NULL,
  PRIMARY KEY ([app_id], [kind], [minute], [name_hash])
);
INSERT INTO @delta ([app_id], [kind], [minute], [name_hash], [name], [count], [failures], [timed], [sum_us], [min_us], [max_us])
SELECT j.[app_id], j.[kind], j.[minute], CONVERT(binary(16), j.[name_hash], 2), j.[name], j.[count], j.[failures], j.[timed], j.[sum_us], j.[min_us], j.[max_us]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute',
    [name_hash] varchar(32) '$.name_hash',
    [name] nvarchar(1024) '$.name',
    [count] float '$.count',
    [failures] float '$.failures',
    [timed] float '$.timed',
    [sum_us] float '$.sum_us',
    [min_us] bigint '$.min_us',
    [max_us] bigint '$.max_us'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count],
  [failures] = t.[failures] + d.[failures],
  [timed] = t.[timed] + d.[timed],
  [sum_us] = t.[sum_us] + d.[sum_us],
  [min_us] = CASE WHEN t.[min_us] IS NULL OR d.[min_us] < t.[min_us] THEN d.[min_us] ELSE t.[min_us] END,
  [max_us] = CASE WHEN t.[max_us] IS NULL OR d.[max_us] > t.[max_us] THEN d.[max_us] ELSE t.[max_us] END
FROM dbo.scorpiox_rollup AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash];
INSERT INTO dbo.scorpiox_rollup ([app_id], [kind], [minute], [name_hash], [name], [count], [failures], [timed], [sum_us], [min_us], [max_us])
SELECT d.[app_id], d.[kind], d.[minute], d.[name_hash], d.[name], d.[count], d.[failures], d.[timed], d.[sum_us], d.[min_us], d.[max_us]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_rollup AS t WHERE t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash]);

-- add to buckets
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [name_hash] binary(16) NOT NULL,
  [bucket] smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY ([app_id], [kind], [minute], [name_hash], [bucket])
);
INSERT INTO @delta ([app_id], [kind], [minute], [name_hash], [bucket], [count])
SELECT j.[app_id], j.[kind], j.[minute], CONVERT(binary(16), j.[name_hash], 2), j.[bucket], j.[count]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute',
    [name_hash] varchar(32) '$.name_hash',
    [bucket] smallint '$.bucket',
    [count] float '$.count'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count]
FROM dbo.scorpiox_rollup_bucket AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash] AND t.[bucket] = d.[bucket];
INSERT INTO dbo.scorpiox_rollup_bucket ([app_id], [kind], [minute], [name_hash], [bucket], [count])
SELECT d.[app_id], d.[kind], d.[minute], d.[name_hash], d.[bucket], d.[count]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_rollup_bucket AS t WHERE t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash] AND t.[bucket] = d.[bucket]);

-- add to hourRollups
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [name_hash] binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [count] float NOT NULL,
  [failures] float NOT NULL,
  [timed] float NOT NULL,
  [sum_us] float NOT NULL,
  [min_us] bigint NULL,
  [max_us] bigint NULL,
  PRIMARY KEY ([app_id], [kind], [minute], [name_hash])
);
INSERT INTO @delta ([app_id], [kind], [minute], [name_hash], [name], [count], [failures], [timed], [sum_us], [min_us], [max_us])
SELECT j.[app_id], j.[kind], j.[minute], CONVERT(binary(16), j.[name_hash], 2), j.[name], j.[count], j.[failures], j.[timed], j.[sum_us], j.[min_us], j.[max_us]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute',
    [name_hash] varchar(32) '$.name_hash',
    [name] nvarchar(1024) '$.name',
    [count] float '$.count',
    [failures] float '$.failures',
    [timed] float '$.timed',
    [sum_us] float '$.sum_us',
    [min_us] bigint '$.min_us',
    [max_us] bigint '$.max_us'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count],
  [failures] = t.[failures] + d.[failures],
  [timed] = t.[timed] + d.[timed],
  [sum_us] = t.[sum_us] + d.[sum_us],
  [min_us] = CASE WHEN t.[min_us] IS NULL OR d.[min_us] < t.[min_us] THEN d.[min_us] ELSE t.[min_us] END,
  [max_us] = CASE WHEN t.[max_us] IS NULL OR d.[max_us] > t.[max_us] THEN d.[max_us] ELSE t.[max_us] END
FROM dbo.scorpiox_rollup_hour AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash];
INSERT INTO dbo.scorpiox_rollup_hour ([app_id], [kind], [minute], [name_hash], [name], [count], [failures], [timed], [sum_us], [min_us], [max_us])
SELECT d.[app_id], d.[kind], d.[minute], d.[name_hash], d.[name], d.[count], d.[failures], d.[timed], d.[sum_us], d.[min_us], d.[max_us]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_rollup_hour AS t WHERE t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash]);

-- add to hourBuckets
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [name_hash] binary(16) NOT NULL,
  [bucket] smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY ([app_id], [kind], [minute], [name_hash], [bucket])
);
INSERT INTO @delta ([app_id], [kind], [minute], [name_hash], [bucket], [count])
SELECT j.[app_id], j.[kind], j.[minute], CONVERT(binary(16), j.[name_hash], 2), j.[bucket], j.[count]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute',
    [name_hash] varchar(32) '$.name_hash',
    [bucket] smallint '$.bucket',
    [count] float '$.count'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count]
FROM dbo.scorpiox_rollup_hour_bucket AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash] AND t.[bucket] = d.[bucket];
INSERT INTO dbo.scorpiox_rollup_hour_bucket ([app_id], [kind], [minute], [name_hash], [bucket], [count])
SELECT d.[app_id], d.[kind], d.[minute], d.[name_hash], d.[bucket], d.[count]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_rollup_hour_bucket AS t WHERE t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash] AND t.[bucket] = d.[bucket]);

-- add to dayRollups
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [name_hash] binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [count] float NOT NULL,
  [failures] float NOT NULL,
  [timed] float NOT NULL,
  [sum_us] float NOT NULL,
  [min_us] bigint NULL,
  [max_us] bigint NULL,
  PRIMARY KEY ([app_id], [kind], [minute], [name_hash])
);
INSERT INTO @delta ([app_id], [kind], [minute], [name_hash], [name], [count], [failures], [timed], [sum_us], [min_us], [max_us])
SELECT j.[app_id], j.[kind], j.[minute], CONVERT(binary(16), j.[name_hash], 2), j.[name], j.[count], j.[failures], j.[timed], j.[sum_us], j.[min_us], j.[max_us]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute',
    [name_hash] varchar(32) '$.name_hash',
    [name] nvarchar(1024) '$.name',
    [count] float '$.count',
    [failures] float '$.failures',
    [timed] float '$.timed',
    [sum_us] float '$.sum_us',
    [min_us] bigint '$.min_us',
    [max_us] bigint '$.max_us'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count],
  [failures] = t.[failures] + d.[failures],
  [timed] = t.[timed] + d.[timed],
  [sum_us] = t.[sum_us] + d.[sum_us],
  [min_us] = CASE WHEN t.[min_us] IS NULL OR d.[min_us] < t.[min_us] THEN d.[min_us] ELSE t.[min_us] END,
  [max_us] = CASE WHEN t.[max_us] IS NULL OR d.[max_us] > t.[max_us] THEN d.[max_us] ELSE t.[max_us] END
FROM dbo.scorpiox_rollup_day AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash];
INSERT INTO dbo.scorpiox_rollup_day ([app_id], [kind], [minute], [name_hash], [name], [count], [failures], [timed], [sum_us], [min_us], [max_us])
SELECT d.[app_id], d.[kind], d.[minute], d.[name_hash], d.[name], d.[count], d.[failures], d.[timed], d.[sum_us], d.[min_us], d.[max_us]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_rollup_day AS t WHERE t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash]);

-- add to dayBuckets
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [name_hash] binary(16) NOT NULL,
  [bucket] smallint NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY ([app_id], [kind], [minute], [name_hash], [bucket])
);
INSERT INTO @delta ([app_id], [kind], [minute], [name_hash], [bucket], [count])
SELECT j.[app_id], j.[kind], j.[minute], CONVERT(binary(16), j.[name_hash], 2), j.[bucket], j.[count]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute',
    [name_hash] varchar(32) '$.name_hash',
    [bucket] smallint '$.bucket',
    [count] float '$.count'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count]
FROM dbo.scorpiox_rollup_day_bucket AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash] AND t.[bucket] = d.[bucket];
INSERT INTO dbo.scorpiox_rollup_day_bucket ([app_id], [kind], [minute], [name_hash], [bucket], [count])
SELECT d.[app_id], d.[kind], d.[minute], d.[name_hash], d.[bucket], d.[count]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_rollup_day_bucket AS t WHERE t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute] AND t.[name_hash] = d.[name_hash] AND t.[bucket] = d.[bucket]);

-- add to counters
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [received] bigint NOT NULL,
  [accepted] bigint NOT NULL,
  [duplicates] bigint NOT NULL,
  [sampled] bigint NOT NULL,
  [late] bigint NOT NULL,
  [last_seen] bigint NULL,
  PRIMARY KEY ([app_id])
);
INSERT INTO @delta ([app_id], [received], [accepted], [duplicates], [sampled], [late], [last_seen])
SELECT j.[app_id], j.[received], j.[accepted], j.[duplicates], j.[sampled], j.[late], j.[last_seen]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [received] bigint '$.received',
    [accepted] bigint '$.accepted',
    [duplicates] bigint '$.duplicates',
    [sampled] bigint '$.sampled',
    [late] bigint '$.late',
    [last_seen] bigint '$.last_seen'
) AS j;
UPDATE t SET [received] = t.[received] + d.[received],
  [accepted] = t.[accepted] + d.[accepted],
  [duplicates] = t.[duplicates] + d.[duplicates],
  [sampled] = t.[sampled] + d.[sampled],
  [late] = t.[late] + d.[late],
  [last_seen] = CASE WHEN t.[last_seen] IS NULL OR d.[last_seen] > t.[last_seen] THEN d.[last_seen] ELSE t.[last_seen] END
FROM dbo.scorpiox_app_counter AS t JOIN @delta AS d ON t.[app_id] = d.[app_id];
INSERT INTO dbo.scorpiox_app_counter ([app_id], [received], [accepted], [duplicates], [sampled], [late], [last_seen])
SELECT d.[app_id], d.[received], d.[accepted], d.[duplicates], d.[sampled], d.[late], d.[last_seen]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app_counter AS t WHERE t.[app_id] = d.[app_id]);

-- add to rejections
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [what] varchar(64) NOT NULL,
  [count] bigint NOT NULL,
  PRIMARY KEY ([app_id], [what])
);
INSERT INTO @delta ([app_id], [what], [count])
SELECT j.[app_id], j.[what], j.[count]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [what] varchar(64) '$.what',
    [count] bigint '$.count'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count]
FROM dbo.scorpiox_app_rejection AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[what] = d.[what];
INSERT INTO dbo.scorpiox_app_rejection ([app_id], [what], [count])
SELECT d.[app_id], d.[what], d.[count]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app_rejection AS t WHERE t.[app_id] = d.[app_id] AND t.[what] = d.[what]);

-- add to adjustments
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [what] varchar(64) NOT NULL,
  [count] bigint NOT NULL,
  PRIMARY KEY ([app_id], [what])
);
INSERT INTO @delta ([app_id], [what], [count])
SELECT j.[app_id], j.[what], j.[count]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [what] varchar(64) '$.what',
    [count] bigint '$.count'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count]
FROM dbo.scorpiox_app_adjustment AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[what] = d.[what];
INSERT INTO dbo.scorpiox_app_adjustment ([app_id], [what], [count])
SELECT d.[app_id], d.[what], d.[count]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app_adjustment AS t WHERE t.[app_id] = d.[app_id] AND t.[what] = d.[what]);

-- READ_COUNTERS
SELECT a.id, a.[name], c.received, c.accepted, c.duplicates, c.sampled, c.late, c.last_seen
FROM dbo.scorpiox_app AS a LEFT JOIN dbo.scorpiox_app_counter AS c ON c.app_id = a.id
ORDER BY a.name_key;
SELECT app_id, what, [count] FROM dbo.scorpiox_app_rejection;
SELECT app_id, what, [count] FROM dbo.scorpiox_app_adjustment;

-- read totals by 1 min
SELECT r.app_id, SUM(r.[count]) AS [count], SUM(r.failures) AS failures, MIN(r.min_us) AS min_us, MAX(r.max_us) AS max_us
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_rollup AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to
GROUP BY r.app_id;
SELECT r.app_id, r.bucket, SUM(r.[count]) AS [count]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_rollup_bucket AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to
GROUP BY r.app_id, r.bucket;

-- read steps by 1 min
SELECT s.app_id, s.step, SUM(s.[count]) AS [count]
FROM (SELECT r.app_id, (r.[minute] - @start) / @step_minutes AS step, r.[count]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_rollup AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to) AS s
GROUP BY s.app_id, s.step;

-- read totals by 60 min
SELECT r.app_id, SUM(r.[count]) AS [count], SUM(r.failures) AS failures, MIN(r.min_us) AS min_us, MAX(r.max_us) AS max_us
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_rollup_hour AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to
GROUP BY r.app_id;
SELECT r.app_id, r.bucket, SUM(r.[count]) AS [count]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_rollup_hour_bucket AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to
GROUP BY r.app_id, r.bucket;

-- read steps by 60 min
SELECT s.app_id, s.step, SUM(s.[count]) AS [count]
FROM (SELECT r.app_id, (r.[minute] - @start) / @step_minutes AS step, r.[count]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_rollup_hour AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to) AS s
GROUP BY s.app_id, s.step;

-- read totals by 1440 min
SELECT r.app_id, SUM(r.[count]) AS [count], SUM(r.failures) AS failures, MIN(r.min_us) AS min_us, MAX(r.max_us) AS max_us
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_rollup_day AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to
GROUP BY r.app_id;
SELECT r.app_id, r.bucket, SUM(r.[count]) AS [count]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_rollup_day_bucket AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to
GROUP BY r.app_id, r.bucket;

-- read steps by 1440 min
SELECT s.app_id, s.step, SUM(s.[count]) AS [count]
FROM (SELECT r.app_id, (r.[minute] - @start) / @step_minutes AS step, r.[count]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_rollup_day AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to) AS s
GROUP BY s.app_id, s.step;

-- READ_SIZE
SELECT SUM(CAST(size AS bigint)) * 8192 AS bytes FROM sys.database_files;

-- purge events 1
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_event WHERE app_id = @app_id AND [time] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([time]) AS oldest FROM dbo.scorpiox_event WHERE app_id = @app_id;

-- purge minutes 1
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_rollup WHERE app_id = @app_id AND kind = @kind AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_rollup WHERE app_id = @app_id AND kind = @kind;

-- purge minutes 2
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_rollup_bucket WHERE app_id = @app_id AND kind = @kind AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_rollup_bucket WHERE app_id = @app_id AND kind = @kind;

-- purge hours 1
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_rollup_hour WHERE app_id = @app_id AND kind = @kind AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_rollup_hour WHERE app_id = @app_id AND kind = @kind;

-- purge hours 2
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_rollup_hour_bucket WHERE app_id = @app_id AND kind = @kind AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_rollup_hour_bucket WHERE app_id = @app_id AND kind = @kind;

-- purge days 1
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_rollup_day WHERE app_id = @app_id AND kind = @kind AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_rollup_day WHERE app_id = @app_id AND kind = @kind;

-- purge days 2
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_rollup_day_bucket WHERE app_id = @app_id AND kind = @kind AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_rollup_day_bucket WHERE app_id = @app_id AND kind = @kind;

-- READ_MARK
SET NOCOUNT ON;
DECLARE @outcome int;
EXEC @outcome = sp_getapplock @Resource = @resource, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 20000;
SELECT @outcome AS outcome;
SELECT shipped FROM dbo.scorpiox_spool WHERE lineage = @lineage;

-- WRITE_MARK
SET NOCOUNT ON;
UPDATE dbo.scorpiox_spool SET shipped = @shipped, shipped_at = @now WHERE lineage = @lineage;
INSERT INTO dbo.scorpiox_spool (lineage, shipped, shipped_at)
SELECT @lineage, @shipped, @now
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_spool WHERE lineage = @lineage);

-- FORGET_MARKS
DELETE TOP (1000) FROM dbo.scorpiox_spool WHERE shipped_at < @before;

-- READ_OLD_COLUMNS
SELECT name FROM sys.columns WHERE object_id = OBJECT_ID(@table) ORDER BY column_id;

-- count rows to be imported
SELECT COUNT_BIG(*) AS [rows] FROM [dbo].[Requests];

-- count keys to be imported
SELECT COUNT_BIG(*) AS [rows], COUNT_BIG(DISTINCT CAST([Id] AS bigint)) AS [keys] FROM [dbo].[Requests];

-- read rows to be imported
SELECT TOP (1000)
  CAST([Id] AS bigint) AS [row_key],
  LEFT(CONVERT(nvarchar(max), [Timestamp], 126), 40000) AS [c0],
  LEFT(CONVERT(nvarchar(max), [odd]]name], 126), 40000) AS [c1]
FROM [dbo].[Requests]
WHERE [Id] >= @from
ORDER BY [Id];
