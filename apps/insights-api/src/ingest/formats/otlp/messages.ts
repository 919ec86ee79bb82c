import { base64, bool, double, fixed64, hex, int32, int64, sfixed64, sint32, text, uint64 } from './scalars.ts';
import { items, lazy, many, message, one, type Type } from './schema.ts';

/*
 * The messages of OTLP, with the fields that are used here: names and numbers are those of opentelemetry-proto 1.9
 * (opentelemetry/proto/{common,resource,trace,logs,metrics}/v1), which is published under the Apache License 2.0.
 */

/** A value of an attribute or a log's body: exactly one field is set, or none. */
export interface AnyValue {
  readonly stringValue: string | undefined;
  readonly boolValue: boolean | undefined;
  readonly intValue: bigint | undefined;
  readonly doubleValue: number | undefined;
  readonly arrayValue: { readonly values: readonly AnyValue[] } | undefined;
  readonly kvlistValue: { readonly values: readonly KeyValue[] } | undefined;
  /** Base64. */
  readonly bytesValue: string | undefined;
}

export interface KeyValue {
  readonly key: string | undefined;
  readonly value: AnyValue | undefined;
}

const anyValue: Type<AnyValue> = message({
  stringValue: one(1, text),
  boolValue: one(2, bool),
  intValue: one(3, int64),
  doubleValue: one(4, double),
  arrayValue: one(
    5,
    message({
      values: many(
        1,
        lazy((): Type<AnyValue> => anyValue),
      ),
    }),
  ),
  kvlistValue: one(
    6,
    message({
      values: many(
        1,
        lazy((): Type<KeyValue> => keyValue),
      ),
    }),
  ),
  bytesValue: one(7, base64),
});
const keyValue: Type<KeyValue> = message({ key: one(1, text), value: one(2, anyValue) });

const resource = message({ attributes: many(1, keyValue) });
const scope = message({ name: one(1, text), version: one(2, text), attributes: many(3, keyValue) });
export type Resource = TypeOf<typeof resource>;
export type Scope = TypeOf<typeof scope>;

type TypeOf<T> = T extends Type<infer Value> ? Value : never;

const spanEvent = message({ timeUnixNano: one(1, fixed64), name: one(2, text), attributes: many(3, keyValue) });
const spanLink = message({ traceId: one(1, hex), spanId: one(2, hex) });
const span = message({
  traceId: one(1, hex),
  spanId: one(2, hex),
  traceState: one(3, text),
  parentSpanId: one(4, hex),
  name: one(5, text),
  kind: one(6, int32),
  startTimeUnixNano: one(7, fixed64),
  endTimeUnixNano: one(8, fixed64),
  attributes: many(9, keyValue),
  events: many(11, spanEvent),
  links: many(13, spanLink),
  status: one(15, message({ message: one(2, text), code: one(3, int32) })),
});
export type Span = TypeOf<typeof span>;
export type SpanEvent = TypeOf<typeof spanEvent>;

const logRecord = message({
  timeUnixNano: one(1, fixed64),
  severityNumber: one(2, int32),
  severityText: one(3, text),
  body: one(5, anyValue),
  attributes: many(6, keyValue),
  traceId: one(9, hex),
  spanId: one(10, hex),
  observedTimeUnixNano: one(11, fixed64),
  eventName: one(12, text),
});
export type LogRecord = TypeOf<typeof logRecord>;

const pointTimes = { startTimeUnixNano: one(2, fixed64), timeUnixNano: one(3, fixed64) };

const numberPoint = message({
  ...pointTimes,
  attributes: many(7, keyValue),
  asDouble: one(4, double),
  asInt: one(6, sfixed64),
  flags: one(8, int32),
});
const histogramPoint = message({
  ...pointTimes,
  attributes: many(9, keyValue),
  count: one(4, fixed64),
  sum: one(5, double),
  bucketCounts: many(6, fixed64),
  explicitBounds: many(7, double),
  flags: one(10, int32),
  min: one(11, double),
  max: one(12, double),
});
const exponentialBuckets = message({ offset: one(1, sint32), bucketCounts: many(2, uint64) });
const exponentialPoint = message({
  ...pointTimes,
  attributes: many(1, keyValue),
  count: one(4, fixed64),
  sum: one(5, double),
  scale: one(6, sint32),
  zeroCount: one(7, fixed64),
  positive: one(8, exponentialBuckets),
  negative: one(9, exponentialBuckets),
  flags: one(10, int32),
  min: one(12, double),
  max: one(13, double),
  zeroThreshold: one(14, double),
});
const summaryPoint = message({
  ...pointTimes,
  attributes: many(7, keyValue),
  count: one(4, fixed64),
  sum: one(5, double),
  quantileValues: many(6, message({ quantile: one(1, double), value: one(2, double) })),
  flags: one(8, int32),
});
export type NumberPoint = TypeOf<typeof numberPoint>;
export type HistogramPoint = TypeOf<typeof histogramPoint>;
export type ExponentialPoint = TypeOf<typeof exponentialPoint>;
export type SummaryPoint = TypeOf<typeof summaryPoint>;

const temporality = { aggregationTemporality: one(2, int32) };
const metric = message({
  name: one(1, text),
  unit: one(3, text),
  gauge: one(5, message({ dataPoints: items(1, numberPoint) })),
  sum: one(7, message({ dataPoints: items(1, numberPoint), ...temporality, isMonotonic: one(3, bool) })),
  histogram: one(9, message({ dataPoints: items(1, histogramPoint), ...temporality })),
  exponentialHistogram: one(10, message({ dataPoints: items(1, exponentialPoint), ...temporality })),
  summary: one(11, message({ dataPoints: items(1, summaryPoint) })),
});
export type Metric = TypeOf<typeof metric>;

const resourceSpans = message({
  resource: one(1, resource),
  scopeSpans: items(2, message({ scope: one(1, scope), spans: items(2, span) })),
});
const resourceLogs = message({
  resource: one(1, resource),
  scopeLogs: items(2, message({ scope: one(1, scope), logRecords: items(2, logRecord) })),
});
const resourceMetrics = message({
  resource: one(1, resource),
  scopeMetrics: items(2, message({ scope: one(1, scope), metrics: items(2, metric) })),
});

/** The bodies of the three requests. */
export const tracesRequest = message({ resourceSpans: items(1, resourceSpans) });
export const logsRequest = message({ resourceLogs: items(1, resourceLogs) });
export const metricsRequest = message({ resourceMetrics: items(1, resourceMetrics) });
export type TracesRequest = TypeOf<typeof tracesRequest>;
export type LogsRequest = TypeOf<typeof logsRequest>;
export type MetricsRequest = TypeOf<typeof metricsRequest>;
