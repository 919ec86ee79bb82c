/** A computed column that becomes a real one: what is known of it, and the names of what is made for it. */

import type { Statement } from '@scorpiox/shared/database/console';
import { identifiersIn } from '../rows/identifiers.ts';
import type { RowIdentity } from '../rows/identity.ts';
import { madeName } from '../rows/names.ts';
import type { Table } from '../rows/table.ts';

export interface Conversion {
  readonly table: Table;
  /** The computed column, which the real one is called after. */
  readonly column: string;
  /** Of the real one. */
  readonly type: string;
  /** What it was computed from. */
  readonly expression: string;
  readonly identity: RowIdentity;
}

/** A column as it was computed. */
export interface Computed {
  readonly type: string;
  readonly expression: string;
  readonly isPersisted: boolean;
  readonly nullable: boolean;
}

/** What the real column is called until it takes the computed one's place. */
export const freshName = (column: string): string => madeName(column, 'scorpiox');

/** What sets the real column in rows that others write. */
export const triggerNames = ({ table, column }: Pick<Conversion, 'table' | 'column'>): readonly string[] =>
  table.dialect === 'sqlite'
    ? [madeName(table.name, column, 'on', 'insert'), madeName(table.name, column, 'on', 'update')]
    : [madeName(table.name, column, 'on', 'write')];

/** The columns that the expression is made of. */
export function sources({ table, expression }: Pick<Conversion, 'table' | 'expression'>): readonly string[] {
  const names = identifiersIn(expression);
  return table.columns.map(({ name }) => name).filter((name) => names.has(name.toLowerCase()));
}

/** What it says to either database. */
export interface ConversionTexts {
  /** Rows whose value does not fit into the type: `rows`; `least` and `most` of all values. */
  readonly misfits: (conversion: Conversion) => Statement;
  readonly addColumn: (conversion: Conversion, name: string) => Statement;
  /** What sets the column `name` in rows that others write. */
  readonly writers: (conversion: Conversion, name: string) => readonly Statement[];
  readonly dropWriters: (conversion: Conversion) => readonly Statement[];
  /** The real column takes the place of the computed one; in one transaction. */
  readonly swap: (conversion: Conversion, fresh: string) => readonly Statement[];
  readonly dropColumn: (conversion: Pick<Conversion, 'table'>, name: string) => Statement;
  /** The computed column, as it was. */
  readonly addComputed: (conversion: Conversion, computed: Computed) => Statement;
  /** What uses the column, so that it cannot go: `kind` and `name`. */
  readonly users: (conversion: Conversion) => Statement;
}
