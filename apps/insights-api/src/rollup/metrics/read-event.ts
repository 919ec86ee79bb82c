import { type CountingPoint, fromMetricBody, type MetricSeries, type ParsedEvent } from '@scorpiox/shared/telemetry';
import { dimensionsOf, metricHash, type SeriesKind, seriesHash, streamHash } from './identity.ts';
import { type Contribution, ofAggregate, ofDelta, ofValue } from './sums.ts';

/** A metric event that is stored now. */
export interface StoredMetric {
  readonly appId: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly event: ParsedEvent;
}

/** A metric event as far as it can be understood by itself. */
export interface MetricReading extends StoredMetric {
  readonly metric: string;
  readonly name: string;
  readonly unit: string;
  readonly kind: SeriesKind;
  /** Its series; undefined where the dimensions are too long to be listed. */
  readonly own: { readonly series: string /** Canonical JSON. */; readonly dimensions: string } | undefined;
  /** Microseconds since 1970, and nanoseconds past them. */
  readonly timeUs: number;
  readonly timeNs: number;
  /** What it adds, or what it is to be seen beside an earlier point for. */
  readonly says:
    | { readonly what: 'share'; readonly share: Contribution }
    | { readonly what: 'total'; readonly stream: string; readonly point: CountingPoint };
}

/** Reads an event of kind `metric`. */
export function readMetricEvent({ appId, receivedAt, event }: StoredMetric): MetricReading {
  const { name, unit = '', timeMs, timeUs = 0, timeNs = 0 } = event;
  const us = timeMs * 1000 + timeUs;
  const { kind, says } = interpret(event, us, timeNs);
  const dimensions = dimensionsOf(event);
  return {
    appId,
    receivedAt,
    event,
    metric: metricHash(name, unit),
    name,
    unit,
    kind,
    own: dimensions === undefined ? undefined : { series: seriesHash(kind, dimensions), dimensions },
    timeUs: us,
    timeNs,
    says,
  };
}

/**
 * A sum that is no counter is a level when it is cumulative, and a change when it is a delta. A summary's count and sum
 * grow like a histogram's; its quantiles cannot be added to anything.
 */
function interpret(event: ParsedEvent, us: number, ns: number): Pick<MetricReading, 'kind' | 'says'> {
  const { metric } = event;
  if (metric === undefined) return interpretPlain(event, us);
  const series: MetricSeries = { name: event.name, attributes: {} };
  const point = fromMetricBody(metric, series, BigInt(us) * 1000n + BigInt(ns));
  if (point.kind === 'gauge') return share('gauge', ofValue(point.value, event.weight, us));
  if (point.kind === 'summary') {
    const { quantiles, ...rest } = point;
    const counting: CountingPoint = { ...rest, kind: 'histogram', temporality: 'cumulative', bounds: [], counts: [] };
    return { kind: 'histogram', says: { what: 'total', stream: streamHash(event), point: counting } };
  }
  if (point.kind === 'sum' && !point.monotonic && point.temporality === 'cumulative') {
    return share('gauge', ofValue(point.value, event.weight, us));
  }
  const kind = point.kind === 'sum' ? 'sum' : 'histogram';
  if (point.temporality === 'delta') return share(kind, ofDelta(point, us));
  return { kind, says: { what: 'total', stream: streamHash(event), point } };
}

/** With a measurement `count` it is an aggregation (Application Insights' MetricData), else a value that was read. */
function interpretPlain({ value = 0, measurements = {}, weight }: ParsedEvent, us: number) {
  const { count, min, max } = measurements;
  if (count === undefined || count < 0) return share('gauge', ofValue(value, weight, us));
  const extremes = min === undefined || max === undefined ? {} : { min, max };
  return share('histogram', ofAggregate({ count: count * weight, sum: value * weight, ...extremes }, us));
}

const share = (kind: SeriesKind, contribution: Contribution): Pick<MetricReading, 'kind' | 'says'> => ({
  kind,
  says: { what: 'share', share: contribution },
});
