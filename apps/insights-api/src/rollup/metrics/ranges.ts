import type { ExponentialBuckets, ExponentialHistogramPoint, HistogramPoint } from '@scorpiox/shared/telemetry';
import { ABOVE_ALL, BELOW_ALL, cellAt, cellOf, GRID_SCALE } from './cells.ts';

/** How many observations lie somewhere in a range of cells (cells.ts), its ends included. */
export interface RangeCount {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** What is known of the values of a delta beside its buckets. */
interface Known {
  readonly count: number;
  readonly min?: number;
  readonly max?: number;
}

/** Observations of one value. */
export const rangeOfValue = (value: number, count: number): RangeCount => {
  const cell = cellOf(value);
  return { low: cell, high: cell, count };
};

/** Observations of which only their extremes are known; nothing where not even those are. */
export function rangeBetween({ count, min, max }: Known): readonly RangeCount[] {
  if (min === undefined || max === undefined || count <= 0) return [];
  return [{ low: cellOf(min), high: cellOf(max), count }];
}

/** Bucket i holds values in (bounds[i-1], bounds[i]]; those at the ends reach to the extremes, where they are known. */
export function rangesOfHistogram(point: HistogramPoint): readonly RangeCount[] {
  const { bounds, counts, min, max } = point;
  if (bounds.length === 0) return rangeBetween(point);
  const least = min === undefined ? BELOW_ALL : cellOf(min);
  const greatest = max === undefined ? ABOVE_ALL : cellOf(max);
  return counts.flatMap((count, i) => {
    if (count <= 0) return [];
    const [from, to] = [bounds[i - 1], bounds[i]];
    const high = to === undefined ? greatest : Math.min(greatest, cellOf(to));
    // What is above a bound may still lie in its cell: where it ends moves, so that buckets do not overlap.
    const low = from === undefined ? least : Math.max(least, cellOf(from) + 1);
    return [{ low: Math.min(low, high), high, count }];
  });
}

/** Buckets of a finer scale than the grid's are merged; those of a coarser one cover several cells. */
export function rangesOfExponential(point: ExponentialHistogramPoint): readonly RangeCount[] {
  const { zeroCount, zeroThreshold, scale, positive, negative } = point;
  const reach = zeroThreshold > 0 ? cellOf(zeroThreshold) : 0;
  const zeros = zeroCount > 0 ? [{ low: reach === 0 ? 0 : -reach, high: reach, count: zeroCount }] : [];
  const below = cellsOf(negative, scale).map(({ low, high, count }) => ({ low: -high, high: -low, count }));
  return [...below, ...zeros, ...cellsOf(positive, scale)];
}

function cellsOf({ offset, counts }: ExponentialBuckets, scale: number): readonly RangeCount[] {
  const ranges = new Map<number, RangeCount>();
  const shift = Math.max(0, scale - GRID_SCALE);
  const octaves = 2 ** -Math.min(scale, GRID_SCALE);
  for (const [i, count] of counts.entries()) {
    if (count <= 0) continue;
    const index = Math.floor((offset + i) / 2 ** shift);
    const high = cellAt((index + 1) * octaves);
    const low = Math.min(high, cellAt(index * octaves) + 1);
    ranges.set(index, { low, high, count: count + (ranges.get(index)?.count ?? 0) });
  }
  return [...ranges.values()];
}
