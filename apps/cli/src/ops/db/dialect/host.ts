/** The machine that a SQL Server runs on, as the server tells it. */
import type { Console, Row, Statement } from '@scorpiox/shared/database/console';
import { list, number, text } from './rows.ts';

export interface Host {
  readonly cores: number;
  /** Nodes of memory and cores (NUMA). */
  readonly nodes: number;
  /** Megabytes that the server knows of; on Linux four fifths of the machine's unless it was told otherwise. */
  readonly memoryMb: number;
  /** What it takes now, and aims at. */
  readonly usedMb: number;
  readonly aimedMb: number;
  /** ISO 8601 without a zone: the server's own time. */
  readonly started: string;
}

/** Needs VIEW SERVER STATE. */
export const READ_HOST: Statement = {
  text: `SELECT cpu_count, numa_node_count, physical_memory_kb / 1024 AS memory_mb, committed_kb / 1024 AS used_mb,
  committed_target_kb / 1024 AS aimed_mb, CONVERT(varchar(23), sqlserver_start_time, 126) AS started
FROM sys.dm_os_sys_info;`,
};

const toHost = (row: Row): Host => ({
  cores: number(row, 'cpu_count'),
  nodes: number(row, 'numa_node_count'),
  memoryMb: number(row, 'memory_mb'),
  usedMb: number(row, 'used_mb'),
  aimedMb: number(row, 'aimed_mb'),
  started: text(row, 'started'),
});

export async function readHost(db: Console): Promise<Host | undefined> {
  const [row] = await list(db, READ_HOST);
  return row === undefined ? undefined : toHost(row);
}
