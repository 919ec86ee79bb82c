import type { AppReport, AppsReport } from '@scorpiox/shared/contract';
import { APDEX_MS, SPARKLINE_STEPS } from '../limits.ts';
import { quantiles } from '../rollup/percentiles.ts';
import type { AppTotals, MinuteSpan } from '../store/port.ts';
import { apdexOf } from './overview/apdex.ts';
import { type AnsweredSpan, answerSpan, describeSpan, passed } from './overview/span.ts';
import type { Standings } from './overview/standings.ts';
import { judge } from './overview/state.ts';
import type { TimeRange } from './time-range.ts';

/** Sums up every application over a span. */
type SummarizeApps = (span: MinuteSpan) => Promise<readonly AppTotals[]>;

export interface AppsDeps {
  readonly summarize: SummarizeApps;
  readonly standings: Standings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What makes two spans the same question. */
export const keyOfSpan = ({ from, to, stepMinutes }: MinuteSpan): string => `${from} ${to} ${stepMinutes}`;

/** `GET /api/apps`: every application over the span, from rollups alone. */
export async function queryApps({ summarize, standings, now }: AppsDeps, range: TimeRange): Promise<AppsReport> {
  const answered = answerSpan(range, now());
  const span = withSteps(answered);
  const [totals, standing] = await Promise.all([summarize(span), standings.read()]);
  const at = now();
  return {
    apps: totals.map((app) => toReport(app, span, standing.of(app), at)),
    ...describeSpan(answered, at),
    stepSeconds: span.stepMinutes * 60,
  };
}

/** In as many steps as a sparkline has. */
export function withSteps({ from, to, unit }: AnsweredSpan): MinuteSpan {
  const stepMinutes = Math.max(1, Math.round((to - from) / unit / SPARKLINE_STEPS)) * unit;
  return { from, to, stepMinutes };
}

type Lately = Parameters<typeof judge>[0];

export function toReport(app: AppTotals, span: MinuteSpan, lately: Lately, now: number): AppReport {
  const { counters, requests, failures, requestsBefore, failuresBefore } = app;
  const sparkline = Array.from({ length: Math.ceil((span.to - span.from) / span.stepMinutes) }, () => 0);
  for (const { step, count } of app.steps) sparkline[step] = count;
  const apdexMs = app.apdexMs ?? APDEX_MS;
  return {
    name: app.name,
    ...judge(lately, now),
    lastSeen: app.lastSeen === undefined ? null : new Date(app.lastSeen).toISOString(),
    requests,
    failures,
    requestsPerMinute: requests / passed(span, now),
    failureRate: rateOf(failures, requests),
    requestsBefore,
    failureRateBefore: rateOf(failuresBefore, requestsBefore),
    ...percentilesOf(app),
    apdex: apdexOf(app, apdexMs),
    apdexMs,
    exceptions: app.exceptions,
    newExceptions: app.newExceptions,
    received: counters.received,
    accepted: counters.accepted,
    duplicates: counters.duplicates,
    rejected: Object.values(counters.rejected).reduce((sum, count) => sum + count, 0),
    sparkline,
  };
}

/** Part of a whole; null where there is nothing. */
export const rateOf = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

export function percentilesOf({ buckets, min, max }: AppTotals): Pick<AppReport, 'p50' | 'p95' | 'p99'> {
  const values =
    min === undefined || max === undefined ? undefined : quantiles({ buckets, min, max }, [0.5, 0.95, 0.99]);
  const [p50, p95, p99] = (values ?? []).map((microseconds) => microseconds / 1000);
  return { p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null };
}
