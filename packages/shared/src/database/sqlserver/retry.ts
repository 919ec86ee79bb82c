import { setTimeout as sleep } from 'node:timers/promises';
import { ATTEMPT_PAUSE_MS, ATTEMPTS } from '../limits.ts';
import { SqlServerError } from './errors.ts';

/** Waits that long, milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>;

/** Does work that may be done twice, again after a pause where it failed for a passing reason; a few times at most. */
export async function withRetries<T>(work: () => Promise<T>, pause: Pause = sleep): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SqlServerError) || error.kind !== 'transient' || attempt >= ATTEMPTS) throw error;
      await pause(ATTEMPT_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}
