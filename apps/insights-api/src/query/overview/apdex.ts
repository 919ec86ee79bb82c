import { midpointOf } from '../../rollup/buckets.ts';
import type { AppFigures } from '../../store/port.ts';

/**
 * Apdex (Application Performance Index, technical specification 1.1): requests up to `milliseconds` satisfy, up to four
 * times that are tolerated and count half; what failed frustrates, however fast it was. At the two borders within the
 * 1.1 % of the latency buckets. Null where none had a duration.
 */
export function apdexOf(
  { buckets, failedBuckets }: Pick<AppFigures, 'buckets' | 'failedBuckets'>,
  milliseconds: number,
): number | null {
  const satisfied = milliseconds * 1000;
  const worth = (bucket: number): number => {
    const duration = midpointOf(bucket);
    if (duration <= satisfied) return 1;
    return duration <= 4 * satisfied ? 1 / 2 : 0;
  };
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const byDuration = buckets.reduce((sum, { bucket, count }) => sum + count * worth(bucket), 0);
  const failed = failedBuckets.reduce((sum, { bucket, count }) => sum + count * worth(bucket), 0);
  // Weights are added up in different orders, so a sum that is zero may come out just below.
  return total > 0 ? Math.max(0, byDuration - failed) / total : null;
}
