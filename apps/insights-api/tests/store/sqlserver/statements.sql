-- READ_DEDUPLICATION
SELECT COUNT(*) AS skipping FROM sys.indexes
WHERE object_id = OBJECT_ID(N'dbo.scorpiox_event') AND is_unique = 1 AND ignore_dup_key = 1 AND is_disabled = 0;

-- INSERT_SKIPPING
SET NOCOUNT ON;
DECLARE @stored TABLE (app_id int NOT NULL, [time] bigint NOT NULL, [hash] binary(16) NOT NULL);
DECLARE @inserted int;
INSERT INTO dbo.scorpiox_event ([app_id], [hash], [received_at], [time], [time_ns], [kind], [name], [id], [weight], [duration_ms], [duration_us], [success], [code], [operation_id], [parent_id], [trace_id], [span_id], [message], [severity], [value], [unit], [user], [session], [instance], [version], [properties], [measurements], [metric])
OUTPUT inserted.app_id, inserted.[time], inserted.[hash] INTO @stored (app_id, [time], [hash])
SELECT j.[app_id], CONVERT(binary(16), j.[hash], 2), j.[received_at], j.[time], j.[time_ns], j.[kind], j.[name], j.[id], j.[weight], j.[duration_ms], j.[duration_us], j.[success], j.[code], j.[operation_id], j.[parent_id], j.[trace_id], j.[span_id], j.[message], j.[severity], j.[value], j.[unit], j.[user], j.[session], j.[instance], j.[version], j.[properties], j.[measurements], j.[metric]
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
    [measurements] nvarchar(max) '$.measurements',
    [metric] nvarchar(max) '$.metric'
) AS j
ORDER BY j.app_id, j.[time], j.[hash];
SET @inserted = @@ROWCOUNT;
SELECT app_id, [time], [hash] FROM @stored;
SELECT @inserted AS inserted;

-- INSERT_LOOKING
SET NOCOUNT ON;
DECLARE @stored TABLE (app_id int NOT NULL, [time] bigint NOT NULL, [hash] binary(16) NOT NULL);
DECLARE @inserted int;
INSERT INTO dbo.scorpiox_event ([app_id], [hash], [received_at], [time], [time_ns], [kind], [name], [id], [weight], [duration_ms], [duration_us], [success], [code], [operation_id], [parent_id], [trace_id], [span_id], [message], [severity], [value], [unit], [user], [session], [instance], [version], [properties], [measurements], [metric])
OUTPUT inserted.app_id, inserted.[time], inserted.[hash] INTO @stored (app_id, [time], [hash])
SELECT j.[app_id], CONVERT(binary(16), j.[hash], 2), j.[received_at], j.[time], j.[time_ns], j.[kind], j.[name], j.[id], j.[weight], j.[duration_ms], j.[duration_us], j.[success], j.[code], j.[operation_id], j.[parent_id], j.[trace_id], j.[span_id], j.[message], j.[severity], j.[value], j.[unit], j.[user], j.[session], j.[instance], j.[version], j.[properties], j.[measurements], j.[metric]
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
    [measurements] nvarchar(max) '$.measurements',
    [metric] nvarchar(max) '$.metric'
) AS j
WHERE NOT EXISTS (
  SELECT 1 FROM dbo.scorpiox_event AS e
  WHERE e.app_id = j.app_id AND e.[time] = j.[time] AND e.[hash] = CONVERT(binary(16), j.[hash], 2)
)
ORDER BY j.app_id, j.[time], j.[hash];
SET @inserted = @@ROWCOUNT;
SELECT app_id, [time], [hash] FROM @stored;
SELECT @inserted AS inserted;

-- CREATE_BATCH
CREATE TABLE #scorpiox_batch (
  [n] int NOT NULL,
  [app_id] int NOT NULL,
  [hash] varbinary(16) NOT NULL,
  [received_at] bigint NOT NULL,
  [time] bigint NULL,
  [time_ns] smallint NULL,
  [kind] nvarchar(16) NULL,
  [name] nvarchar(1024) NULL,
  [id] nvarchar(512) NULL,
  [weight] float NULL,
  [duration_ms] int NULL,
  [duration_us] bigint NULL,
  [success] bit NULL,
  [code] nvarchar(1024) NULL,
  [operation_id] nvarchar(1024) NULL,
  [parent_id] nvarchar(1024) NULL,
  [trace_id] nvarchar(64) NULL,
  [span_id] nvarchar(32) NULL,
  [message] nvarchar(max) NULL,
  [severity] nvarchar(16) NULL,
  [value] float NULL,
  [unit] nvarchar(63) NULL,
  [user] nvarchar(1024) NULL,
  [session] nvarchar(64) NULL,
  [instance] nvarchar(256) NULL,
  [version] nvarchar(1024) NULL,
  [properties] nvarchar(max) NULL,
  [measurements] nvarchar(max) NULL,
  [metric] nvarchar(max) NULL,
  PRIMARY KEY ([n])
);

-- insert what was loaded, index skips
SET NOCOUNT ON;
DECLARE @stored TABLE (app_id int NOT NULL, [time] bigint NOT NULL, [hash] binary(16) NOT NULL);
DECLARE @inserted int = 0;
DECLARE @from int = 0;
WHILE @from < @rows
BEGIN
  INSERT INTO dbo.scorpiox_event ([app_id], [hash], [received_at], [time], [time_ns], [kind], [name], [id], [weight], [duration_ms], [duration_us], [success], [code], [operation_id], [parent_id], [trace_id], [span_id], [message], [severity], [value], [unit], [user], [session], [instance], [version], [properties], [measurements], [metric])
  OUTPUT inserted.app_id, inserted.[time], inserted.[hash] INTO @stored (app_id, [time], [hash])
  SELECT b.[app_id], b.[hash], b.[received_at], b.[time], b.[time_ns], b.[kind], b.[name], b.[id], b.[weight], b.[duration_ms], b.[duration_us], b.[success], b.[code], b.[operation_id], b.[parent_id], b.[trace_id], b.[span_id], b.[message], b.[severity], b.[value], b.[unit], b.[user], b.[session], b.[instance], b.[version], b.[properties], b.[measurements], b.[metric]
  FROM #scorpiox_batch AS b
  WHERE b.[n] >= @from AND b.[n] < @from + 2000
  ORDER BY b.[n];
  SET @inserted = @inserted + @@ROWCOUNT;
  SET @from = @from + 2000;
END;
DROP TABLE #scorpiox_batch;
SELECT app_id, [time], [hash] FROM @stored;
SELECT @inserted AS inserted;

-- insert what was loaded, statement looks
SET NOCOUNT ON;
DECLARE @stored TABLE (app_id int NOT NULL, [time] bigint NOT NULL, [hash] binary(16) NOT NULL);
DECLARE @inserted int = 0;
DECLARE @from int = 0;
WHILE @from < @rows
BEGIN
  INSERT INTO dbo.scorpiox_event ([app_id], [hash], [received_at], [time], [time_ns], [kind], [name], [id], [weight], [duration_ms], [duration_us], [success], [code], [operation_id], [parent_id], [trace_id], [span_id], [message], [severity], [value], [unit], [user], [session], [instance], [version], [properties], [measurements], [metric])
  OUTPUT inserted.app_id, inserted.[time], inserted.[hash] INTO @stored (app_id, [time], [hash])
  SELECT b.[app_id], b.[hash], b.[received_at], b.[time], b.[time_ns], b.[kind], b.[name], b.[id], b.[weight], b.[duration_ms], b.[duration_us], b.[success], b.[code], b.[operation_id], b.[parent_id], b.[trace_id], b.[span_id], b.[message], b.[severity], b.[value], b.[unit], b.[user], b.[session], b.[instance], b.[version], b.[properties], b.[measurements], b.[metric]
  FROM #scorpiox_batch AS b
  WHERE b.[n] >= @from AND b.[n] < @from + 2000 AND NOT EXISTS (
    SELECT 1 FROM dbo.scorpiox_event AS e
    WHERE e.app_id = b.app_id AND e.[time] = b.[time] AND e.[hash] = b.[hash]
  )
  ORDER BY b.[n];
  SET @inserted = @inserted + @@ROWCOUNT;
  SET @from = @from + 2000;
END;
DROP TABLE #scorpiox_batch;
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
SELECT a.id, a.[name], c.received, c.accepted, c.duplicates, c.sampled, c.late, c.last_seen, a.apdex_ms
FROM dbo.scorpiox_app AS a LEFT JOIN dbo.scorpiox_app_counter AS c ON c.app_id = a.id
ORDER BY a.name_key;
SELECT app_id, what, [count] FROM dbo.scorpiox_app_rejection;
SELECT app_id, what, [count] FROM dbo.scorpiox_app_adjustment;

-- READ_MEMORY
SELECT m.app_id, m.since
FROM OPENJSON(@apps) WITH (app_id int '$.app_id') AS j
JOIN dbo.scorpiox_metric_memory AS m ON m.app_id = j.app_id;
SELECT s.app_id, s.metric, s.series, s.seen_at
FROM OPENJSON(@series) WITH (app_id int '$.app_id', metric varchar(32) '$.metric', series varchar(32) '$.series') AS j
JOIN dbo.scorpiox_metric_series AS s
  ON s.app_id = j.app_id AND s.metric = CONVERT(binary(16), j.metric, 2) AND s.series = CONVERT(binary(16), j.series, 2);
SELECT s.app_id, s.stream, s.[state]
FROM OPENJSON(@streams) WITH (app_id int '$.app_id', stream varchar(32) '$.stream') AS j
JOIN dbo.scorpiox_metric_stream AS s ON s.app_id = j.app_id AND s.stream = CONVERT(binary(16), j.stream, 2);

-- READ_ACTIVE
SELECT j.app_id,
  (SELECT COUNT(*) FROM dbo.scorpiox_metric_series AS s WHERE s.app_id = j.app_id AND s.seen_at >= @after) AS series,
  (SELECT COUNT(*) FROM dbo.scorpiox_metric_stream AS t WHERE t.app_id = j.app_id AND t.seen_at >= @after) AS streams
FROM OPENJSON(@apps) WITH (app_id int '$.app_id') AS j;

-- add to scorpiox_metric
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [metric] binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [unit] nvarchar(63) NOT NULL,
  PRIMARY KEY ([app_id], [metric])
);
INSERT INTO @delta ([app_id], [metric], [name], [unit])
SELECT j.[app_id], CONVERT(binary(16), j.[metric], 2), j.[name], j.[unit]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [metric] varchar(32) '$.metric',
    [name] nvarchar(1024) '$.name',
    [unit] nvarchar(63) '$.unit'
) AS j;
INSERT INTO dbo.scorpiox_metric ([app_id], [metric], [name], [unit])
SELECT d.[app_id], d.[metric], d.[name], d.[unit]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric AS t WHERE t.[app_id] = d.[app_id] AND t.[metric] = d.[metric]);

-- add to scorpiox_metric_series
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [metric] binary(16) NOT NULL,
  [series] binary(16) NOT NULL,
  [kind] varchar(16) NOT NULL,
  [dimensions] nvarchar(max) NOT NULL,
  [seen_at] bigint NULL,
  PRIMARY KEY ([app_id], [metric], [series])
);
INSERT INTO @delta ([app_id], [metric], [series], [kind], [dimensions], [seen_at])
SELECT j.[app_id], CONVERT(binary(16), j.[metric], 2), CONVERT(binary(16), j.[series], 2), j.[kind], j.[dimensions], j.[seen_at]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [metric] varchar(32) '$.metric',
    [series] varchar(32) '$.series',
    [kind] varchar(16) '$.kind',
    [dimensions] nvarchar(max) '$.dimensions',
    [seen_at] bigint '$.seen_at'
) AS j;
UPDATE t SET [seen_at] = CASE WHEN t.[seen_at] IS NULL OR d.[seen_at] > t.[seen_at] THEN d.[seen_at] ELSE t.[seen_at] END
FROM dbo.scorpiox_metric_series AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[series] = d.[series];
INSERT INTO dbo.scorpiox_metric_series ([app_id], [metric], [series], [kind], [dimensions], [seen_at])
SELECT d.[app_id], d.[metric], d.[series], d.[kind], d.[dimensions], d.[seen_at]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric_series AS t WHERE t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[series] = d.[series]);

-- add to scorpiox_metric_stream
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [stream] binary(16) NOT NULL,
  [state] nvarchar(max) NOT NULL,
  [seen_at] bigint NULL,
  PRIMARY KEY ([app_id], [stream])
);
INSERT INTO @delta ([app_id], [stream], [state], [seen_at])
SELECT j.[app_id], CONVERT(binary(16), j.[stream], 2), j.[state], j.[seen_at]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [stream] varchar(32) '$.stream',
    [state] nvarchar(max) '$.state',
    [seen_at] bigint '$.seen_at'
) AS j;
UPDATE t SET [state] = d.[state],
  [seen_at] = CASE WHEN t.[seen_at] IS NULL OR d.[seen_at] > t.[seen_at] THEN d.[seen_at] ELSE t.[seen_at] END
FROM dbo.scorpiox_metric_stream AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[stream] = d.[stream];
INSERT INTO dbo.scorpiox_metric_stream ([app_id], [stream], [state], [seen_at])
SELECT d.[app_id], d.[stream], d.[state], d.[seen_at]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric_stream AS t WHERE t.[app_id] = d.[app_id] AND t.[stream] = d.[stream]);

-- add to scorpiox_metric_memory
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [since] bigint NULL,
  PRIMARY KEY ([app_id])
);
INSERT INTO @delta ([app_id], [since])
SELECT j.[app_id], j.[since]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [since] bigint '$.since'
) AS j;
UPDATE t SET [since] = CASE WHEN t.[since] IS NULL OR d.[since] < t.[since] THEN d.[since] ELSE t.[since] END
FROM dbo.scorpiox_metric_memory AS t JOIN @delta AS d ON t.[app_id] = d.[app_id];
INSERT INTO dbo.scorpiox_metric_memory ([app_id], [since])
SELECT d.[app_id], d.[since]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric_memory AS t WHERE t.[app_id] = d.[app_id]);

-- add to scorpiox_metric_rollup
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [metric] binary(16) NOT NULL,
  [minute] int NOT NULL,
  [series] binary(16) NOT NULL,
  [points] float NOT NULL,
  [count] float NOT NULL,
  [summed] float NOT NULL,
  [sum] float NOT NULL,
  [ranged] float NOT NULL,
  [min] float NULL,
  [max] float NULL,
  [last] float NULL,
  [last_time] bigint NULL,
  PRIMARY KEY ([app_id], [metric], [minute], [series])
);
INSERT INTO @delta ([app_id], [metric], [minute], [series], [points], [count], [summed], [sum], [ranged], [min], [max], [last], [last_time])
SELECT j.[app_id], CONVERT(binary(16), j.[metric], 2), j.[minute], CONVERT(binary(16), j.[series], 2), j.[points], j.[count], j.[summed], j.[sum], j.[ranged], j.[min], j.[max], j.[last], j.[last_time]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [metric] varchar(32) '$.metric',
    [minute] int '$.minute',
    [series] varchar(32) '$.series',
    [points] float '$.points',
    [count] float '$.count',
    [summed] float '$.summed',
    [sum] float '$.sum',
    [ranged] float '$.ranged',
    [min] float '$.min',
    [max] float '$.max',
    [last] float '$.last',
    [last_time] bigint '$.last_time'
) AS j;
UPDATE t SET [points] = t.[points] + d.[points],
  [count] = t.[count] + d.[count],
  [summed] = t.[summed] + d.[summed],
  [sum] = t.[sum] + d.[sum],
  [ranged] = t.[ranged] + d.[ranged],
  [min] = CASE WHEN t.[min] IS NULL OR d.[min] < t.[min] THEN d.[min] ELSE t.[min] END,
  [max] = CASE WHEN t.[max] IS NULL OR d.[max] > t.[max] THEN d.[max] ELSE t.[max] END,
  [last] = CASE WHEN d.[last_time] > t.[last_time] OR (d.[last_time] = t.[last_time] AND d.[last] > t.[last]) THEN d.[last] ELSE t.[last] END,
  [last_time] = CASE WHEN t.[last_time] IS NULL OR d.[last_time] > t.[last_time] THEN d.[last_time] ELSE t.[last_time] END
FROM dbo.scorpiox_metric_rollup AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series];
INSERT INTO dbo.scorpiox_metric_rollup ([app_id], [metric], [minute], [series], [points], [count], [summed], [sum], [ranged], [min], [max], [last], [last_time])
SELECT d.[app_id], d.[metric], d.[minute], d.[series], d.[points], d.[count], d.[summed], d.[sum], d.[ranged], d.[min], d.[max], d.[last], d.[last_time]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric_rollup AS t WHERE t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series]);

-- add to scorpiox_metric_rollup_bucket
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [metric] binary(16) NOT NULL,
  [minute] int NOT NULL,
  [series] binary(16) NOT NULL,
  [low] int NOT NULL,
  [high] int NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY ([app_id], [metric], [minute], [series], [low], [high])
);
INSERT INTO @delta ([app_id], [metric], [minute], [series], [low], [high], [count])
SELECT j.[app_id], CONVERT(binary(16), j.[metric], 2), j.[minute], CONVERT(binary(16), j.[series], 2), j.[low], j.[high], j.[count]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [metric] varchar(32) '$.metric',
    [minute] int '$.minute',
    [series] varchar(32) '$.series',
    [low] int '$.low',
    [high] int '$.high',
    [count] float '$.count'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count]
FROM dbo.scorpiox_metric_rollup_bucket AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series] AND t.[low] = d.[low] AND t.[high] = d.[high];
INSERT INTO dbo.scorpiox_metric_rollup_bucket ([app_id], [metric], [minute], [series], [low], [high], [count])
SELECT d.[app_id], d.[metric], d.[minute], d.[series], d.[low], d.[high], d.[count]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric_rollup_bucket AS t WHERE t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series] AND t.[low] = d.[low] AND t.[high] = d.[high]);

-- add to scorpiox_metric_rollup_hour
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [metric] binary(16) NOT NULL,
  [minute] int NOT NULL,
  [series] binary(16) NOT NULL,
  [points] float NOT NULL,
  [count] float NOT NULL,
  [summed] float NOT NULL,
  [sum] float NOT NULL,
  [ranged] float NOT NULL,
  [min] float NULL,
  [max] float NULL,
  [last] float NULL,
  [last_time] bigint NULL,
  PRIMARY KEY ([app_id], [metric], [minute], [series])
);
INSERT INTO @delta ([app_id], [metric], [minute], [series], [points], [count], [summed], [sum], [ranged], [min], [max], [last], [last_time])
SELECT j.[app_id], CONVERT(binary(16), j.[metric], 2), j.[minute], CONVERT(binary(16), j.[series], 2), j.[points], j.[count], j.[summed], j.[sum], j.[ranged], j.[min], j.[max], j.[last], j.[last_time]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [metric] varchar(32) '$.metric',
    [minute] int '$.minute',
    [series] varchar(32) '$.series',
    [points] float '$.points',
    [count] float '$.count',
    [summed] float '$.summed',
    [sum] float '$.sum',
    [ranged] float '$.ranged',
    [min] float '$.min',
    [max] float '$.max',
    [last] float '$.last',
    [last_time] bigint '$.last_time'
) AS j;
UPDATE t SET [points] = t.[points] + d.[points],
  [count] = t.[count] + d.[count],
  [summed] = t.[summed] + d.[summed],
  [sum] = t.[sum] + d.[sum],
  [ranged] = t.[ranged] + d.[ranged],
  [min] = CASE WHEN t.[min] IS NULL OR d.[min] < t.[min] THEN d.[min] ELSE t.[min] END,
  [max] = CASE WHEN t.[max] IS NULL OR d.[max] > t.[max] THEN d.[max] ELSE t.[max] END,
  [last] = CASE WHEN d.[last_time] > t.[last_time] OR (d.[last_time] = t.[last_time] AND d.[last] > t.[last]) THEN d.[last] ELSE t.[last] END,
  [last_time] = CASE WHEN t.[last_time] IS NULL OR d.[last_time] > t.[last_time] THEN d.[last_time] ELSE t.[last_time] END
FROM dbo.scorpiox_metric_rollup_hour AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series];
INSERT INTO dbo.scorpiox_metric_rollup_hour ([app_id], [metric], [minute], [series], [points], [count], [summed], [sum], [ranged], [min], [max], [last], [last_time])
SELECT d.[app_id], d.[metric], d.[minute], d.[series], d.[points], d.[count], d.[summed], d.[sum], d.[ranged], d.[min], d.[max], d.[last], d.[last_time]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric_rollup_hour AS t WHERE t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series]);

-- add to scorpiox_metric_rollup_hour_bucket
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [metric] binary(16) NOT NULL,
  [minute] int NOT NULL,
  [series] binary(16) NOT NULL,
  [low] int NOT NULL,
  [high] int NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY ([app_id], [metric], [minute], [series], [low], [high])
);
INSERT INTO @delta ([app_id], [metric], [minute], [series], [low], [high], [count])
SELECT j.[app_id], CONVERT(binary(16), j.[metric], 2), j.[minute], CONVERT(binary(16), j.[series], 2), j.[low], j.[high], j.[count]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [metric] varchar(32) '$.metric',
    [minute] int '$.minute',
    [series] varchar(32) '$.series',
    [low] int '$.low',
    [high] int '$.high',
    [count] float '$.count'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count]
FROM dbo.scorpiox_metric_rollup_hour_bucket AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series] AND t.[low] = d.[low] AND t.[high] = d.[high];
INSERT INTO dbo.scorpiox_metric_rollup_hour_bucket ([app_id], [metric], [minute], [series], [low], [high], [count])
SELECT d.[app_id], d.[metric], d.[minute], d.[series], d.[low], d.[high], d.[count]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric_rollup_hour_bucket AS t WHERE t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series] AND t.[low] = d.[low] AND t.[high] = d.[high]);

-- add to scorpiox_metric_rollup_day
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [metric] binary(16) NOT NULL,
  [minute] int NOT NULL,
  [series] binary(16) NOT NULL,
  [points] float NOT NULL,
  [count] float NOT NULL,
  [summed] float NOT NULL,
  [sum] float NOT NULL,
  [ranged] float NOT NULL,
  [min] float NULL,
  [max] float NULL,
  [last] float NULL,
  [last_time] bigint NULL,
  PRIMARY KEY ([app_id], [metric], [minute], [series])
);
INSERT INTO @delta ([app_id], [metric], [minute], [series], [points], [count], [summed], [sum], [ranged], [min], [max], [last], [last_time])
SELECT j.[app_id], CONVERT(binary(16), j.[metric], 2), j.[minute], CONVERT(binary(16), j.[series], 2), j.[points], j.[count], j.[summed], j.[sum], j.[ranged], j.[min], j.[max], j.[last], j.[last_time]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [metric] varchar(32) '$.metric',
    [minute] int '$.minute',
    [series] varchar(32) '$.series',
    [points] float '$.points',
    [count] float '$.count',
    [summed] float '$.summed',
    [sum] float '$.sum',
    [ranged] float '$.ranged',
    [min] float '$.min',
    [max] float '$.max',
    [last] float '$.last',
    [last_time] bigint '$.last_time'
) AS j;
UPDATE t SET [points] = t.[points] + d.[points],
  [count] = t.[count] + d.[count],
  [summed] = t.[summed] + d.[summed],
  [sum] = t.[sum] + d.[sum],
  [ranged] = t.[ranged] + d.[ranged],
  [min] = CASE WHEN t.[min] IS NULL OR d.[min] < t.[min] THEN d.[min] ELSE t.[min] END,
  [max] = CASE WHEN t.[max] IS NULL OR d.[max] > t.[max] THEN d.[max] ELSE t.[max] END,
  [last] = CASE WHEN d.[last_time] > t.[last_time] OR (d.[last_time] = t.[last_time] AND d.[last] > t.[last]) THEN d.[last] ELSE t.[last] END,
  [last_time] = CASE WHEN t.[last_time] IS NULL OR d.[last_time] > t.[last_time] THEN d.[last_time] ELSE t.[last_time] END
FROM dbo.scorpiox_metric_rollup_day AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series];
INSERT INTO dbo.scorpiox_metric_rollup_day ([app_id], [metric], [minute], [series], [points], [count], [summed], [sum], [ranged], [min], [max], [last], [last_time])
SELECT d.[app_id], d.[metric], d.[minute], d.[series], d.[points], d.[count], d.[summed], d.[sum], d.[ranged], d.[min], d.[max], d.[last], d.[last_time]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric_rollup_day AS t WHERE t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series]);

-- add to scorpiox_metric_rollup_day_bucket
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [metric] binary(16) NOT NULL,
  [minute] int NOT NULL,
  [series] binary(16) NOT NULL,
  [low] int NOT NULL,
  [high] int NOT NULL,
  [count] float NOT NULL,
  PRIMARY KEY ([app_id], [metric], [minute], [series], [low], [high])
);
INSERT INTO @delta ([app_id], [metric], [minute], [series], [low], [high], [count])
SELECT j.[app_id], CONVERT(binary(16), j.[metric], 2), j.[minute], CONVERT(binary(16), j.[series], 2), j.[low], j.[high], j.[count]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [metric] varchar(32) '$.metric',
    [minute] int '$.minute',
    [series] varchar(32) '$.series',
    [low] int '$.low',
    [high] int '$.high',
    [count] float '$.count'
) AS j;
UPDATE t SET [count] = t.[count] + d.[count]
FROM dbo.scorpiox_metric_rollup_day_bucket AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series] AND t.[low] = d.[low] AND t.[high] = d.[high];
INSERT INTO dbo.scorpiox_metric_rollup_day_bucket ([app_id], [metric], [minute], [series], [low], [high], [count])
SELECT d.[app_id], d.[metric], d.[minute], d.[series], d.[low], d.[high], d.[count]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_metric_rollup_day_bucket AS t WHERE t.[app_id] = d.[app_id] AND t.[metric] = d.[metric] AND t.[minute] = d.[minute] AND t.[series] = d.[series] AND t.[low] = d.[low] AND t.[high] = d.[high]);

-- read metrics: list, 1 min
SELECT x.metric, m.[name], m.unit, s.kind, x.points, x.[last], x.last_time
FROM (
  SELECT r.app_id, r.metric, r.series, r.[last], r.last_time, SUM(r.points) OVER (PARTITION BY r.metric) AS points,
    ROW_NUMBER() OVER (PARTITION BY r.metric ORDER BY r.last_time DESC, r.[last] DESC, r.series) AS place
  FROM dbo.scorpiox_metric AS k JOIN dbo.scorpiox_metric_rollup AS r
    ON r.app_id = k.app_id AND r.metric = k.metric AND r.[minute] >= @from AND r.[minute] < @to
  WHERE k.app_id = @app_id
) AS x
JOIN dbo.scorpiox_metric AS m ON m.app_id = x.app_id AND m.metric = x.metric
JOIN dbo.scorpiox_metric_series AS s ON s.app_id = x.app_id AND s.metric = x.metric AND s.series = x.series
WHERE x.place = 1;

-- read metrics: series, 1 min
SELECT x.series, s.kind, s.dimensions, x.[count], x.summed, x.[sum], x.last_time
FROM (
  SELECT r.app_id, r.metric, r.series, SUM(r.[count]) AS [count], SUM(r.summed) AS summed, SUM(r.[sum]) AS [sum],
    MAX(r.last_time) AS last_time
  FROM dbo.scorpiox_metric_rollup AS r WHERE r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to
  GROUP BY r.app_id, r.metric, r.series
) AS x
JOIN dbo.scorpiox_metric_series AS s ON s.app_id = x.app_id AND s.metric = x.metric AND s.series = x.series;

-- read metrics: steps, 1 min
SET NOCOUNT ON;
DECLARE @group TABLE (series binary(16) NOT NULL PRIMARY KEY, grp int NOT NULL);
INSERT INTO @group (series, grp)
SELECT CONVERT(binary(16), j.series, 2), j.grp
FROM OPENJSON(@groups) WITH (series varchar(32) '$.series', grp int '$.grp') AS j;
SELECT y.grp, y.step, SUM(y.points) AS points, SUM(y.[count]) AS [count], SUM(y.summed) AS summed, SUM(y.[sum]) AS [sum],
  SUM(y.ranged) AS ranged, MIN(y.[min]) AS [min], MAX(y.[max]) AS [max], MAX(y.last_time) AS last_time,
  MAX(CASE WHEN y.place = 1 THEN y.[last] END) AS [last]
FROM (
  SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.grp, x.step ORDER BY x.last_time DESC, x.[last] DESC) AS place
  FROM (
    SELECT g.grp, (r.[minute] - @start) / @step_minutes AS step, r.points, r.[count], r.summed, r.[sum], r.ranged, r.[min],
      r.[max], r.[last], r.last_time
    FROM dbo.scorpiox_metric_rollup AS r JOIN @group AS g ON g.series = r.series
    WHERE r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to
  ) AS x
) AS y
GROUP BY y.grp, y.step;
SELECT x.grp, x.step, x.low, x.high, SUM(x.[count]) AS [count]
FROM (
  SELECT g.grp, (r.[minute] - @start) / @step_minutes AS step, r.low, r.high, r.[count]
  FROM dbo.scorpiox_metric_rollup_bucket AS r JOIN @group AS g ON g.series = r.series
  WHERE r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to
) AS x
GROUP BY x.grp, x.step, x.low, x.high;

-- read metrics: list, 60 min
SELECT x.metric, m.[name], m.unit, s.kind, x.points, x.[last], x.last_time
FROM (
  SELECT r.app_id, r.metric, r.series, r.[last], r.last_time, SUM(r.points) OVER (PARTITION BY r.metric) AS points,
    ROW_NUMBER() OVER (PARTITION BY r.metric ORDER BY r.last_time DESC, r.[last] DESC, r.series) AS place
  FROM dbo.scorpiox_metric AS k JOIN dbo.scorpiox_metric_rollup_hour AS r
    ON r.app_id = k.app_id AND r.metric = k.metric AND r.[minute] >= @from AND r.[minute] < @to
  WHERE k.app_id = @app_id
) AS x
JOIN dbo.scorpiox_metric AS m ON m.app_id = x.app_id AND m.metric = x.metric
JOIN dbo.scorpiox_metric_series AS s ON s.app_id = x.app_id AND s.metric = x.metric AND s.series = x.series
WHERE x.place = 1;

-- read metrics: series, 60 min
SELECT x.series, s.kind, s.dimensions, x.[count], x.summed, x.[sum], x.last_time
FROM (
  SELECT r.app_id, r.metric, r.series, SUM(r.[count]) AS [count], SUM(r.summed) AS summed, SUM(r.[sum]) AS [sum],
    MAX(r.last_time) AS last_time
  FROM dbo.scorpiox_metric_rollup_hour AS r WHERE r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to
  GROUP BY r.app_id, r.metric, r.series
) AS x
JOIN dbo.scorpiox_metric_series AS s ON s.app_id = x.app_id AND s.metric = x.metric AND s.series = x.series;

-- read metrics: steps, 60 min
SET NOCOUNT ON;
DECLARE @group TABLE (series binary(16) NOT NULL PRIMARY KEY, grp int NOT NULL);
INSERT INTO @group (series, grp)
SELECT CONVERT(binary(16), j.series, 2), j.grp
FROM OPENJSON(@groups) WITH (series varchar(32) '$.series', grp int '$.grp') AS j;
SELECT y.grp, y.step, SUM(y.points) AS points, SUM(y.[count]) AS [count], SUM(y.summed) AS summed, SUM(y.[sum]) AS [sum],
  SUM(y.ranged) AS ranged, MIN(y.[min]) AS [min], MAX(y.[max]) AS [max], MAX(y.last_time) AS last_time,
  MAX(CASE WHEN y.place = 1 THEN y.[last] END) AS [last]
FROM (
  SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.grp, x.step ORDER BY x.last_time DESC, x.[last] DESC) AS place
  FROM (
    SELECT g.grp, (r.[minute] - @start) / @step_minutes AS step, r.points, r.[count], r.summed, r.[sum], r.ranged, r.[min],
      r.[max], r.[last], r.last_time
    FROM dbo.scorpiox_metric_rollup_hour AS r JOIN @group AS g ON g.series = r.series
    WHERE r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to
  ) AS x
) AS y
GROUP BY y.grp, y.step;
SELECT x.grp, x.step, x.low, x.high, SUM(x.[count]) AS [count]
FROM (
  SELECT g.grp, (r.[minute] - @start) / @step_minutes AS step, r.low, r.high, r.[count]
  FROM dbo.scorpiox_metric_rollup_hour_bucket AS r JOIN @group AS g ON g.series = r.series
  WHERE r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to
) AS x
GROUP BY x.grp, x.step, x.low, x.high;

-- read metrics: list, 1440 min
SELECT x.metric, m.[name], m.unit, s.kind, x.points, x.[last], x.last_time
FROM (
  SELECT r.app_id, r.metric, r.series, r.[last], r.last_time, SUM(r.points) OVER (PARTITION BY r.metric) AS points,
    ROW_NUMBER() OVER (PARTITION BY r.metric ORDER BY r.last_time DESC, r.[last] DESC, r.series) AS place
  FROM dbo.scorpiox_metric AS k JOIN dbo.scorpiox_metric_rollup_day AS r
    ON r.app_id = k.app_id AND r.metric = k.metric AND r.[minute] >= @from AND r.[minute] < @to
  WHERE k.app_id = @app_id
) AS x
JOIN dbo.scorpiox_metric AS m ON m.app_id = x.app_id AND m.metric = x.metric
JOIN dbo.scorpiox_metric_series AS s ON s.app_id = x.app_id AND s.metric = x.metric AND s.series = x.series
WHERE x.place = 1;

-- read metrics: series, 1440 min
SELECT x.series, s.kind, s.dimensions, x.[count], x.summed, x.[sum], x.last_time
FROM (
  SELECT r.app_id, r.metric, r.series, SUM(r.[count]) AS [count], SUM(r.summed) AS summed, SUM(r.[sum]) AS [sum],
    MAX(r.last_time) AS last_time
  FROM dbo.scorpiox_metric_rollup_day AS r WHERE r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to
  GROUP BY r.app_id, r.metric, r.series
) AS x
JOIN dbo.scorpiox_metric_series AS s ON s.app_id = x.app_id AND s.metric = x.metric AND s.series = x.series;

-- read metrics: steps, 1440 min
SET NOCOUNT ON;
DECLARE @group TABLE (series binary(16) NOT NULL PRIMARY KEY, grp int NOT NULL);
INSERT INTO @group (series, grp)
SELECT CONVERT(binary(16), j.series, 2), j.grp
FROM OPENJSON(@groups) WITH (series varchar(32) '$.series', grp int '$.grp') AS j;
SELECT y.grp, y.step, SUM(y.points) AS points, SUM(y.[count]) AS [count], SUM(y.summed) AS summed, SUM(y.[sum]) AS [sum],
  SUM(y.ranged) AS ranged, MIN(y.[min]) AS [min], MAX(y.[max]) AS [max], MAX(y.last_time) AS last_time,
  MAX(CASE WHEN y.place = 1 THEN y.[last] END) AS [last]
FROM (
  SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.grp, x.step ORDER BY x.last_time DESC, x.[last] DESC) AS place
  FROM (
    SELECT g.grp, (r.[minute] - @start) / @step_minutes AS step, r.points, r.[count], r.summed, r.[sum], r.ranged, r.[min],
      r.[max], r.[last], r.last_time
    FROM dbo.scorpiox_metric_rollup_day AS r JOIN @group AS g ON g.series = r.series
    WHERE r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to
  ) AS x
) AS y
GROUP BY y.grp, y.step;
SELECT x.grp, x.step, x.low, x.high, SUM(x.[count]) AS [count]
FROM (
  SELECT g.grp, (r.[minute] - @start) / @step_minutes AS step, r.low, r.high, r.[count]
  FROM dbo.scorpiox_metric_rollup_day_bucket AS r JOIN @group AS g ON g.series = r.series
  WHERE r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to
) AS x
GROUP BY x.grp, x.step, x.low, x.high;

-- scorpiox_app_rollup get
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute'
) AS j JOIN dbo.scorpiox_app_rollup AS t ON t.[app_id] = j.[app_id] AND t.[kind] = j.[kind] AND t.[minute] = j.[minute];

-- scorpiox_app_rollup put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [count] float NOT NULL,
  [failures] float NOT NULL,
  [timed] float NOT NULL,
  [sum_us] float NOT NULL,
  [min_us] bigint NULL,
  [max_us] bigint NULL,
  [latency] varbinary(max) NULL,
  [failed_latency] varbinary(max) NULL,
  PRIMARY KEY ([app_id], [kind], [minute])
);
INSERT INTO @delta ([app_id], [kind], [minute], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency], [failed_latency])
SELECT j.[app_id], j.[kind], j.[minute], j.[count], j.[failures], j.[timed], j.[sum_us], j.[min_us], j.[max_us], CONVERT(varbinary(max), j.[latency], 2), CONVERT(varbinary(max), j.[failed_latency], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute',
    [count] float '$.count',
    [failures] float '$.failures',
    [timed] float '$.timed',
    [sum_us] float '$.sum_us',
    [min_us] bigint '$.min_us',
    [max_us] bigint '$.max_us',
    [latency] varchar(max) '$.latency',
    [failed_latency] varchar(max) '$.failed_latency'
) AS j;
UPDATE t SET [count] = d.[count],
  [failures] = d.[failures],
  [timed] = d.[timed],
  [sum_us] = d.[sum_us],
  [min_us] = d.[min_us],
  [max_us] = d.[max_us],
  [latency] = d.[latency],
  [failed_latency] = d.[failed_latency]
FROM dbo.scorpiox_app_rollup AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute];
INSERT INTO dbo.scorpiox_app_rollup ([app_id], [kind], [minute], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency], [failed_latency])
SELECT d.[app_id], d.[kind], d.[minute], d.[count], d.[failures], d.[timed], d.[sum_us], d.[min_us], d.[max_us], d.[latency], d.[failed_latency]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app_rollup AS t WHERE t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute]);

-- scorpiox_app_rollup count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_app_rollup WHERE app_id = @app_id;

-- scorpiox_app_rollup_hour get
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute'
) AS j JOIN dbo.scorpiox_app_rollup_hour AS t ON t.[app_id] = j.[app_id] AND t.[kind] = j.[kind] AND t.[minute] = j.[minute];

-- scorpiox_app_rollup_hour put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [count] float NOT NULL,
  [failures] float NOT NULL,
  [timed] float NOT NULL,
  [sum_us] float NOT NULL,
  [min_us] bigint NULL,
  [max_us] bigint NULL,
  [latency] varbinary(max) NULL,
  [failed_latency] varbinary(max) NULL,
  PRIMARY KEY ([app_id], [kind], [minute])
);
INSERT INTO @delta ([app_id], [kind], [minute], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency], [failed_latency])
SELECT j.[app_id], j.[kind], j.[minute], j.[count], j.[failures], j.[timed], j.[sum_us], j.[min_us], j.[max_us], CONVERT(varbinary(max), j.[latency], 2), CONVERT(varbinary(max), j.[failed_latency], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute',
    [count] float '$.count',
    [failures] float '$.failures',
    [timed] float '$.timed',
    [sum_us] float '$.sum_us',
    [min_us] bigint '$.min_us',
    [max_us] bigint '$.max_us',
    [latency] varchar(max) '$.latency',
    [failed_latency] varchar(max) '$.failed_latency'
) AS j;
UPDATE t SET [count] = d.[count],
  [failures] = d.[failures],
  [timed] = d.[timed],
  [sum_us] = d.[sum_us],
  [min_us] = d.[min_us],
  [max_us] = d.[max_us],
  [latency] = d.[latency],
  [failed_latency] = d.[failed_latency]
FROM dbo.scorpiox_app_rollup_hour AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute];
INSERT INTO dbo.scorpiox_app_rollup_hour ([app_id], [kind], [minute], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency], [failed_latency])
SELECT d.[app_id], d.[kind], d.[minute], d.[count], d.[failures], d.[timed], d.[sum_us], d.[min_us], d.[max_us], d.[latency], d.[failed_latency]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app_rollup_hour AS t WHERE t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute]);

-- scorpiox_app_rollup_hour count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_app_rollup_hour WHERE app_id = @app_id;

-- scorpiox_app_rollup_day get
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute'
) AS j JOIN dbo.scorpiox_app_rollup_day AS t ON t.[app_id] = j.[app_id] AND t.[kind] = j.[kind] AND t.[minute] = j.[minute];

-- scorpiox_app_rollup_day put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [kind] varchar(16) NOT NULL,
  [minute] int NOT NULL,
  [count] float NOT NULL,
  [failures] float NOT NULL,
  [timed] float NOT NULL,
  [sum_us] float NOT NULL,
  [min_us] bigint NULL,
  [max_us] bigint NULL,
  [latency] varbinary(max) NULL,
  [failed_latency] varbinary(max) NULL,
  PRIMARY KEY ([app_id], [kind], [minute])
);
INSERT INTO @delta ([app_id], [kind], [minute], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency], [failed_latency])
SELECT j.[app_id], j.[kind], j.[minute], j.[count], j.[failures], j.[timed], j.[sum_us], j.[min_us], j.[max_us], CONVERT(varbinary(max), j.[latency], 2), CONVERT(varbinary(max), j.[failed_latency], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute',
    [count] float '$.count',
    [failures] float '$.failures',
    [timed] float '$.timed',
    [sum_us] float '$.sum_us',
    [min_us] bigint '$.min_us',
    [max_us] bigint '$.max_us',
    [latency] varchar(max) '$.latency',
    [failed_latency] varchar(max) '$.failed_latency'
) AS j;
UPDATE t SET [count] = d.[count],
  [failures] = d.[failures],
  [timed] = d.[timed],
  [sum_us] = d.[sum_us],
  [min_us] = d.[min_us],
  [max_us] = d.[max_us],
  [latency] = d.[latency],
  [failed_latency] = d.[failed_latency]
FROM dbo.scorpiox_app_rollup_day AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute];
INSERT INTO dbo.scorpiox_app_rollup_day ([app_id], [kind], [minute], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency], [failed_latency])
SELECT d.[app_id], d.[kind], d.[minute], d.[count], d.[failures], d.[timed], d.[sum_us], d.[min_us], d.[max_us], d.[latency], d.[failed_latency]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app_rollup_day AS t WHERE t.[app_id] = d.[app_id] AND t.[kind] = d.[kind] AND t.[minute] = d.[minute]);

-- scorpiox_app_rollup_day count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_app_rollup_day WHERE app_id = @app_id;

-- scorpiox_app_hours get
SELECT t.[app_id], t.[minute], t.[requests], t.[failures], t.[exceptions]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute'
) AS j JOIN dbo.scorpiox_app_hours AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute];

-- scorpiox_app_hours put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [requests] varbinary(max) NOT NULL,
  [failures] varbinary(max) NOT NULL,
  [exceptions] varbinary(max) NOT NULL,
  PRIMARY KEY ([app_id], [minute])
);
INSERT INTO @delta ([app_id], [minute], [requests], [failures], [exceptions])
SELECT j.[app_id], j.[minute], CONVERT(varbinary(max), j.[requests], 2), CONVERT(varbinary(max), j.[failures], 2), CONVERT(varbinary(max), j.[exceptions], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [requests] varchar(max) '$.requests',
    [failures] varchar(max) '$.failures',
    [exceptions] varchar(max) '$.exceptions'
) AS j;
UPDATE t SET [requests] = d.[requests],
  [failures] = d.[failures],
  [exceptions] = d.[exceptions]
FROM dbo.scorpiox_app_hours AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute];
INSERT INTO dbo.scorpiox_app_hours ([app_id], [minute], [requests], [failures], [exceptions])
SELECT d.[app_id], d.[minute], d.[requests], d.[failures], d.[exceptions]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app_hours AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute]);

-- scorpiox_app_hours count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_app_hours WHERE app_id = @app_id;

-- scorpiox_exception_group get
SELECT t.[app_id], t.[id], t.[type], t.[place], t.[newest_hash], t.[first_seen], t.[last_seen], t.[first_stored]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [id] varchar(32) '$.id'
) AS j JOIN dbo.scorpiox_exception_group AS t ON t.[app_id] = j.[app_id] AND t.[id] = CONVERT(binary(16), j.[id], 2);

-- scorpiox_exception_group put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [id] binary(16) NOT NULL,
  [type] nvarchar(1024) NOT NULL,
  [place] nvarchar(1024) NOT NULL,
  [newest_hash] binary(16) NOT NULL,
  [first_seen] bigint NOT NULL,
  [last_seen] bigint NOT NULL,
  [first_stored] bigint NOT NULL,
  PRIMARY KEY ([app_id], [id])
);
INSERT INTO @delta ([app_id], [id], [type], [place], [newest_hash], [first_seen], [last_seen], [first_stored])
SELECT j.[app_id], CONVERT(binary(16), j.[id], 2), j.[type], j.[place], CONVERT(binary(16), j.[newest_hash], 2), j.[first_seen], j.[last_seen], j.[first_stored]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [id] varchar(32) '$.id',
    [type] nvarchar(1024) '$.type',
    [place] nvarchar(1024) '$.place',
    [newest_hash] varchar(32) '$.newest_hash',
    [first_seen] bigint '$.first_seen',
    [last_seen] bigint '$.last_seen',
    [first_stored] bigint '$.first_stored'
) AS j;
UPDATE t SET [type] = d.[type],
  [place] = d.[place],
  [newest_hash] = d.[newest_hash],
  [first_seen] = d.[first_seen],
  [last_seen] = d.[last_seen],
  [first_stored] = d.[first_stored]
FROM dbo.scorpiox_exception_group AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[id] = d.[id];
INSERT INTO dbo.scorpiox_exception_group ([app_id], [id], [type], [place], [newest_hash], [first_seen], [last_seen], [first_stored])
SELECT d.[app_id], d.[id], d.[type], d.[place], d.[newest_hash], d.[first_seen], d.[last_seen], d.[first_stored]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_exception_group AS t WHERE t.[app_id] = d.[app_id] AND t.[id] = d.[id]);

-- scorpiox_exception_group count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_exception_group WHERE app_id = @app_id;

-- scorpiox_exception_rollup get
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id'
) AS j JOIN dbo.scorpiox_exception_rollup AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute] AND t.[id] = CONVERT(binary(16), j.[id], 2);

-- scorpiox_exception_rollup put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [id] binary(16) NOT NULL,
  [count] float NOT NULL,
  [users] varbinary(max) NOT NULL,
  PRIMARY KEY ([app_id], [minute], [id])
);
INSERT INTO @delta ([app_id], [minute], [id], [count], [users])
SELECT j.[app_id], j.[minute], CONVERT(binary(16), j.[id], 2), j.[count], CONVERT(varbinary(max), j.[users], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id',
    [count] float '$.count',
    [users] varchar(max) '$.users'
) AS j;
UPDATE t SET [count] = d.[count],
  [users] = d.[users]
FROM dbo.scorpiox_exception_rollup AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id];
INSERT INTO dbo.scorpiox_exception_rollup ([app_id], [minute], [id], [count], [users])
SELECT d.[app_id], d.[minute], d.[id], d.[count], d.[users]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_exception_rollup AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id]);

-- scorpiox_exception_rollup count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_exception_rollup WHERE app_id = @app_id;

-- scorpiox_exception_rollup_hour get
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id'
) AS j JOIN dbo.scorpiox_exception_rollup_hour AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute] AND t.[id] = CONVERT(binary(16), j.[id], 2);

-- scorpiox_exception_rollup_hour put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [id] binary(16) NOT NULL,
  [count] float NOT NULL,
  [users] varbinary(max) NOT NULL,
  PRIMARY KEY ([app_id], [minute], [id])
);
INSERT INTO @delta ([app_id], [minute], [id], [count], [users])
SELECT j.[app_id], j.[minute], CONVERT(binary(16), j.[id], 2), j.[count], CONVERT(varbinary(max), j.[users], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id',
    [count] float '$.count',
    [users] varchar(max) '$.users'
) AS j;
UPDATE t SET [count] = d.[count],
  [users] = d.[users]
FROM dbo.scorpiox_exception_rollup_hour AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id];
INSERT INTO dbo.scorpiox_exception_rollup_hour ([app_id], [minute], [id], [count], [users])
SELECT d.[app_id], d.[minute], d.[id], d.[count], d.[users]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_exception_rollup_hour AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id]);

-- scorpiox_exception_rollup_hour count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_exception_rollup_hour WHERE app_id = @app_id;

-- scorpiox_exception_rollup_day get
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id'
) AS j JOIN dbo.scorpiox_exception_rollup_day AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute] AND t.[id] = CONVERT(binary(16), j.[id], 2);

-- scorpiox_exception_rollup_day put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [id] binary(16) NOT NULL,
  [count] float NOT NULL,
  [users] varbinary(max) NOT NULL,
  PRIMARY KEY ([app_id], [minute], [id])
);
INSERT INTO @delta ([app_id], [minute], [id], [count], [users])
SELECT j.[app_id], j.[minute], CONVERT(binary(16), j.[id], 2), j.[count], CONVERT(varbinary(max), j.[users], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id',
    [count] float '$.count',
    [users] varchar(max) '$.users'
) AS j;
UPDATE t SET [count] = d.[count],
  [users] = d.[users]
FROM dbo.scorpiox_exception_rollup_day AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id];
INSERT INTO dbo.scorpiox_exception_rollup_day ([app_id], [minute], [id], [count], [users])
SELECT d.[app_id], d.[minute], d.[id], d.[count], d.[users]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_exception_rollup_day AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id]);

-- scorpiox_exception_rollup_day count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_exception_rollup_day WHERE app_id = @app_id;

-- scorpiox_instance get
SELECT t.[app_id], t.[id], t.[instance], t.[version], t.[first_seen], t.[last_seen]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [id] varchar(32) '$.id'
) AS j JOIN dbo.scorpiox_instance AS t ON t.[app_id] = j.[app_id] AND t.[id] = CONVERT(binary(16), j.[id], 2);

-- scorpiox_instance put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [id] binary(16) NOT NULL,
  [instance] nvarchar(1024) NOT NULL,
  [version] nvarchar(1024) NOT NULL,
  [first_seen] bigint NOT NULL,
  [last_seen] bigint NOT NULL,
  PRIMARY KEY ([app_id], [id])
);
INSERT INTO @delta ([app_id], [id], [instance], [version], [first_seen], [last_seen])
SELECT j.[app_id], CONVERT(binary(16), j.[id], 2), j.[instance], j.[version], j.[first_seen], j.[last_seen]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [id] varchar(32) '$.id',
    [instance] nvarchar(1024) '$.instance',
    [version] nvarchar(1024) '$.version',
    [first_seen] bigint '$.first_seen',
    [last_seen] bigint '$.last_seen'
) AS j;
UPDATE t SET [instance] = d.[instance],
  [version] = d.[version],
  [first_seen] = d.[first_seen],
  [last_seen] = d.[last_seen]
FROM dbo.scorpiox_instance AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[id] = d.[id];
INSERT INTO dbo.scorpiox_instance ([app_id], [id], [instance], [version], [first_seen], [last_seen])
SELECT d.[app_id], d.[id], d.[instance], d.[version], d.[first_seen], d.[last_seen]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_instance AS t WHERE t.[app_id] = d.[app_id] AND t.[id] = d.[id]);

-- scorpiox_instance count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_instance WHERE app_id = @app_id;

-- scorpiox_instance_rollup get
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id'
) AS j JOIN dbo.scorpiox_instance_rollup AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute] AND t.[id] = CONVERT(binary(16), j.[id], 2);

-- scorpiox_instance_rollup put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [id] binary(16) NOT NULL,
  [events] float NOT NULL,
  [requests] float NOT NULL,
  [failures] float NOT NULL,
  PRIMARY KEY ([app_id], [minute], [id])
);
INSERT INTO @delta ([app_id], [minute], [id], [events], [requests], [failures])
SELECT j.[app_id], j.[minute], CONVERT(binary(16), j.[id], 2), j.[events], j.[requests], j.[failures]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id',
    [events] float '$.events',
    [requests] float '$.requests',
    [failures] float '$.failures'
) AS j;
UPDATE t SET [events] = d.[events],
  [requests] = d.[requests],
  [failures] = d.[failures]
FROM dbo.scorpiox_instance_rollup AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id];
INSERT INTO dbo.scorpiox_instance_rollup ([app_id], [minute], [id], [events], [requests], [failures])
SELECT d.[app_id], d.[minute], d.[id], d.[events], d.[requests], d.[failures]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_instance_rollup AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id]);

-- scorpiox_instance_rollup count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_instance_rollup WHERE app_id = @app_id;

-- scorpiox_instance_rollup_hour get
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id'
) AS j JOIN dbo.scorpiox_instance_rollup_hour AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute] AND t.[id] = CONVERT(binary(16), j.[id], 2);

-- scorpiox_instance_rollup_hour put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [id] binary(16) NOT NULL,
  [events] float NOT NULL,
  [requests] float NOT NULL,
  [failures] float NOT NULL,
  PRIMARY KEY ([app_id], [minute], [id])
);
INSERT INTO @delta ([app_id], [minute], [id], [events], [requests], [failures])
SELECT j.[app_id], j.[minute], CONVERT(binary(16), j.[id], 2), j.[events], j.[requests], j.[failures]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id',
    [events] float '$.events',
    [requests] float '$.requests',
    [failures] float '$.failures'
) AS j;
UPDATE t SET [events] = d.[events],
  [requests] = d.[requests],
  [failures] = d.[failures]
FROM dbo.scorpiox_instance_rollup_hour AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id];
INSERT INTO dbo.scorpiox_instance_rollup_hour ([app_id], [minute], [id], [events], [requests], [failures])
SELECT d.[app_id], d.[minute], d.[id], d.[events], d.[requests], d.[failures]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_instance_rollup_hour AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id]);

-- scorpiox_instance_rollup_hour count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_instance_rollup_hour WHERE app_id = @app_id;

-- scorpiox_instance_rollup_day get
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id'
) AS j JOIN dbo.scorpiox_instance_rollup_day AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute] AND t.[id] = CONVERT(binary(16), j.[id], 2);

-- scorpiox_instance_rollup_day put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [id] binary(16) NOT NULL,
  [events] float NOT NULL,
  [requests] float NOT NULL,
  [failures] float NOT NULL,
  PRIMARY KEY ([app_id], [minute], [id])
);
INSERT INTO @delta ([app_id], [minute], [id], [events], [requests], [failures])
SELECT j.[app_id], j.[minute], CONVERT(binary(16), j.[id], 2), j.[events], j.[requests], j.[failures]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [id] varchar(32) '$.id',
    [events] float '$.events',
    [requests] float '$.requests',
    [failures] float '$.failures'
) AS j;
UPDATE t SET [events] = d.[events],
  [requests] = d.[requests],
  [failures] = d.[failures]
FROM dbo.scorpiox_instance_rollup_day AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id];
INSERT INTO dbo.scorpiox_instance_rollup_day ([app_id], [minute], [id], [events], [requests], [failures])
SELECT d.[app_id], d.[minute], d.[id], d.[events], d.[requests], d.[failures]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_instance_rollup_day AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[id] = d.[id]);

-- scorpiox_instance_rollup_day count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_instance_rollup_day WHERE app_id = @app_id;

-- scorpiox_dependency_target get
SELECT t.[app_id], t.[id], t.[name], t.[type], t.[target], t.[last_seen]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [id] varchar(32) '$.id'
) AS j JOIN dbo.scorpiox_dependency_target AS t ON t.[app_id] = j.[app_id] AND t.[id] = CONVERT(binary(16), j.[id], 2);

-- scorpiox_dependency_target put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [id] binary(16) NOT NULL,
  [name] nvarchar(1024) NOT NULL,
  [type] nvarchar(1024) NOT NULL,
  [target] nvarchar(1024) NOT NULL,
  [last_seen] bigint NOT NULL,
  PRIMARY KEY ([app_id], [id])
);
INSERT INTO @delta ([app_id], [id], [name], [type], [target], [last_seen])
SELECT j.[app_id], CONVERT(binary(16), j.[id], 2), j.[name], j.[type], j.[target], j.[last_seen]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [id] varchar(32) '$.id',
    [name] nvarchar(1024) '$.name',
    [type] nvarchar(1024) '$.type',
    [target] nvarchar(1024) '$.target',
    [last_seen] bigint '$.last_seen'
) AS j;
UPDATE t SET [name] = d.[name],
  [type] = d.[type],
  [target] = d.[target],
  [last_seen] = d.[last_seen]
FROM dbo.scorpiox_dependency_target AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[id] = d.[id];
INSERT INTO dbo.scorpiox_dependency_target ([app_id], [id], [name], [type], [target], [last_seen])
SELECT d.[app_id], d.[id], d.[name], d.[type], d.[target], d.[last_seen]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_dependency_target AS t WHERE t.[app_id] = d.[app_id] AND t.[id] = d.[id]);

-- scorpiox_dependency_target count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_dependency_target WHERE app_id = @app_id;

-- scorpiox_app_activity get
SELECT t.[app_id], t.[minute], t.[early], t.[late]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute'
) AS j JOIN dbo.scorpiox_app_activity AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute];

-- scorpiox_app_activity put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [early] int NOT NULL,
  [late] int NOT NULL,
  PRIMARY KEY ([app_id], [minute])
);
INSERT INTO @delta ([app_id], [minute], [early], [late])
SELECT j.[app_id], j.[minute], j.[early], j.[late]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [early] int '$.early',
    [late] int '$.late'
) AS j;
UPDATE t SET [early] = d.[early],
  [late] = d.[late]
FROM dbo.scorpiox_app_activity AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute];
INSERT INTO dbo.scorpiox_app_activity ([app_id], [minute], [early], [late])
SELECT d.[app_id], d.[minute], d.[early], d.[late]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_app_activity AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute]);

-- scorpiox_app_activity count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_app_activity WHERE app_id = @app_id;

-- scorpiox_edge_rollup get
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [from_app_id] int '$.from_app_id'
) AS j JOIN dbo.scorpiox_edge_rollup AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute] AND t.[from_app_id] = j.[from_app_id];

-- scorpiox_edge_rollup put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [from_app_id] int NOT NULL,
  [count] float NOT NULL,
  [failures] float NOT NULL,
  [timed] float NOT NULL,
  [sum_us] float NOT NULL,
  [min_us] bigint NULL,
  [max_us] bigint NULL,
  [latency] varbinary(max) NULL,
  PRIMARY KEY ([app_id], [minute], [from_app_id])
);
INSERT INTO @delta ([app_id], [minute], [from_app_id], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency])
SELECT j.[app_id], j.[minute], j.[from_app_id], j.[count], j.[failures], j.[timed], j.[sum_us], j.[min_us], j.[max_us], CONVERT(varbinary(max), j.[latency], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [from_app_id] int '$.from_app_id',
    [count] float '$.count',
    [failures] float '$.failures',
    [timed] float '$.timed',
    [sum_us] float '$.sum_us',
    [min_us] bigint '$.min_us',
    [max_us] bigint '$.max_us',
    [latency] varchar(max) '$.latency'
) AS j;
UPDATE t SET [count] = d.[count],
  [failures] = d.[failures],
  [timed] = d.[timed],
  [sum_us] = d.[sum_us],
  [min_us] = d.[min_us],
  [max_us] = d.[max_us],
  [latency] = d.[latency]
FROM dbo.scorpiox_edge_rollup AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[from_app_id] = d.[from_app_id];
INSERT INTO dbo.scorpiox_edge_rollup ([app_id], [minute], [from_app_id], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency])
SELECT d.[app_id], d.[minute], d.[from_app_id], d.[count], d.[failures], d.[timed], d.[sum_us], d.[min_us], d.[max_us], d.[latency]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_edge_rollup AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[from_app_id] = d.[from_app_id]);

-- scorpiox_edge_rollup count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_edge_rollup WHERE app_id = @app_id;

-- scorpiox_edge_rollup_hour get
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [from_app_id] int '$.from_app_id'
) AS j JOIN dbo.scorpiox_edge_rollup_hour AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute] AND t.[from_app_id] = j.[from_app_id];

-- scorpiox_edge_rollup_hour put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [from_app_id] int NOT NULL,
  [count] float NOT NULL,
  [failures] float NOT NULL,
  [timed] float NOT NULL,
  [sum_us] float NOT NULL,
  [min_us] bigint NULL,
  [max_us] bigint NULL,
  [latency] varbinary(max) NULL,
  PRIMARY KEY ([app_id], [minute], [from_app_id])
);
INSERT INTO @delta ([app_id], [minute], [from_app_id], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency])
SELECT j.[app_id], j.[minute], j.[from_app_id], j.[count], j.[failures], j.[timed], j.[sum_us], j.[min_us], j.[max_us], CONVERT(varbinary(max), j.[latency], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [from_app_id] int '$.from_app_id',
    [count] float '$.count',
    [failures] float '$.failures',
    [timed] float '$.timed',
    [sum_us] float '$.sum_us',
    [min_us] bigint '$.min_us',
    [max_us] bigint '$.max_us',
    [latency] varchar(max) '$.latency'
) AS j;
UPDATE t SET [count] = d.[count],
  [failures] = d.[failures],
  [timed] = d.[timed],
  [sum_us] = d.[sum_us],
  [min_us] = d.[min_us],
  [max_us] = d.[max_us],
  [latency] = d.[latency]
FROM dbo.scorpiox_edge_rollup_hour AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[from_app_id] = d.[from_app_id];
INSERT INTO dbo.scorpiox_edge_rollup_hour ([app_id], [minute], [from_app_id], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency])
SELECT d.[app_id], d.[minute], d.[from_app_id], d.[count], d.[failures], d.[timed], d.[sum_us], d.[min_us], d.[max_us], d.[latency]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_edge_rollup_hour AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[from_app_id] = d.[from_app_id]);

-- scorpiox_edge_rollup_hour count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_edge_rollup_hour WHERE app_id = @app_id;

-- scorpiox_edge_rollup_day get
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [from_app_id] int '$.from_app_id'
) AS j JOIN dbo.scorpiox_edge_rollup_day AS t ON t.[app_id] = j.[app_id] AND t.[minute] = j.[minute] AND t.[from_app_id] = j.[from_app_id];

-- scorpiox_edge_rollup_day put
SET NOCOUNT ON;
DECLARE @delta TABLE (
  [app_id] int NOT NULL,
  [minute] int NOT NULL,
  [from_app_id] int NOT NULL,
  [count] float NOT NULL,
  [failures] float NOT NULL,
  [timed] float NOT NULL,
  [sum_us] float NOT NULL,
  [min_us] bigint NULL,
  [max_us] bigint NULL,
  [latency] varbinary(max) NULL,
  PRIMARY KEY ([app_id], [minute], [from_app_id])
);
INSERT INTO @delta ([app_id], [minute], [from_app_id], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency])
SELECT j.[app_id], j.[minute], j.[from_app_id], j.[count], j.[failures], j.[timed], j.[sum_us], j.[min_us], j.[max_us], CONVERT(varbinary(max), j.[latency], 2)
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [minute] int '$.minute',
    [from_app_id] int '$.from_app_id',
    [count] float '$.count',
    [failures] float '$.failures',
    [timed] float '$.timed',
    [sum_us] float '$.sum_us',
    [min_us] bigint '$.min_us',
    [max_us] bigint '$.max_us',
    [latency] varchar(max) '$.latency'
) AS j;
UPDATE t SET [count] = d.[count],
  [failures] = d.[failures],
  [timed] = d.[timed],
  [sum_us] = d.[sum_us],
  [min_us] = d.[min_us],
  [max_us] = d.[max_us],
  [latency] = d.[latency]
FROM dbo.scorpiox_edge_rollup_day AS t JOIN @delta AS d ON t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[from_app_id] = d.[from_app_id];
INSERT INTO dbo.scorpiox_edge_rollup_day ([app_id], [minute], [from_app_id], [count], [failures], [timed], [sum_us], [min_us], [max_us], [latency])
SELECT d.[app_id], d.[minute], d.[from_app_id], d.[count], d.[failures], d.[timed], d.[sum_us], d.[min_us], d.[max_us], d.[latency]
FROM @delta AS d
WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_edge_rollup_day AS t WHERE t.[app_id] = d.[app_id] AND t.[minute] = d.[minute] AND t.[from_app_id] = d.[from_app_id]);

-- scorpiox_edge_rollup_day count
SELECT COUNT(*) AS [rows] FROM dbo.scorpiox_edge_rollup_day WHERE app_id = @app_id;

-- scorpiox_app_rollup of all
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_app_rollup AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_rollup of one
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM dbo.scorpiox_app_rollup AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_rollup, every row
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency] FROM dbo.scorpiox_app_rollup AS t WHERE t.app_id = @app_id;

-- scorpiox_app_rollup_hour of all
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_app_rollup_hour AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_rollup_hour of one
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM dbo.scorpiox_app_rollup_hour AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_rollup_hour, every row
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency] FROM dbo.scorpiox_app_rollup_hour AS t WHERE t.app_id = @app_id;

-- scorpiox_app_rollup_day of all
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_app_rollup_day AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_rollup_day of one
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM dbo.scorpiox_app_rollup_day AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_rollup_day, every row
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency] FROM dbo.scorpiox_app_rollup_day AS t WHERE t.app_id = @app_id;

-- scorpiox_app_hours of all
SELECT t.[app_id], t.[minute], t.[requests], t.[failures], t.[exceptions]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_app_hours AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_hours of one
SELECT t.[app_id], t.[minute], t.[requests], t.[failures], t.[exceptions]
FROM dbo.scorpiox_app_hours AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_hours, every row
SELECT t.[app_id], t.[minute], t.[requests], t.[failures], t.[exceptions] FROM dbo.scorpiox_app_hours AS t WHERE t.app_id = @app_id;

-- scorpiox_exception_group of all
SELECT t.[app_id], t.[id], t.[type], t.[place], t.[newest_hash], t.[first_seen], t.[last_seen], t.[first_stored]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_exception_group AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_exception_group of one
SELECT t.[app_id], t.[id], t.[type], t.[place], t.[newest_hash], t.[first_seen], t.[last_seen], t.[first_stored]
FROM dbo.scorpiox_exception_group AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_exception_group, every row
SELECT t.[app_id], t.[id], t.[type], t.[place], t.[newest_hash], t.[first_seen], t.[last_seen], t.[first_stored] FROM dbo.scorpiox_exception_group AS t WHERE t.app_id = @app_id;

-- scorpiox_exception_rollup of all
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_exception_rollup AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_exception_rollup of one
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users]
FROM dbo.scorpiox_exception_rollup AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_exception_rollup, every row
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users] FROM dbo.scorpiox_exception_rollup AS t WHERE t.app_id = @app_id;

-- scorpiox_exception_rollup_hour of all
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_exception_rollup_hour AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_exception_rollup_hour of one
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users]
FROM dbo.scorpiox_exception_rollup_hour AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_exception_rollup_hour, every row
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users] FROM dbo.scorpiox_exception_rollup_hour AS t WHERE t.app_id = @app_id;

-- scorpiox_exception_rollup_day of all
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_exception_rollup_day AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_exception_rollup_day of one
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users]
FROM dbo.scorpiox_exception_rollup_day AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_exception_rollup_day, every row
SELECT t.[app_id], t.[minute], t.[id], t.[count], t.[users] FROM dbo.scorpiox_exception_rollup_day AS t WHERE t.app_id = @app_id;

-- scorpiox_instance of all
SELECT t.[app_id], t.[id], t.[instance], t.[version], t.[first_seen], t.[last_seen]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_instance AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_instance of one
SELECT t.[app_id], t.[id], t.[instance], t.[version], t.[first_seen], t.[last_seen]
FROM dbo.scorpiox_instance AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_instance, every row
SELECT t.[app_id], t.[id], t.[instance], t.[version], t.[first_seen], t.[last_seen] FROM dbo.scorpiox_instance AS t WHERE t.app_id = @app_id;

-- scorpiox_instance_rollup of all
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_instance_rollup AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_instance_rollup of one
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures]
FROM dbo.scorpiox_instance_rollup AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_instance_rollup, every row
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures] FROM dbo.scorpiox_instance_rollup AS t WHERE t.app_id = @app_id;

-- scorpiox_instance_rollup_hour of all
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_instance_rollup_hour AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_instance_rollup_hour of one
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures]
FROM dbo.scorpiox_instance_rollup_hour AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_instance_rollup_hour, every row
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures] FROM dbo.scorpiox_instance_rollup_hour AS t WHERE t.app_id = @app_id;

-- scorpiox_instance_rollup_day of all
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_instance_rollup_day AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_instance_rollup_day of one
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures]
FROM dbo.scorpiox_instance_rollup_day AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_instance_rollup_day, every row
SELECT t.[app_id], t.[minute], t.[id], t.[events], t.[requests], t.[failures] FROM dbo.scorpiox_instance_rollup_day AS t WHERE t.app_id = @app_id;

-- scorpiox_dependency_target of all
SELECT t.[app_id], t.[id], t.[name], t.[type], t.[target], t.[last_seen]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_dependency_target AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_dependency_target of one
SELECT t.[app_id], t.[id], t.[name], t.[type], t.[target], t.[last_seen]
FROM dbo.scorpiox_dependency_target AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_dependency_target, every row
SELECT t.[app_id], t.[id], t.[name], t.[type], t.[target], t.[last_seen] FROM dbo.scorpiox_dependency_target AS t WHERE t.app_id = @app_id;

-- scorpiox_app_activity of all
SELECT t.[app_id], t.[minute], t.[early], t.[late]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_app_activity AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_activity of one
SELECT t.[app_id], t.[minute], t.[early], t.[late]
FROM dbo.scorpiox_app_activity AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_app_activity, every row
SELECT t.[app_id], t.[minute], t.[early], t.[late] FROM dbo.scorpiox_app_activity AS t WHERE t.app_id = @app_id;

-- scorpiox_edge_rollup of all
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_edge_rollup AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_edge_rollup of one
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency]
FROM dbo.scorpiox_edge_rollup AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_edge_rollup, every row
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency] FROM dbo.scorpiox_edge_rollup AS t WHERE t.app_id = @app_id;

-- scorpiox_edge_rollup_hour of all
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_edge_rollup_hour AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_edge_rollup_hour of one
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency]
FROM dbo.scorpiox_edge_rollup_hour AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_edge_rollup_hour, every row
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency] FROM dbo.scorpiox_edge_rollup_hour AS t WHERE t.app_id = @app_id;

-- scorpiox_edge_rollup_day of all
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_edge_rollup_day AS t ON t.app_id = a.id
WHERE t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_edge_rollup_day of one
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency]
FROM dbo.scorpiox_edge_rollup_day AS t
WHERE t.app_id = @app_id AND t.[minute] >= @from AND t.[minute] < @to;

-- scorpiox_edge_rollup_day, every row
SELECT t.[app_id], t.[minute], t.[from_app_id], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency] FROM dbo.scorpiox_edge_rollup_day AS t WHERE t.app_id = @app_id;

-- app_rollup of one kind of all
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us], t.[latency], t.[failed_latency]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_app_rollup AS t ON t.app_id = a.id
WHERE t.kind = @kind AND t.[minute] >= @from AND t.[minute] < @to;

-- app_rollup of one kind, plain
SELECT t.[app_id], t.[kind], t.[minute], t.[count], t.[failures], t.[timed], t.[sum_us], t.[min_us], t.[max_us]
FROM dbo.scorpiox_app_rollup AS t
WHERE t.app_id = @app_id AND t.kind = @kind AND t.[minute] >= @from AND t.[minute] < @to;

-- names by 1 min, count
SELECT j.app_id, j.kind, j.[minute], COUNT(*) AS [rows]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute'
) AS j JOIN dbo.scorpiox_rollup AS t ON t.app_id = j.app_id AND t.kind = j.kind AND t.[minute] = j.[minute]
GROUP BY j.app_id, j.kind, j.[minute];

-- names by 1 min, names
SELECT t.[name] FROM dbo.scorpiox_rollup AS t WHERE t.app_id = @app_id AND t.kind = @kind AND t.[minute] = @minute;

-- events by step and 1 min
SELECT c.app_id, c.step, SUM(c.[count]) AS [count], SUM(c.failures) AS failures
FROM (SELECT a.id AS app_id, (t.[minute] - @start) / @step AS step, t.[count], t.failures
FROM dbo.scorpiox_app AS a
CROSS APPLY (SELECT TOP (1) e.[time] / 60000000 AS [minute] FROM dbo.scorpiox_event AS e WHERE e.app_id = a.id ORDER BY e.[time]) AS kept
JOIN dbo.scorpiox_app_rollup AS t
  ON t.app_id = a.id AND t.kind = @kind AND t.[minute] >= @from AND t.[minute] < @to
WHERE t.[minute] > kept.[minute] - 1) AS c
GROUP BY c.app_id, c.step;

-- operations by 1 min, operations
SELECT MIN([name]) AS [name], SUM([count]) AS [count], SUM(failures) AS failures, SUM(timed) AS timed,
  SUM(sum_us) AS sum_us, MIN(min_us) AS min_us, MAX(max_us) AS max_us
FROM dbo.scorpiox_rollup WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to
GROUP BY name_hash;

-- operations by 1 min, operation-latency
SELECT n.[name], b.bucket, b.[count]
FROM (SELECT name_hash, bucket, SUM([count]) AS [count] FROM dbo.scorpiox_rollup_bucket WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to GROUP BY name_hash, bucket) AS b
JOIN (SELECT name_hash, MIN([name]) AS [name] FROM dbo.scorpiox_rollup WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to GROUP BY name_hash) AS n
  ON n.name_hash = b.name_hash;

-- operations by 1 min, operation
SELECT [minute], [count], failures, timed, sum_us, min_us, max_us
FROM dbo.scorpiox_rollup WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to AND name_hash = CONVERT(binary(16), @name_hash, 2);

-- operations by 1 min, operation-buckets
SELECT [minute], bucket, [count]
FROM dbo.scorpiox_rollup_bucket WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to AND name_hash = CONVERT(binary(16), @name_hash, 2);

-- names by 60 min, count
SELECT j.app_id, j.kind, j.[minute], COUNT(*) AS [rows]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute'
) AS j JOIN dbo.scorpiox_rollup_hour AS t ON t.app_id = j.app_id AND t.kind = j.kind AND t.[minute] = j.[minute]
GROUP BY j.app_id, j.kind, j.[minute];

-- names by 60 min, names
SELECT t.[name] FROM dbo.scorpiox_rollup_hour AS t WHERE t.app_id = @app_id AND t.kind = @kind AND t.[minute] = @minute;

-- events by step and 60 min
SELECT c.app_id, c.step, SUM(c.[count]) AS [count], SUM(c.failures) AS failures
FROM (SELECT a.id AS app_id, (t.[minute] - @start) / @step AS step, t.[count], t.failures
FROM dbo.scorpiox_app AS a
CROSS APPLY (SELECT TOP (1) e.[time] / 60000000 AS [minute] FROM dbo.scorpiox_event AS e WHERE e.app_id = a.id ORDER BY e.[time]) AS kept
JOIN dbo.scorpiox_app_rollup_hour AS t
  ON t.app_id = a.id AND t.kind = @kind AND t.[minute] >= @from AND t.[minute] < @to
WHERE t.[minute] > kept.[minute] - 60) AS c
GROUP BY c.app_id, c.step;

-- operations by 60 min, operations
SELECT MIN([name]) AS [name], SUM([count]) AS [count], SUM(failures) AS failures, SUM(timed) AS timed,
  SUM(sum_us) AS sum_us, MIN(min_us) AS min_us, MAX(max_us) AS max_us
FROM dbo.scorpiox_rollup_hour WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to
GROUP BY name_hash;

-- operations by 60 min, operation-latency
SELECT n.[name], b.bucket, b.[count]
FROM (SELECT name_hash, bucket, SUM([count]) AS [count] FROM dbo.scorpiox_rollup_hour_bucket WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to GROUP BY name_hash, bucket) AS b
JOIN (SELECT name_hash, MIN([name]) AS [name] FROM dbo.scorpiox_rollup_hour WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to GROUP BY name_hash) AS n
  ON n.name_hash = b.name_hash;

-- operations by 60 min, operation
SELECT [minute], [count], failures, timed, sum_us, min_us, max_us
FROM dbo.scorpiox_rollup_hour WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to AND name_hash = CONVERT(binary(16), @name_hash, 2);

-- operations by 60 min, operation-buckets
SELECT [minute], bucket, [count]
FROM dbo.scorpiox_rollup_hour_bucket WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to AND name_hash = CONVERT(binary(16), @name_hash, 2);

-- names by 1440 min, count
SELECT j.app_id, j.kind, j.[minute], COUNT(*) AS [rows]
FROM OPENJSON(@rows) WITH (
    [app_id] int '$.app_id',
    [kind] varchar(16) '$.kind',
    [minute] int '$.minute'
) AS j JOIN dbo.scorpiox_rollup_day AS t ON t.app_id = j.app_id AND t.kind = j.kind AND t.[minute] = j.[minute]
GROUP BY j.app_id, j.kind, j.[minute];

-- names by 1440 min, names
SELECT t.[name] FROM dbo.scorpiox_rollup_day AS t WHERE t.app_id = @app_id AND t.kind = @kind AND t.[minute] = @minute;

-- events by step and 1440 min
SELECT c.app_id, c.step, SUM(c.[count]) AS [count], SUM(c.failures) AS failures
FROM (SELECT a.id AS app_id, (t.[minute] - @start) / @step AS step, t.[count], t.failures
FROM dbo.scorpiox_app AS a
CROSS APPLY (SELECT TOP (1) e.[time] / 60000000 AS [minute] FROM dbo.scorpiox_event AS e WHERE e.app_id = a.id ORDER BY e.[time]) AS kept
JOIN dbo.scorpiox_app_rollup_day AS t
  ON t.app_id = a.id AND t.kind = @kind AND t.[minute] >= @from AND t.[minute] < @to
WHERE t.[minute] > kept.[minute] - 1440) AS c
GROUP BY c.app_id, c.step;

-- operations by 1440 min, operations
SELECT MIN([name]) AS [name], SUM([count]) AS [count], SUM(failures) AS failures, SUM(timed) AS timed,
  SUM(sum_us) AS sum_us, MIN(min_us) AS min_us, MAX(max_us) AS max_us
FROM dbo.scorpiox_rollup_day WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to
GROUP BY name_hash;

-- operations by 1440 min, operation-latency
SELECT n.[name], b.bucket, b.[count]
FROM (SELECT name_hash, bucket, SUM([count]) AS [count] FROM dbo.scorpiox_rollup_day_bucket WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to GROUP BY name_hash, bucket) AS b
JOIN (SELECT name_hash, MIN([name]) AS [name] FROM dbo.scorpiox_rollup_day WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to GROUP BY name_hash) AS n
  ON n.name_hash = b.name_hash;

-- operations by 1440 min, operation
SELECT [minute], [count], failures, timed, sum_us, min_us, max_us
FROM dbo.scorpiox_rollup_day WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to AND name_hash = CONVERT(binary(16), @name_hash, 2);

-- operations by 1440 min, operation-buckets
SELECT [minute], bucket, [count]
FROM dbo.scorpiox_rollup_day_bucket WHERE app_id = @app_id AND kind = @kind AND [minute] >= @from AND [minute] < @to AND name_hash = CONVERT(binary(16), @name_hash, 2);

-- purge minutes of app_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_app_rollup WHERE app_id = @app_id AND kind = @kind AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_app_rollup WHERE app_id = @app_id AND kind = @kind;

-- purge minutes of exception_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_exception_rollup WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_exception_rollup WHERE app_id = @app_id;

-- purge minutes of instance_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_instance_rollup WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_instance_rollup WHERE app_id = @app_id;

-- purge minutes of edge_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_edge_rollup WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_edge_rollup WHERE app_id = @app_id;

-- purge minutes of app_activity
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_app_activity WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_app_activity WHERE app_id = @app_id;

-- purge minutes of app_hours
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_app_hours WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_app_hours WHERE app_id = @app_id;

-- purge minutes of instance
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_instance WHERE app_id = @app_id AND [last_seen] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([last_seen]) AS oldest FROM dbo.scorpiox_instance WHERE app_id = @app_id;

-- purge hours of app_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_app_rollup_hour WHERE app_id = @app_id AND kind = @kind AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_app_rollup_hour WHERE app_id = @app_id AND kind = @kind;

-- purge hours of exception_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_exception_rollup_hour WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_exception_rollup_hour WHERE app_id = @app_id;

-- purge hours of instance_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_instance_rollup_hour WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_instance_rollup_hour WHERE app_id = @app_id;

-- purge hours of edge_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_edge_rollup_hour WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_edge_rollup_hour WHERE app_id = @app_id;

-- purge hours of exception_group
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_exception_group WHERE app_id = @app_id AND [last_seen] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([last_seen]) AS oldest FROM dbo.scorpiox_exception_group WHERE app_id = @app_id;

-- purge hours of dependency_target
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_dependency_target WHERE app_id = @app_id AND [last_seen] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([last_seen]) AS oldest FROM dbo.scorpiox_dependency_target WHERE app_id = @app_id;

-- purge days of app_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_app_rollup_day WHERE app_id = @app_id AND kind = @kind AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_app_rollup_day WHERE app_id = @app_id AND kind = @kind;

-- purge days of exception_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_exception_rollup_day WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_exception_rollup_day WHERE app_id = @app_id;

-- purge days of instance_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_instance_rollup_day WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_instance_rollup_day WHERE app_id = @app_id;

-- purge days of edge_rollup
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_edge_rollup_day WHERE app_id = @app_id AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_edge_rollup_day WHERE app_id = @app_id;

-- NEW_GROUPS
SELECT a.id AS app_id, COUNT(*) AS [rows]
FROM dbo.scorpiox_app AS a JOIN dbo.scorpiox_exception_group AS g
  ON g.app_id = a.id AND g.first_seen >= @from AND g.first_seen < @to AND g.first_stored >= @stored_from
GROUP BY a.id;

-- READ_NEWEST
SELECT t.[time], t.[hash], t.[message], t.properties, t.operation_id, t.instance, t.[version]
FROM OPENJSON(@rows) WITH (
    [time] bigint '$.time',
    [hash] varchar(32) '$.hash'
) AS j JOIN dbo.scorpiox_event AS t
  ON t.app_id = @app_id AND t.[time] = j.[time] AND t.[hash] = CONVERT(binary(16), j.[hash], 2);

-- ADD_ENDS
INSERT INTO dbo.scorpiox_call_ends (stored_at, ends) VALUES (@now, CONVERT(varbinary(max), @ends, 2));

-- READ_NEWEST_ENDS
SELECT MAX(seq) AS seq FROM dbo.scorpiox_call_ends;

-- READ_ENDS
SELECT seq FROM dbo.scorpiox_call_ends_linked WHERE id = 1;
SELECT TOP (100) seq, ends FROM dbo.scorpiox_call_ends WHERE seq > @taken ORDER BY seq;

-- WRITE_LINKED
UPDATE dbo.scorpiox_call_ends_linked SET seq = @linked WHERE id = 1;
DELETE FROM dbo.scorpiox_call_ends WHERE seq <= @linked AND stored_at < @before;

-- READ_SIZE
SELECT SUM(CAST(size AS bigint)) * 8192 AS bytes FROM sys.database_files;

-- purge metrics: minutes 1
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN(o.[minute]) AS oldest
FROM dbo.scorpiox_metric AS m CROSS APPLY (
  SELECT TOP (1) r.[minute] FROM dbo.scorpiox_metric_rollup AS r WHERE r.app_id = m.app_id AND r.metric = m.metric ORDER BY r.[minute]
) AS o
WHERE m.app_id = @app_id;

-- purge metrics: minutes 2
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup_bucket WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN(o.[minute]) AS oldest
FROM dbo.scorpiox_metric AS m CROSS APPLY (
  SELECT TOP (1) r.[minute] FROM dbo.scorpiox_metric_rollup_bucket AS r WHERE r.app_id = m.app_id AND r.metric = m.metric ORDER BY r.[minute]
) AS o
WHERE m.app_id = @app_id;

-- purge metrics: minutes 3
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_stream WHERE app_id = @app_id AND [seen_at] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([seen_at]) AS oldest FROM dbo.scorpiox_metric_stream WHERE app_id = @app_id;

-- purge metrics: hours 1
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup_hour WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN(o.[minute]) AS oldest
FROM dbo.scorpiox_metric AS m CROSS APPLY (
  SELECT TOP (1) r.[minute] FROM dbo.scorpiox_metric_rollup_hour AS r WHERE r.app_id = m.app_id AND r.metric = m.metric ORDER BY r.[minute]
) AS o
WHERE m.app_id = @app_id;

-- purge metrics: hours 2
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup_hour_bucket WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN(o.[minute]) AS oldest
FROM dbo.scorpiox_metric AS m CROSS APPLY (
  SELECT TOP (1) r.[minute] FROM dbo.scorpiox_metric_rollup_hour_bucket AS r WHERE r.app_id = m.app_id AND r.metric = m.metric ORDER BY r.[minute]
) AS o
WHERE m.app_id = @app_id;

-- purge metrics: days 1
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup_day WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN(o.[minute]) AS oldest
FROM dbo.scorpiox_metric AS m CROSS APPLY (
  SELECT TOP (1) r.[minute] FROM dbo.scorpiox_metric_rollup_day AS r WHERE r.app_id = m.app_id AND r.metric = m.metric ORDER BY r.[minute]
) AS o
WHERE m.app_id = @app_id;

-- purge metrics: days 2
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup_day_bucket WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN(o.[minute]) AS oldest
FROM dbo.scorpiox_metric AS m CROSS APPLY (
  SELECT TOP (1) r.[minute] FROM dbo.scorpiox_metric_rollup_day_bucket AS r WHERE r.app_id = m.app_id AND r.metric = m.metric ORDER BY r.[minute]
) AS o
WHERE m.app_id = @app_id;

-- purge metrics: days 3
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_series WHERE app_id = @app_id AND [seen_at] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([seen_at]) AS oldest FROM dbo.scorpiox_metric_series WHERE app_id = @app_id;

-- REMOVE_METRICS
DELETE FROM dbo.scorpiox_metric
WHERE app_id = @app_id AND metric NOT IN (
  SELECT s.metric FROM dbo.scorpiox_metric_series AS s WHERE s.app_id = @app_id
);

-- PURGE_EVENTS
SET NOCOUNT ON;
DECLARE @oldest bigint;
DECLARE @newest bigint;
DECLARE @deleted int = 0;
SELECT @oldest = MIN(d.[time]), @newest = MAX(d.[time])
FROM (
  SELECT TOP (2000) [time] FROM dbo.scorpiox_event WHERE app_id = @app_id AND [time] < @end ORDER BY [time]
) AS d;
IF @newest IS NOT NULL
BEGIN
  UPDATE dbo.scorpiox_deleted_event
  SET oldest = CASE WHEN @oldest < oldest THEN @oldest ELSE oldest END,
    newest = CASE WHEN @newest > newest THEN @newest ELSE newest END
  WHERE app_id = @app_id;
  INSERT INTO dbo.scorpiox_deleted_event (app_id, oldest, newest)
  SELECT @app_id, @oldest, @newest
  WHERE NOT EXISTS (SELECT 1 FROM dbo.scorpiox_deleted_event WHERE app_id = @app_id);
  DELETE TOP (2000) FROM dbo.scorpiox_event WHERE app_id = @app_id AND [time] <= @newest;
  SET @deleted = @@ROWCOUNT;
END;
SELECT @deleted AS deleted, MIN([time]) AS oldest FROM dbo.scorpiox_event WHERE app_id = @app_id;

-- READ_DELETED
SET NOCOUNT ON;
DECLARE @outcome int;
EXEC @outcome = sp_getapplock @Resource = N'scorpiox_purge', @LockMode = 'Shared', @LockOwner = 'Transaction', @LockTimeout = 20000;
SELECT @outcome AS outcome;
SELECT app_id, oldest, newest FROM dbo.scorpiox_deleted_event;

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
