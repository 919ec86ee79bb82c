import type { Console } from '@scorpiox/shared/database/console';
import type { InsightsColumn, InsightsTable } from '@scorpiox/shared/database/tables';

/** Where the two kinds of database are written differently. Names are our own, never a user's. */
export interface Dialect {
  readonly kind: Console['kind'];
  table(table: { readonly sqlite: string; readonly server: string }): string;
  column(column: InsightsColumn): string;
  /** A name that a row gives its value by. */
  quoted(name: string): string;
  /** A parameter, as the type of the column that it is compared with. */
  parameter(name: string, column: InsightsColumn): string;
  /** A SELECT that gives one row at most: the one that `skipped` others come before. */
  one(list: string, rest: string, order: string, skipped: number): string;
}

const SQLITE: Dialect = {
  kind: 'sqlite',
  table: ({ sqlite }) => sqlite,
  column: ({ name }) => `"${name}"`,
  quoted: (name) => `"${name}"`,
  parameter: (name) => `@${name}`,
  one: (list, rest, order, skipped) => `SELECT ${list} ${rest} ORDER BY ${order} LIMIT 1 OFFSET ${skipped}`,
};

const SQLSERVER: Dialect = {
  kind: 'sqlserver',
  table: ({ server }) => server,
  column: ({ server }) => `[${server}]`,
  quoted: (name) => `[${name}]`,
  parameter: (name, { serverType }) => `CONVERT(${serverType}, @${name})`,
  one: (list, rest, order, skipped) =>
    `SELECT ${list} ${rest} ORDER BY ${order} OFFSET ${skipped} ROWS FETCH NEXT 1 ROWS ONLY`,
};

export const dialectOf = (kind: Console['kind']): Dialect => (kind === 'sqlite' ? SQLITE : SQLSERVER);

/** A column of a table, which is known to have it. */
export function columnOf({ columns, sqlite }: InsightsTable, name: string): InsightsColumn {
  const found = columns.find((column) => column.name === name);
  if (found === undefined) throw new TypeError(`${sqlite} has no column ${name}`);
  return found;
}
