import { RECENT_MINUTES } from '../limits.ts';
import { bucketOf } from '../rollup/buckets.ts';
import { quantiles } from '../rollup/percentiles.ts';

const MINUTE_MS = 60_000;

/** Percentiles in milliseconds; null where nothing was measured. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** How long something took, by buckets: of bounded size whatever is noted. */
class Histogram {
  readonly buckets = new Map<number, number>();
  count = 0;
  min = Number.POSITIVE_INFINITY;
  max = 0;

  note(microseconds: number): void {
    const bucket = bucketOf(microseconds);
    this.buckets.set(bucket, (this.buckets.get(bucket) ?? 0) + 1);
    this.count += 1;
    this.min = Math.min(this.min, microseconds);
    this.max = Math.max(this.max, microseconds);
  }
}

/** Latencies since the start, and over the last minutes: whole ones and the one that has begun. */
export class Latencies {
  readonly #all = new Histogram();
  /** By minute since 1970; those that are no longer recent go when a new one comes. */
  readonly #minutes = new Map<number, Histogram>();

  /** @param now milliseconds since 1970. */
  note(ms: number, now: number): void {
    const microseconds = Math.round(ms * 1000);
    this.#all.note(microseconds);
    const minute = Math.floor(now / MINUTE_MS);
    let histogram = this.#minutes.get(minute);
    if (histogram === undefined) {
      histogram = new Histogram();
      this.#minutes.set(minute, histogram);
      for (const old of this.#minutes.keys()) if (!isRecent(old, minute)) this.#minutes.delete(old);
    }
    histogram.note(microseconds);
  }

  sinceStart(): Percentiles {
    return percentilesOf([this.#all]);
  }

  recent(now: number): Percentiles {
    const minute = Math.floor(now / MINUTE_MS);
    return percentilesOf([...this.#minutes].flatMap(([at, histogram]) => (isRecent(at, minute) ? [histogram] : [])));
  }
}

/** A clock that was set back must not keep minutes for ever that lie ahead. */
const isRecent = (at: number, minute: number): boolean => at <= minute && at > minute - RECENT_MINUTES;

function percentilesOf(histograms: readonly Histogram[]): Percentiles {
  const counts = new Map<number, number>();
  for (const { buckets } of histograms) {
    for (const [bucket, count] of buckets) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  }
  const min = Math.min(...histograms.map((one) => one.min));
  const max = Math.max(0, ...histograms.map((one) => one.max));
  const buckets = [...counts].map(([bucket, count]) => ({ bucket, count }));
  const found = quantiles({ buckets, min, max }, [0.5, 0.95, 0.99]);
  const [p50 = null, p95 = null, p99 = null] = (found ?? []).map((microseconds) => microseconds / 1000);
  const count = histograms.reduce((sum, one) => sum + one.count, 0);
  return { count, p50, p95, p99, max: count === 0 ? null : max / 1000 };
}
