/** A table as the commands that work on its rows see it. */
import { quoteName } from '../catalog/names.ts';
import type { Table as Described } from '../catalog/table.ts';
import type { Dialect } from './names.ts';

export type { Column, Index } from '../catalog/table.ts';

/** Which table of which kind of database. */
export interface TableName {
  readonly dialect: Dialect;
  readonly schema?: string;
  readonly name: string;
}

export type Table = Described & TableName;

/** The table in a statement, or another one of its schema. */
export const place = ({ dialect, schema, name: own }: TableName, name = own): string =>
  schema === undefined ? quoteName(dialect, name) : `${quoteName(dialect, schema)}.${quoteName(dialect, name)}`;

/** As people write it. */
export const shownName = ({ schema, name }: Pick<TableName, 'schema' | 'name'>): string =>
  schema === undefined ? name : `${schema}.${name}`;

/** A column in a statement, of the table of this alias. */
export const column = (dialect: Dialect, name: string, alias?: string): string =>
  alias === undefined ? quoteName(dialect, name) : `${alias}.${quoteName(dialect, name)}`;

export const columnList = (dialect: Dialect, names: readonly string[], alias?: string): string =>
  names.map((name) => column(dialect, name, alias)).join(', ');
