import { midpointOf } from '../../rollup/buckets.ts';
import type { BucketCount } from '../../rollup/percentiles.ts';

/**
 * Apdex (Application Performance Index, technical specification 1.1): requests up to `milliseconds` satisfy, up to four
 * times that are tolerated and count half. By durations alone, whether they failed or not; at the two borders within the
 * 1.1 % of the latency buckets. Null where none had a duration.
 */
export function apdexOf(buckets: readonly BucketCount[], milliseconds: number): number | null {
  const satisfied = milliseconds * 1000;
  let total = 0;
  let score = 0;
  for (const { bucket, count } of buckets) {
    const duration = midpointOf(bucket);
    total += count;
    if (duration <= satisfied) score += count;
    else if (duration <= 4 * satisfied) score += count / 2;
  }
  return total > 0 ? score / total : null;
}
