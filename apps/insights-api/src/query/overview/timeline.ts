import type {
  LatencyResponse,
  OverviewResponse,
  Timeline,
  TimelineResponse,
  VersionMark,
} from '@scorpiox/shared/contract';
import type { EventKind } from '@scorpiox/shared/telemetry';
import { APDEX_MS, DAY, KEPT_DAYS } from '../../limits.ts';
import { ZERO_BUCKET } from '../../rollup/buckets.ts';
import type { BucketCount } from '../../rollup/percentiles.ts';
import type { TimelineFigures, VersionSeen } from '../../store/questions/overview.ts';
import { toReport, withSteps } from '../apps.ts';
import type { AppQuestion, Asking } from './asking.ts';
import { type AnsweredSpan, answerSpan, cutIntoSteps, describeSpan, type SteppedSpan, toIso } from './span.ts';

/** `GET /api/apps/:app/overview`. */
export async function queryOverview(
  asking: Asking,
  { app, range }: AppQuestion,
  points: number,
): Promise<OverviewResponse> {
  const { ask, standings, summarize, now } = asking;
  const answered = answerSpan(range, now(), app.retentionDays);
  const span = withSteps(answered);
  const stepped = cutIntoSteps(answered, points);
  const of = { appId: app.id, ...stepped };
  const [totals, standing, timeline, exceptions, versions] = await Promise.all([
    summarize(span),
    standings.read(),
    ask('timeline', { ...of, kind: 'request' }),
    ask('timeline', { ...of, kind: 'exception' }),
    ask('versions', { appId: app.id }),
  ]);
  const own = totals.find(({ appId }) => appId === app.id);
  if (own === undefined) throw new Error(`application ${app.id} is not among all of them`);
  const at = now();
  return {
    ...describeSpan(answered, at),
    eventsSince: new Date(at - (app.retentionDays ?? KEPT_DAYS) * DAY).toISOString(),
    app: toReport(own, span, standing.of(own), at),
    timeline: toTimeline(timeline, stepped),
    exceptions: [...exceptions.count],
    marks: marksIn(versions, answered),
  };
}

export interface OneOperation {
  readonly kind: EventKind;
  readonly operation: string | undefined;
}

const named = (operation: string | undefined) => (operation === undefined ? {} : { name: operation });

/** `GET /api/apps/:app/timeline`. */
export async function queryTimeline(
  { ask, now }: Asking,
  { app, range }: AppQuestion,
  { kind, operation, points }: OneOperation & { readonly points: number },
): Promise<TimelineResponse> {
  const answered = answerSpan(range, now(), app.retentionDays);
  const stepped = cutIntoSteps(answered, points);
  const figures = await ask('timeline', { appId: app.id, kind, ...named(operation), ...stepped });
  return { ...describeSpan(answered, now()), timeline: toTimeline(figures, stepped) };
}

function toTimeline(figures: TimelineFigures, { span, stepMinutes }: SteppedSpan): Timeline {
  const { count, failures, mean, p50, p95, p99 } = figures;
  return {
    start: toIso(span.from),
    stepSeconds: stepMinutes * 60,
    count: [...count],
    failures: [...failures],
    mean: [...mean],
    p50: [...p50],
    p95: [...p95],
    p99: [...p99],
  };
}

/** Versions first seen in the span. The first of all marks no change. */
export function marksIn(versions: readonly VersionSeen[], { from, to }: AnsweredSpan): VersionMark[] {
  const MINUTE_MS = 60_000;
  return versions
    .slice(1)
    .filter(({ firstSeen }) => firstSeen >= from * MINUTE_MS && firstSeen < to * MINUTE_MS)
    .map(({ firstSeen, version }) => ({ at: new Date(firstSeen).toISOString(), version }));
}

/** `GET /api/apps/:app/latency`. */
export async function queryLatency(
  { ask, now }: Asking,
  { app, range }: AppQuestion,
  { kind, operation }: OneOperation,
): Promise<LatencyResponse> {
  const answered = answerSpan(range, now(), app.retentionDays);
  const { from, to } = answered;
  const figures = await ask('latency', { appId: app.id, kind, ...named(operation), span: { from, to } });
  const { buckets, ...durations } = figures;
  return {
    ...describeSpan(answered, now()),
    ...durations,
    bars: barsOf(buckets),
    apdexMs: kind === 'request' ? (app.apdexMs ?? APDEX_MS) : null,
  };
}

/** Buckets of a bar: a quarter of an octave, so a thousandfold range is forty bars. */
const PER_BAR = 8;
const PER_OCTAVE = 32;

/** Upper end of a bar in milliseconds. */
const endOf = (bar: number): number => 2 ** ((bar * PER_BAR) / PER_OCTAVE) / 1000;

/** Eight buckets a bar, from the first that holds something to the last. */
function barsOf(buckets: readonly BucketCount[]): LatencyResponse['bars'] {
  const zero = buckets.find(({ bucket }) => bucket === ZERO_BUCKET);
  const counts = new Map<number, number>();
  for (const { bucket, count } of buckets) {
    if (bucket === ZERO_BUCKET) continue;
    const bar = Math.ceil(bucket / PER_BAR);
    counts.set(bar, (counts.get(bar) ?? 0) + count);
  }
  const first = Math.min(...counts.keys());
  const last = Math.max(...counts.keys());
  const bars = counts.size === 0 ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return [
    ...(zero === undefined ? [] : [{ from: 0, to: 0, count: zero.count }]),
    ...bars.map((bar) => ({ from: endOf(bar - 1), to: endOf(bar), count: counts.get(bar) ?? 0 })),
  ];
}
