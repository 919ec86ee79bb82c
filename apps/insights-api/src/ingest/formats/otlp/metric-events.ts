import { err, ok, type Result } from '@scorpiox/shared/result';
import type { EventDraft, MetricPoint } from '@scorpiox/shared/telemetry';
import type { Drop } from '../../pipeline/reasons.ts';

/**
 * A point as the metric event that an aggregation of Application Insights makes: `value` is the value or the sum, with
 * count, min and max as measurements. Each stands for itself, so points that are to be seen against an earlier one (sums
 * that grow, cumulative histograms, summaries) are refused with the word that helps.
 */
export function toMetricEvent(point: MetricPoint): Result<EventDraft, Drop> {
  const { name, unit, instance, attributes } = point.series;
  const common = { kind: 'metric', time: point.time, name, unit, instance, properties: attributes } as const;
  if (point.kind === 'gauge') return ok({ ...common, value: point.value });
  // A sum that is no counter is a level: its value is what it says, whatever it was before.
  if (point.kind === 'sum' && (point.temporality === 'delta' || !point.monotonic)) {
    return ok({ ...common, value: point.value });
  }
  if (point.kind === 'sum' || point.kind === 'summary' || point.temporality === 'cumulative') return err(cumulative);
  const { count, sum, min, max } = point;
  if (sum === undefined) return err(withoutSum);
  const measurements = { count, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return ok({ ...common, value: sum, measurements });
}

const cumulative: Drop = {
  reason: 'cumulative-metric',
  message: 'Send sums and histograms as deltas: OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta.',
};
const withoutSum: Drop = { reason: 'bad-point', message: 'A histogram needs a sum.' };
