import type { EventKind, ParsedEvent } from '@scorpiox/shared/telemetry';
import { bucketOf } from './buckets.ts';

/** What one minute of one operation adds up to. Counts are weighted: an event stands for `weight` like it. */
export interface RollupRow {
  readonly appId: number;
  readonly kind: EventKind;
  /** Whole minutes since 1970. */
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
}

/** Sums up events until they are written: one row for each application, kind, minute and operation. */
export class RollupAccumulator {
  readonly #rows = new Map<string, RollupRow>();

  /** Adds an event that is stored now. Events that were there already must not come here. */
  add(appId: number, event: ParsedEvent): void {
    const row = this.#row(appId, event);
    row.count += event.weight;
    if (event.success === false) row.failures += event.weight;
    const duration = event.durationUs;
    if (duration === undefined) return;
    row.timed += event.weight;
    row.sumUs += duration * event.weight;
    row.minUs = Math.min(row.minUs ?? duration, duration);
    row.maxUs = Math.max(row.maxUs ?? duration, duration);
    const bucket = bucketOf(duration);
    row.buckets.set(bucket, (row.buckets.get(bucket) ?? 0) + event.weight);
  }

  rows(): Iterable<RollupRow> {
    return this.#rows.values();
  }

  #row(appId: number, { kind, timeMs, name }: ParsedEvent): RollupRow {
    const minute = Math.floor(timeMs / 60_000);
    // The name comes last: it is the one part that could hold the separator.
    const key = `${appId} ${kind} ${minute} ${name}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      const empty = { count: 0, failures: 0, timed: 0, sumUs: 0, minUs: undefined, maxUs: undefined };
      row = { appId, kind, minute, name, ...empty, buckets: new Map() };
      this.#rows.set(key, row);
    }
    return row;
  }
}
