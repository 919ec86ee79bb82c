import type { Resolution } from '../../../rollup/resolutions.ts';
import type { SumTable } from '../add-sums.ts';

const SERIES_KEY = [
  { name: 'app_id', type: 'int' },
  { name: 'metric', type: 'hash' },
  { name: 'series', type: 'hash' },
] as const;

const ROW_KEY = [
  { name: 'app_id', type: 'int' },
  { name: 'metric', type: 'hash' },
  { name: 'minute', type: 'int' },
  { name: 'series', type: 'hash' },
] as const;

const added = (name: string) => ({ name, type: 'float', merge: 'add' }) as const;

const sumsTable = (table: string): SumTable => ({
  table,
  key: ROW_KEY,
  sums: [
    ...['points', 'count', 'summed', 'sum', 'ranged'].map(added),
    { name: 'min', type: 'float', merge: 'least' },
    { name: 'max', type: 'float', merge: 'greatest' },
    { name: 'last', type: 'float', merge: 'newest' },
    { name: 'last_time', type: 'bigint', merge: 'greatest' },
  ],
});

const bucketTable = (table: string): SumTable => ({
  table,
  key: [...ROW_KEY, { name: 'low', type: 'int' }, { name: 'high', type: 'int' }],
  sums: [added('count')],
});

const tables = (table: string) => ({ sums: sumsTable(table), buckets: bucketTable(`${table}_bucket`) });

/** Where the sums of metrics of each resolution are, and their buckets. */
export const METRIC_SUMS: { readonly [R in Resolution]: { readonly sums: SumTable; readonly buckets: SumTable } } = {
  1: tables('scorpiox_metric_rollup'),
  60: tables('scorpiox_metric_rollup_hour'),
  1440: tables('scorpiox_metric_rollup_day'),
};

/** What is known of metrics beside their sums, as the migration made it. */
export const METRIC_TABLES = {
  metrics: {
    table: 'scorpiox_metric',
    key: SERIES_KEY.slice(0, 2),
    sums: [
      { name: 'name', type: 'nvarchar(1024)', merge: 'text' },
      { name: 'unit', type: 'nvarchar(63)', merge: 'text' },
    ],
  },
  series: {
    table: 'scorpiox_metric_series',
    key: SERIES_KEY,
    sums: [
      { name: 'kind', type: 'varchar(16)', merge: 'text' },
      { name: 'dimensions', type: 'nvarchar(max)', merge: 'text' },
      { name: 'seen_at', type: 'bigint', merge: 'greatest' },
    ],
  },
  streams: {
    table: 'scorpiox_metric_stream',
    key: [
      { name: 'app_id', type: 'int' },
      { name: 'stream', type: 'hash' },
    ],
    sums: [
      { name: 'state', type: 'nvarchar(max)', merge: 'set' },
      { name: 'seen_at', type: 'bigint', merge: 'greatest' },
    ],
  },
  memories: {
    table: 'scorpiox_metric_memory',
    key: [{ name: 'app_id', type: 'int' }],
    sums: [{ name: 'since', type: 'bigint', merge: 'least' }],
  },
} as const satisfies Readonly<Record<string, SumTable>>;
