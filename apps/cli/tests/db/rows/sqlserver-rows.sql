-- rows of a table
SELECT COUNT_BIG(*) AS "rows" FROM [dbo].[App]]Requests]

-- duplicates by a key
SELECT (SELECT COUNT_BIG(*) FROM [dbo].[App]]Requests]) AS "rows",
  COALESCE(SUM(CASE WHEN g.n > 1 THEN 1 ELSE 0 END), 0) AS "groups",
  COALESCE(SUM(g.n - 1), 0) AS "excess"
FROM (
  SELECT COUNT_BIG(*) AS n
  FROM [dbo].[App]]Requests]
  GROUP BY [AppId], [RequestId]
) AS g

-- the worst keys
SELECT TOP (CONVERT(int, @most)) w.n, w.place, CONVERT(nvarchar(max), w.[AppId]) AS k0, CONVERT(nvarchar(max), w.[RequestId]) AS k1, CONVERT(nvarchar(max), w.[ReceivedAt], 121) AS o0, CONVERT(nvarchar(max), w.[Id]) AS o1
FROM (
  SELECT [AppId], [RequestId], [ReceivedAt], [Id],
    COUNT_BIG(*) OVER (PARTITION BY [AppId], [RequestId]) AS n,
    ROW_NUMBER() OVER (PARTITION BY [AppId], [RequestId] ORDER BY CASE WHEN [ReceivedAt] IS NULL THEN 1 ELSE 0 END, [ReceivedAt], [Id]) AS place
  FROM [dbo].[App]]Requests]
) AS w
WHERE w.n > 1 AND w.place <= @sampled
ORDER BY w.n DESC, w.[AppId], w.[RequestId], w.place

-- foreign keys to the table
SELECT OBJECT_SCHEMA_NAME(f.parent_object_id) + N'.' + OBJECT_NAME(f.parent_object_id) AS child,
  f.delete_referential_action_desc AS deed
FROM sys.foreign_keys AS f
WHERE f.referenced_object_id = OBJECT_ID(QUOTENAME(@schema) + N'.' + QUOTENAME(@name))
ORDER BY child, f.name;

-- triggers on DELETE
SELECT t.name
FROM sys.triggers AS t
JOIN sys.trigger_events AS e ON e.object_id = t.object_id AND e.type_desc = @deed
WHERE t.parent_id = OBJECT_ID(QUOTENAME(@schema) + N'.' + QUOTENAME(@name)) AND t.is_disabled = 0
ORDER BY t.name;

-- the table of removals
IF OBJECT_ID(N'[dbo].[scorpiox_dedupes]', N'U') IS NULL
CREATE TABLE [dbo].[scorpiox_dedupes] (
  id bigint NOT NULL PRIMARY KEY,
  table_name nvarchar(300) NOT NULL,
  key_columns nvarchar(max) NOT NULL,
  archive nvarchar(128) NOT NULL,
  [state] varchar(16) NOT NULL,
  begun_at datetime2(3) NOT NULL DEFAULT SYSUTCDATETIME()
);

-- an archive
SELECT TOP (0) IDENTITY(bigint, 1, 1) AS scorpiox_n, SYSUTCDATETIME() AS scorpiox_at,
  x.[Id], x.[AppId], x.[RequestId], x.[ReceivedAt], x.[DurationMs], CONVERT(binary(8), x.[Version]) AS [Version]
INTO [dbo].[App]]Requests_duplicates_3]
FROM [dbo].[App]]Requests] AS x
CROSS JOIN (SELECT 1 AS one) AS y;
ALTER TABLE [dbo].[App]]Requests_duplicates_3] ADD PRIMARY KEY (scorpiox_n);

-- the doomed
SELECT ISNULL(ROW_NUMBER() OVER (ORDER BY w.i0), 0) AS n, w.i0, w.k0
INTO [dbo].[App]]Requests_doomed_3]
FROM (
  SELECT [Id] AS i0, FIRST_VALUE([Id]) OVER (PARTITION BY [AppId], [RequestId] ORDER BY CASE WHEN [ReceivedAt] IS NULL THEN 1 ELSE 0 END, [ReceivedAt], [Id] ROWS UNBOUNDED PRECEDING) AS k0,
    ROW_NUMBER() OVER (PARTITION BY [AppId], [RequestId] ORDER BY CASE WHEN [ReceivedAt] IS NULL THEN 1 ELSE 0 END, [ReceivedAt], [Id]) AS place
  FROM [dbo].[App]]Requests]
) AS w
WHERE w.place > 1;
CREATE UNIQUE CLUSTERED INDEX by_number ON [dbo].[App]]Requests_doomed_3] (n);

-- a batch goes
DELETE x
OUTPUT SYSUTCDATETIME(), deleted.[Id], deleted.[AppId], deleted.[RequestId], deleted.[ReceivedAt], deleted.[DurationMs], deleted.[Version]
INTO [dbo].[App]]Requests_duplicates_3] (scorpiox_at, [Id], [AppId], [RequestId], [ReceivedAt], [DurationMs], [Version])
FROM [dbo].[App]]Requests_doomed_3] AS d
JOIN [dbo].[App]]Requests] AS x ON x.[Id] = d.i0
JOIN [dbo].[App]]Requests] AS k WITH (REPEATABLEREAD) ON k.[Id] = d.k0 AND EXISTS (SELECT x.[AppId], x.[RequestId] INTERSECT SELECT k.[AppId], k.[RequestId])
WHERE d.n > @above AND d.n <= @upTo;

-- a batch comes back
SET IDENTITY_INSERT [dbo].[App]]Requests] ON;
INSERT INTO [dbo].[App]]Requests] ([Id], [AppId], [RequestId], [ReceivedAt])
SELECT [Id], [AppId], [RequestId], [ReceivedAt]
FROM [dbo].[App]]Requests_duplicates_3]
WHERE scorpiox_n > @above AND scorpiox_n <= @upTo
ORDER BY scorpiox_n;
SET IDENTITY_INSERT [dbo].[App]]Requests] OFF;
DELETE FROM [dbo].[App]]Requests_duplicates_3]
WHERE scorpiox_n > @above AND scorpiox_n <= @upTo;

-- a table is dropped
IF OBJECT_ID(N'[dbo].[App]]Requests_doomed_3]', N'U') IS NOT NULL
DROP TABLE [dbo].[App]]Requests_doomed_3];

-- the edition
SELECT CONVERT(int, SERVERPROPERTY('EngineEdition')) AS edition;

-- the index
CREATE UNIQUE NONCLUSTERED INDEX [ux]
ON [dbo].[App]]Requests] ([AppId], [RequestId])
WITH (IGNORE_DUP_KEY = ON, ONLINE = ON);
CREATE UNIQUE NONCLUSTERED INDEX [ux]
ON [dbo].[App]]Requests] ([AppId], [RequestId]);

-- the index is dropped
DROP INDEX [ux] ON [dbo].[App]]Requests];

-- nobody else writes
SELECT TOP (1) 1 AS one FROM [dbo].[App]]Requests] WITH (TABLOCKX, HOLDLOCK);

-- a hash of a long key
ALTER TABLE [dbo].[App]]Requests] ADD [scorpiox_hash] AS
  CONVERT(binary(32), HASHBYTES('SHA2_256', CONVERT(varbinary(max), 0x)
    + CASE WHEN [AppId] IS NULL THEN 0x00 ELSE 0x01 + CONVERT(binary(8), CONVERT(bigint, DATALENGTH([AppId]))) + CONVERT(varbinary(max), [AppId]) END
    + CASE WHEN [RequestId] IS NULL THEN 0x00 ELSE 0x01 + CONVERT(binary(8), CONVERT(bigint, DATALENGTH([RequestId]))) + CONVERT(varbinary(max), [RequestId]) END
    + CASE WHEN [ReceivedAt] IS NULL THEN 0x00 ELSE 0x01 + CONVERT(binary(8), CONVERT(bigint, DATALENGTH([ReceivedAt]))) + CONVERT(varbinary(max), [ReceivedAt]) END)) PERSISTED;
ALTER TABLE [dbo].[App]]Requests] DROP COLUMN [scorpiox_hash];

-- notes of backfills
IF OBJECT_ID(N'dbo.scorpiox_backfills', N'U') IS NULL
CREATE TABLE dbo.scorpiox_backfills (
  id bigint NOT NULL PRIMARY KEY,
  table_name nvarchar(300) NOT NULL,
  column_name nvarchar(128) NOT NULL,
  expression nvarchar(max) NOT NULL,
  [state] varchar(16) NOT NULL,
  last_key nvarchar(max) NULL,
  done_rows bigint NOT NULL,
  total_rows bigint NOT NULL,
  batches bigint NOT NULL,
  worked_ms bigint NOT NULL,
  waits bigint NOT NULL,
  waits_for varchar(16) NULL,
  worker nvarchar(300) NULL,
  begun_at bigint NOT NULL,
  seen_at bigint NOT NULL
);
DATEDIFF_BIG(millisecond, '19700101', SYSUTCDATETIME())

-- the next batch
SELECT TOP (1) CONVERT(nvarchar(max), [ReceivedAt], 121) AS k0, CONVERT(nvarchar(max), [Id]) AS k1
FROM (
  SELECT TOP (CONVERT(int, @size)) [ReceivedAt], [Id]
  FROM [dbo].[App]]Requests]
  ORDER BY [ReceivedAt], [Id]
) AS s
ORDER BY [ReceivedAt] DESC, [Id] DESC;
SELECT TOP (1) CONVERT(nvarchar(max), [ReceivedAt], 121) AS k0, CONVERT(nvarchar(max), [Id]) AS k1
FROM (
  SELECT TOP (CONVERT(int, @size)) [ReceivedAt], [Id]
  FROM [dbo].[App]]Requests]
  WHERE [ReceivedAt] >= CONVERT(datetime2(7), @last0, 121) AND (([ReceivedAt] > CONVERT(datetime2(7), @last0, 121)) OR ([ReceivedAt] = CONVERT(datetime2(7), @last0, 121) AND [Id] > CONVERT(bigint, @last1)))
  ORDER BY [ReceivedAt], [Id]
) AS s
ORDER BY [ReceivedAt] DESC, [Id] DESC;

-- a batch is set
UPDATE [dbo].[App]]Requests]
SET [Copied] = CONVERT(int, (DATEDIFF(ms, 0, [Duration])))
WHERE [ReceivedAt] <= CONVERT(datetime2(7), @upper0, 121) AND (([ReceivedAt] < CONVERT(datetime2(7), @upper0, 121)) OR ([ReceivedAt] = CONVERT(datetime2(7), @upper0, 121) AND [Id] <= CONVERT(bigint, @upper1)));
UPDATE [dbo].[App]]Requests]
SET [Copied] = CONVERT(int, (DATEDIFF(ms, 0, [Duration])))
WHERE [ReceivedAt] >= CONVERT(datetime2(7), @last0, 121) AND (([ReceivedAt] > CONVERT(datetime2(7), @last0, 121)) OR ([ReceivedAt] = CONVERT(datetime2(7), @last0, 121) AND [Id] > CONVERT(bigint, @last1)))
  AND [ReceivedAt] <= CONVERT(datetime2(7), @upper0, 121) AND (([ReceivedAt] < CONVERT(datetime2(7), @upper0, 121)) OR ([ReceivedAt] = CONVERT(datetime2(7), @upper0, 121) AND [Id] <= CONVERT(bigint, @upper1)));
UPDATE [dbo].[App]]Requests]
SET [Copied] = CONVERT(int, (DATEDIFF(ms, 0, [Duration])))
WHERE [Id] > CONVERT(bigint, @last0)
  AND [Id] <= CONVERT(bigint, @upper0);

-- rows that differ
SELECT COUNT_BIG(*) AS "rows" FROM [dbo].[App]]Requests]
WHERE EXISTS (SELECT [Copied] EXCEPT SELECT CONVERT(int, (DATEDIFF(ms, 0, [Duration]))));
SELECT TOP (0) CONVERT(int, (DATEDIFF(ms, 0, [Duration]))) AS tried FROM [dbo].[App]]Requests];

-- who waits
SELECT COUNT(*) AS blocked FROM sys.dm_exec_requests WHERE blocking_session_id = @@SPID;
SELECT CONVERT(float, used_log_space_in_percent) AS used FROM sys.dm_db_log_space_usage;

-- values that do not fit
SELECT COALESCE(SUM(CASE WHEN v.value IS NULL THEN 0
    WHEN TRY_CONVERT(int, v.value) IS NULL THEN 1
    WHEN TRY_CONVERT(int, v.value) <> v.value THEN 1 ELSE 0 END), 0) AS "rows",
  CONVERT(nvarchar(max), MIN(v.value)) AS least, CONVERT(nvarchar(max), MAX(v.value)) AS most
FROM (SELECT (DATEDIFF_BIG(millisecond, '00:00:00', [ReceivedAt])) AS value FROM [dbo].[App]]Requests]) AS v;

-- what uses a column
SELECT N'index' AS kind, i.name
FROM sys.indexes AS i
JOIN sys.index_columns AS ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
WHERE i.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND c.name = @column_name
UNION
SELECT N'statistics', s.name
FROM sys.stats AS s
JOIN sys.stats_columns AS sc ON sc.object_id = s.object_id AND sc.stats_id = s.stats_id
JOIN sys.columns AS c ON c.object_id = sc.object_id AND c.column_id = sc.column_id
WHERE s.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND c.name = @column_name AND s.user_created = 1
UNION
SELECT N'schema-bound', COALESCE(OBJECT_NAME(d.referencing_id), CONVERT(nvarchar(20), d.referencing_id))
FROM sys.sql_expression_dependencies AS d
JOIN sys.columns AS c ON c.object_id = d.referenced_id AND c.column_id = d.referenced_minor_id
WHERE d.referenced_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND c.name = @column_name
  AND d.is_schema_bound_reference = 1
ORDER BY kind, name;

-- the real column
ALTER TABLE [dbo].[App]]Requests] ADD [DurationMs_scorpiox] int NULL;

-- rows that others write
EXEC (N'CREATE TRIGGER [dbo].[App]]Requests_DurationMs_on_write] ON [dbo].[App]]Requests] AFTER INSERT, UPDATE AS
BEGIN
  SET NOCOUNT ON;
  IF NOT (UPDATE([ReceivedAt])) RETURN;
  UPDATE [dbo].[App]]Requests] SET [DurationMs_scorpiox] = TRY_CONVERT(int, (DATEDIFF(millisecond, ''00:00:00'', [ReceivedAt])))
  WHERE EXISTS (SELECT 1 FROM inserted AS i WHERE i.[Id] = [dbo].[App]]Requests].[Id])
    AND ([DurationMs_scorpiox] IS NULL OR EXISTS (SELECT 1 FROM deleted));
END');

-- the swap
IF OBJECT_ID(N'[dbo].[App]]Requests_DurationMs_on_write]', N'TR') IS NOT NULL
DROP TRIGGER [dbo].[App]]Requests_DurationMs_on_write];
ALTER TABLE [dbo].[App]]Requests] DROP COLUMN [DurationMs];
EXEC sp_rename N'[dbo].[App]]Requests].[DurationMs_scorpiox]', N'DurationMs', N'COLUMN';
EXEC (N'CREATE TRIGGER [dbo].[App]]Requests_DurationMs_on_write] ON [dbo].[App]]Requests] AFTER INSERT, UPDATE AS
BEGIN
  SET NOCOUNT ON;
  IF NOT (UPDATE([ReceivedAt])) RETURN;
  UPDATE [dbo].[App]]Requests] SET [DurationMs] = TRY_CONVERT(int, (DATEDIFF(millisecond, ''00:00:00'', [ReceivedAt])))
  WHERE EXISTS (SELECT 1 FROM inserted AS i WHERE i.[Id] = [dbo].[App]]Requests].[Id])
    AND ([DurationMs] IS NULL OR EXISTS (SELECT 1 FROM deleted));
END');

-- computed again
IF OBJECT_ID(N'[dbo].[App]]Requests_DurationMs_on_write]', N'TR') IS NOT NULL
DROP TRIGGER [dbo].[App]]Requests_DurationMs_on_write];
ALTER TABLE [dbo].[App]]Requests] DROP COLUMN [DurationMs];
ALTER TABLE [dbo].[App]]Requests] ADD [DurationMs] AS (x);
ALTER TABLE [dbo].[App]]Requests] ADD [DurationMs] AS (x) PERSISTED NOT NULL;
