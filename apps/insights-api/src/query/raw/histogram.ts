import type { HistogramResponse } from '@scorpiox/shared/contract';
import { kindsOf } from '@scorpiox/shared/query-language';
import type { KindsOf, StepCount } from '../../store/questions/overview.ts';
import type { Asking } from '../overview/asking.ts';
import type { TimeRange } from '../time-range.ts';
import { describe, type RawTools, toWalk, walkAll } from './answers.ts';
import type { Asked } from './asked.ts';
import { FINE_HISTOGRAM, SEARCH_BUDGET } from './limits.ts';
import type { WalkEnd } from './walk.ts';

/*
 * Histograms of events
 *
 * A query that asks for whole kinds of events, as the empty one does, is answered from the sums by minutes, hours and
 * days: it costs the same however many events there are. Every other is answered from the events, within a budget. Both
 * count the same: each event as often as it stands for, failures as `isFailure` says.
 *
 * Sums know whole minutes. Where a span is so short that its steps are shorter, the events themselves are counted after
 * all, unless the sums say that they are many; then the steps are minutes.
 */

/** What histograms are asked with. */
export interface HistogramTools extends RawTools, Pick<Asking, 'ask'> {}

/** `GET /api/events/histogram`: the span is widened to whole steps. */
export async function answerHistogram(tools: HistogramTools, asked: Asked, wanted: number): Promise<HistogramResponse> {
  const stepped = toSteps(asked.range, wanted);
  const of = asked.fields.flatMap(({ appId, query }) => {
    const kinds = kindsOf(query);
    return kinds === undefined ? [] : [{ appId, kinds }];
  });
  if (of.length < asked.fields.length) return fromEvents(tools, asked, stepped);
  if (stepped.size >= MINUTE) return fromSums(tools, asked, of, stepped);
  const coarse = widen(asked.range, MINUTE);
  if (asked.range.to - asked.range.from < FINE_HISTOGRAM.ms) return fromEvents(tools, asked, stepped);
  const sums = await fromSums(tools, asked, of, coarse);
  return sums.total > FINE_HISTOGRAM.events ? sums : fromEvents(tools, asked, stepped);
}

async function fromSums(
  { ask, now }: HistogramTools,
  asked: Asked,
  of: readonly KindsOf[],
  { range, size }: Stepped,
): Promise<HistogramResponse> {
  const span = { from: range.from / MINUTE, to: range.to / MINUTE };
  const steps = emptySteps(range, size);
  for (const counted of await ask('counts', { of, span, stepMinutes: size / MINUTE })) addStep(steps, counted);
  return respond(asked, { range, size }, steps, now(), { scanned: 0 });
}

async function fromEvents(tools: RawTools, asked: Asked, { range, size }: Stepped): Promise<HistogramResponse> {
  const steps = emptySteps(range, size);
  const start = range.from * 1000;
  const end = await walkAll(
    toWalk({ ...asked, range }, tools, SEARCH_BUDGET),
    (slice) => tools.raw.tally(slice, { start, size: size * 1000 }),
    ({ answer }) => {
      for (const counted of answer.steps) addStep(steps, counted);
    },
  );
  return respond(asked, { range, size }, steps, tools.now(), end);
}

type Steps = { count: number; failures: number }[];

const emptySteps = ({ from, to }: TimeRange, size: number): Steps =>
  Array.from({ length: Math.round((to - from) / size) }, () => ({ count: 0, failures: 0 }));

function addStep(steps: Steps, { step, count, failures }: StepCount): void {
  const there = steps[step];
  if (there === undefined) return;
  there.count += count;
  there.failures += failures;
}

/** Steps down to where it came; what lies before is not known. */
function respond(asked: Asked, { range, size }: Stepped, steps: Steps, now: number, end: WalkEnd): HistogramResponse {
  const reached = end.spent?.horizon.time ?? -1;
  const known = steps.map((step, index) => ((range.from + index * size) * 1000 > reached ? step : null));
  return {
    stepSeconds: size / 1000,
    steps: known,
    total: known.reduce((sum, step) => sum + (step?.count ?? 0), 0),
    ...describe(asked, range, now, end),
  };
}

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
const SIZES = [
  ...[100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND],
  ...[MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 168 * HOUR],
];

/** Whole steps, `size` milliseconds each. */
interface Stepped {
  readonly range: TimeRange;
  readonly size: number;
}

/** Whole steps of a round length around a span, `wanted` of them or somewhat fewer. */
function toSteps(range: TimeRange, wanted: number): Stepped {
  const length = range.to - range.from;
  const size = SIZES.find((one) => one * wanted >= length) ?? Math.ceil(length / wanted / DAY) * DAY;
  return widen(range, size);
}

const widen = ({ from, to }: TimeRange, size: number): Stepped => ({
  size,
  range: { from: Math.floor(from / size) * size, to: Math.ceil(to / size) * size },
});
