import type { Resolution } from '../../rollup/resolutions.ts';

/*
 * The tables that the pages of applications and the map are made of, for both stores at once
 *
 * A row is read, merged here (merge.ts) and written back, inside the transaction that stores the events. So whatever a
 * column holds (a sum, a histogram, a sketch of users) is merged by one piece of code, whichever database it is in, and
 * what a database has to know is four plain statements a table: read by key, read a range, write, delete.
 */

export type Value = number | string | Uint8Array | null;

/** A row by column name: those of the key and of the values. Ids and packed columns are bytes. */
export type Row = Readonly<Record<string, Value>>;

/** `id`: 16 bytes; `time`: a whole number up to 2^53; `bytes`: packed, any length. */
export type ColumnType = 'int' | 'time' | 'real' | 'id' | 'bytes' | 'kind' | 'text';

/**
 * How a row that is there takes up what is added: `newest` takes the value of whichever row has the greater `last_seen`,
 * `keep` leaves it as it is.
 */
export type Merge = 'add' | 'least' | 'greatest' | 'or' | 'histogram' | 'users' | 'newest' | 'keep';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

interface ValueColumn extends Column {
  readonly merge: Merge;
  readonly isNullable?: boolean;
}

export interface OverviewTable {
  /** On SQLite, with `hour_` or `day_` before it; on SQL Server after `scorpiox_`, with `_hour` or `_day` behind it. */
  readonly sqlite: string;
  readonly sqlserver: string;
  readonly resolutions: readonly Resolution[];
  /** `app_id` first; where there are resolutions, the minute is among them. */
  readonly key: readonly Column[];
  readonly values: readonly ValueColumn[];
}

const app: Column = { name: 'app_id', type: 'int' };
const minute: Column = { name: 'minute', type: 'int' };
const id: Column = { name: 'id', type: 'id' };
const all: readonly Resolution[] = [1, 60, 1440];

const sum = (name: string): ValueColumn => ({ name, type: 'real', merge: 'add' });
const timed: readonly ValueColumn[] = [
  sum('count'),
  sum('failures'),
  sum('timed'),
  sum('sum_us'),
  { name: 'min_us', type: 'time', merge: 'least', isNullable: true },
  { name: 'max_us', type: 'time', merge: 'greatest', isNullable: true },
  { name: 'latency', type: 'bytes', merge: 'histogram', isNullable: true },
];
const seen: readonly ValueColumn[] = [
  { name: 'first_seen', type: 'time', merge: 'least' },
  { name: 'last_seen', type: 'time', merge: 'greatest' },
];

export const APP_ROLLUPS: OverviewTable = {
  sqlite: 'app_rollups',
  sqlserver: 'app_rollup',
  resolutions: all,
  key: [app, { name: 'kind', type: 'kind' }, minute],
  values: [...timed, { name: 'failed_latency', type: 'bytes', merge: 'histogram', isNullable: true }],
};

const byMinute = (name: string): ValueColumn => ({ name, type: 'bytes', merge: 'histogram' });

/** By hours, whose first minute is in the key: how much was in each minute of the hour, packed as a histogram of them. */
export const APP_HOURS: OverviewTable = {
  sqlite: 'app_hours',
  sqlserver: 'app_hours',
  resolutions: [],
  key: [app, minute],
  values: [byMinute('requests'), byMinute('failures'), byMinute('exceptions')],
};

export const EXCEPTION_GROUPS: OverviewTable = {
  sqlite: 'exception_groups',
  sqlserver: 'exception_group',
  resolutions: [],
  key: [app, id],
  values: [
    { name: 'type', type: 'text', merge: 'keep' },
    { name: 'place', type: 'text', merge: 'keep' },
    { name: 'newest_hash', type: 'id', merge: 'newest' },
    ...seen,
    { name: 'first_stored', type: 'time', merge: 'least' },
  ],
};

export const EXCEPTION_ROLLUPS: OverviewTable = {
  sqlite: 'exception_rollups',
  sqlserver: 'exception_rollup',
  resolutions: all,
  key: [app, minute, id],
  values: [sum('count'), { name: 'users', type: 'bytes', merge: 'users' }],
};

export const INSTANCES: OverviewTable = {
  sqlite: 'instances',
  sqlserver: 'instance',
  resolutions: [],
  key: [app, id],
  values: [
    { name: 'instance', type: 'text', merge: 'keep' },
    { name: 'version', type: 'text', merge: 'keep' },
    ...seen,
  ],
};

export const INSTANCE_ROLLUPS: OverviewTable = {
  sqlite: 'instance_rollups',
  sqlserver: 'instance_rollup',
  resolutions: all,
  key: [app, minute, id],
  values: [sum('events'), sum('requests'), sum('failures')],
};

export const DEPENDENCY_TARGETS: OverviewTable = {
  sqlite: 'dependency_targets',
  sqlserver: 'dependency_target',
  resolutions: [],
  key: [app, id],
  values: [
    { name: 'name', type: 'text', merge: 'keep' },
    { name: 'type', type: 'text', merge: 'newest' },
    { name: 'target', type: 'text', merge: 'newest' },
    { name: 'last_seen', type: 'time', merge: 'greatest' },
  ],
};

/** By hours, whose first minute is in the key; bit n of `early` is minute n, of `late` minute 30 + n. */
export const APP_ACTIVITY: OverviewTable = {
  sqlite: 'app_activity',
  sqlserver: 'app_activity',
  resolutions: [],
  key: [app, minute],
  values: [
    { name: 'early', type: 'int', merge: 'or' },
    { name: 'late', type: 'int', merge: 'or' },
  ],
};

export const EDGE_ROLLUPS: OverviewTable = {
  sqlite: 'edge_rollups',
  sqlserver: 'edge_rollup',
  resolutions: all,
  key: [app, minute, { name: 'from_app_id', type: 'int' }],
  values: timed,
};

export const OVERVIEW_TABLES: readonly OverviewTable[] = [
  APP_ROLLUPS,
  APP_HOURS,
  EXCEPTION_GROUPS,
  EXCEPTION_ROLLUPS,
  INSTANCES,
  INSTANCE_ROLLUPS,
  DEPENDENCY_TARGETS,
  APP_ACTIVITY,
  EDGE_ROLLUPS,
];

/** A row's key as one text: numbers, words and ids hold no blank. */
export function keyText(table: OverviewTable, row: Row): string {
  let text = '';
  for (const { name } of table.key) {
    const value = row[name];
    text += value instanceof Uint8Array ? `${Buffer.from(value).toString('latin1')} ` : `${value} `;
  }
  return text;
}
