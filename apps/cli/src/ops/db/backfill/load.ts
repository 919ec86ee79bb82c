/** What speaks against another batch, as far as the database tells. */
import { type Console, ConsoleError, type Run } from '@scorpiox/shared/database/console';
import { number } from '../dialect/rows.ts';
import { first } from '../rows/cells.ts';
import type { LogState } from './pace.ts';
import { COUNT_BLOCKED, LOG_USED } from './sqlserver.ts';

export interface Load {
  /** How full the log is. */
  log(): Promise<LogState>;
  /** How many wait for what the transaction under way has locked. */
  blocked(run: Run): Promise<number>;
  /** What the server does not tell this account, so that nothing is done about it: sentences. */
  readonly untold: readonly string[];
}

export async function watchLoad(db: Console): Promise<Load> {
  if (db.kind === 'sqlite') return { log: () => walState(db), blocked: async () => 0, untold: [] };
  const canSeeLog = await canAsk(db, LOG_USED);
  // Inside a transaction an error would end it: so it is tried before.
  const canSeeBlocked = await canAsk(db, COUNT_BLOCKED);
  return {
    log: async () => (canSeeLog ? { percent: await asked(db.run, LOG_USED, 'used') } : {}),
    blocked: async (run) => (canSeeBlocked ? asked(run, COUNT_BLOCKED, 'blocked') : 0),
    untold: [
      ...(canSeeLog ? [] : ['This server does not tell how full the log is: nothing waits for it.']),
      ...(canSeeBlocked ? [] : ['This server does not tell whom a batch blocks: nothing waits for them.']),
    ],
  };
}

async function asked(run: Run, text: string, column: string): Promise<number> {
  const row = await first(run, { text });
  return row === undefined ? 0 : number(row, column);
}

async function canAsk(db: Console, text: string): Promise<boolean> {
  try {
    return (await first(db.run, { text })) !== undefined;
  } catch (error) {
    if (error instanceof ConsoleError && error.code !== 'lost' && error.code !== 'unavailable') return false;
    throw error;
  }
}

/** Brings what it can from the write-ahead log into the database, and says what is left; nothing where there is no such log. */
async function walState(db: Console): Promise<LogState> {
  try {
    const row = await first(db.run, { text: 'PRAGMA wal_checkpoint(PASSIVE)' });
    return row === undefined ? {} : { pages: Math.max(0, number(row, 'log') - number(row, 'checkpointed')) };
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'locked') return {}; // somebody else is at it
    throw error;
  }
}
