import type { Steps } from '../../components/charts/series.ts';

/** A step that has passed by less than this says too little about a rate. */
const LEAST_PART = 0.25;

/**
 * Counts per step as rates a minute. The step under way counts by the part of it that has passed (a fall at the right
 * edge would only mean that the minute is young), and not at all while that is short or where it lies ahead.
 */
export const perMinute = (counts: readonly number[], { start, seconds }: Steps, now: number): (number | null)[] =>
  counts.map((count, index) => {
    const passed = Math.min((now - start) / 1000 - index * seconds, seconds);
    return passed < seconds * LEAST_PART ? null : (count * 60) / passed;
  });
