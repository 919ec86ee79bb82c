import { midpointOf } from './buckets.ts';

/** How much weight fell into one bucket. */
export interface BucketCount {
  readonly bucket: number;
  readonly count: number;
}

/** A merged latency distribution. */
export interface Distribution {
  /** Any order; a bucket at most once. */
  readonly buckets: readonly BucketCount[];
  /** Smallest and largest duration, microseconds. */
  readonly min: number;
  readonly max: number;
}

/**
 * The durations (microseconds) at these quantiles (ascending, 0 … 1): of n events that of rank ⌊q(n − 1)⌋, within
 * 1.09 %. Undefined when the distribution is empty.
 */
export function quantiles(distribution: Distribution, ranks: readonly number[]): readonly number[] | undefined {
  const buckets = distribution.buckets.filter(({ count }) => count > 0).toSorted((a, b) => a.bucket - b.bucket);
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return undefined;
  return ranks.map((rank) => {
    const value = midpointOf(bucketAt(buckets, rank * Math.max(0, total - 1)));
    return Math.min(distribution.max, Math.max(distribution.min, value));
  });
}

/** The first bucket up to which more weight lies than `position`. */
function bucketAt(sorted: readonly BucketCount[], position: number): number {
  let below = 0;
  let last = 0;
  for (const { bucket, count } of sorted) {
    below += count;
    last = bucket;
    if (below > position) return bucket;
  }
  return last;
}
