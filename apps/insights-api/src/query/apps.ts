import type { AppSummary, AppsResponse } from '@scorpiox/shared/contract';
import { SPARKLINE_STEPS } from '../limits.ts';
import { quantiles } from '../rollup/percentiles.ts';
import type { AppTotals, MinuteSpan } from '../store/port.ts';
import { spanFields, stepsOf, toMinuteSpan } from './minute-span.ts';
import type { TimeRange } from './time-range.ts';

/** Sums up every application's requests over a span. */
export type SummarizeApps = (span: MinuteSpan) => Promise<readonly AppTotals[]>;

/** What makes two spans the same question. */
export const keyOfSpan = ({ from, to, stepMinutes }: MinuteSpan): string => `${from} ${to} ${stepMinutes}`;

/** `GET /api/apps`: every application with its requests over the span, from rollups alone. */
export async function queryApps(summarize: SummarizeApps, range: TimeRange, now: () => number): Promise<AppsResponse> {
  const span = toMinuteSpan(range, SPARKLINE_STEPS);
  const totals = await summarize(span);
  return {
    apps: totals.map((app) => toSummary(app, stepsOf(span))),
    ...spanFields(span, now()),
    stepSeconds: span.stepMinutes * 60,
  };
}

function toSummary(app: AppTotals, steps: number): AppSummary {
  const { counters } = app;
  const sparkline = Array.from({ length: steps }, () => 0);
  for (const { step, count } of app.steps) sparkline[step] = count;
  return {
    name: app.name,
    lastSeen: app.lastSeen === undefined ? null : new Date(app.lastSeen).toISOString(),
    requests: app.requests,
    failures: app.failures,
    ...percentilesOf(app),
    received: counters.received,
    accepted: counters.accepted,
    duplicates: counters.duplicates,
    rejected: Object.values(counters.rejected).reduce((sum, count) => sum + count, 0),
    sparkline,
  };
}

function percentilesOf({ buckets, min, max }: AppTotals): Pick<AppSummary, 'p50' | 'p95' | 'p99'> {
  const values =
    min === undefined || max === undefined ? undefined : quantiles({ buckets, min, max }, [0.5, 0.95, 0.99]);
  const [p50, p95, p99] = (values ?? []).map((microseconds) => microseconds / 1000);
  return { p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null };
}
