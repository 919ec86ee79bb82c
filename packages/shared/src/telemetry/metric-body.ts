import type { MetricPoint, MetricSeries } from './metric-point.ts';

type BodyOf<P> = P extends unknown ? Omit<P, 'series' | 'time' | 'start'> : never;

/**
 * What a data point says beside what every event says (name, unit, instance, time): kept as it came, so that nothing of it
 * is lost. It is plain JSON.
 */
export type MetricBody = BodyOf<MetricPoint> & {
  /** Nanoseconds since 1970 as decimal digits, as in `MetricPoint`; absent where a point has no start. */
  readonly start?: string;
  /** Which of the event's properties are the point's own attributes, sorted: the others say where it comes from. */
  readonly dimensions: readonly string[];
};

/** A point as a body, its keys always in the same order. */
export function toMetricBody(point: MetricPoint, dimensions: readonly string[]): MetricBody {
  const { series, time, ...rest } = point;
  const sorted = dimensions.toSorted();
  if (!('start' in rest)) return { ...rest, dimensions: sorted };
  const { start, ...said } = rest;
  return { ...said, start: String(start), dimensions: sorted };
}

/** The point of a body. `time`: nanoseconds since 1970. */
export function fromMetricBody(body: MetricBody, series: MetricSeries, time: bigint): MetricPoint {
  const { dimensions, start, ...said } = body;
  if (said.kind === 'gauge') return { ...said, series, time };
  return { ...said, series, time, start: BigInt(start ?? 0) };
}
