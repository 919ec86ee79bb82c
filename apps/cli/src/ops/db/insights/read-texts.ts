/** How ranges of a table are read, counted and divided, for either kind of database. */
import type { Statement, Value } from '@scorpiox/shared/database/console';
import type { InsightsColumn, InsightsTable } from '@scorpiox/shared/database/tables';
import { columnOf, type Dialect } from './dialect.ts';
import type { Range } from './range.ts';

/** All columns of a range's rows, by their names on the embedded database. No order. */
export function selectRows(dialect: Dialect, table: InsightsTable, range: Range): Statement {
  const list = table.columns.map((column) => `${sourceOf(dialect, table, column)} AS ${dialect.quoted(column.name)}`);
  return { text: `SELECT ${list.join(', ')} ${from(dialect, table, range)}`, parameters: parametersOf(range) };
}

/** Gives `n`. */
export function countRows(dialect: Dialect, table: InsightsTable, range: Range): Statement {
  const count = dialect.kind === 'sqlite' ? 'count(*)' : 'COUNT_BIG(*)';
  return { text: `SELECT ${count} AS n ${from(dialect, table, range)}`, parameters: parametersOf(range) };
}

/** Gives `at`: where the row stands that has `skipped` others before it in the range; no row where there are fewer. */
export function standsAt(dialect: Dialect, table: InsightsTable, range: Range, skipped: number): Statement {
  const column = dialect.column(columnOf(table, table.along ?? ''));
  const rest = `FROM ${dialect.table(table)} AS t${where(dialect, table, range, 't')}`;
  return {
    text: dialect.one(`t.${column} AS ${dialect.quoted('at')}`, rest, `t.${column}`, skipped),
    parameters: parametersOf(range),
  };
}

/** Gives `at`: the next value of `along` in the range that is greater than this one. */
export function standsAfter(dialect: Dialect, table: InsightsTable, range: Range, value: Value): Statement {
  const along = columnOf(table, table.along ?? '');
  const column = dialect.column(along);
  const inside = where(dialect, table, { within: range.within, ...only('to', range.to) }, 't');
  const after = `t.${column} > ${dialect.parameter('after', along)}`;
  const rest = `FROM ${dialect.table(table)} AS t${inside === '' ? ` WHERE ${after}` : `${inside} AND ${after}`}`;
  const parameters = { ...parametersOf({ within: range.within, ...only('to', range.to) }), after: value };
  return { text: dialect.one(`t.${column} AS ${dialect.quoted('at')}`, rest, `t.${column}`, 0), parameters };
}

/** Gives `value`: the least value of the next column of `within` after those that are given, above `after`. */
export function nextWithin(
  dialect: Dialect,
  table: InsightsTable,
  given: readonly Value[],
  after: Value | undefined,
): Statement {
  const next = columnOf(table, table.within[given.length] ?? '');
  const column = dialect.column(next);
  const conditions = given.map((_, at) => equals(dialect, columnOf(table, table.within[at] ?? ''), `w${at}`, 't'));
  if (after !== undefined) conditions.push(`t.${column} > ${dialect.parameter('after', next)}`);
  const condition = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const parameters = { ...parametersOf({ within: given }), ...only('after', after) };
  const rest = `FROM ${dialect.table(table)} AS t${condition}`;
  return { text: dialect.one(`t.${column} AS value`, rest, `t.${column}`, 0), parameters };
}

const ENDS = [
  ['from', '>='],
  ['to', '<'],
  ['through', '<='],
] as const;

/** ` WHERE …`, or nothing. */
export function where(dialect: Dialect, table: InsightsTable, range: Range, alias: string): string {
  const conditions = range.within.map((_, at) =>
    equals(dialect, columnOf(table, table.within[at] ?? ''), `w${at}`, alias),
  );
  for (const [end, operator] of ENDS) {
    if (range[end] === undefined) continue;
    const along = columnOf(table, table.along ?? '');
    conditions.push(`${prefixed(alias, dialect.column(along))} ${operator} ${dialect.parameter(end, along)}`);
  }
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

/** Of `where`. */
export function parametersOf({ within, from: first, to, through }: Range): Readonly<Record<string, Value>> {
  const values = Object.fromEntries(within.map((value, at) => [`w${at}`, value]));
  return { ...values, ...only('from', first), ...only('to', to), ...only('through', through) };
}

const only = <K extends string>(name: K, value: Value | undefined): { readonly [N in K]?: Value } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [N in K]?: Value }); // the one key that K names

const equals = (dialect: Dialect, column: InsightsColumn, parameter: string, alias: string): string =>
  `${prefixed(alias, dialect.column(column))} = ${dialect.parameter(parameter, column)}`;

const prefixed = (alias: string, column: string): string => (alias === '' ? column : `${alias}.${column}`);

/** A text of which the server has only the stand-in here is read where it has it. */
function sourceOf(dialect: Dialect, { namedBy, standIn }: InsightsTable, column: InsightsColumn): string {
  const isNamed = namedBy !== undefined && standIn?.for === column.name;
  return `${isNamed ? 'n' : 't'}.${dialect.column(column)}`;
}

function from(dialect: Dialect, table: InsightsTable, range: Range): string {
  const { namedBy } = table;
  const joined = namedBy === undefined ? '' : ` JOIN ${dialect.table(namedBy)} AS n ON ${same(dialect, table)}`;
  return `FROM ${dialect.table(table)} AS t${joined}${where(dialect, table, range, 't')}`;
}

function same(dialect: Dialect, table: InsightsTable): string {
  const { namedBy, standIn } = table;
  const columns = (namedBy?.by ?? []).map((name) =>
    dialect.kind === 'sqlserver' && standIn?.for === name
      ? dialect.quoted(standIn.server)
      : dialect.column(columnOf(table, name)),
  );
  return columns.map((column) => `n.${column} = t.${column}`).join(' AND ');
}
