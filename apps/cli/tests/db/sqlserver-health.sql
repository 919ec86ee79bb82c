-- COMPUTED
SELECT s.name AS schema_name, o.name AS table_name, c.name AS column_name, t.name AS type_name, c.definition, c.is_persisted,
  (SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = o.object_id AND p.index_id IN (0, 1)) AS row_count
FROM sys.computed_columns AS c
JOIN sys.objects AS o ON o.object_id = c.object_id
JOIN sys.schemas AS s ON s.schema_id = o.schema_id
JOIN sys.types AS t ON t.user_type_id = c.user_type_id
WHERE o.type = 'U' AND o.is_ms_shipped = 0
ORDER BY s.name, o.name, c.column_id;

-- DATABASE
SELECT is_read_committed_snapshot_on, delayed_durability_desc, is_auto_shrink_on, recovery_model_desc, log_reuse_wait_desc,
  compatibility_level
FROM sys.databases
WHERE database_id = DB_ID();

-- EXPENSIVE
WITH XMLNAMESPACES (DEFAULT 'http://schemas.microsoft.com/sqlserver/2004/07/showplan'),
costs AS (
  SELECT TOP (20) query_hash, SUM(execution_count) AS runs, SUM(total_worker_time) / 1000 AS cpu_ms,
    SUM(total_elapsed_time) / 1000 AS elapsed_ms, SUM(total_logical_reads) AS logical_reads
  FROM sys.dm_exec_query_stats
  GROUP BY query_hash
  ORDER BY SUM(total_worker_time) DESC
)
SELECT CONVERT(varchar(18), c.query_hash, 1) AS query_hash, c.runs, c.cpu_ms, c.elapsed_ms, c.logical_reads, one.statement,
  p.query_plan.value('(//RelOp[@PhysicalOp="Table Scan" or @PhysicalOp="Clustered Index Scan" or @PhysicalOp="Index Scan"]/*/Object/@Table)[1]', 'nvarchar(258)') AS scanned_table
FROM costs AS c
CROSS APPLY (
  SELECT TOP (1) q.plan_handle, LEFT(SUBSTRING(t.text, q.statement_start_offset / 2 + 1,
    (CASE q.statement_end_offset WHEN -1 THEN DATALENGTH(t.text) ELSE q.statement_end_offset END - q.statement_start_offset) / 2 + 1), 1000) AS statement
  FROM sys.dm_exec_query_stats AS q
  CROSS APPLY sys.dm_exec_sql_text(q.sql_handle) AS t
  WHERE q.query_hash = c.query_hash
  ORDER BY q.total_worker_time DESC
) AS one
OUTER APPLY sys.dm_exec_query_plan(one.plan_handle) AS p
ORDER BY c.cpu_ms DESC;

-- FILES
SELECT f.file_id, f.name, f.type_desc, CAST(f.size AS bigint) * 8192 AS bytes,
  CAST(FILEPROPERTY(f.name, 'SpaceUsed') AS bigint) * 8192 AS used_bytes,
  CASE f.max_size WHEN -1 THEN NULL WHEN 0 THEN CAST(f.size AS bigint) * 8192 ELSE CAST(f.max_size AS bigint) * 8192 END AS max_bytes,
  f.is_percent_growth, CASE WHEN f.is_percent_growth = 1 THEN f.growth ELSE CAST(f.growth AS bigint) * 8192 END AS growth
FROM sys.database_files AS f
ORDER BY f.file_id;

-- INDEXES
SELECT s.name AS schema_name, o.name AS table_name, i.index_id, i.name AS index_name, i.is_unique, i.ignore_dup_key, i.is_primary_key,
  i.is_disabled, i.has_filter, p.row_count, p.used_bytes, u.user_seeks, u.user_scans, u.user_lookups, u.user_updates,
  (SELECT STRING_AGG(CAST(c.name AS nvarchar(max)), N', ') WITHIN GROUP (ORDER BY ic.key_ordinal)
    FROM sys.index_columns AS ic
    JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
    WHERE ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.key_ordinal > 0) AS key_columns
FROM sys.indexes AS i
JOIN sys.objects AS o ON o.object_id = i.object_id
JOIN sys.schemas AS s ON s.schema_id = o.schema_id
LEFT JOIN (
  SELECT object_id, index_id, SUM(row_count) AS row_count, SUM(used_page_count) * 8192 AS used_bytes
  FROM sys.dm_db_partition_stats
  GROUP BY object_id, index_id
) AS p ON p.object_id = i.object_id AND p.index_id = i.index_id
LEFT JOIN sys.dm_db_index_usage_stats AS u ON u.database_id = DB_ID() AND u.object_id = i.object_id AND u.index_id = i.index_id
WHERE o.type = 'U' AND o.is_ms_shipped = 0 AND i.is_hypothetical = 0 AND i.type IN (0, 1, 2)
ORDER BY s.name, o.name, i.index_id;

-- LOG
SELECT total_log_size_in_bytes AS bytes, used_log_space_in_bytes AS used_bytes
FROM sys.dm_db_log_space_usage;

-- LOOK_FIRST
SELECT TOP (50) CONVERT(varchar(18), q.query_hash, 1) AS query_hash, SUM(q.execution_count) AS runs,
  SUM(q.total_logical_reads) AS logical_reads, SUM(q.total_worker_time) / 1000 AS cpu_ms, MAX(CAST(t.text AS nvarchar(4000))) AS batch
FROM sys.dm_exec_query_stats AS q
CROSS APPLY sys.dm_exec_sql_text(q.sql_handle) AS t
WHERE t.text LIKE N'%NOT EXISTS%' AND t.text LIKE N'%INSERT%' AND t.text NOT LIKE N'%dm[_]exec[_]query[_]stats%'
GROUP BY q.query_hash
ORDER BY SUM(q.total_logical_reads) DESC;

-- MISSING_INDEXES
SELECT TOP (10) d.statement AS table_name, d.equality_columns, d.inequality_columns, d.included_columns,
  g.user_seeks + g.user_scans AS uses, g.avg_user_impact AS impact_percent
FROM sys.dm_db_missing_index_details AS d
JOIN sys.dm_db_missing_index_groups AS m ON m.index_handle = d.index_handle
JOIN sys.dm_db_missing_index_group_stats AS g ON g.group_handle = m.index_group_handle
WHERE d.database_id = DB_ID()
ORDER BY g.avg_total_user_cost * g.avg_user_impact * (g.user_seeks + g.user_scans) DESC;

-- PROCESSOR
SELECT TOP (10) (i.ms_ticks - b.[timestamp]) / 1000 AS age_s,
  b.record.value('(./Record/SchedulerMonitorEvent/SystemHealth/ProcessUtilization)[1]', 'int') AS process_percent,
  b.record.value('(./Record/SchedulerMonitorEvent/SystemHealth/SystemIdle)[1]', 'int') AS idle_percent
FROM (
  SELECT [timestamp], CONVERT(xml, record) AS record
  FROM sys.dm_os_ring_buffers
  WHERE ring_buffer_type = N'RING_BUFFER_SCHEDULER_MONITOR' AND record LIKE N'%<SystemHealth>%'
) AS b
CROSS JOIN sys.dm_os_sys_info AS i
ORDER BY b.[timestamp] DESC;

-- SCHEDULERS
SELECT COUNT(*) AS cores, SUM(runnable_tasks_count) AS waiting_tasks, SUM(current_tasks_count) AS tasks
FROM sys.dm_os_schedulers
WHERE status = N'VISIBLE ONLINE';

-- SERVER
SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS version, CAST(SERVERPROPERTY('Edition') AS nvarchar(128)) AS edition,
  CAST(SERVERPROPERTY('EngineEdition') AS int) AS engine_edition, CAST(SERVERPROPERTY('Babelfish') AS int) AS babelfish,
  DB_NAME() AS database_name;

-- SIZE_SAMPLES
SELECT [at], bytes FROM dbo.scorpiox_size_sample WHERE [at] >= @since ORDER BY [at];

-- VOLUMES
SELECT DISTINCT v.volume_mount_point AS volume, v.total_bytes, v.available_bytes
FROM sys.database_files AS f
CROSS APPLY sys.dm_os_volume_stats(DB_ID(), f.file_id) AS v;

-- WAITS
SELECT w.wait_type, w.wait_time_ms AS waited_ms, i.ms_ticks AS at_ms
FROM sys.dm_os_wait_stats AS w
CROSS JOIN sys.dm_os_sys_info AS i
WHERE w.wait_time_ms > 0
ORDER BY w.wait_type;
