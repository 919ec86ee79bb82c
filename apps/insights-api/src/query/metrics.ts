import type {
  MetricAggregate,
  MetricSeriesPart,
  MetricSeriesResponse,
  MetricSummary,
  MetricsResponse,
} from '@scorpiox/shared/contract';
import type { AppRef } from '@scorpiox/shared/database';
import { METRIC_PARTS, METRIC_STEPS } from '../limits.ts';
import type { SeriesKind } from '../rollup/metrics/identity.ts';
import { quantilesOf } from '../rollup/metrics/quantiles.ts';
import { mergeMetricTotals } from '../rollup/metrics/split.ts';
import { noSums } from '../rollup/metrics/sums.ts';
import type {
  MetricListed,
  MetricListRequest,
  MetricPart,
  MetricReport,
  MetricRequest,
  MetricTotals,
} from '../store/metric-questions.ts';
import { MINUTE_MS, stepsOf, toMinuteSpan } from './minute-span.ts';
import { describeSpan } from './overview/span.ts';
import type { TimeRange } from './time-range.ts';

/** `GET /api/apps/:app/metrics`. */
export async function queryMetrics(
  list: (request: MetricListRequest) => Promise<readonly MetricListed[]>,
  { id: appId, retentionDays }: MetricChoice['app'],
  range: TimeRange,
  now: () => number,
): Promise<MetricsResponse> {
  const span = toMinuteSpan(range, METRIC_STEPS, now(), retentionDays);
  const metrics = await list({ appId, from: span.from, to: span.to });
  return { metrics: metrics.map(toSummary), ...describeSpan(span, now()) };
}

const toSummary = ({ name, unit, kind, points, last, lastUs }: MetricListed): MetricSummary => ({
  name,
  unit: unit === '' ? null : unit,
  kind,
  points,
  last: kind === 'gauge' ? (last ?? null) : null,
  lastAt: new Date(Math.floor(lastUs / 1000)).toISOString(),
});

/** Which metric, and the dimension that it is split by. */
export interface MetricChoice {
  readonly app: Pick<AppRef, 'id' | 'retentionDays'>;
  readonly name: string;
  readonly unit: string;
  readonly by: string | undefined;
}

/** `GET /api/apps/:app/metrics/series`. */
export async function queryMetric(
  read: (request: MetricRequest) => Promise<MetricReport>,
  { app, name, unit, by }: MetricChoice,
  range: TimeRange,
  now: () => number,
): Promise<MetricSeriesResponse> {
  const answered = toMinuteSpan(range, METRIC_STEPS, now(), app.retentionDays);
  const span = { from: answered.from, to: answered.to, stepMinutes: answered.stepMinutes };
  const { kind, dimensions, parts } = await read({
    ...{ appId: app.id, name, unit, span, top: METRIC_PARTS },
    ...(by === undefined ? {} : { by }),
  });
  const at = now();
  // What has not passed yet holds nothing: rates are over the rest, a minute at least.
  const passed = (from: number, to: number) => Math.max(1, Math.min(to, span.to, at / MINUTE_MS) - from);
  const steps = Array.from({ length: stepsOf(span) }, (_, step) => {
    const from = span.from + step * span.stepMinutes;
    return passed(from, from + span.stepMinutes);
  });
  const all = passed(span.from, span.to);
  return {
    ...{ name, unit: unit === '' ? null : unit, kind: kind ?? null, by: by ?? null, dimensions: [...dimensions] },
    parts: kind === undefined ? [] : parts.map((part) => toPart(part, kind, { all, steps })),
    ...describeSpan(answered, at),
    stepSeconds: span.stepMinutes * 60,
  };
}

/** How many minutes the span and each of its steps have lasted. */
interface Minutes {
  readonly all: number;
  readonly steps: readonly number[];
}

function toPart({ what, value, steps }: MetricPart, kind: SeriesKind, minutes: Minutes): MetricSeriesPart {
  const byStep = new Map(steps.map((step) => [step.step, step]));
  const nothing: MetricTotals = { sums: noSums(), ranges: [] };
  return {
    what,
    value: value ?? null,
    total: toAggregate(mergeMetricTotals(steps), kind, minutes.all),
    steps: minutes.steps.map((length, step) => toAggregate(byStep.get(step) ?? nothing, kind, length)),
  };
}

function toAggregate({ sums, ranges }: MetricTotals, kind: SeriesKind, minutes: number): MetricAggregate {
  const { points, count, summed, sum, ranged, last } = sums;
  const isSum = kind === 'sum';
  // Extremes of some say nothing of all.
  const extremes = ranged >= count && sums.min !== undefined && sums.max !== undefined;
  const [min, max] = extremes ? [sums.min, sums.max] : [];
  const known = min === undefined || max === undefined ? {} : { min, max };
  const [p50, p95, p99] = isSum ? [] : (quantilesOf({ ranges, ...known }, [0.5, 0.95, 0.99]) ?? []);
  const seconds = (minutes * MINUTE_MS) / 1000;
  return {
    points,
    count,
    sum: summed > 0 ? sum : null,
    min: min ?? null,
    max: max ?? null,
    avg: isSum || summed <= 0 ? null : sum / summed,
    rate: kind === 'gauge' || points === 0 ? null : (isSum ? sum : count) / seconds,
    last: kind === 'gauge' ? (last ?? null) : null,
    p50: p50 ?? null,
    p95: p95 ?? null,
    p99: p99 ?? null,
  };
}
