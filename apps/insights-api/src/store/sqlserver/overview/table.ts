import type { Row as ServerRow } from '@scorpiox/shared/database/sqlserver';
import { number } from '@scorpiox/shared/database/sqlserver';
import type { Resolution } from '../../../rollup/resolutions.ts';
import { type Column, OVERVIEW_TABLES, type OverviewTable, type Row, type Value } from '../../overview/tables.ts';
import type { TableAt } from '../../overview/write.ts';
import { addSumsText, read, type SumRow, type SumTable, sent } from '../add-sums.ts';

const SUFFIXES: { readonly [R in Resolution]: string } = { 1: '', 60: '_hour', 1440: '_day' };
const TYPES = {
  int: 'int',
  time: 'bigint',
  real: 'float',
  id: 'hash',
  bytes: 'bytes',
  kind: 'varchar(16)',
  text: 'nvarchar(1024)',
} as const;

/** The name of a table on SQL Server, without its schema. */
export const tableName = ({ table, resolution }: TableAt): string =>
  `scorpiox_${table.sqlserver}${SUFFIXES[resolution]}`;

/** Every table in each of its resolutions. */
export const TABLES: readonly TableAt[] = OVERVIEW_TABLES.flatMap((table) =>
  (table.resolutions.length === 0 ? [1 as const] : table.resolutions).map((resolution) => ({ table, resolution })),
);

const columnOf = ({ name, type }: Column) => ({ name, type: TYPES[type] });

/** Its columns, as a statement lists them. */
export const columnList = ({ table }: TableAt): string =>
  [...table.key, ...table.values].map(({ name }) => `t.[${name}]`).join(', ');

/** Writes rows (@rows), in the place of those with the same key. */
export function putText(at: TableAt): string {
  const { key, values } = at.table;
  const table: SumTable = {
    table: tableName(at),
    key: key.map(columnOf),
    sums: values.map(({ isNullable = false, ...column }) => ({ ...columnOf(column), merge: 'set', isNullable })),
  };
  return addSumsText(table);
}

/** The rows that have the keys of @rows. */
export function getText(at: TableAt): string {
  const keys = at.table.key.map(columnOf);
  return `
SELECT ${columnList(at)}
FROM OPENJSON(@rows) WITH (
${keys.map((column) => `    [${column.name}] ${sent(column)} '$.${column.name}'`).join(',\n')}
) AS j JOIN dbo.${tableName(at)} AS t ON ${keys.map((column) => `t.[${column.name}] = ${read(column)}`).join(' AND ')};`;
}

export const countText = (at: TableAt): string =>
  `SELECT COUNT(*) AS [rows] FROM dbo.${tableName(at)} WHERE app_id = @app_id;`;

/** A row as it is sent: bytes as hexadecimal digits, NULL left out. */
export function toServer(row: Row, columns: readonly Column[]): SumRow {
  return Object.fromEntries(columns.map(({ name }) => [name, sendable(row[name] ?? null)]));
}

function sendable(value: Value): string | number | undefined {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value ?? undefined;
}

/** A row as the driver gives it. */
export function fromServer(row: ServerRow, { key, values }: OverviewTable): Row {
  return Object.fromEntries([...key, ...values].map((column) => [column.name, readValue(row, column)]));
}

function readValue(row: ServerRow, { name, type }: Column): Value {
  const value = row[name];
  if (value === null) return null;
  if (value instanceof Uint8Array || (typeof value === 'string' && (type === 'text' || type === 'kind'))) return value;
  return number(row, name);
}
