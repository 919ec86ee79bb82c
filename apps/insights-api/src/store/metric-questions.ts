import type { SeriesKind } from '../rollup/metrics/identity.ts';
import type { RangeCount } from '../rollup/metrics/ranges.ts';
import type { MetricSums } from '../rollup/metrics/sums.ts';
import type { MinuteSpan } from './port.ts';

/** Which of an application's metrics have points in a span. `from`, `to`: whole minutes since 1970, `to` excluded. */
export interface MetricListRequest {
  readonly appId: number;
  readonly from: number;
  readonly to: number;
}

/** A metric in a span. */
export interface MetricListed {
  readonly name: string;
  /** Empty where the sender names none. */
  readonly unit: string;
  /** Of its newest series. */
  readonly kind: SeriesKind;
  readonly points: number;
  /** The newest value of a gauge. */
  readonly last?: number;
  /** When its newest point was taken, microseconds since 1970. */
  readonly lastUs: number;
}

/** What one metric comes to. */
export interface MetricRequest {
  readonly appId: number;
  readonly name: string;
  /** Empty for a metric without one. */
  readonly unit: string;
  readonly span: MinuteSpan;
  /** The dimension that it is split by; absent: not at all. */
  readonly by?: string;
  /** How many of the dimension's values stand for themselves: the largest. */
  readonly top: number;
}

/** What points come to, with their distribution. */
export interface MetricTotals {
  readonly sums: MetricSums;
  /** Each pair of ends once. */
  readonly ranges: readonly RangeCount[];
}

/** A metric, or its part with one value of a dimension, in steps: those without points are absent. */
export interface MetricPart {
  readonly what: 'all' | 'value' | 'none' | 'other';
  /** Of `value`. */
  readonly value?: string;
  /** Ascending. */
  readonly steps: readonly (MetricTotals & { readonly step: number })[];
}

export interface MetricReport {
  /** Absent when the span holds no point of it. */
  readonly kind?: SeriesKind;
  /** Dimensions that its series have in the span, sorted. */
  readonly dimensions: readonly string[];
  /** Largest first, then `other`, then `none`. */
  readonly parts: readonly MetricPart[];
}

/** Questions about metrics, each read from sums alone. They reject with `StoreUnavailable`. */
export interface MetricQuestions {
  /** By name and unit. */
  listMetrics(request: MetricListRequest): Promise<readonly MetricListed[]>;
  readMetric(request: MetricRequest): Promise<MetricReport>;
}
