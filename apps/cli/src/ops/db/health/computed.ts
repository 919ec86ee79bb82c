/** Columns that are computed when they are read, on either database. Pure. */

import { LARGE_TABLE_ROWS } from './limits.ts';
import { db, isOurs, tableName } from './mends.ts';
import { type Found, found, less, type Told } from './report.ts';

/** A type rather than an interface: only those are records of printable values. */
export type ComputedColumn = {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly definition: string;
  /** Whether its values are kept, so that reading them computes nothing. */
  readonly isPersisted: boolean;
  readonly rows: number;
};

/** Functions that take texts apart: what a reader pays for each row, where a writer could have paid once. */
const PARSES =
  /\b(cast|convert|try_cast|try_convert|parse|substring|substr|charindex|instr|patindex|left|right|replace|datediff|datediff_big|strftime|julianday|json_value|json_extract|time|unixepoch)\s*\(/i;

export function tellComputed(columns: readonly ComputedColumn[]): Told {
  const costly = columns.filter(isCostly);
  return {
    summary:
      columns.length === 0
        ? 'none'
        : `${columns.length}, ${costly.length} of them taken apart from text for each row that is read`,
    facts: { computed: columns.length, costly: costly.length },
    rows: columns,
    findings: columns.flatMap(toFinding),
    measures: [less('columns computed when they are read', costly.length)],
  };
}

/** The platform's own are casts of a number, which cost nothing. */
const isCostly = ({ table, definition, isPersisted, rows }: ComputedColumn): boolean =>
  !isPersisted && rows >= LARGE_TABLE_ROWS && PARSES.test(definition) && !isOurs(table);

function toFinding(one: ComputedColumn): readonly Found[] {
  if (!isCostly(one)) return [];
  const { table, column, definition, rows } = one;
  const message = `${table}.${column} is worked out anew for each row that is read: ${definition}`;
  return [
    found('warning', 'computed-column', `${table}.${column}`, message, {
      evidence: `${rows.toLocaleString('en')} rows, not persisted`,
      mend: db(['decompute', `${table}.${tableName(column)}`, '--type', 'int']),
    }),
  ];
}
