import { column, columnList, place } from '../rows/table.ts';
import { type Fill, parameters } from './fill.ts';
import type { After, FillTexts, Stretch } from './texts.ts';

const keys = ({ identity }: Fill): string => columnList('sqlite', identity.columns);

/** SQLite seeks an index by a row value (https://sqlite.org/rowvalue.html). */
const compared = (fill: Fill, sign: string, name: string): string =>
  `(${keys(fill)}) ${sign} (${fill.identity.columns.map((_, at) => `@${name}${at}`).join(', ')})`;

const after = (fill: Fill, { last }: After): string =>
  last === undefined ? '' : `\n  WHERE ${compared(fill, '>', 'last')}`;

const given = ({ last }: After) => (last === undefined ? {} : parameters('last', last));

function stretch(fill: Fill, { last, upper }: Stretch) {
  const from = last === undefined ? '' : `${compared(fill, '>', 'last')} AND `;
  return {
    where: `WHERE ${from}${compared(fill, '<=', 'upper')}`,
    parameters: { ...given({ last }), ...parameters('upper', upper) },
  };
}

const own = (fill: Fill): string => column('sqlite', fill.column.name);

export const TEXTS: FillTexts = {
  upper: (fill, from, size) => ({
    text: `SELECT ${keyNames(fill)} FROM (
  SELECT ${fill.identity.columns.map((name, at) => `${column('sqlite', name)} AS k${at}`).join(', ')}
  FROM ${place(fill.table)}${after(fill, from)}
  ORDER BY ${keys(fill)}
  LIMIT @size
)
ORDER BY ${fill.identity.columns.map((_, at) => `k${at} DESC`).join(', ')}
LIMIT 1`,
    parameters: { ...given(from), size: BigInt(size) },
  }),
  set: (fill, some) => {
    const { where, parameters: of } = stretch(fill, some);
    return { text: `UPDATE ${place(fill.table)}\nSET ${own(fill)} = (${fill.expression})\n${where}`, parameters: of };
  },
  differing: (fill) => ({
    text: `SELECT COUNT(*) AS "rows" FROM ${place(fill.table)}\nWHERE ${own(fill)} IS NOT (${fill.expression})`,
  }),
  tryOut: (fill) => ({ text: `EXPLAIN UPDATE ${place(fill.table)}\nSET ${own(fill)} = (${fill.expression})\nWHERE 0` }),
  now: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
  makeNotes: {
    text: `CREATE TABLE IF NOT EXISTS scorpiox_backfills (
  id INTEGER PRIMARY KEY,
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  expression TEXT NOT NULL,
  state TEXT NOT NULL,
  last_key TEXT,
  done_rows INTEGER NOT NULL,
  total_rows INTEGER NOT NULL,
  batches INTEGER NOT NULL,
  worked_ms INTEGER NOT NULL,
  waits INTEGER NOT NULL,
  waits_for TEXT,
  worker TEXT,
  begun_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
)`,
  },
  notes: 'scorpiox_backfills',
};

const keyNames = ({ identity }: Fill): string => identity.columns.map((_, at) => `k${at}`).join(', ');
