import type { MetricPart, MetricReport, MetricTotals } from '../../store/metric-questions.ts';
import { addRange } from './accumulate.ts';
import type { SeriesKind } from './identity.ts';
import type { RangeCount } from './ranges.ts';
import { addSums, type MetricSums, noSums } from './sums.ts';

// One metric as it is answered: its series put into groups by the values of a dimension, its steps put together from the
// pieces of the span.

/** A series in a span. */
export interface SeriesInSpan {
  /** Its hash. */
  readonly series: string;
  readonly kind: SeriesKind;
  /** Canonical JSON of its dimensions. */
  readonly dimensions: string;
  readonly count: number;
  readonly summed: number;
  readonly sum: number;
  readonly lastUs: number;
}

/** A part that is asked for, and the series that it is made of. */
export type Group = Pick<MetricPart, 'what' | 'value'> & { readonly series: readonly string[] };

export interface Groups {
  readonly report: Omit<MetricReport, 'parts'>;
  /** In the order of the answer. */
  readonly groups: readonly Group[];
}

/** Cuts a metric into parts. A series that several pieces of the span have may come several times. */
export function groupSeries(found: readonly SeriesInSpan[], by: string | undefined, top: number): Groups {
  const series = mergeSeries(found);
  const read = series.map((one) => ({ ...one, map: dimensionsIn(one.dimensions) }));
  const dimensions = [...new Set(read.flatMap(({ map }) => [...map.keys()]))].toSorted();
  const newest = series.reduce<SeriesInSpan | undefined>(
    (a, b) => (a === undefined || isNewer(b, a) ? b : a),
    undefined,
  );
  if (newest === undefined) return { report: { dimensions }, groups: [] };
  const report = { kind: newest.kind, dimensions };
  const names = (all: readonly SeriesInSpan[]) => all.map((one) => one.series);
  if (by === undefined) return { report, groups: [{ what: 'all', series: names(series) }] };
  const byValue = Map.groupBy(read, ({ map }) => map.get(by));
  const values = [...byValue]
    .flatMap(([value, own]) => (value === undefined ? [] : [{ value, own, size: sizeOf(own) }]))
    .toSorted((a, b) => b.size - a.size || (a.value < b.value ? -1 : 1));
  const others = values.slice(top).flatMap(({ own }) => own);
  const without = byValue.get(undefined) ?? [];
  const groups: readonly Group[] = [
    ...values.slice(0, top).map(({ value, own }): Group => ({ what: 'value', value, series: names(own) })),
    { what: 'other', series: names(others) },
    { what: 'none', series: names(without) },
  ];
  return { report, groups: groups.filter((group) => group.series.length > 0) };
}

const isNewer = (a: SeriesInSpan, b: SeriesInSpan): boolean =>
  a.lastUs > b.lastUs || (a.lastUs === b.lastUs && a.series < b.series);

function mergeSeries(found: readonly SeriesInSpan[]): readonly SeriesInSpan[] {
  const merged = new Map<string, SeriesInSpan>();
  for (const one of found) {
    const there = merged.get(one.series);
    const add = (part: 'count' | 'summed' | 'sum') => one[part] + (there?.[part] ?? 0);
    const lastUs = Math.max(one.lastUs, there?.lastUs ?? one.lastUs);
    merged.set(one.series, { ...one, count: add('count'), summed: add('summed'), sum: add('sum'), lastUs });
  }
  return [...merged.values()];
}

function dimensionsIn(text: string): ReadonlyMap<string, string> {
  // The text is one that dimensionsOf made (identity.ts): an object of texts.
  return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
}

/** What a part is ranked by: how much came, how high a gauge stood, how many observations a histogram has. */
function sizeOf(series: readonly SeriesInSpan[]): number {
  const total = (part: 'count' | 'summed' | 'sum') => series.reduce((sum, one) => sum + one[part], 0);
  const kind = series[0]?.kind;
  if (kind === 'histogram') return total('count');
  return kind === 'gauge' ? total('sum') / total('summed') : total('sum');
}

/** What a query gives for a group and step in one piece of the span. */
export interface StepSums {
  readonly group: number;
  readonly step: number;
  readonly sums: MetricSums;
}

export interface StepRange {
  readonly group: number;
  readonly step: number;
  readonly range: RangeCount;
}

/** The steps of each group, of all pieces together: two pieces may meet within one. */
export function mergeParts(
  groups: readonly Group[],
  sums: readonly StepSums[],
  ranges: readonly StepRange[],
): readonly MetricPart[] {
  const steps = groups.map(() => new Map<number, { sums: MetricSums; ranges: Map<string, RangeCount> }>());
  for (const { group, step, sums: added } of sums) {
    const there = steps[group]?.get(step) ?? { sums: noSums(), ranges: new Map() };
    addSums(there.sums, added);
    steps[group]?.set(step, there);
  }
  for (const { group, step, range } of ranges) {
    const there = steps[group]?.get(step);
    if (there !== undefined) addRange(there.ranges, range);
  }
  return groups.map(({ what, value }, group) => ({
    what,
    ...(value === undefined ? {} : { value }),
    steps: [...(steps[group] ?? [])]
      .toSorted(([a], [b]) => a - b)
      .map(([step, totals]) => ({ step, sums: totals.sums, ranges: [...totals.ranges.values()] })),
  }));
}

/** All of some totals together. */
export function mergeMetricTotals(all: readonly MetricTotals[]): MetricTotals {
  const sums = noSums();
  const ranges = new Map<string, RangeCount>();
  for (const one of all) {
    addSums(sums, one.sums);
    for (const range of one.ranges) addRange(ranges, range);
  }
  return { sums, ranges: [...ranges.values()] };
}
