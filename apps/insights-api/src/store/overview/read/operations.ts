import { cover } from '../../../rollup/resolutions.ts';
import { durationsOf, TimedSums } from '../../../rollup/timed.ts';
import type { OperationFigures, OperationPage, OperationSorts, Question } from '../../questions/overview.ts';
import { DEPENDENCY_TARGETS } from '../tables.ts';
import { pageOf } from './paging.ts';
import type { Reading } from './steps.ts';

/** Operations of one kind over a span, a page of them. */
export function* readOperations(question: Question<'operations'>): Reading<OperationPage> {
  const { appId, kind, search, sort } = question;
  const sums = yield* sumUp(question);
  const targets = kind === 'dependency' ? yield* readTargets(appId) : undefined;
  const wanted = search.toLowerCase();
  const found = [...sums].filter(([name]) => name.toLowerCase().includes(wanted));
  const rows = found.map(([name, one]) => ({ ...toFigures(name, one), ...targets?.(name) }));
  const total = (pick: (one: TimedSums) => number) => found.reduce((sum, [, one]) => sum + pick(one), 0);
  return {
    names: found.length,
    count: total(({ count }) => count),
    failures: total(({ failures }) => failures),
    time: [...sums.values()].reduce((sum, { sumUs }) => sum + sumUs / 1000, 0),
    ...pageOf(rows, question, (row) => ({ value: VALUES[sort](row), name: row.name })),
  };
}

function* sumUp({ appId, kind, span }: Question<'operations'>): Reading<ReadonlyMap<string, TimedSums>> {
  const sums = new Map<string, TimedSums>();
  const of = (name: string): TimedSums => {
    const one = sums.get(name) ?? new TimedSums();
    sums.set(name, one);
    return one;
  };
  for (const piece of cover(span, 1440)) {
    for (const row of yield { do: 'operations', appId, kind, ...piece }) of(String(row.name)).addRow(row);
    for (const row of yield { do: 'operation-latency', appId, kind, ...piece }) {
      of(String(row.name)).addBucket(Number(row.bucket), Number(row.count));
    }
  }
  return sums;
}

type Targets = (name: string) => { readonly type: string | null; readonly target: string | null };

function* readTargets(appId: number): Reading<Targets> {
  const rows = yield { do: 'all', table: DEPENDENCY_TARGETS, resolution: 1, appId };
  const known = new Map(rows.map((row) => [row.name, row]));
  const said = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return (name) => ({ type: said(known.get(name)?.type), target: said(known.get(name)?.target) });
}

const toFigures = (name: string, sums: TimedSums): OperationFigures => ({
  name,
  count: sums.count,
  failures: sums.failures,
  ...durationsOf(sums),
  max: sums.maxUs === undefined ? null : sums.maxUs / 1000,
  time: sums.sumUs / 1000,
});

const VALUES: { readonly [S in OperationSorts]: (row: OperationFigures) => string | number | null } = {
  count: ({ count }) => count,
  failures: ({ failures }) => failures,
  failureRate: ({ count, failures }) => (count > 0 ? failures / count : null),
  p50: ({ p50 }) => p50,
  p95: ({ p95 }) => p95,
  p99: ({ p99 }) => p99,
  time: ({ time }) => time,
  name: ({ name }) => name,
};
