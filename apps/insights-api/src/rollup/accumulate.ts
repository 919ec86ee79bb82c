import { type EventKind, isFailure, type ParsedEvent } from '@scorpiox/shared/telemetry';
import { bucketOf } from './buckets.ts';
import type { Resolution } from './resolutions.ts';

/** What one minute (or hour, or day) of one operation adds up to. Counts are weighted: an event stands for `weight` like it. */
export interface RollupRow {
  readonly appId: number;
  readonly kind: EventKind;
  /** Whole minutes since 1970; the first one of an hour or day. */
  readonly minute: number;
  readonly name: string;
  count: number;
  failures: number;
  /** Weight of the events that have a duration: `sumUs / timed` is their mean. */
  timed: number;
  sumUs: number;
  /** Microseconds; undefined while no event had a duration. */
  minUs: number | undefined;
  maxUs: number | undefined;
  readonly buckets: Map<number, number>;
  /** Of those, what failed. */
  readonly failedBuckets: Map<number, number>;
}

/** Sums up events until they are written: one row for each application, kind, minute and operation. */
export class RollupAccumulator {
  readonly #rows = new Map<string, RollupRow>();

  /** Adds an event that is stored now. Events that were there already must not come here. */
  add(appId: number, event: ParsedEvent): void {
    const row = this.#row(appId, event.kind, Math.floor(event.timeMs / 60_000), event.name);
    row.count += event.weight;
    if (isFailure(event)) row.failures += event.weight;
    const duration = event.durationUs;
    if (duration === undefined) return;
    row.timed += event.weight;
    row.sumUs += duration * event.weight;
    widen(row, duration, duration);
    addTo(row.buckets, bucketOf(duration), event.weight);
    if (isFailure(event)) addTo(row.failedBuckets, bucketOf(duration), event.weight);
  }

  /** The same sums by minutes, hours or days. */
  by(resolution: Resolution): RollupAccumulator {
    if (resolution === 1) return this;
    const coarser = new RollupAccumulator();
    for (const row of this.rows()) coarser.#merge(row, row.minute - (row.minute % resolution), row.name);
    return coarser;
  }

  /** The same sums under the names that each gets. */
  named(nameOf: (row: RollupRow) => string): RollupAccumulator {
    const named = new RollupAccumulator();
    for (const row of this.rows()) named.#merge(row, row.minute, nameOf(row));
    return named;
  }

  rows(): Iterable<RollupRow> {
    return this.#rows.values();
  }

  #merge(added: RollupRow, minute: number, name: string): void {
    const row = this.#row(added.appId, added.kind, minute, name);
    for (const sum of ['count', 'failures', 'timed', 'sumUs'] as const) row[sum] += added[sum];
    widen(row, added.minUs, added.maxUs);
    for (const [bucket, count] of added.buckets) addTo(row.buckets, bucket, count);
    for (const [bucket, count] of added.failedBuckets) addTo(row.failedBuckets, bucket, count);
  }

  #row(appId: number, kind: EventKind, minute: number, name: string): RollupRow {
    // The name comes last: it is the one part that could hold the separator.
    const key = `${appId} ${kind} ${minute} ${name}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      const empty = { count: 0, failures: 0, timed: 0, sumUs: 0, minUs: undefined, maxUs: undefined };
      row = { appId, kind, minute, name, ...empty, buckets: new Map(), failedBuckets: new Map() };
      this.#rows.set(key, row);
    }
    return row;
  }
}

function widen(row: RollupRow, min: number | undefined, max: number | undefined): void {
  if (min !== undefined) row.minUs = Math.min(row.minUs ?? min, min);
  if (max !== undefined) row.maxUs = Math.max(row.maxUs ?? max, max);
}

function addTo(buckets: Map<number, number>, bucket: number, count: number): void {
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
}
