export { type Advance, type Advanced, advanceSeries, type SeriesState } from './cumulative.ts';
export { type Duration, type DurationProblem, parseDuration } from './duration.ts';
export {
  type Adjustment,
  EVENT_KINDS,
  type EventKind,
  type EventProblem,
  type EventProblemCode,
  type NativeEvent,
  type ParsedEvent,
  SEVERITIES,
  type Severity,
} from './event.ts';
export { isFailure } from './failure.ts';
export { eventHash } from './hash.ts';
export { MAX_SENT_ENTRIES } from './limits.ts';
export { type EventDraft, makeEvent } from './make-event.ts';
export { fromMetricBody, type MetricBody, toMetricBody } from './metric-body.ts';
export type {
  CountingPoint,
  ExponentialBuckets,
  ExponentialHistogramPoint,
  GaugePoint,
  HistogramPoint,
  MetricPoint,
  MetricSeries,
  SummaryPoint,
  SumPoint,
  Temporality,
} from './metric-point.ts';
export { parseNativeEvent } from './parse-native.ts';
