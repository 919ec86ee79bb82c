import { endOf, isNarrow, startOf } from './cells.ts';
import type { RangeCount } from './ranges.ts';

/** Values from `low` to `high`, evenly spread as far as anybody knows; all at one place where the two are the same. */
interface Spread {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** What was observed in all, with the extremes where those of every observation are known. */
export interface Observed {
  /** Any order; they may overlap. */
  readonly ranges: readonly RangeCount[];
  readonly min?: number;
  readonly max?: number;
}

/**
 * The values at these quantiles (0 … 1): of n observations that of rank ⌊q(n − 1)⌋. Single values are known within the
 * width of a cell (cells.ts), those of a histogram within their bucket, in which they are taken to be evenly spread; in a
 * bucket without an end all are taken to lie at its bound. Undefined where nothing was observed.
 */
export function quantilesOf({ ranges, min, max }: Observed, ranks: readonly number[]): readonly number[] | undefined {
  const spreads = ranges.flatMap(toSpread);
  const total = spreads.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefined;
  const cuts = [...new Set(spreads.flatMap(({ low, high }) => [low, high]))].toSorted((a, b) => a - b);
  return ranks.map((rank) => {
    const value = valueAt(spreads, cuts, rank * Math.max(0, total - 1));
    return Math.min(max ?? value, Math.max(min ?? value, value));
  });
}

function toSpread({ low, high, count }: RangeCount): readonly Spread[] {
  const [from, to] = [startOf(low), endOf(high)];
  if (count <= 0 || (!Number.isFinite(from) && !Number.isFinite(to))) return [];
  if (!Number.isFinite(from)) return [{ low: to, high: to, count }];
  return [Number.isFinite(to) ? { low: from, high: to, count } : { low: from, high: from, count }];
}

/** How many lie at or below a value; `open`: below it. */
function below(spreads: readonly Spread[], value: number, open = false): number {
  let sum = 0;
  for (const { low, high, count } of spreads) {
    if (value > high || (value === high && (low < high || !open))) sum += count;
    // Halves, because the width itself may be no finite number.
    else if (value > low) sum += count * ((value / 2 - low / 2) / (high / 2 - low / 2));
  }
  return sum;
}

function valueAt(spreads: readonly Spread[], cuts: readonly number[], position: number): number {
  let [first, last] = [0, cuts.length - 1];
  while (first < last) {
    const middle = (first + last) >> 1;
    if (below(spreads, cuts[middle] ?? 0) > position) last = middle;
    else first = middle + 1;
  }
  const cut = cuts[first] ?? 0;
  const before = cuts[first - 1];
  const upTo = below(spreads, cut, true);
  if (before === undefined || position >= upTo) return cut;
  if (isNarrow(before, cut)) return before / 2 + cut / 2;
  const from = below(spreads, before);
  const part = (position - from) / (upTo - from);
  return before * (1 - part) + cut * part;
}
