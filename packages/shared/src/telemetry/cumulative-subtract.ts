import { alignExponential } from './exponential.ts';
import type {
  CountingPoint,
  ExponentialBuckets,
  ExponentialHistogramPoint,
  HistogramPoint,
  SumPoint,
} from './metric-point.ts';

/** What lies between two cumulative points of one life; or that something fell, or that they cannot be compared. */
type Difference = CountingPoint | 'fell' | 'incomparable';

/** `later - earlier`: value or counts, sum and buckets; start and temporality are as in `later`, extremes left out. */
export function subtractPoint(later: CountingPoint, earlier: CountingPoint): Difference {
  if (later.kind === 'sum') return earlier.kind === 'sum' ? subtractSum(later, earlier) : 'incomparable';
  if (later.kind === 'histogram') {
    return earlier.kind === 'histogram' ? subtractHistogram(later, earlier) : 'incomparable';
  }
  return earlier.kind === 'exponential-histogram' ? subtractExponential(later, earlier) : 'incomparable';
}

function subtractSum(later: SumPoint, earlier: SumPoint): Difference {
  if (later.monotonic !== earlier.monotonic) return 'incomparable';
  const value = later.value - earlier.value;
  return later.monotonic && value < 0 ? 'fell' : { ...later, value };
}

function subtractHistogram(later: HistogramPoint, earlier: HistogramPoint): Difference {
  const same = later.bounds.length === earlier.bounds.length && later.counts.length === earlier.counts.length;
  if (!same || later.bounds.some((bound, i) => bound !== earlier.bounds[i])) return 'incomparable';
  const count = later.count - earlier.count;
  const counts = later.counts.map((one, i) => one - (earlier.counts[i] ?? 0));
  if (count < 0 || counts.some((one) => one < 0)) return 'fell';
  const { min, max, sum, ...rest } = later;
  return { ...rest, ...subtractTotals(sum, earlier.sum), count, counts };
}

function subtractExponential(last: ExponentialHistogramPoint, before: ExponentialHistogramPoint): Difference {
  const [later, earlier] = alignExponential(last, before);
  const count = later.count - earlier.count;
  const zeroCount = later.zeroCount - earlier.zeroCount;
  const positive = subtractBuckets(later.positive, earlier.positive);
  const negative = subtractBuckets(later.negative, earlier.negative);
  if (count < 0 || zeroCount < 0 || positive === undefined || negative === undefined) return 'fell';
  const { min, max, sum, ...rest } = later;
  return { ...rest, ...subtractTotals(sum, earlier.sum), count, zeroCount, positive, negative };
}

/** Undefined where a bucket fell. Buckets that `later` no longer lists are empty there. */
function subtractBuckets(later: ExponentialBuckets, earlier: ExponentialBuckets): ExponentialBuckets | undefined {
  const at = (buckets: ExponentialBuckets, index: number) => buckets.counts[index - buckets.offset] ?? 0;
  if (earlier.counts.some((count, i) => count > at(later, earlier.offset + i))) return undefined;
  return { offset: later.offset, counts: later.counts.map((count, i) => count - at(earlier, later.offset + i)) };
}

const subtractTotals = (later: number | undefined, earlier: number | undefined): { sum?: number } =>
  later === undefined || earlier === undefined ? {} : { sum: later - earlier };
