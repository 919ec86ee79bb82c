import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleError } from '@scorpiox/shared/database/console';
import { ATTEMPTS } from './limits.ts';

/** Between two attempts, milliseconds: somebody else had the lock for longer than a statement waits. */
const PAUSE_MS = 200;

/** Does what may be done twice, again where somebody else had a lock for too long. */
export async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConsoleError) || error.code !== 'locked' || attempt >= ATTEMPTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
