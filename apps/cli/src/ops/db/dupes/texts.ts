/** What `db dupes` asks, and all that checks that no duplicates are left. */
import type { Statement } from '@scorpiox/shared/database/console';
import { type Keyed, orderedBy, whereKeyed } from '../rows/key.ts';
import { column, columnList, place, type Table } from '../rows/table.ts';

/** How many rows there are: `rows`. */
export const countRows = (table: Table): Statement => ({
  text: `SELECT ${count(table)} AS "rows" FROM ${place(table)}`,
});

/**
 * How many `rows` there are, and of those that can have duplicates: keys of several rows (`groups`), and rows too many
 * (`excess`). In one statement: on a table that others write to, numbers of two moments would not go together.
 */
export const countKeys = (of: Pick<Keyed, 'table' | 'key'>): Statement => ({
  text: `SELECT (SELECT ${count(of.table)} FROM ${place(of.table)}) AS "rows",
  COALESCE(SUM(CASE WHEN g.n > 1 THEN 1 ELSE 0 END), 0) AS "groups",
  COALESCE(SUM(g.n - 1), 0) AS "excess"
FROM (
  SELECT ${count(of.table)} AS n
  FROM ${place(of.table)}${whereKeyed(of, '  ')}
  GROUP BY ${columnList(of.table.dialect, of.key)}
) AS g`,
});

/**
 * The first rows of the keys that have most rows, one a row: `n` (rows of its key), `place` in it (1 is kept), `k0`… (the key)
 * and `o0`… (by what rows of a key are ordered), as people can read them.
 */
export function worstKeys(of: Keyed, sampled: number, most: number): Statement {
  const { dialect } = of.table;
  const keys = columnList(dialect, of.key);
  const shown = [
    ...of.key.map((name, at) => `${readable(of.table, name, 'w')} AS k${at}`),
    ...of.order.columns.map((name, at) => `${readable(of.table, name, 'w')} AS o${at}`),
  ];
  const [top, limit] = dialect === 'sqlserver' ? ['TOP (CONVERT(int, @most)) ', ''] : ['', '\nLIMIT @most'];
  return {
    text: `SELECT ${top}w.n, w.place, ${shown.join(', ')}
FROM (
  SELECT ${columnList(dialect, [...new Set([...of.key, ...of.order.columns])])},
    ${count(of.table)} OVER (PARTITION BY ${keys}) AS n,
    ROW_NUMBER() OVER (PARTITION BY ${keys} ORDER BY ${orderedBy(of)}) AS place
  FROM ${place(of.table)}${whereKeyed(of, '  ')}
) AS w
WHERE w.n > 1 AND w.place <= @sampled
ORDER BY w.n DESC, ${columnList(dialect, of.key, 'w')}, w.place${limit}`,
    parameters: { sampled, most },
  };
}

/** COUNT of SQL Server ends at 2,147,483,647. */
const count = ({ dialect }: Table): string => (dialect === 'sqlserver' ? 'COUNT_BIG(*)' : 'COUNT(*)');

function readable({ dialect, columns }: Table, name: string, alias: string): string {
  const own = column(dialect, name, alias);
  if (dialect === 'sqlite') return `CASE typeof(${own}) WHEN 'blob' THEN 'x''' || hex(${own}) || '''' ELSE ${own} END`;
  const type = columns.find((one) => one.name === name)?.type ?? '';
  const style = /binary|timestamp|rowversion/i.test(type) ? ', 1' : /date|time/i.test(type) ? ', 121' : '';
  return `CONVERT(nvarchar(max), ${own}${style})`;
}
