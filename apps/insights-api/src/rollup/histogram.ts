import { LAST_BUCKET, unpackHistogram } from '@scorpiox/shared/database';
import { ZERO_BUCKET } from './buckets.ts';
import type { BucketCount } from './percentiles.ts';

/** Latency buckets that are being added up. */
export class Histogram {
  readonly #counts = new Float64Array(LAST_BUCKET - ZERO_BUCKET + 1);

  add(bucket: number, count: number): void {
    const index = bucket - ZERO_BUCKET;
    this.#counts[index] = (this.#counts[index] ?? 0) + count;
  }

  /** `packed`: as a column holds it. */
  addPacked(packed: Uint8Array): void {
    const counts = this.#counts;
    unpackHistogram(packed, (bucket, count) => {
      const index = bucket - ZERO_BUCKET;
      counts[index] = (counts[index] ?? 0) + count;
    });
  }

  /** Ascending, those that hold something. */
  buckets(): readonly BucketCount[] {
    const buckets: BucketCount[] = [];
    for (const [index, count] of this.#counts.entries())
      if (count > 0) buckets.push({ bucket: index + ZERO_BUCKET, count });
    return buckets;
  }
}
