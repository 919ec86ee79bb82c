import { type Static, Type } from 'typebox';
import { AppReport } from './apps.ts';
import { nullable, nullableMs, SpanQuery, spanFields } from './span.ts';

/** Kinds of events that have a rate, errors and a duration. */
export const TimedKind = Type.Enum(['request', 'dependency', 'pageView', 'event', 'availability']);
export type TimedKind = Static<typeof TimedKind>;

/**
 * Rate, errors and duration over equal steps: every array has an entry for each, oldest first. The last step may not have
 * passed yet. Durations in milliseconds.
 */
export const Timeline = Type.Object({
  /** ISO 8601: where the first step begins. Steps lie on round times; the first and the last may reach over the span. */
  start: Type.String(),
  stepSeconds: Type.Integer(),
  count: Type.Array(Type.Number()),
  failures: Type.Array(Type.Number()),
  mean: Type.Array(nullableMs),
  p50: Type.Array(nullableMs),
  p95: Type.Array(nullableMs),
  p99: Type.Array(nullableMs),
});
export type Timeline = Static<typeof Timeline>;

/** A version that was seen for the first time. */
export const VersionMark = Type.Object({ at: Type.String(), version: Type.String() });
export type VersionMark = Static<typeof VersionMark>;

/** How many points a chart can show: the steps become long enough for it. */
const points = Type.Optional(Type.String({ pattern: '^[0-9]{1,4}$' }));

/** Query of `GET /api/apps/:app/overview`. */
export const OverviewQuery = Type.Object({ ...SpanQuery.properties, points });

/** Answer of `GET /api/apps/:app/overview`: the first look at one application. */
export const OverviewResponse = Type.Object({
  ...spanFields,
  /** ISO 8601: single events are kept from then on. */
  eventsSince: Type.String(),
  app: AppReport,
  /** Of its requests. */
  timeline: Timeline,
  /** Exceptions in the same steps. */
  exceptions: Type.Array(Type.Number()),
  marks: Type.Array(VersionMark),
});
export type OverviewResponse = Static<typeof OverviewResponse>;

/** Query of `GET /api/apps/:app/timeline`: of one operation, or of all of a kind (`request` where it says nothing). */
export const TimelineQuery = Type.Object({
  ...OverviewQuery.properties,
  kind: Type.Optional(TimedKind),
  operation: Type.Optional(Type.String({ maxLength: 1024 })),
});

export const TimelineResponse = Type.Object({ ...spanFields, timeline: Timeline });
export type TimelineResponse = Static<typeof TimelineResponse>;

/** Query of `GET /api/apps/:app/latency`. */
export const LatencyQuery = Type.Object({
  ...SpanQuery.properties,
  kind: TimelineQuery.properties.kind,
  operation: TimelineQuery.properties.operation,
});

/** Answer of `GET /api/apps/:app/latency`: how durations are distributed, in milliseconds. */
export const LatencyResponse = Type.Object({
  ...spanFields,
  /** Events that have a duration, weighted. */
  count: Type.Number(),
  min: nullableMs,
  mean: nullableMs,
  p50: nullableMs,
  p95: nullableMs,
  p99: nullableMs,
  max: nullableMs,
  /**
   * Ascending, from the first that holds something to the last, without gaps: durations above `from` up to `to`. Each is
   * 2^(1/4) times as wide as the one before; durations of 0 have the first one, from 0 to 0, for themselves.
   */
  bars: Type.Array(Type.Object({ from: Type.Number(), to: Type.Number(), count: Type.Number() })),
  apdexMs: nullable(Type.Integer()),
});
export type LatencyResponse = Static<typeof LatencyResponse>;
