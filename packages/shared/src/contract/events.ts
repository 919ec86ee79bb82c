import { type Static, Type } from 'typebox';
import { EVENT_KINDS, SEVERITIES } from '../telemetry/event.ts';

const text = Type.Optional(Type.String());
const number = Type.Optional(Type.Number());
const moment = Type.String();

/** A stored event. What it does not say is absent. `app`, `time` and `hash` are its address: `/api/events/:app/:time/:hash`. */
export const EventRecord = Type.Object({
  app: Type.String(),
  /** ISO 8601 with microseconds, as `2026-03-21T10:00:00.108000Z`. */
  time: moment,
  /** 32 hexadecimal digits. */
  hash: Type.String(),
  kind: Type.Enum([...EVENT_KINDS]),
  name: Type.String(),
  id: text,
  operationId: text,
  parentId: text,
  traceId: text,
  spanId: text,
  /** Exact to the microsecond. */
  durationMs: number,
  success: Type.Optional(Type.Boolean()),
  code: text,
  message: text,
  severity: Type.Optional(Type.Enum([...SEVERITIES])),
  value: number,
  unit: text,
  user: text,
  session: text,
  instance: text,
  version: text,
  properties: Type.Optional(Type.Record(Type.String(), Type.String())),
  measurements: Type.Optional(Type.Record(Type.String(), Type.Number())),
  /** How many events it stands for (sampling). */
  count: Type.Number(),
  receivedAt: moment,
  /** In lists: its message or its properties are too long to be shown there; the event by its address has them whole. */
  cut: Type.Optional(Type.Literal(true)),
});
export type EventRecord = Static<typeof EventRecord>;

/** What searches have in common: the query language (docs/query-language.md) and a span as of `GET /api/apps`. */
const search = { q: text, from: text, to: text };

/**
 * A search gave up before its span was through, for it took too much time or read too many rows. What comes before
 * `reached` (ISO 8601) in its order, which is newer or older than it, is answered completely.
 */
const Partial = Type.Union([
  Type.Object({ reason: Type.Union([Type.Literal('time'), Type.Literal('rows')]), reached: moment }),
  Type.Null(),
]);
export type PartialSearch = NonNullable<Static<typeof Partial>>;

/** What every search answers beside its result. */
const searched = {
  /** The span that was answered, ISO 8601, and the API's clock. */
  from: moment,
  to: moment,
  now: moment,
  /** Events that were read for it; 0 where sums tell. */
  scanned: Type.Integer(),
  partial: Partial,
  /** What the asker should know of the answer, as sentences: that older events are deleted already, and the like. */
  notes: Type.Array(Type.String()),
};

/**
 * Query of `GET /api/events`. `order`: which come first, the newest when absent; `limit`: 1 … 1000 events a page, 100 when
 * absent; `cursor`: `nextCursor` of the page before.
 */
export const EventsQuery = Type.Object({
  ...search,
  order: Type.Optional(Type.Union([Type.Literal('newest'), Type.Literal('oldest')])),
  limit: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,3}$' })),
  cursor: text,
});

/** Answer of `GET /api/events`, in the order that was asked for. */
export const EventsResponse = Type.Object({
  events: Type.Array(EventRecord),
  /** Where to go on; null when the span is through. Also given where the answer is partial, however few events it has. */
  nextCursor: Type.Union([Type.String(), Type.Null()]),
  ...searched,
});
export type EventsResponse = Static<typeof EventsResponse>;

/** Query of `GET /api/events/histogram`. `steps`: about how many, 1 … 500, 60 when absent. */
export const HistogramQuery = Type.Object({
  ...search,
  steps: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$' })),
});

/** Answer of `GET /api/events/histogram`: events that match, by time. */
export const HistogramResponse = Type.Object({
  /** Length of one step, seconds; may be a fraction. */
  stepSeconds: Type.Number(),
  /**
   * Equal steps, oldest first, the first one beginning at `from`; null where the search did not come. An event counts as
   * often as it stands for. `failures`: not successful, an exception, or a trace of severity error or above.
   */
  steps: Type.Array(Type.Union([Type.Object({ count: Type.Number(), failures: Type.Number() }), Type.Null()])),
  /** Events in all steps that are there. */
  total: Type.Number(),
  ...searched,
});
export type HistogramResponse = Static<typeof HistogramResponse>;

/** Answer of `GET /api/events/:app/:time/:hash`: one event in full. `time`: as in the event, or microseconds since 1970. */
export const EventResponse = Type.Object({ event: EventRecord });
export type EventResponse = Static<typeof EventResponse>;

/** Query of `GET /api/events/export`. */
export const ExportQuery = Type.Object({
  ...search,
  format: Type.Union([Type.Literal('csv'), Type.Literal('ndjson')]),
});

/**
 * Query of `GET /api/events/values`: values of a field of the query language, among the newest events that match `q`.
 * `field=properties` and `field=measurements` give their keys. `prefix`: only what begins so, letter case aside.
 */
export const ValuesQuery = Type.Object({ ...search, field: Type.String(), prefix: text });

/** Answer of `GET /api/events/values`: the most frequent first. */
export const ValuesResponse = Type.Object({
  field: Type.String(),
  /** How often each came among the events that were looked at. */
  values: Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() })),
  /** Events that were looked at. */
  events: Type.Integer(),
});
export type ValuesResponse = Static<typeof ValuesResponse>;
