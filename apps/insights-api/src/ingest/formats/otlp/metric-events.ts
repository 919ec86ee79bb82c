import { type EventDraft, type MetricPoint, toMetricBody } from '@scorpiox/shared/telemetry';

/** A point, and which attributes are its own. */
export interface OwnedPoint {
  readonly point: MetricPoint;
  readonly dimensions: readonly string[];
}

/**
 * A point as the metric event that an aggregation of Application Insights makes: `value` is the value or the sum, with
 * count, min and max as measurements. The point itself goes along whole: what it means beside an earlier one is found
 * where both are known, in the transaction that stores it (rollup/metrics/advance.ts).
 */
export function toMetricEvent({ point, dimensions }: OwnedPoint): EventDraft {
  const { name, unit, instance, attributes } = point.series;
  const metric = toMetricBody(point, dimensions);
  const common = { kind: 'metric', time: point.time, name, unit, instance, properties: attributes, metric } as const;
  if (point.kind === 'gauge' || point.kind === 'sum') return { ...common, value: point.value };
  if (point.kind === 'summary') return { ...common, value: point.sum, measurements: { count: point.count } };
  const { count, sum, min, max } = point;
  const measurements = { count, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return { ...common, value: sum, measurements };
}
