import type { Row } from '../store/overview/tables.ts';
import { Histogram } from './histogram.ts';
import { type BucketCount, quantiles } from './percentiles.ts';

/** Sums of what has a count, failures and durations. Counts are weighted, durations in microseconds. */
export class TimedSums {
  count = 0;
  failures = 0;
  timed = 0;
  sumUs = 0;
  minUs: number | undefined;
  maxUs: number | undefined;
  #histogram: Histogram | undefined;

  /** A row with the columns of a rollup; `latency` may be missing. */
  addRow(row: Row): void {
    this.count += Number(row.count);
    this.failures += Number(row.failures);
    this.timed += Number(row.timed);
    this.sumUs += Number(row.sum_us);
    if (row.min_us !== null) this.minUs = Math.min(this.minUs ?? Number.POSITIVE_INFINITY, Number(row.min_us));
    if (row.max_us !== null) this.maxUs = Math.max(this.maxUs ?? 0, Number(row.max_us));
    if (row.latency instanceof Uint8Array) this.#latency().addPacked(row.latency);
  }

  addBucket(bucket: number, count: number): void {
    this.#latency().add(bucket, count);
  }

  buckets(): readonly BucketCount[] {
    return this.#histogram?.buckets() ?? [];
  }

  /** Microseconds at these quantiles; undefined where nothing had a duration. */
  quantiles(ranks: readonly number[]): readonly number[] | undefined {
    if (this.minUs === undefined || this.maxUs === undefined) return undefined;
    return quantiles({ buckets: this.buckets(), min: this.minUs, max: this.maxUs }, ranks);
  }

  #latency(): Histogram {
    this.#histogram ??= new Histogram();
    return this.#histogram;
  }
}

/** Mean and percentiles in milliseconds, null where nothing had a duration. */
export function durationsOf(sums: TimedSums) {
  const [p50, p95, p99] = (sums.quantiles([0.5, 0.95, 0.99]) ?? []).map((microseconds) => microseconds / 1000);
  const mean = sums.timed > 0 ? sums.sumUs / sums.timed / 1000 : null;
  return { mean, p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null };
}
