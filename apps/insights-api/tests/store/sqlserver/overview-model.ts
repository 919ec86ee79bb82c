import type { Row, Statement } from '@scorpiox/shared/database/sqlserver';
import { LINK_ROWS } from '../../../src/limits.ts';
import { RESOLUTIONS } from '../../../src/rollup/resolutions.ts';
import type { ColumnType } from '../../../src/store/overview/tables.ts';
import type { TableAt } from '../../../src/store/overview/write.ts';
import { READ_ENDS, READ_NEWEST_ENDS, WRITE_LINKED } from '../../../src/store/sqlserver/overview/link-calls.ts';
import { NAME_TEXTS } from '../../../src/store/sqlserver/overview/names.ts';
import {
  allText,
  countText,
  NEW_GROUPS,
  OPERATION_TEXTS,
  READ_NEWEST,
  rangeText,
} from '../../../src/store/sqlserver/overview/read.ts';
import { TABLES, tableName } from '../../../src/store/sqlserver/overview/table.ts';
import { ADD_ENDS, WRITE_TEXTS } from '../../../src/store/sqlserver/overview/write.ts';

type Cell = string | number | undefined;
type Cells = Record<string, Cell>;
type Values = (name: string) => string;

/** What of the model's tables is asked for here. */
export interface OverviewTables {
  readonly events: Map<string, Cells>;
  readonly sums: Map<string, Map<string, Cells>>;
  readonly ends: { rows: { seq: number; storedAt: number; ends: string }[]; last: number; linked: number };
}

type Answer = (tables: OverviewTables, value: Values) => Row[][];

const ANSWERS = new Map<string, Answer>();

const rowsIn = ({ sums }: OverviewTables, table: string): Cells[] => [...(sums.get(table)?.values() ?? [])];

/** As the driver gives it: bigint as text, binary as bytes, NULL as null. */
function given(value: Cell, type: ColumnType): unknown {
  if (value === undefined) return null;
  if (type === 'id' || type === 'bytes') return Buffer.from(String(value), 'hex');
  return type === 'time' ? String(value) : value;
}

function toRow({ table }: TableAt, cells: Cells, isPlain = false): Row {
  const columns = [...table.key, ...table.values].filter(({ type }) => !isPlain || type !== 'bytes');
  return Object.fromEntries(columns.map(({ name, type }) => [name, given(cells[name], type)]));
}

const ROLLUPS = { 1: '', 60: '_hour', 1440: '_day' } as const;
const add = (rows: readonly Cells[], column: string) => rows.reduce((sum, row) => sum + Number(row[column]), 0);

for (const at of TABLES) {
  const name = tableName(at);
  const keyOf = (cells: Cells) => at.table.key.map((column) => cells[column.name]).join(' ');
  const texts = WRITE_TEXTS.get(name);
  ANSWERS.set(texts?.get ?? '', ({ sums }, value) => {
    const asked: Cells[] = JSON.parse(value('rows'));
    const found = asked.map((cells) => sums.get(name)?.get(keyOf(cells))).filter((cells) => cells !== undefined);
    return [found.map((cells) => toRow(at, cells))];
  });
  ANSWERS.set(texts?.put ?? '', ({ sums }, value) => {
    const there = sums.get(name) ?? new Map<string, Cells>();
    sums.set(name, there);
    for (const cells of JSON.parse(value('rows')) as Cells[]) there.set(keyOf(cells), cells);
    return [];
  });
  ANSWERS.set(texts?.count ?? '', (tables, value) => [
    [{ rows: rowsIn(tables, name).filter((cells) => cells.app_id === Number(value('app_id'))).length }],
  ]);
  ANSWERS.set(allText(at), (tables, value) => [
    rowsIn(tables, name)
      .filter((cells) => cells.app_id === Number(value('app_id')))
      .map((cells) => toRow(at, cells)),
  ]);
  const isByKind = at.table.key.some((column) => column.name === 'kind');
  const hasMinute = at.table.key.some((column) => column.name === 'minute');
  for (const appId of hasMinute ? [undefined, 1] : []) {
    for (const kind of isByKind ? (['request'] as const) : [undefined]) {
      for (const isPlain of [false, true]) {
        const step = {
          ...at,
          ...(appId === undefined ? {} : { appId }),
          ...(kind === undefined ? {} : { kind }),
          isPlain,
        };
        ANSWERS.set(rangeText(step), (tables, value) => [
          rowsIn(tables, name)
            .filter((cells) => appId === undefined || cells.app_id === Number(value('app_id')))
            .filter((cells) => kind === undefined || cells.kind === value('kind'))
            .filter(({ minute }) => Number(minute) >= Number(value('from')) && Number(minute) < Number(value('to')))
            .map((cells) => toRow(at, cells, isPlain)),
        ]);
      }
    }
  }
}

for (const resolution of RESOLUTIONS) {
  ANSWERS.set(countText(resolution), (tables, value) => {
    const firstOf = (appId: Cell): number =>
      Math.min(
        ...[...tables.events.values()]
          .filter((event) => event.app_id === appId)
          .map(({ time }) => Math.floor(Number(time) / 60_000_000)),
      );
    const sums = rowsIn(tables, `scorpiox_app_rollup${ROLLUPS[resolution]}`).filter(
      ({ app_id, kind, minute }) =>
        kind === value('kind') &&
        Number(minute) >= Number(value('from')) &&
        Number(minute) < Number(value('to')) &&
        Number(minute) > firstOf(app_id) - resolution,
    );
    const stepOf = ({ minute }: Cells) => Math.floor((Number(minute) - Number(value('start'))) / Number(value('step')));
    return [
      [...Map.groupBy(sums, (row) => `${row.app_id} ${stepOf(row)}`).values()].map((rows) => ({
        app_id: rows[0]?.app_id,
        step: stepOf(rows[0] ?? {}),
        count: add(rows, 'count'),
        failures: add(rows, 'failures'),
      })),
    ];
  });
}

ANSWERS.set(NEW_GROUPS, (tables, value) => {
  const fresh = rowsIn(tables, 'scorpiox_exception_group').filter(
    (cells) =>
      Number(cells.first_seen) >= Number(value('from')) &&
      Number(cells.first_seen) < Number(value('to')) &&
      Number(cells.first_stored) >= Number(value('stored_from')),
  );
  return [[...Map.groupBy(fresh, (cells) => cells.app_id)].map(([app_id, rows]) => ({ app_id, rows: rows.length }))];
});

ANSWERS.set(READ_NEWEST, ({ events }, value) => [
  (JSON.parse(value('rows')) as { time: number; hash: string }[]).flatMap(({ time, hash }) => {
    const found = events.get(`${value('app_id')} ${time} ${hash}`);
    const text = (column: string) => found?.[column] ?? null;
    const texts = ['message', 'properties', 'operation_id', 'instance', 'version'];
    return found === undefined
      ? []
      : [
          {
            time: String(time),
            hash: Buffer.from(hash, 'hex'),
            ...Object.fromEntries(texts.map((name) => [name, text(name)])),
          },
        ];
  }),
]);

const edge = (rows: readonly Cells[], column: string, pick: (...all: number[]) => number) => {
  const known = rows.flatMap((row) => (row[column] === undefined ? [] : Number(row[column])));
  return known.length === 0 ? null : String(pick(...known));
};

for (const resolution of RESOLUTIONS) {
  const sums = `scorpiox_rollup${ROLLUPS[resolution]}`;
  const buckets = `${sums}_bucket`;
  const texts = OPERATION_TEXTS[resolution];
  const inRange = (tables: OverviewTables, table: string, value: Values) =>
    rowsIn(tables, table).filter(
      ({ app_id, kind, minute }) =>
        app_id === Number(value('app_id')) &&
        kind === value('kind') &&
        Number(minute) >= Number(value('from')) &&
        Number(minute) < Number(value('to')),
    );
  const nameOf = (tables: OverviewTables, hash: Cell) =>
    rowsIn(tables, sums).find((row) => row.name_hash === hash)?.name;
  ANSWERS.set(texts.operations, (tables, value) => [
    [...Map.groupBy(inRange(tables, sums, value), ({ name_hash }) => name_hash).values()].map((rows) => ({
      name: rows[0]?.name,
      ...Object.fromEntries(['count', 'failures', 'timed', 'sum_us'].map((column) => [column, add(rows, column)])),
      min_us: edge(rows, 'min_us', Math.min),
      max_us: edge(rows, 'max_us', Math.max),
    })),
  ]);
  ANSWERS.set(texts['operation-latency'], (tables, value) => [
    [...Map.groupBy(inRange(tables, buckets, value), (row) => `${row.name_hash} ${row.bucket}`).values()].map(
      (rows) => ({
        name: nameOf(tables, rows[0]?.name_hash),
        bucket: rows[0]?.bucket,
        count: add(rows, 'count'),
      }),
    ),
  ]);
  const ofName = (tables: OverviewTables, table: string, value: Values) =>
    inRange(tables, table, value).filter(({ name_hash }) => name_hash === value('name_hash'));
  ANSWERS.set(texts.operation, (tables, value) => [
    ofName(tables, sums, value).map(({ minute, count, failures, timed, sum_us, min_us, max_us }) => ({
      minute,
      count,
      failures,
      timed,
      sum_us,
      min_us: given(min_us, 'time'),
      max_us: given(max_us, 'time'),
    })),
  ]);
  ANSWERS.set(texts['operation-buckets'], (tables, value) => [
    ofName(tables, buckets, value).map(({ minute, bucket, count }) => ({ minute, bucket, count })),
  ]);
  const { count, names } = NAME_TEXTS[resolution];
  ANSWERS.set(count, (tables, value) => [
    (JSON.parse(value('rows')) as Cells[]).flatMap(({ app_id, kind, minute }) => {
      const rows = rowsIn(tables, sums).filter(
        (row) => row.app_id === app_id && row.kind === kind && row.minute === minute,
      ).length;
      return rows === 0 ? [] : [{ app_id, kind, minute, rows }];
    }),
  ]);
  ANSWERS.set(names, (tables, value) => [
    rowsIn(tables, sums)
      .filter(
        ({ app_id, kind, minute }) =>
          `${app_id} ${kind} ${minute}` === `${value('app_id')} ${value('kind')} ${value('minute')}`,
      )
      .map(({ name }) => ({ name })),
  ]);
}

ANSWERS.set(ADD_ENDS, ({ ends }, value) => {
  ends.last += 1;
  ends.rows.push({ seq: ends.last, storedAt: Number(value('now')), ends: value('ends') });
  return [];
});
ANSWERS.set(READ_NEWEST_ENDS, ({ ends }) => {
  const newest = ends.rows.at(-1)?.seq;
  return [[{ seq: newest === undefined ? null : String(newest) }]];
});
ANSWERS.set(READ_ENDS, ({ ends }, value) => [
  [{ seq: String(ends.linked) }],
  ends.rows
    .filter(({ seq }) => seq > Number(value('taken')))
    .slice(0, LINK_ROWS)
    .map((row) => ({ seq: String(row.seq), ends: Buffer.from(row.ends, 'hex') })),
]);
ANSWERS.set(WRITE_LINKED, ({ ends }, value) => {
  ends.linked = Number(value('linked'));
  ends.rows = ends.rows.filter(({ seq, storedAt }) => seq > ends.linked || storedAt >= Number(value('before')));
  return [];
});

/** Answers the statements of the pages of applications and the map; undefined where it is none of them. */
export function answerOverview({ text, parameters = {} }: Statement, tables: OverviewTables): Row[][] | undefined {
  return ANSWERS.get(text)?.(tables, (name) => String(parameters[name]?.[1]));
}
