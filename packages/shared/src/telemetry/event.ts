import type { MetricBody } from './metric-body.ts';

/**
 * The one shape in which telemetry travels through Scorpiox, whatever format it arrived in: what the formats of the
 * API parse into, what the client sends as native JSON, and what the writer stores.
 */

export const EVENT_KINDS = [
  'request',
  'dependency',
  'event',
  'trace',
  'exception',
  'metric',
  'pageView',
  'availability',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const SEVERITIES = ['verbose', 'information', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an event says in the same words wherever it is: as sent, and as stored. */
interface EventDetails {
  readonly kind: EventKind;
  /** The operation (`GET /cart`), metric, event or exception type. */
  readonly name: string;
  /** The sender's own id for this event: with it a retry is recognised even if other fields changed. */
  readonly id?: string;
  /** Names the application under a shared key only. */
  readonly app?: string;
  readonly success?: boolean;
  /** Response or result code, as text. */
  readonly code?: string;
  readonly operationId?: string;
  readonly parentId?: string;
  readonly message?: string;
  readonly severity?: Severity;
  readonly value?: number;
  readonly unit?: string;
  readonly user?: string;
  readonly session?: string;
  readonly instance?: string;
  readonly version?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly measurements?: Readonly<Record<string, number>>;
}

/** An event as `/api/ingest` takes it: what applications write by hand. Field meanings: docs/sending.md. */
export interface NativeEvent extends EventDetails {
  /** ISO 8601 in UTC, any number of fraction digits. */
  readonly time: string;
  /** Milliseconds, or any spelling that `parseDuration` knows. */
  readonly durationMs?: number | string;
  /** This event stands for that many like it, a whole number from 1 (the default): it weights the rollups. */
  readonly count?: number;
}

/** Something that was changed so that the event could be kept: shown to the operator, never silent. */
export interface Adjustment {
  /** The field's name in the native format; `properties.<key>` for one property. */
  readonly field: string;
  readonly what: 'truncated' | 'dropped' | 'negative' | 'saturated';
}

/**
 * An event as it is stored, whatever format it came in. Made by `makeEvent` only, so that it is canonical: texts are
 * well-formed Unicode within the lengths of limits.ts and never empty, keys of maps are sorted, numbers are finite.
 */
export interface ParsedEvent extends EventDetails {
  /** Whole milliseconds since 1970-01-01T00:00:00Z. */
  readonly timeMs: number;
  /** Microseconds past `timeMs`, 1 … 999; absent when 0. */
  readonly timeUs?: number;
  /** Nanoseconds past `timeUs`, 1 … 999; absent when 0. It tells apart what happened within one microsecond. */
  readonly timeNs?: number;
  /** Whole microseconds, 0 … 2^53-1. */
  readonly durationUs?: number;
  /** Whole milliseconds, 0 … 2^31-1 (saturating). Present exactly when `durationUs` is. */
  readonly durationMs?: number;
  readonly spanId?: string;
  readonly traceId?: string;
  /** How many events this one stands for (sampling, aggregation): above 0, finite, not always whole. */
  readonly weight: number;
  /** Of a metric that came as a data point: the point itself. */
  readonly metric?: MetricBody;
  /**
   * What tells it apart from events of the same content, though it is not stored: a digest of what was cut off it, and
   * its place among the events of one item. Part of the identity; absent for nearly every event.
   */
  readonly distinct?: string;
  /** What was changed on the way in; empty for nearly every event. */
  readonly adjustments: readonly Adjustment[];
}

export type EventProblemCode =
  | 'not-an-object'
  | 'unknown-field'
  | 'missing-field'
  | 'wrong-type'
  | 'unknown-kind'
  | 'bad-time'
  | 'bad-duration'
  | 'bad-value';

/** Why an event was refused. `message` is a sentence for the sender and repeats none of the event's values. */
export interface EventProblem {
  readonly code: EventProblemCode;
  readonly field?: string;
  readonly message: string;
}
