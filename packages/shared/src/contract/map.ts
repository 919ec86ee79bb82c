import { type Static, Type } from 'typebox';
import { AppState } from './apps.ts';
import { nullableMs, nullableRate, spanFields } from './span.ts';

const flow = {
  /** Requests in the span, weighted. */
  count: Type.Number(),
  perMinute: Type.Number(),
  failures: Type.Number(),
  failureRate: nullableRate,
  /** Milliseconds. */
  p50: nullableMs,
  p95: nullableMs,
};

/** Answer of `GET /api/map`: which application calls which. */
export const MapResponse = Type.Object({
  ...spanFields,
  /** Every application, with all its requests, whoever sent them. */
  nodes: Type.Array(Type.Object({ name: Type.String(), state: AppState, ...flow })),
  /**
   * Requests of `to` that a call of `from` caused, as the called application measured them. Found from traces some
   * seconds after both ends have arrived.
   */
  edges: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), ...flow })),
});
export type MapResponse = Static<typeof MapResponse>;
