import { type Static, Type } from 'typebox';
import { nullable, spanFields } from './span.ts';

/** Query of `GET /api/apps/:app/metrics/series`: one metric, whole or by the values of one dimension. */
export const MetricSeriesQuery = Type.Object({
  name: Type.String({ minLength: 1 }),
  /** The unit of the metric; absent or empty for a metric that has none. */
  unit: Type.Optional(Type.String()),
  /** A dimension, as `http.route`; absent: all of its values together. */
  by: Type.Optional(Type.String({ minLength: 1 })),
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
});

/**
 * What a metric's numbers mean:
 * - `gauge`: a level that is read now and then; `last`, `avg`, extremes and percentiles of what was read
 * - `sum`: how much came; `sum`, and `rate` a second
 * - `histogram`: many observations; `count`, `avg`, extremes and percentiles, and how many a second
 */
export const MetricKind = Type.Union([Type.Literal('gauge'), Type.Literal('sum'), Type.Literal('histogram')]);
export type MetricKind = Static<typeof MetricKind>;

const nullableNumber = nullable(Type.Number());
const nullableText = nullable(Type.String());

export const MetricSummary = Type.Object({
  name: Type.String(),
  /** As the sender spells it (UCUM in OTLP); null where it names none. */
  unit: nullableText,
  /** That of its newest series, where senders disagree. */
  kind: MetricKind,
  /** Data points in the span. */
  points: Type.Number(),
  /** The newest value of a gauge; null for other kinds. */
  last: nullableNumber,
  /** When its newest point in the span was taken, ISO 8601. */
  lastAt: Type.String(),
});
export type MetricSummary = Static<typeof MetricSummary>;

/** An application's metrics that have points in the span, by name and unit. */
export const MetricsResponse = Type.Object({
  metrics: Type.Array(MetricSummary),
  ...spanFields,
});
export type MetricsResponse = Static<typeof MetricsResponse>;

/** What a metric comes to over some time, in its own unit. Null where there is nothing to tell. */
export const MetricAggregate = Type.Object({
  /** Data points that arrived; 0 where there is nothing. */
  points: Type.Number(),
  /** Observations that they stand for: values that were read, or what histograms count; for sums their points. */
  count: Type.Number(),
  sum: nullableNumber,
  min: nullableNumber,
  max: nullableNumber,
  /** Of a gauge or histogram: the mean of its observations. */
  avg: nullableNumber,
  /** A second: of a sum how much came, of a histogram how many observations. */
  rate: nullableNumber,
  /** The newest value of a gauge. */
  last: nullableNumber,
  /** Percentiles of a gauge or histogram (docs/sending.md says how near they are). */
  p50: nullableNumber,
  p95: nullableNumber,
  p99: nullableNumber,
});
export type MetricAggregate = Static<typeof MetricAggregate>;

/** One metric, or its part with one value of a dimension. */
export const MetricSeriesPart = Type.Object({
  /** `value`: those with `value`; `none`: those without the dimension; `other`: values beyond the largest; `all`: not split. */
  what: Type.Union([Type.Literal('all'), Type.Literal('value'), Type.Literal('none'), Type.Literal('other')]),
  /** The dimension's value; null unless `what` is `value`. */
  value: nullableText,
  total: MetricAggregate,
  /** One for each equal step over the span, oldest first. */
  steps: Type.Array(MetricAggregate),
});
export type MetricSeriesPart = Static<typeof MetricSeriesPart>;

export const MetricSeriesResponse = Type.Object({
  name: Type.String(),
  unit: nullableText,
  /** Null when the span holds no point of it. */
  kind: nullable(MetricKind),
  by: nullableText,
  /** Dimensions that its points in the span have, by name: what `by` can be. */
  dimensions: Type.Array(Type.String()),
  /** Largest first, then `other` and `none`. Empty when the span holds no point of it. */
  parts: Type.Array(MetricSeriesPart),
  ...spanFields,
  /** Length of one step, seconds. */
  stepSeconds: Type.Integer(),
});
export type MetricSeriesResponse = Static<typeof MetricSeriesResponse>;
