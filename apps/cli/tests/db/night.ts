/**
 * The journal's night, as the rows that a SQL Server would give: a machine of 4 cores and 8 GB, 187 % of a core, 81 sessions
 * of 15 applications that look before they insert, no unique index, a duration that is parsed when it is read.
 */
import type { Row } from '@scorpiox/shared/database/console';
import { sessionRow } from './session-rows.ts';

const INSERT =
  'IF NOT EXISTS (SELECT 1 FROM Requests WHERE AppId = @app AND RequestId = @id)\n  INSERT INTO Requests (AppId, RequestId, Duration) VALUES (@app, @id, @duration)';

/** One session holds a transaction open and runs nothing; 80 wait for it or behind each other; one is this tool's. */
function sessions(): readonly Row[] {
  const waiting = Array.from({ length: 80 }, (_, at) =>
    sessionRow({
      session_id: 60 + at,
      program_name: `app-${at % 15}`,
      request_status: 'suspended',
      command: 'INSERT',
      wait_type: 'LCK_M_X',
      wait_time: 9_000 - at,
      wait_resource: 'OBJECT: 5:581577110:0',
      blocking_session_id: at < 40 ? 57 : 60,
      cpu_time: 900,
      total_elapsed_time: 10_000,
      logical_reads: 52_000,
      percent_complete: 0,
      query_hash: '0x1111111111111111',
      quiet_ms: null,
      statement: INSERT,
    }),
  );
  const head = sessionRow({
    session_id: 57,
    program_name: 'app-3',
    open_transaction_count: 1,
    quiet_ms: 300_000,
    statement: INSERT,
  });
  return [sessionRow({ session_id: 51, is_own: 1, program_name: 'scorpiox-db' }), head, ...waiting];
}

const index = {
  schema_name: 'dbo',
  index_id: 0,
  index_name: null,
  is_unique: 0,
  ignore_dup_key: 0,
  is_primary_key: 0,
  is_disabled: 0,
  has_filter: 0,
  used_bytes: 400_000_000,
  user_seeks: 0,
  user_scans: 1_200_000,
  user_lookups: 0,
  user_updates: 900_000,
  key_columns: null,
};

const wait = (at_ms: number, wait_type: string, waited_ms: number): Row => ({ wait_type, waited_ms, at_ms });

/** Answers by a piece of the statement's text; the second look at the waits is later. */
export function night(): readonly (readonly [string, readonly Row[] | (() => readonly Row[])])[] {
  let looks = 0;
  return [
    [
      'SERVERPROPERTY',
      [
        {
          version: '16.0.4105.2',
          edition: 'Developer Edition (64-bit)',
          engine_edition: 3,
          babelfish: null,
          database_name: 'insights',
        },
      ],
    ],
    ['sys.dm_os_schedulers', [{ cores: 4, waiting_tasks: 11, tasks: 90 }]],
    [
      'sys.dm_os_ring_buffers',
      [
        { age_s: 20, process_percent: 47, idle_percent: 0 },
        { age_s: 80, process_percent: 44, idle_percent: 0 },
      ],
    ],
    [
      'sys.dm_os_wait_stats',
      () => {
        looks += 1;
        return looks === 1
          ? [
              wait(5_000, 'LCK_M_X', 1_000_000),
              wait(5_000, 'SLEEP_TASK', 9_000_000),
              wait(5_000, 'SOS_SCHEDULER_YIELD', 50_000),
            ]
          : [
              wait(7_000, 'LCK_M_X', 1_156_000),
              wait(7_000, 'SLEEP_TASK', 9_400_000),
              wait(7_000, 'SOS_SCHEDULER_YIELD', 56_000),
              wait(7_000, 'WRITELOG', 300),
            ];
      },
    ],
    [
      'XMLNAMESPACES',
      [
        {
          query_hash: '0x1111111111111111',
          runs: 1_200_000,
          cpu_ms: 54_000_000,
          elapsed_ms: 90_000_000,
          logical_reads: 62_400_000_000,
          statement: 'SELECT 1 FROM Requests WHERE AppId = @app AND RequestId = @id',
          scanned_table: '[Requests]',
        },
        {
          query_hash: '0x2222222222222222',
          runs: 4,
          cpu_ms: 40,
          elapsed_ms: 40,
          logical_reads: 80,
          statement: 'SELECT name FROM Apps',
          scanned_table: '[Apps]',
        },
      ],
    ],
    [
      'NOT EXISTS',
      [
        {
          query_hash: '0x1111111111111111',
          runs: 1_200_000,
          logical_reads: 62_400_000_000,
          cpu_ms: 54_000_000,
          batch: INSERT,
        },
        { query_hash: '0x3333333333333333', runs: 900_000, logical_reads: 3_600_000, cpu_ms: 900_000, batch: INSERT },
      ],
    ],
    [
      'dm_db_index_usage_stats',
      [
        {
          ...index,
          table_name: 'Apps',
          index_id: 1,
          index_name: 'PK_Apps',
          is_unique: 1,
          is_primary_key: 1,
          row_count: 15,
          key_columns: 'AppId',
        },
        { ...index, table_name: 'Requests', row_count: 900_000 },
      ],
    ],
    ['dm_db_missing_index', []],
    [
      'sys.computed_columns',
      [
        {
          schema_name: 'dbo',
          table_name: 'Requests',
          column_name: 'DurationMs',
          type_name: 'int',
          definition: "(datediff(millisecond,'00:00:00',CONVERT([time],[Duration])))",
          is_persisted: 0,
          row_count: 900_000,
        },
      ],
    ],
    [
      'FROM sys.databases',
      [
        {
          is_read_committed_snapshot_on: 0,
          delayed_durability_desc: 'DISABLED',
          is_auto_shrink_on: 0,
          recovery_model_desc: 'FULL',
          log_reuse_wait_desc: 'ACTIVE_TRANSACTION',
          compatibility_level: 160,
        },
      ],
    ],
    [
      'FILEPROPERTY',
      [
        {
          file_id: 1,
          name: 'insights',
          type_desc: 'ROWS',
          bytes: 3_000_000_000,
          used_bytes: 2_900_000_000,
          max_bytes: null,
          is_percent_growth: 1,
          growth: 10,
        },
        {
          file_id: 2,
          name: 'insights_log',
          type_desc: 'LOG',
          bytes: 1_000_000_000,
          used_bytes: 780_000_000,
          max_bytes: 2_199_023_255_552,
          is_percent_growth: 0,
          growth: 67_108_864,
        },
      ],
    ],
    ['dm_os_volume_stats', [{ volume: '/', total_bytes: 500_000_000_000, available_bytes: 60_000_000_000 }]],
    ['dm_db_log_space_usage', [{ bytes: 1_000_000_000, used_bytes: 780_000_000 }]],
    [
      'scorpiox_size_sample',
      [
        { at: 1_774_000_000_000, bytes: 1_000_000_000 },
        { at: 1_774_000_000_000 + 86_400_000, bytes: 4_000_000_000 },
      ],
    ],
    [
      'sys.dm_os_sys_info',
      [
        {
          cpu_count: 4,
          numa_node_count: 1,
          memory_mb: 8_192,
          used_mb: 7_600,
          aimed_mb: 7_700,
          started: '2026-03-01T04:00:00',
        },
      ],
    ],
    [
      'FROM sys.configurations',
      [
        { name: 'cost threshold for parallelism', configured: 5, in_use: 5 },
        { name: 'max degree of parallelism', configured: 0, in_use: 0 },
        { name: 'max server memory (MB)', configured: 2_147_483_647, in_use: 2_147_483_647 },
      ],
    ],
    ['FROM sys.dm_exec_sessions', sessions()],
  ];
}
