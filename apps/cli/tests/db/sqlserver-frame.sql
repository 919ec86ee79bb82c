-- catalog: tables
SELECT s.name AS schema_name, o.name, RTRIM(o.type) AS type, o.is_ms_shipped, SCHEMA_NAME() AS own_schema
FROM sys.objects AS o
JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V')
ORDER BY s.name, o.name;

-- catalog: columns
SELECT c.name, t.name AS type_name, c.max_length, c.precision, c.scale, c.is_nullable, c.is_identity, c.is_computed,
  cc.definition, cc.is_persisted
FROM sys.columns AS c
JOIN sys.types AS t ON t.user_type_id = c.user_type_id
LEFT JOIN sys.computed_columns AS cc ON cc.object_id = c.object_id AND cc.column_id = c.column_id
WHERE c.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table))
ORDER BY c.column_id;

-- catalog: indexes
SELECT i.name, i.is_unique, i.ignore_dup_key, i.is_primary_key, i.is_disabled, i.filter_definition, c.name AS column_name
FROM sys.indexes AS i
JOIN sys.index_columns AS ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id AND ic.key_ordinal > 0
JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id
WHERE i.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND i.type IN (1, 2)
ORDER BY i.index_id, ic.key_ordinal;

-- catalog: rows
SELECT SUM(p.rows) AS n
FROM sys.partitions AS p
WHERE p.object_id = OBJECT_ID(CONVERT(nvarchar(1035), @table)) AND p.index_id IN (0, 1);

-- host
SELECT cpu_count, numa_node_count, physical_memory_kb / 1024 AS memory_mb, committed_kb / 1024 AS used_mb,
  committed_target_kb / 1024 AS aimed_mb, CONVERT(varchar(23), sqlserver_start_time, 126) AS started
FROM sys.dm_os_sys_info;

-- options
SELECT name, CAST(value AS bigint) AS configured, CAST(value_in_use AS bigint) AS in_use
FROM sys.configurations
WHERE name IN (N'max server memory (MB)', N'max degree of parallelism', N'cost threshold for parallelism')
ORDER BY name;

-- set options
DECLARE @shown bigint = (SELECT CAST(value_in_use AS bigint) FROM sys.configurations WHERE name = N'show advanced options');
IF @shown = 0
BEGIN
  EXEC sys.sp_configure N'show advanced options', 1;
  RECONFIGURE;
END;
EXEC sys.sp_configure N'max server memory (MB)', 5120;
EXEC sys.sp_configure N'max degree of parallelism', 2;
RECONFIGURE;
IF @shown = 0
BEGIN
  EXEC sys.sp_configure N'show advanced options', 0;
  RECONFIGURE;
END;

-- sessions
SELECT s.session_id, CASE WHEN s.session_id = @@SPID THEN 1 ELSE 0 END AS is_own, s.login_name, s.host_name, s.program_name,
  DB_NAME(s.database_id) AS database_name, s.status AS session_status, s.open_transaction_count,
  CONVERT(varchar(23), s.login_time, 126) AS signed_in,
  DATEDIFF_BIG(MILLISECOND, s.last_request_end_time, GETDATE()) AS quiet_ms,
  r.status AS request_status, r.command, r.wait_type, r.wait_time, r.wait_resource, r.blocking_session_id,
  r.cpu_time, r.total_elapsed_time, r.logical_reads, r.percent_complete,
  CONVERT(varchar(18), r.query_hash, 1) AS query_hash,
  LEFT(CASE WHEN r.session_id IS NULL THEN t.text ELSE SUBSTRING(t.text, r.statement_start_offset / 2 + 1,
    (CASE r.statement_end_offset WHEN -1 THEN DATALENGTH(t.text) ELSE r.statement_end_offset END - r.statement_start_offset) / 2 + 1)
  END, 4000) AS statement
FROM sys.dm_exec_sessions AS s
LEFT JOIN sys.dm_exec_requests AS r ON r.session_id = s.session_id
LEFT JOIN sys.dm_exec_connections AS c ON c.session_id = s.session_id AND c.parent_connection_id IS NULL
OUTER APPLY sys.dm_exec_sql_text(COALESCE(r.sql_handle, c.most_recent_sql_handle)) AS t
WHERE s.is_user_process = 1
ORDER BY s.session_id;

-- transactions of a session
SELECT DB_NAME(dt.database_id) AS database_name, CONVERT(varchar(23), tx.transaction_begin_time, 126) AS begun,
  dt.database_transaction_log_bytes_used AS log_bytes, dt.database_transaction_log_record_count AS log_records
FROM sys.dm_tran_session_transactions AS st
JOIN sys.dm_tran_active_transactions AS tx ON tx.transaction_id = st.transaction_id
JOIN sys.dm_tran_database_transactions AS dt ON dt.transaction_id = st.transaction_id
WHERE st.session_id = @session
ORDER BY dt.database_id;

-- when a session signed in
SELECT CONVERT(varchar(23), login_time, 121) AS signed_in
FROM sys.dm_exec_sessions
WHERE session_id = @session AND is_user_process = 1;

-- end a session
KILL 57;

-- how far its rollback is
KILL 57 WITH STATUSONLY;
