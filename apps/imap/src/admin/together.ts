/** What several processes measured, as one: the server is one thing to whoever watches it. */
import type {
  HistogramFamily,
  Labels,
  LogsResponse,
  MetricFamily,
  MetricsSnapshot,
  NumberFamily,
  TraceReport,
} from './operator.ts';

/** Families of the same name become one; series of the same labels are added up, or the larger one counts. */
export function together(snapshots: readonly MetricsSnapshot[]): MetricsSnapshot {
  const families = new Map<string, MetricFamily>();
  for (const family of snapshots.flat()) {
    const before = families.get(family.name);
    families.set(family.name, before === undefined ? family : joined(before, family));
  }
  return [...families.values()];
}

/** A trace that runs in several processes is one, with a file in each; it runs while it runs in one of them. */
export function tracesTogether(reports: readonly (readonly TraceReport[])[]): readonly TraceReport[] {
  const traces = new Map<string, TraceReport>();
  for (const report of reports.flat()) {
    const before = traces.get(report.id);
    const ended = before?.ended === null ? null : report.ended;
    traces.set(
      report.id,
      before === undefined ? report : { ...before, ended, files: [...before.files, ...report.files] },
    );
  }
  return [...traces.values()];
}

/** Lines in the order of their time, those of one process as they are. */
export function logsTogether([first, ...others]: readonly [LogsResponse, ...LogsResponse[]]): LogsResponse {
  const pages = [first, ...others];
  return {
    lines: pages.flatMap(({ lines }) => lines).sort((a, b) => a.time - b.time),
    next: pages.map(({ next }) => next).join('-'),
    missed: pages.reduce((sum, { missed }) => sum + missed, 0),
    missing: pages.flatMap(({ missing }) => missing),
    level: first.level,
  };
}

function joined(a: MetricFamily, b: MetricFamily): MetricFamily {
  if (a.type === 'histogram') return b.type === 'histogram' ? joinedHistograms(a, b) : a;
  return b.type === 'histogram' ? a : joinedNumbers(a, b);
}

function joinedNumbers(a: NumberFamily, b: NumberFamily): NumberFamily {
  const combine = a.together === 'sum' ? (x: number, y: number) => x + y : Math.max;
  const join = (x: NumberFamily['series'][number], y: NumberFamily['series'][number]) => ({
    labels: x.labels,
    value: combine(x.value, y.value),
  });
  return { ...a, series: joinedSeries(a.series, b.series, join) };
}

function joinedHistograms(a: HistogramFamily, b: HistogramFamily): HistogramFamily {
  const join = (x: HistogramFamily['series'][number], y: HistogramFamily['series'][number]) => ({
    labels: x.labels,
    counts: x.counts.map((count, at) => count + (y.counts[at] ?? 0)),
    sum: x.sum + y.sum,
  });
  return { ...a, series: joinedSeries(a.series, b.series, join) };
}

function joinedSeries<S extends { readonly labels: Labels }>(
  a: readonly S[],
  b: readonly S[],
  join: (x: S, y: S) => S,
): readonly S[] {
  const series = new Map(a.map((one) => [keyOf(one.labels), one]));
  for (const one of b) {
    const before = series.get(keyOf(one.labels));
    series.set(keyOf(one.labels), before === undefined ? one : join(before, one));
  }
  return [...series.values()];
}

const keyOf = (labels: Labels): string => JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
