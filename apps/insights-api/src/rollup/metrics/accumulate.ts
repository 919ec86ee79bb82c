import type { Resolution } from '../resolutions.ts';
import type { RangeCount } from './ranges.ts';
import { addSums, type Contribution, type MetricSums, noSums } from './sums.ts';

/** Whose sums a row holds: hashes as in identity.ts, `minute` whole minutes since 1970, the first one of an hour or day. */
export interface MetricRowKey {
  readonly appId: number;
  readonly metric: string;
  readonly minute: number;
  readonly series: string;
}

/** What one minute (or hour, or day) of one series adds up to. */
export interface MetricRow {
  readonly key: MetricRowKey;
  readonly sums: MetricSums;
  /** By their ends, as text. */
  readonly ranges: Map<string, RangeCount>;
}

/** Sums up metrics until they are written. */
export class MetricAccumulator {
  readonly #rows = new Map<string, MetricRow>();

  add(key: MetricRowKey, { sums, ranges }: Contribution): void {
    const row = this.#row(key);
    addSums(row.sums, sums);
    for (const range of ranges) addRange(row.ranges, range);
  }

  /** The same sums by minutes, hours or days. */
  by(resolution: Resolution): MetricAccumulator {
    if (resolution === 1) return this;
    const coarser = new MetricAccumulator();
    for (const { key, sums, ranges } of this.rows()) {
      const minute = key.minute - (key.minute % resolution);
      coarser.add({ ...key, minute }, { sums, ranges: [...ranges.values()] });
    }
    return coarser;
  }

  rows(): Iterable<MetricRow> {
    return this.#rows.values();
  }

  #row(key: MetricRowKey): MetricRow {
    const id = `${key.appId} ${key.metric} ${key.minute} ${key.series}`;
    const there = this.#rows.get(id);
    if (there !== undefined) return there;
    const made = { key, sums: noSums(), ranges: new Map<string, RangeCount>() };
    this.#rows.set(id, made);
    return made;
  }
}

/** Adds a range to others. */
export function addRange(to: Map<string, RangeCount>, range: RangeCount): void {
  const id = `${range.low} ${range.high}`;
  to.set(id, { ...range, count: range.count + (to.get(id)?.count ?? 0) });
}
