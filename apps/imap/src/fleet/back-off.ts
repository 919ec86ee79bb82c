import { FLEET } from '../limits.ts';

/**
 * Milliseconds before a worker is started again: doubling from death to death, from the beginning after a healthy run.
 * `previous` is the pause before the run that has just ended; undefined for the first run.
 */
export function pauseBeforeRestart(previous: number | undefined, ranFor: number): number {
  const { first, longest, forget } = FLEET.restart;
  return previous === undefined || ranFor >= forget ? first : Math.min(previous * 2, longest);
}
