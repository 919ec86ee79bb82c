import { Type } from 'typebox';

/** The span of a query: ISO 8601, `now`, or `now-24h` (units s, m, h, d); the last 24 hours where it says nothing. */
export const SpanQuery = Type.Object({
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
});

/** What is kept of the time that was asked for. */
export const Kept = Type.Object({
  /**
   * Seconds of the sums that the answer is made of: a minute, an hour or a day. Coarser ones are kept longer, and the span
   * was widened to whole ones.
   */
  unitSeconds: Type.Integer(),
  /** ISO 8601: sums that fine are kept from then on; in a list of instances or exceptions, those last seen from then on. */
  since: Type.String(),
  /** False where the span begins before that: the answer lacks what lies before it. */
  complete: Type.Boolean(),
});

/** What every answer over a span says of it. */
export const spanFields = {
  /** The span that was answered, ISO 8601. */
  from: Type.String(),
  to: Type.String(),
  /** The API's clock when it answered, ISO 8601: `to` may lie after it, for spans are widened. */
  now: Type.String(),
  kept: Kept,
};

export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()]);

/** Milliseconds, or null where there is nothing to measure. */
export const nullableMs = nullable(Type.Number());

/** Part of a whole, 0 … 1, or null where there is nothing. */
export const nullableRate = nullable(Type.Number());
