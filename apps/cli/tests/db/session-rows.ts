import type { Row } from '@scorpiox/shared/database/console';

/** A row of a session that sleeps, but for what is said. */
export const sessionRow = (fields: Row): Row => ({
  session_id: 60,
  is_own: 0,
  login_name: 'sa',
  host_name: 'macmini',
  program_name: 'app',
  database_name: 'insights',
  session_status: 'sleeping',
  open_transaction_count: 0,
  signed_in: '2026-03-21T01:02:03.120',
  quiet_ms: 1_000,
  request_status: null,
  command: null,
  wait_type: null,
  wait_time: null,
  wait_resource: null,
  blocking_session_id: null,
  cpu_time: null,
  total_elapsed_time: null,
  logical_reads: null,
  percent_complete: null,
  query_hash: null,
  statement: 'SELECT 1',
  ...fields,
});
