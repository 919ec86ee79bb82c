/** What uses a column, so that it cannot be dropped. */
import type { Run } from '@scorpiox/shared/database/console';
import { list, optionalText, text } from '../dialect/rows.ts';
import { identifiersIn } from '../rows/identifiers.ts';
import type { Conversion } from './conversion.ts';
import { textsOf } from './texts.ts';

/** `index by_ms`, `view slow`. */
export async function usersOf(run: Run, conversion: Conversion): Promise<readonly string[]> {
  const rows = await list({ run }, textsOf(conversion.table).users(conversion));
  const used = rows.filter((row) => conversion.table.dialect === 'sqlserver' || isUsedIn(conversion, text(row, 'sql')));
  const told = used.map((row) => `${text(row, 'kind')} ${optionalText(row, 'name') ?? ''}`);
  return [...new Set([...told, ...indexesOn(conversion), ...computedFrom(conversion)])].sort();
}

/** By their text: a view that has the table's and the column's name in it is taken for one that uses it. */
function isUsedIn({ table, column }: Conversion, sql: string): boolean {
  const names = identifiersIn(sql);
  return names.has(table.name.toLowerCase()) && names.has(column.toLowerCase());
}

/** Also those that belong to a constraint, which SQLite keeps no text of. */
const indexesOn = ({ table, column }: Conversion): readonly string[] =>
  table.indexes.filter(({ columns }) => columns.includes(column)).map(({ name }) => `index ${name}`);

/** SQL Server allows no computed column on another one. */
function computedFrom({ table, column }: Conversion): readonly string[] {
  const uses = (expression = ''): boolean => identifiersIn(expression).has(column.toLowerCase());
  const others = table.columns.filter(({ name, expression }) => name !== column && uses(expression));
  return others.map(({ name }) => `computed column ${name}`);
}
