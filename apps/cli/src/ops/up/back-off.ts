import { RESTART_FIRST_MS, RESTART_FORGET_MS, RESTART_LONGEST_MS } from '../limits.ts';

/**
 * The pause before the next start, milliseconds: doubling from death to death, from the beginning after a healthy run.
 * `previous` is the pause before the run that has just ended; undefined for the first run.
 */
export function pauseBeforeRestart(previous: number | undefined, ranForMs: number): number {
  if (previous === undefined || ranForMs >= RESTART_FORGET_MS) return RESTART_FIRST_MS;
  return Math.min(previous * 2, RESTART_LONGEST_MS);
}
