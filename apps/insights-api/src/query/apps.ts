import type { AppSummary, AppsResponse } from '@scorpiox/shared/contract';
import { SPARKLINE_STEPS } from '../limits.ts';
import { quantiles } from '../rollup/percentiles.ts';
import type { AppTotals, MinuteSpan, Store } from '../store/port.ts';
import type { TimeRange } from './time-range.ts';

const MINUTE_MS = 60_000;

/** `GET /api/apps`: every application with its requests over the span, from rollups alone. */
export async function queryApps(store: Pick<Store, 'summarizeApps'>, range: TimeRange): Promise<AppsResponse> {
  const span = toMinutes(range);
  const totals = await store.summarizeApps(span);
  const steps = Math.ceil((span.to - span.from) / span.stepMinutes);
  return {
    apps: totals.map((app) => toSummary(app, steps)),
    from: new Date(span.from * MINUTE_MS).toISOString(),
    to: new Date(span.to * MINUTE_MS).toISOString(),
    stepSeconds: span.stepMinutes * 60,
  };
}

/** Rollups know whole minutes: the span grows to those it touches. */
function toMinutes({ from, to }: TimeRange): MinuteSpan {
  const first = Math.floor(from / MINUTE_MS);
  const last = Math.ceil(to / MINUTE_MS);
  return { from: first, to: last, stepMinutes: Math.max(1, Math.round((last - first) / SPARKLINE_STEPS)) };
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
