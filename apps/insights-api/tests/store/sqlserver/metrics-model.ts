import type { Row, Statement } from '@scorpiox/shared/database/sqlserver';
import { RESOLUTIONS } from '../../../src/rollup/resolutions.ts';
import { READ_ACTIVE, READ_MEMORY } from '../../../src/store/sqlserver/metrics/memory.ts';
import { READ_METRICS } from '../../../src/store/sqlserver/metrics/read.ts';
import { METRIC_SUMS, METRIC_TABLES } from '../../../src/store/sqlserver/metrics/tables.ts';

type Cell = string | number | undefined;
type Cells = Record<string, Cell>;
type Sums = ReadonlyMap<string, ReadonlyMap<string, Cells>>;

/** What the model of the server says to questions about metrics; undefined where it is another one. */
export function answerMetrics({ text, parameters = {} }: Statement, sums: Sums): Row[][] | undefined {
  const rows = (table: string): readonly Cells[] => [...(sums.get(table)?.values() ?? [])];
  const value = (name: string) => String(parameters[name]?.[1]);
  const listed = (name: string) => JSON.parse(value(name)) as readonly Cells[];
  const { metrics, series, streams, memories } = METRIC_TABLES;
  if (text === READ_MEMORY) {
    const found = (table: string, asked: readonly Cells[], key: readonly string[]) =>
      rows(table).filter((row) => asked.some((one) => key.every((column) => one[column] === row[column])));
    return [
      found(memories.table, listed('apps'), ['app_id']).map((row) => ({ ...row, since: String(row.since) })),
      found(series.table, listed('series'), ['app_id', 'metric', 'series']).map(toSeen),
      found(streams.table, listed('streams'), ['app_id', 'stream']).map((row) => ({
        ...row,
        stream: binary(row.stream),
      })),
    ];
  }
  if (text === READ_ACTIVE) {
    const active = (table: string, app: Cell) =>
      rows(table).filter((row) => row.app_id === app && Number(row.seen_at) >= Number(value('after'))).length;
    return [
      listed('apps').map(({ app_id: app }) => ({
        app_id: app,
        series: active(series.table, app),
        streams: active(streams.table, app),
      })),
    ];
  }
  const resolution = RESOLUTIONS.find((one) => Object.values(READ_METRICS[one]).includes(text));
  if (resolution === undefined) return undefined;
  const inSpan = (table: string) =>
    rows(table).filter(
      (row) =>
        row.app_id === parameters.app_id?.[1] &&
        (parameters.metric === undefined || row.metric === value('metric')) &&
        Number(row.minute) >= Number(value('from')) &&
        Number(row.minute) < Number(value('to')),
    );
  const statements = READ_METRICS[resolution];
  const { sums: table, buckets } = METRIC_SUMS[resolution];
  const seriesOf = (row: Cells) => rows(series.table).find((one) => same(one, row, ['app_id', 'metric', 'series']));
  const withSeries = inSpan(table.table).filter((row) => seriesOf(row) !== undefined);
  if (text === statements.list) {
    const nameOf = (row: Cells) => rows(metrics.table).find((one) => same(one, row, ['app_id', 'metric']));
    return [
      group(withSeries, ({ metric }) => String(metric)).map((own) => {
        const newest = own.toSorted(byAge)[0] ?? {};
        return {
          ...{ name: nameOf(newest)?.name, unit: nameOf(newest)?.unit, kind: seriesOf(newest)?.kind },
          ...{ points: total(own, 'points'), last: newest.last ?? null, last_time: String(newest.last_time) },
        };
      }),
    ];
  }
  if (text === statements.series) {
    return [
      group(withSeries, (row) => String(row.series)).map((own) => ({
        ...{ series: binary(own[0]?.series), kind: seriesOf(own[0] ?? {})?.kind },
        ...{ dimensions: seriesOf(own[0] ?? {})?.dimensions, last_time: String(own.toSorted(byAge)[0]?.last_time) },
        ...Object.fromEntries(['count', 'summed', 'sum'].map((column) => [column, total(own, column)])),
      })),
    ];
  }
  const groups = new Map(listed('groups').map(({ series: one, grp }) => [one, grp]));
  const place = (row: Cells) => ({
    grp: groups.get(row.series),
    step: Math.floor((Number(row.minute) - Number(value('start'))) / Number(value('step_minutes'))),
  });
  const grouped = (of: string, key: readonly string[]) =>
    group(
      inSpan(of).filter((row) => groups.has(row.series)),
      (row) => JSON.stringify([place(row), ...key.map((column) => row[column])]),
    );
  return [
    grouped(table.table, []).map((own) => ({ ...place(own[0] ?? {}), ...toTotals(own) })),
    grouped(buckets.table, ['low', 'high']).map((own) => ({
      ...place(own[0] ?? {}),
      ...{ low: own[0]?.low, high: own[0]?.high, count: total(own, 'count') },
    })),
  ];
}

/** As the driver gives bigint and binary. */
const binary = (hex: Cell): Buffer => Buffer.from(String(hex), 'hex');
const toSeen = (row: Cells): Row => ({
  ...{ app_id: row.app_id, metric: binary(row.metric), series: binary(row.series) },
  seen_at: String(row.seen_at),
});

const same = (a: Cells, b: Cells, key: readonly string[]): boolean => key.every((column) => a[column] === b[column]);
const total = (rows: readonly Cells[], column: string): number =>
  rows.reduce((sum, row) => sum + Number(row[column]), 0);
const group = (rows: readonly Cells[], by: (row: Cells) => string) => [...Map.groupBy(rows, by).values()];

/** Newest first, of one moment the greatest. */
const byAge = (a: Cells, b: Cells): number =>
  Number(b.last_time) - Number(a.last_time) || Number(b.last ?? -Infinity) - Number(a.last ?? -Infinity);

function toTotals(rows: readonly Cells[]): Row {
  const known = (column: string) => rows.flatMap((row) => row[column] ?? []).map(Number);
  const edge = (values: readonly number[], pick: (...all: number[]) => number) =>
    values.length === 0 ? null : pick(...values);
  const newest = rows.toSorted(byAge)[0];
  return {
    ...Object.fromEntries(
      ['points', 'count', 'summed', 'sum', 'ranged'].map((column) => [column, total(rows, column)]),
    ),
    ...{ min: edge(known('min'), Math.min), max: edge(known('max'), Math.max) },
    ...{ last: newest?.last ?? null, last_time: String(newest?.last_time) },
  };
}
