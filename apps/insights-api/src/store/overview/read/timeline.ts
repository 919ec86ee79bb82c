import { coarsestFor, cover, type Resolution } from '../../../rollup/resolutions.ts';
import { durationsOf, TimedSums } from '../../../rollup/timed.ts';
import type { LatencyFigures, Question, Span, Timed, TimelineFigures } from '../../questions/overview.ts';
import { APP_ROLLUPS } from '../tables.ts';
import { rowsOf } from './rows.ts';
import type { Reading } from './steps.ts';

/** Rate, errors and durations by steps. */
export function* readTimeline({ stepMinutes, ...of }: Question<'timeline'>): Reading<TimelineFigures> {
  const { from, to } = of.span;
  const steps = Array.from({ length: Math.ceil((to - from) / stepMinutes) }, () => new TimedSums());
  yield* addUp(of, coarsestFor({ from, stepMinutes }), (minute) => steps[Math.floor((minute - from) / stepMinutes)]);
  const durations = steps.map(durationsOf);
  return {
    count: steps.map(({ count }) => count),
    failures: steps.map(({ failures }) => failures),
    mean: durations.map(({ mean }) => mean),
    p50: durations.map(({ p50 }) => p50),
    p95: durations.map(({ p95 }) => p95),
    p99: durations.map(({ p99 }) => p99),
  };
}

/** How durations are distributed over the span. */
export function* readLatency(of: Question<'latency'>): Reading<LatencyFigures> {
  const sums = new TimedSums();
  yield* addUp(of, 1440, () => sums);
  return {
    ...durationsOf(sums),
    count: sums.timed,
    min: sums.minUs === undefined ? null : sums.minUs / 1000,
    max: sums.maxUs === undefined ? null : sums.maxUs / 1000,
    buckets: sums.buckets(),
  };
}

type SumsAt = (minute: number) => TimedSums | undefined;

/** Adds every row of the span to the sums of its minute. */
function* addUp({ appId, kind, name, span }: Timed, coarsest: Resolution, at: SumsAt): Reading<void> {
  if (name !== undefined) {
    yield* addOperation({ appId, kind, name, span }, coarsest, at);
    return;
  }
  for (const row of yield* rowsOf({ table: APP_ROLLUPS, appId, kind }, span, coarsest)) {
    at(Number(row.minute))?.addRow(row);
  }
}

interface OneOperation extends Timed {
  readonly name: string;
  readonly span: Span;
}

function* addOperation({ span, ...of }: OneOperation, coarsest: Resolution, at: SumsAt): Reading<void> {
  for (const piece of cover(span, coarsest)) {
    for (const row of yield { do: 'operation', ...of, ...piece }) at(Number(row.minute))?.addRow(row);
    for (const row of yield { do: 'operation-buckets', ...of, ...piece }) {
      at(Number(row.minute))?.addBucket(Number(row.bucket), Number(row.count));
    }
  }
}
