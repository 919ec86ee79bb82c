/** Keeps sign-ins apart in time as the throttle says, whichever process it counts in. */
import { setTimeout as sleep } from 'node:timers/promises';
import { addressKey, type Judgement, type Throttle } from './throttle.ts';

/** A sign-in that may be looked at now. */
export interface Attempt {
  /** Ends it; once. */
  end(judgement: Judgement): void;
}

export interface Pacing {
  /**
   * Resolves when a sign-in may be looked at, after the delay that earlier failures cost, or with 'busy' where that would be
   * too long. Rejects where it cannot be found out; then it is not to be looked at.
   * @param address where the client calls from; undefined where that tells nothing.
   * @param login what the client gave as its name.
   */
  admit(address: string | undefined, login: string): Promise<Attempt | 'busy'>;
}

/** Resolves after so many milliseconds, or when the signal is aborted. */
export type Wait = (ms: number, released: AbortSignal) => Promise<void>;

/** Waits, unless there is nothing to wait for any more. */
const pause: Wait = (ms, signal) =>
  sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });

/** Waits where the throttle is. */
export function pacedBy(throttle: Throttle, wait: Wait = pause): Pacing {
  return {
    admit: async (address, login) => {
      const turn = throttle.enter(address === undefined ? undefined : addressKey(address), login);
      for (let ms = turn.wait(); ms !== 0; ms = turn.wait()) {
        if (ms === 'busy') {
          turn.end();
          return 'busy';
        }
        await wait(ms, turn.released);
      }
      return turn;
    },
  };
}
