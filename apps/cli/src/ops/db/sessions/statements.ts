/** What a SQL Server is asked about sessions. Needs VIEW SERVER STATE (VIEW SERVER PERFORMANCE STATE from 2022 on). */
import type { Statement } from '@scorpiox/shared/database/console';

/**
 * Each session of a user, what it runs or ran last, and what it waits for. Offsets are octets of a text of two octets a
 * character; -1 is its end. last_request_end_time of a session that has done nothing is 1900: hence DATEDIFF_BIG.
 */
export const LIST_SESSIONS: Statement = {
  text: `SELECT s.session_id, CASE WHEN s.session_id = @@SPID THEN 1 ELSE 0 END AS is_own, s.login_name, s.host_name, s.program_name,
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
ORDER BY s.session_id;`,
};

/** What the open transactions of a session have written to the log: rolling it back reads that again. */
export const listTransactions = (session: number): Statement => ({
  text: `SELECT DB_NAME(dt.database_id) AS database_name, CONVERT(varchar(23), tx.transaction_begin_time, 126) AS begun,
  dt.database_transaction_log_bytes_used AS log_bytes, dt.database_transaction_log_record_count AS log_records
FROM sys.dm_tran_session_transactions AS st
JOIN sys.dm_tran_active_transactions AS tx ON tx.transaction_id = st.transaction_id
JOIN sys.dm_tran_database_transactions AS dt ON dt.transaction_id = st.transaction_id
WHERE st.session_id = @session
ORDER BY dt.database_id;`,
  parameters: { session },
});

/** How far a rollback is comes as a message, and as an error where there is none. */
export const killStatus = (session: number): Statement => ({ text: `KILL ${session} WITH STATUSONLY;` });
