import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleError } from '@scorpiox/shared/database/console';
import { LOCKED_ATTEMPTS, LOCKED_PAUSE_MS } from './limits.ts';

/**
 * Does a transaction again that others' locks kept from being done, or that lost a deadlock: it was undone as a whole. A few
 * times, with a pause in which they get through.
 */
export async function patiently<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      const isLocked = error instanceof ConsoleError && error.code === 'locked';
      if (!isLocked || attempt >= LOCKED_ATTEMPTS) throw error;
      await sleep(LOCKED_PAUSE_MS);
    }
  }
}
