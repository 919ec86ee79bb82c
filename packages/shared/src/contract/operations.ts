import { type Static, Type } from 'typebox';
import { nullable, nullableMs, nullableRate, SpanQuery, spanFields } from './span.ts';

export const OperationSort = Type.Enum(['count', 'failures', 'failureRate', 'p50', 'p95', 'p99', 'time', 'name']);
export type OperationSort = Static<typeof OperationSort>;

export const Order = Type.Enum(['asc', 'desc']);
export type Order = Static<typeof Order>;

/** How many rows a page has, and where it goes on (`nextCursor` of the page before, under the same query). */
export const pageFields = {
  limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
  cursor: Type.Optional(Type.String({ maxLength: 4096 })),
};

/**
 * Query of `GET /api/apps/:app/operations` (requests), `/dependencies`, `/views` (page views) and `/events` (custom
 * events). By `time` (all durations together), the most first, where it says nothing; events, which have none, by count.
 */
export const OperationsQuery = Type.Object({
  ...SpanQuery.properties,
  sort: Type.Optional(OperationSort),
  /** `desc`, but `asc` by name, where it says nothing. What has no value comes last either way. */
  order: Type.Optional(Order),
  /** Only names that contain this, letter case aside. */
  search: Type.Optional(Type.String({ maxLength: 256 })),
  ...pageFields,
});
export type OperationsQuery = Static<typeof OperationsQuery>;

/** One operation, dependency, page or custom event over the span. Durations in milliseconds. */
export const OperationRow = Type.Object({
  name: Type.String(),
  /** The sum of those names that were beyond what is told apart in a minute, an hour or a day. */
  isOther: Type.Boolean(),
  count: Type.Number(),
  failures: Type.Number(),
  failureRate: nullableRate,
  mean: nullableMs,
  p50: nullableMs,
  p95: nullableMs,
  p99: nullableMs,
  max: nullableMs,
  /** Its part of all durations of its kind together; null where none has one. */
  share: nullableRate,
  /** Of a dependency, as it was last sent; null where the sender does not say. Absent for everything else. */
  type: Type.Optional(nullable(Type.String())),
  target: Type.Optional(nullable(Type.String())),
});
export type OperationRow = Static<typeof OperationRow>;

export const OperationsResponse = Type.Object({
  ...spanFields,
  /** Of all that the query finds, on this page or not. */
  total: Type.Object({ names: Type.Integer(), count: Type.Number(), failures: Type.Number() }),
  operations: Type.Array(OperationRow),
  nextCursor: nullable(Type.String()),
});
export type OperationsResponse = Static<typeof OperationsResponse>;
