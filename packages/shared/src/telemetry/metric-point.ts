/**
 * A metric's data point as OpenTelemetry models it (opentelemetry.io/docs/specs/otel/metrics/data-model), whatever format
 * it arrived in. Numbers are doubles: integers and counts beyond 2^53 are rounded to the next one.
 */
export type MetricPoint = GaugePoint | SumPoint | HistogramPoint | ExponentialHistogramPoint | SummaryPoint;

/** What a point belongs to: points of one series follow each other in time, under one writer. */
export interface MetricSeries {
  /** The instrument. */
  readonly name: string;
  /** UCUM, as `s`, `By`, `{request}`; absent where the sender names none. Points are kept in their own unit. */
  readonly unit?: string;
  /** The instance, as `service.instance.id` names it: two instances count apart. */
  readonly instance?: string;
  /** Dimensions, keys sorted: attributes of the point, and of its resource and scope where they tell series apart. */
  readonly attributes: Readonly<Record<string, string>>;
}

interface PointBase {
  readonly series: MetricSeries;
  /** Nanoseconds since 1970: when the value was read, or the end of the interval that it covers. */
  readonly time: bigint;
}

/** What covers an interval (start, time]. */
interface IntervalPoint extends PointBase {
  /**
   * Nanoseconds since 1970: since when it counts; 0 where the sender does not say. Delta points follow each other without
   * gaps; cumulative ones keep their start until the counter begins anew.
   */
  readonly start: bigint;
  readonly temporality: Temporality;
}

export type Temporality = 'delta' | 'cumulative';

/** A value that is read: the last one counts, sums of them mean nothing. */
export interface GaugePoint extends PointBase {
  readonly kind: 'gauge';
  readonly value: number;
}

export interface SumPoint extends IntervalPoint {
  readonly kind: 'sum';
  /** Only ever grows; one that does not is a level, as the length of a queue. */
  readonly monotonic: boolean;
  readonly value: number;
}

/** What both kinds of histograms say beside their buckets. `sum` is absent where values may be negative. */
interface Distribution extends IntervalPoint {
  readonly count: number;
  readonly sum?: number;
  /** Extremes of the interval. */
  readonly min?: number;
  readonly max?: number;
}

export interface HistogramPoint extends Distribution {
  readonly kind: 'histogram';
  /** Ascending; bucket i holds values in (bounds[i-1], bounds[i]]. Empty where there are no buckets. */
  readonly bounds: readonly number[];
  /** One more than bounds, or none at all. */
  readonly counts: readonly number[];
}

/** Buckets of one sign: `counts[i]` are the values in (base^(offset+i), base^(offset+i+1)], base = 2^(2^-scale). */
export interface ExponentialBuckets {
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface ExponentialHistogramPoint extends Distribution {
  readonly kind: 'exponential-histogram';
  readonly scale: number;
  /** Values whose absolute is at most `zeroThreshold`. */
  readonly zeroCount: number;
  readonly zeroThreshold: number;
  readonly positive: ExponentialBuckets;
  /** Of the absolutes of negative values. */
  readonly negative: ExponentialBuckets;
}

/** Quantiles that the sender has computed; they cannot be merged with anything. Count and sum are cumulative. */
export interface SummaryPoint extends PointBase {
  readonly kind: 'summary';
  readonly start: bigint;
  readonly count: number;
  readonly sum: number;
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

/** The points that `advanceSeries` turns into deltas. */
export type CountingPoint = SumPoint | HistogramPoint | ExponentialHistogramPoint;
