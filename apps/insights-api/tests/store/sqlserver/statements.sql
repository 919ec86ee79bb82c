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

-- READ_SIZE
SELECT SUM(CAST(size AS bigint)) * 8192 AS bytes FROM sys.database_files;

-- purge metrics: minutes 1
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_metric_rollup WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id);

-- purge metrics: minutes 2
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup_bucket WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_metric_rollup_bucket WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id);

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
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_metric_rollup_hour WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id);

-- purge metrics: hours 2
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup_hour_bucket WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_metric_rollup_hour_bucket WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id);

-- purge metrics: days 1
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup_day WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_metric_rollup_day WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id);

-- purge metrics: days 2
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_rollup_day_bucket WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id) AND [minute] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([minute]) AS oldest FROM dbo.scorpiox_metric_rollup_day_bucket WHERE app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id);

-- purge metrics: days 3
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (2000) FROM dbo.scorpiox_metric_series WHERE app_id = @app_id AND [seen_at] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, MIN([seen_at]) AS oldest FROM dbo.scorpiox_metric_series WHERE app_id = @app_id;
DELETE FROM dbo.scorpiox_metric
WHERE app_id = @app_id AND metric NOT IN (
  SELECT s.metric FROM dbo.scorpiox_metric_series AS s WHERE s.app_id = @app_id
);

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
