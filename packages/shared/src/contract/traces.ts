import { type Static, Type } from 'typebox';
import { EVENT_KINDS, SEVERITIES } from '../telemetry/event.ts';
import { nullable } from './span.ts';

/** Query of `GET /api/traces/:id`. `near`: a moment (as `from`) at about which it happened, which makes the look-up short. */
export const TraceQuery = Type.Object({ near: Type.Optional(Type.String()) });

/** A stretch of time, milliseconds since the trace's beginning. */
const stretch = { fromMs: Type.Number(), toMs: Type.Number() };

/** What takes time: requests, dependencies, and the like. */
export const TraceSpan = Type.Object({
  app: Type.String(),
  /** The event's address, as of `EventRecord`. */
  time: Type.String(),
  hash: Type.String(),
  kind: Type.Enum([...EVENT_KINDS]),
  name: Type.String(),
  id: nullable(Type.String()),
  /** As it was sent; `parent` is null where no span of this id is there. */
  parentId: nullable(Type.String()),
  /** Place of its parent in `spans`, and how deep it stands: 0 for one without parent. */
  parent: nullable(Type.Integer()),
  depth: Type.Integer(),
  /** Since the trace's beginning. */
  startMs: Type.Number(),
  durationMs: Type.Number(),
  success: nullable(Type.Boolean()),
  code: nullable(Type.String()),
  instance: nullable(Type.String()),
  /** Time in which none of its children ran. */
  selfMs: Type.Number(),
});
export type TraceSpan = Static<typeof TraceSpan>;

/** What happens at one moment: logs, exceptions, custom events. */
export const TraceLog = Type.Object({
  app: Type.String(),
  time: Type.String(),
  hash: Type.String(),
  kind: Type.Enum([...EVENT_KINDS]),
  name: Type.String(),
  /** The first 1,000 characters. */
  message: nullable(Type.String()),
  severity: nullable(Type.Enum([...SEVERITIES])),
  /** Place of the span that it belongs to in `spans`; null where that is not there. */
  span: nullable(Type.Integer()),
  atMs: Type.Number(),
});
export type TraceLog = Static<typeof TraceLog>;

/** Answer of `GET /api/traces/:id`: all events of one operation, across applications. */
export const TraceResponse = Type.Object({
  id: Type.String(),
  /** ISO 8601 with microseconds: when its first event began. */
  from: Type.String(),
  durationMs: Type.Number(),
  apps: Type.Array(Type.String()),
  /** Parents before their children, children by their beginning: in this order they are a waterfall. */
  spans: Type.Array(TraceSpan),
  /** By time. */
  logs: Type.Array(TraceLog),
  /** What the end of the trace waited for, from its beginning to its end: stretches that follow each other. */
  criticalPath: Type.Array(Type.Object({ span: Type.Integer(), ...stretch })),
  /** Stretches of a span with children in which none of them ran, the longest first: what nobody measured. */
  gaps: Type.Array(Type.Object({ span: Type.Integer(), ...stretch })),
  /** Whether there are more events than are shown: then the earliest are. */
  cut: Type.Boolean(),
  /** What the asker should know of the answer, as sentences. */
  notes: Type.Array(Type.String()),
});
export type TraceResponse = Static<typeof TraceResponse>;
