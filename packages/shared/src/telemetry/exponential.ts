import type { ExponentialBuckets, ExponentialHistogramPoint } from './metric-point.ts';

// Exponential histograms (opentelemetry.io/docs/specs/otel/metrics/data-model#exponentialhistogram): merging neighbouring
// buckets in pairs is exactly the histogram of a scale one less, so any two can be brought to the coarser scale.

/** Both points at the coarser scale and the wider zero bucket of the two, so that their buckets can be compared. */
export function alignExponential(
  one: ExponentialHistogramPoint,
  other: ExponentialHistogramPoint,
): readonly [ExponentialHistogramPoint, ExponentialHistogramPoint] {
  const scale = Math.min(one.scale, other.scale);
  const [a, b] = [downscale(one, scale), downscale(other, scale)];
  const threshold = Math.max(one.zeroThreshold, other.zeroThreshold);
  return [widenZero(a, threshold), widenZero(b, threshold)];
}

/** The same values at a scale that is not higher. */
function downscale(point: ExponentialHistogramPoint, scale: number): ExponentialHistogramPoint {
  const steps = point.scale - scale;
  if (steps <= 0) return point;
  return { ...point, scale, positive: merge(point.positive, steps), negative: merge(point.negative, steps) };
}

/** Bucket i goes into bucket floor(i / 2^steps). */
function merge({ offset, counts }: ExponentialBuckets, steps: number): ExponentialBuckets {
  const width = 2 ** steps;
  const first = Math.floor(offset / width);
  const merged: number[] = [];
  for (const [i, count] of counts.entries()) {
    const place = Math.floor((offset + i) / width) - first;
    merged[place] = (merged[place] ?? 0) + count;
  }
  return { offset: first, counts: merged };
}

/** Counts values up to the threshold as zeros: every bucket that does not lie wholly above it. */
function widenZero(point: ExponentialHistogramPoint, threshold: number): ExponentialHistogramPoint {
  if (threshold <= 0) return point;
  const cut = (buckets: ExponentialBuckets): readonly [ExponentialBuckets, number] => {
    // In logarithms: bounds of coarse scales are no finite numbers.
    const within = buckets.counts.findIndex((_, i) => (buckets.offset + i) / 2 ** point.scale >= Math.log2(threshold));
    const gone = within === -1 ? buckets.counts.length : within;
    const zeros = buckets.counts.slice(0, gone).reduce((sum, count) => sum + count, 0);
    return [{ offset: buckets.offset + gone, counts: buckets.counts.slice(gone) }, zeros];
  };
  const [positive, above] = cut(point.positive);
  const [negative, below] = cut(point.negative);
  return { ...point, zeroThreshold: threshold, zeroCount: point.zeroCount + above + below, positive, negative };
}
