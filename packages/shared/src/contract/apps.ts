import { type Static, Type } from 'typebox';
import { nullable, nullableMs, nullableRate, SpanQuery, spanFields } from './span.ts';

/** Query of `GET /api/apps`. */
export const AppsQuery = SpanQuery;

/**
 * How an application is now, whatever span is shown. The rules, with their figures: docs/api.md.
 * - `failing`: too many of its requests failed in the last minutes
 * - `silent`: it has said nothing for longer than it usually does at this time of day
 * - `waiting`: it has not said anything yet
 */
export const AppState = Type.Enum(['healthy', 'failing', 'silent', 'waiting']);
export type AppState = Static<typeof AppState>;

/** Beside what has been counted: how it is, and how that compares. */
const judged = {
  state: AppState,
  stateReason: Type.Object({
    /**
     * `ok`; `failures` (failing); silent: `quiet` (longer than usual), `gone` (nothing for as long as anybody looks back);
     * `never` (waiting: nothing since it was registered).
     */
    code: Type.Enum(['ok', 'failures', 'quiet', 'gone', 'never']),
    /** A sentence for people. */
    message: Type.String(),
  }),
  /** How often it usually says something, as far as the last days tell; null where too little is known. */
  usualIntervalSeconds: nullable(Type.Integer()),
  /** Requests a minute over the part of the span that has passed. */
  requestsPerMinute: Type.Number(),
  failureRate: nullableRate,
  /** The same of the span just before, as long as this one. */
  requestsBefore: Type.Number(),
  failureRateBefore: nullableRate,
  /** 0 … 1 by the durations of requests that did not fail; null where none had a duration. */
  apdex: nullable(Type.Number()),
  /** The duration up to which a request satisfies; up to four times as much is tolerated. */
  apdexMs: Type.Integer(),
  /** Exceptions in the span, weighted, and groups of them that were never seen before it. */
  exceptions: Type.Number(),
  newExceptions: Type.Integer(),
};

/** One application's row on `/apps`. Durations in milliseconds; percentiles null where there is nothing. */
export const AppSummary = Type.Object({
  name: Type.String(),
  /**
   * ISO 8601: when the API last received something from it, whatever time the events themselves bear and whether or not
   * they were taken; null when nothing was ever received, as right after its registration.
   */
  lastSeen: nullable(Type.String()),
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

/** The same, judged. */
export const AppReport = Type.Object({ ...AppSummary.properties, ...judged });
export type AppReport = Static<typeof AppReport>;

/** Answer of `GET /api/apps`. */
export const AppsReport = Type.Object({
  apps: Type.Array(AppReport),
  ...spanFields,
  /** Length of one sparkline step, seconds. */
  stepSeconds: Type.Integer(),
});
export type AppsReport = Static<typeof AppsReport>;

/** The part of it that does not judge. */
export const AppsResponse = Type.Object({
  apps: Type.Array(AppSummary),
  from: Type.String(),
  to: Type.String(),
  now: Type.String(),
  stepSeconds: Type.Integer(),
});
export type AppsResponse = Static<typeof AppsResponse>;

/** Path of everything below `/api/apps/:app`. */
export const AppPath = Type.Object({ app: Type.String() });
