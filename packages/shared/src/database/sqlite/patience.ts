import { setTimeout as sleep } from 'node:timers/promises';
import { BUSY_TIMEOUT_MS, CONTROL_PAUSE_MS } from '../limits.ts';
import { isBusy } from './connection.ts';

/**
 * Does work that needs the write lock, again while another connection has it: the event loop goes on between attempts.
 * The work must change nothing when it fails. Throws the last "busy" when the time is up.
 */
export async function withPatience<T>(work: () => T): Promise<T> {
  const until = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= until) throw error;
      await sleep(CONTROL_PAUSE_MS);
    }
  }
}
