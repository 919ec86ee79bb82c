import { type Static, Type } from 'typebox';
import { Order, pageFields } from './operations.ts';
import { nullable, SpanQuery, spanFields } from './span.ts';

export const ExceptionSort = Type.Enum(['count', 'users', 'lastSeen', 'firstSeen']);
export type ExceptionSort = Static<typeof ExceptionSort>;

/** Query of `GET /api/apps/:app/exceptions`: the newest first (`lastSeen`, `desc`) where it says nothing. */
export const ExceptionsQuery = Type.Object({
  ...SpanQuery.properties,
  sort: Type.Optional(ExceptionSort),
  order: Type.Optional(Order),
  ...pageFields,
});
export type ExceptionsQuery = Static<typeof ExceptionsQuery>;

/** Exceptions of one type at one place. */
export const ExceptionGroup = Type.Object({
  /** 32 hexadecimal digits, the same for the same type and place. */
  id: Type.String(),
  type: Type.String(),
  /** The topmost frame of the application's own code, or what the sender says it is; empty where nothing tells. */
  place: Type.String(),
  /** The sum of those groups that were beyond what is told apart. */
  isOther: Type.Boolean(),
  /** ISO 8601, by the times of the events: ever, not in the span alone. */
  firstSeen: Type.String(),
  lastSeen: Type.String(),
  /** Whether it was first seen in the span. */
  isNew: Type.Boolean(),
  /** In the span, weighted. */
  count: Type.Number(),
  /** Users that it met in the span, as far as events name them. Where `isExact` is false it is an estimate. */
  users: Type.Object({ count: Type.Integer(), isExact: Type.Boolean() }),
  /** Per equal step from `start` on. */
  sparkline: Type.Array(Type.Number()),
  /** The newest of them ever; null where it is no longer kept. */
  newest: nullable(
    Type.Object({
      /** ISO 8601. */
      time: Type.String(),
      message: nullable(Type.String()),
      stack: nullable(Type.String()),
      /** The exceptions inside it, where the sender told of them. */
      inner: nullable(Type.String()),
      /** What happened in the same operation: `/api/traces/:id`. */
      operationId: nullable(Type.String()),
      instance: nullable(Type.String()),
      version: nullable(Type.String()),
    }),
  ),
});
export type ExceptionGroup = Static<typeof ExceptionGroup>;

export const ExceptionsResponse = Type.Object({
  ...spanFields,
  /** ISO 8601: where the first sparkline step begins. Steps lie on round times; the first and last may reach over the span. */
  start: Type.String(),
  /** Length of one of them, seconds. */
  stepSeconds: Type.Integer(),
  /** Of all groups that have something in the span, on this page or not. */
  total: Type.Object({ groups: Type.Integer(), newGroups: Type.Integer(), count: Type.Number() }),
  groups: Type.Array(ExceptionGroup),
  nextCursor: nullable(Type.String()),
});
export type ExceptionsResponse = Static<typeof ExceptionsResponse>;
