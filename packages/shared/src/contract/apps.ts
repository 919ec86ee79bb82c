import { type Static, Type } from 'typebox';

/** Query of `GET /api/apps`: `from`, `to` as ISO 8601, `now`, or `now-24h` (units s, m, h, d). */
export const AppsQuery = Type.Object({
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
});

const nullableMs = Type.Union([Type.Number(), Type.Null()]);

/** One application's row on `/apps`. Durations in milliseconds; percentiles null where there is nothing. */
export const AppSummary = Type.Object({
  name: Type.String(),
  /**
   * ISO 8601: when the API last received something from it, whatever time the events themselves bear and whether or not
   * they were taken; null when nothing was ever received, as right after its registration.
   */
  lastSeen: Type.Union([Type.String(), Type.Null()]),
  /** Requests in the span, weighted by the sampling rate. */
  requests: Type.Number(),
  failures: Type.Number(),
  p50: nullableMs,
  p95: nullableMs,
  p99: nullableMs,
  /** Events of every kind since the application exists: received, and what became of them. */
  received: Type.Integer(),
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  rejected: Type.Integer(),
  /** Requests per equal step over the span, oldest first. */
  sparkline: Type.Array(Type.Number()),
});
export type AppSummary = Static<typeof AppSummary>;

export const AppsResponse = Type.Object({
  apps: Type.Array(AppSummary),
  /** The span that was answered, ISO 8601. */
  from: Type.String(),
  to: Type.String(),
  /** The API's clock when it answered, ISO 8601: `to` may lie after it, for spans are widened. */
  now: Type.String(),
  /** Length of one sparkline step, seconds. */
  stepSeconds: Type.Integer(),
});
export type AppsResponse = Static<typeof AppsResponse>;
