/**
 * Keys, and how two rows have the same one: as a unique index of the database sees it. To SQL Server two NULLs are equal,
 * to SQLite none is, so there a row with a NULL in its key has no duplicates.
 */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { columnsOf } from '../catalog/describe.ts';
import type { Dialect } from './names.ts';
import { column, columnList, shownName, type Table } from './table.ts';

/** A table, the columns of a key, and in which order rows of the same key stand. */
export interface Keyed {
  readonly table: Table;
  readonly key: readonly string[];
  /** What is earlier comes first. */
  readonly order: Order;
}

export interface Order {
  readonly columns: readonly string[];
  /** `by received_at, then by the primary key`. */
  readonly told: string;
}

/** The condition under which a row can have duplicates; empty where every row can. */
const keyed = ({ table, key }: Pick<Keyed, 'table' | 'key'>, alias?: string): string =>
  table.dialect === 'sqlserver' ? '' : key.map((name) => `${column('sqlite', name, alias)} IS NOT NULL`).join(' AND ');

/** The same as a clause, in a line of its own. */
export const whereKeyed = (of: Pick<Keyed, 'table' | 'key'>, indent = ''): string =>
  keyed(of) === '' ? '' : `\n${indent}WHERE ${keyed(of)}`;

/** Whether the rows of two aliases have the same key. */
export function sameKey({ table: { dialect }, key }: Pick<Keyed, 'table' | 'key'>, one: string, other: string): string {
  if (dialect === 'sqlserver') {
    return `EXISTS (SELECT ${columnList(dialect, key, one)} INTERSECT SELECT ${columnList(dialect, key, other)})`;
  }
  return key.map((name) => `${column(dialect, name, one)} = ${column(dialect, name, other)}`).join(' AND ');
}

/** ORDER BY of rows of the same key. A row without a time is not the earliest. */
export function orderedBy({ table: { dialect, columns }, order }: Keyed): string {
  if (order.columns.length === 0) return '(SELECT NULL)';
  const parts = order.columns.map((name) => {
    const isNullable = columns.find((one) => one.name === name)?.nullable === true;
    const own = column(dialect, name);
    return isNullable ? `CASE WHEN ${own} IS NULL THEN 1 ELSE 0 END, ${own}` : own;
  });
  return parts.join(', ');
}

/** Declared types of times. On SQL Server `timestamp` is none: it counts versions of rows. */
const TIMES: Readonly<Record<Dialect, RegExp>> = {
  sqlite: /date|time/i,
  sqlserver: /^(date|datetime|datetime2|datetimeoffset|smalldatetime)\b/i,
};

/**
 * Which row of a key is the earliest: by the column that is named, else by the only one whose type is a time, and then
 * by what tells the rows apart.
 */
export function orderOf(table: Table, by: string | undefined, identity: RowOrder | undefined): Order {
  const times = table.columns.filter(({ type }) => TIMES[table.dialect].test(type)).map(({ name }) => name);
  const chosen = by ?? (times.length === 1 ? times[0] : undefined);
  const rest = identity?.columns.filter((name) => name !== chosen) ?? [];
  const columns = [...(chosen === undefined ? [] : [chosen]), ...rest];
  const then = rest.length === 0 || identity === undefined ? '' : identity.told;
  if (chosen === undefined) return { columns, told: then === '' ? 'in no order' : `by ${then}` };
  return { columns, told: then === '' ? `by ${chosen}` : `by ${chosen}, then by ${then}` };
}

interface RowOrder {
  readonly columns: readonly string[];
  readonly told: string;
}

/** Types that SQL Server compares no two values of. */
const INCOMPARABLE = /^(text|ntext|image|xml|json|geography|geometry|vector)\b/i;

/** The columns of a key by the names that somebody wrote. */
export function keyColumns(table: Table, names: readonly string[]): Result<readonly string[], Failure> {
  const found = columnsOf(table, names);
  if (!found.ok) return found;
  const bad = table.dialect === 'sqlserver' ? found.value.find(({ type }) => INCOMPARABLE.test(type)) : undefined;
  if (bad === undefined) return ok(found.value.map(({ name }) => name));
  const message = `${shownName(table)}.${bad.name} is ${bad.type}, which SQL Server cannot compare: it is no part of a key.`;
  return err({ kind: 'usage', message });
}

/** Columns as people write them. */
export const shownKey = (key: readonly string[]): string => key.join(', ');
