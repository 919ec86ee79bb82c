/** Sessions of a SQL Server, as rows tell of them. Pure. */
import type { Row } from '@scorpiox/shared/database/console';
import { flag, number, optionalNumber, optionalText, text } from '../dialect/rows.ts';

export interface Session {
  readonly id: number;
  /** Whether it is this tool's. */
  readonly isOwn: boolean;
  readonly login: string;
  readonly host?: string;
  readonly program?: string;
  readonly database?: string;
  /** Of what it runs now; of one that runs nothing `sleeping`. */
  readonly status: string;
  readonly openTransactions: number;
  /** The server's own time, ISO 8601 without a zone. */
  readonly signedIn: string;
  /** How long it has run nothing, milliseconds. */
  readonly quietMs?: number;
  readonly request?: Request;
  /** What it runs, or ran last. */
  readonly statement?: string;
}

/** What a session runs now. Times are milliseconds. */
interface Request {
  readonly command: string;
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly logicalReads: number;
  readonly percent: number;
  readonly wait?: { readonly type: string; readonly ms: number; readonly resource?: string };
  /** The session that it waits for. Below 0 it is none: -2 a distributed transaction without one, -4 a latch. */
  readonly blockedBy?: number;
  readonly queryHash?: string;
}

export function toSession(row: Row): Session {
  const request = row.request_status === null ? undefined : toRequest(row);
  return {
    id: number(row, 'session_id'),
    isOwn: flag(row, 'is_own'),
    login: text(row, 'login_name'),
    ...present({
      host: optionalText(row, 'host_name'),
      program: optionalText(row, 'program_name'),
      database: optionalText(row, 'database_name'),
      statement: optionalText(row, 'statement')?.trim(),
      quietMs: request === undefined ? optionalNumber(row, 'quiet_ms') : undefined,
      request,
    }),
    status: optionalText(row, 'request_status') ?? text(row, 'session_status'),
    openTransactions: number(row, 'open_transaction_count'),
    signedIn: text(row, 'signed_in'),
  };
}

function toRequest(row: Row): Request {
  const waitType = optionalText(row, 'wait_type');
  const blocker = optionalNumber(row, 'blocking_session_id') ?? 0;
  const resource = optionalText(row, 'wait_resource');
  const wait = waitType === undefined ? undefined : { type: waitType, ms: number(row, 'wait_time') };
  return {
    command: text(row, 'command'),
    elapsedMs: number(row, 'total_elapsed_time'),
    cpuMs: number(row, 'cpu_time'),
    logicalReads: number(row, 'logical_reads'),
    percent: number(row, 'percent_complete'),
    ...present({
      wait: wait === undefined || !resource ? wait : { ...wait, resource },
      blockedBy: blocker === 0 ? undefined : blocker,
      queryHash: optionalText(row, 'query_hash'),
    }),
  };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Only what is there: absent is not undefined. */
function present<T extends object>(fields: T): Present<T> {
  // What is left has the fields of T that are not undefined, which is what the type says.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
