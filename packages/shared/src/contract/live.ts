import { type Static, Type } from 'typebox';
import { EventRecord } from './events.ts';

/** Query of `GET /api/live`. */
export const LiveQuery = Type.Object({ q: Type.Optional(Type.String()) });

/**
 * Data of the server-sent event `events`: what was stored since the last one and matches, oldest first (`EventRecord`s
 * cut as in lists). `missed`: events that were left out before these, for they came faster than they were read, or than the
 * API had time to look whether they match.
 */
export const LiveEvents = Type.Object({ events: Type.Array(EventRecord), missed: Type.Integer() });
export type LiveEvents = Static<typeof LiveEvents>;

/** Data of the server-sent event `beat`, sent at once and every few seconds: the stream is alive. Counts since it began. */
export const LiveBeat = Type.Object({
  /** The API's clock, ISO 8601. */
  now: Type.String(),
  matched: Type.Integer(),
  missed: Type.Integer(),
  /** Other processes of the API on the same database, by host and port: what they store does not go by here. */
  others: Type.Array(Type.String()),
});
export type LiveBeat = Static<typeof LiveBeat>;

/** Data of the server-sent event `end`, the last one: why the server ends the stream. */
export const LiveEnd = Type.Object({ reason: Type.Union([Type.Literal('stopping'), Type.Literal('signed-out')]) });
export type LiveEnd = Static<typeof LiveEnd>;
