import type { MetricAggregate, MetricSeriesResponse } from '@scorpiox/shared/contract';
import type { Series, Steps, Stroke } from '../../components/charts/series.ts';
import { partName } from './metric-columns.tsx';

/** How many parts a chart shows at once: as many as can be told apart. The table below has them all. */
export const SHOWN_PARTS = 7;

const COLOURS = ['accent', 'violet', 'teal', 'rose', 'silent', 'healthy', 'fail'] as const;
const STROKES: readonly Stroke[] = ['solid', 'dashed', 'dotted'];

/** What a chart of a metric draws, and how it is called. */
export interface MetricChart {
  readonly title: string;
  /** A second: the values are rates. */
  readonly isRate: boolean;
  readonly series: readonly Series[];
}

/** A line for each part, by one of its figures. */
const byPart = ({ parts }: MetricSeriesResponse, figure: (step: MetricAggregate) => number | null): Series[] =>
  parts.slice(0, SHOWN_PARTS).map((part, index) => ({
    name: partName(part),
    colour: COLOURS[index % COLOURS.length] ?? 'accent',
    stroke: STROKES[index % STROKES.length] ?? 'solid',
    values: part.steps.map(figure),
  }));

/** The percentiles of a metric that is not split. */
function percentiles({ parts: [all] }: MetricSeriesResponse): Series[] {
  const steps = all?.steps ?? [];
  return [
    { name: 'p50', colour: 'teal', stroke: 'dotted', values: steps.map(({ p50 }) => p50) },
    { name: 'p95', colour: 'accent', stroke: 'dashed', values: steps.map(({ p95 }) => p95) },
    { name: 'p99', colour: 'violet', values: steps.map(({ p99 }) => p99) },
  ];
}

export const stepsOf = ({ from, stepSeconds, parts }: MetricSeriesResponse): Steps => ({
  start: Date.parse(from),
  seconds: stepSeconds,
  count: parts[0]?.steps.length ?? 0,
});

/** The charts that show a metric of its kind. */
export function chartsOf(answer: MetricSeriesResponse): MetricChart[] {
  const rate = { title: 'A second', isRate: true, series: byPart(answer, (step) => step.rate) };
  const mean = { title: 'Mean', isRate: false, series: byPart(answer, ({ avg }) => avg) };
  if (answer.kind === 'sum') return [rate];
  if (answer.kind === 'gauge') return [mean];
  const spread =
    answer.by === null
      ? { title: 'Percentiles', isRate: false, series: percentiles(answer) }
      : { title: 'p95', isRate: false, series: byPart(answer, ({ p95 }) => p95) };
  return [spread, { ...rate, title: 'Observations a second' }];
}
