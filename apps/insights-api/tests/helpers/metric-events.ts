import { eventHash, type MetricPoint, makeEvent } from '@scorpiox/shared/telemetry';
import { toMetricEvent } from '../../src/ingest/formats/otlp/metric-events.ts';
import type { IdentifiedEvent } from '../../src/store/port.ts';
import { NOON } from './events.ts';

/** Nanoseconds since 1970 of that many seconds after NOON. */
export const after = (seconds: number): bigint =>
  BigInt(NOON) * 1_000_000n + BigInt(Math.round(seconds * 1000)) * 1_000_000n;

/** What points of tests differ in; attributes are all their own. */
export interface Where {
  readonly name?: string;
  readonly unit?: string;
  readonly instance?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

type Said<P> = P extends unknown ? Omit<P, 'series'> : never;

/** A data point as the writer gets it. */
export function point(said: Said<MetricPoint>, { name = 'm', attributes = {}, ...where }: Where = {}): IdentifiedEvent {
  const made = makeEvent(
    toMetricEvent({
      // `said` is a point but for its series.
      point: { ...said, series: { name, attributes, ...where } } as MetricPoint,
      dimensions: Object.keys(attributes),
    }),
  );
  if (!made.ok) throw new Error(made.error.message);
  return { event: made.value, hash: eventHash(made.value) };
}

export const gauge = (seconds: number, value: number, where?: Where) =>
  point({ kind: 'gauge', time: after(seconds), value }, where);

/** A counter's total, since `start` seconds after NOON. */
export const total = (start: number, seconds: number, value: number, where?: Where) =>
  point(
    { kind: 'sum', start: after(start), time: after(seconds), temporality: 'cumulative', monotonic: true, value },
    where,
  );

export const delta = (seconds: number, value: number, where?: Where) =>
  point(
    { kind: 'sum', start: after(seconds - 60), time: after(seconds), temporality: 'delta', monotonic: true, value },
    where,
  );

/** A histogram with bounds 10 and 100. */
export const histogram = (
  temporality: 'delta' | 'cumulative',
  start: number,
  seconds: number,
  counts: readonly [number, number, number],
  more: { readonly sum?: number; readonly min?: number; readonly max?: number } = {},
  where?: Where,
) =>
  point(
    {
      kind: 'histogram',
      start: after(start),
      time: after(seconds),
      temporality,
      count: counts[0] + counts[1] + counts[2],
      bounds: [10, 100],
      counts,
      ...more,
    },
    where,
  );
