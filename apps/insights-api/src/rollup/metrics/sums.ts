import type { CountingPoint } from '@scorpiox/shared/telemetry';
import { METRIC_GREATEST, METRIC_LEAST } from '../../limits.ts';
import { type RangeCount, rangeBetween, rangeOfValue, rangesOfExponential, rangesOfHistogram } from './ranges.ts';

/** What points of a metric add up to. */
export interface MetricSums {
  points: number;
  /** Observations; of sums their points. */
  count: number;
  /** Those of them whose sum is known: `sum / summed` is their mean. */
  summed: number;
  sum: number;
  /** Those of them whose extremes are known: `min` and `max` are those of all where it is all of them. */
  ranged: number;
  min: number | undefined;
  max: number | undefined;
  /** The newest value, of gauges. */
  last: number | undefined;
  /** When the newest point was taken, microseconds since 1970. */
  lastUs: number;
}

/** One point's share. */
export interface Contribution {
  readonly sums: MetricSums;
  readonly ranges: readonly RangeCount[];
}

/** What databases can add up: nothing so large that a sum of it is no number, nothing so small that it is none to them. */
function bounded(value: number): number {
  if (Math.abs(value) < METRIC_LEAST) return 0;
  return Math.max(-METRIC_GREATEST, Math.min(METRIC_GREATEST, value));
}

export const noSums = (): MetricSums => ({
  points: 0,
  count: 0,
  summed: 0,
  sum: 0,
  ranged: 0,
  min: undefined,
  max: undefined,
  last: undefined,
  lastUs: Number.MIN_SAFE_INTEGER,
});

/** How many, as many as a database can add up. */
const countable = (count: number): number => Math.min(METRIC_GREATEST, count);

/** A value that was read, standing for `weight` like it. */
export function ofValue(given: number, weight: number, lastUs: number): Contribution {
  const value = bounded(given);
  const sums = { points: 1, count: weight, summed: weight, sum: bounded(value * weight), ranged: weight };
  return {
    sums: { ...sums, min: value, max: value, last: value, lastUs },
    ranges: [rangeOfValue(value, weight)],
  };
}

/** An aggregation without buckets: how many, their sum, and their extremes where they are known. */
export function ofAggregate(
  {
    count,
    sum,
    min,
    max,
  }: { readonly count: number; readonly sum: number; readonly min?: number; readonly max?: number },
  lastUs: number,
): Contribution {
  return ofDistribution({ count, sum, min, max }, lastUs, (known) => rangeBetween({ count, ...known }));
}

/** A delta. */
export function ofDelta(point: CountingPoint, lastUs: number): Contribution {
  if (point.kind === 'sum') {
    const none = { ranged: 0, min: undefined, max: undefined, last: undefined };
    return { sums: { points: 1, count: 1, summed: 1, sum: bounded(point.value), ...none, lastUs }, ranges: [] };
  }
  if (point.kind === 'exponential-histogram') return ofDistribution(point, lastUs, () => rangesOfExponential(point));
  const { min, max, ...rest } = point;
  return ofDistribution(point, lastUs, (known) => rangesOfHistogram({ ...rest, ...known }));
}

interface Distribution {
  readonly count: number;
  readonly sum?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}
type Extremes = { readonly min: number; readonly max: number };

/** `rangesOf` is given the extremes where both are known. */
function ofDistribution(
  { count: given, sum, min, max }: Distribution,
  lastUs: number,
  rangesOf: (known: Extremes | Record<never, never>) => readonly RangeCount[],
): Contribution {
  const count = countable(given);
  const known = count > 0 && min !== undefined && max !== undefined && min <= max;
  const extremes = known ? { min: bounded(min), max: bounded(max) } : undefined;
  // A sum of nothing would be part of a mean without weighing in it.
  const total = sum === undefined || count <= 0 ? { summed: 0, sum: 0 } : { summed: count, sum: bounded(sum) };
  return {
    sums: {
      points: 1,
      count,
      ...total,
      ranged: extremes === undefined ? 0 : count,
      min: extremes?.min,
      max: extremes?.max,
      last: undefined,
      lastUs,
    },
    ranges: rangesOf(extremes ?? {}),
  };
}

/** Adds sums to others. Of two newest points of one moment the greater value counts, whatever their order. */
export function addSums(to: MetricSums, added: MetricSums): void {
  for (const part of ['points', 'count', 'summed', 'sum', 'ranged'] as const) to[part] += added[part];
  if (added.min !== undefined) to.min = Math.min(to.min ?? added.min, added.min);
  if (added.max !== undefined) to.max = Math.max(to.max ?? added.max, added.max);
  const newer = added.lastUs > to.lastUs;
  if (newer || (added.lastUs === to.lastUs && (added.last ?? -Infinity) > (to.last ?? -Infinity))) to.last = added.last;
  to.lastUs = Math.max(to.lastUs, added.lastUs);
}
