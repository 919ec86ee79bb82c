/** What a removal of duplicates is, and the parts of its statements that are the same on both databases. */
import type { Statement } from '@scorpiox/shared/database/console';
import type { RowIdentity } from '../rows/identity.ts';
import { type Keyed, orderedBy, sameKey, whereKeyed } from '../rows/key.ts';
import { column, columnList, place } from '../rows/table.ts';

/** Which rows go, and where to. */
export interface Removal extends Keyed {
  readonly id: number;
  readonly identity: RowIdentity;
  /** Names of tables in the schema of the table itself. */
  readonly archive: string;
  readonly doomed: string;
  /** Rows of a transaction. */
  readonly batch: number;
}

/** Numbers in the table of the doomed, or in the archive: above the first, up to the second. */
export interface Span {
  readonly above: number;
  readonly upTo: number;
}

/** What differs between the two databases. */
export interface DedupeTexts {
  /** Makes the table of removals, where it is not there. */
  readonly makeNotes: (notes: string) => Statement;
  /** An archive: the table's columns, and `scorpiox_n`, `scorpiox_at`, `scorpiox_rowid` where the table has hidden ones. */
  readonly makeArchive: (removal: Removal) => readonly Statement[];
  /** A table of the doomed: `n` from 1, `i0`… (the row), `k0`… (the one of its key that is kept). */
  readonly makeDoomed: (removal: Removal) => readonly Statement[];
  /** Archives and removes some of the doomed; the last one says how many it removed, each how many it was about. */
  readonly remove: (removal: Removal, span: Span) => readonly Statement[];
  /** Puts rows of the archive back, and takes them out of it. */
  readonly putBack: (removal: Removal, span: Span) => readonly Statement[];
  readonly dropTable: (quotedTable: string) => Statement;
}

/** The table of removals, one in each schema that has any. */
export const NOTES = 'scorpiox_dedupes';

/** Names under which an archive has what is not the table's. */
export const ARCHIVE_COLUMNS = ['scorpiox_n', 'scorpiox_at', 'scorpiox_rowid'] as const;

/** Numbers of the rows that tell row and kept row apart: `i0, i1`. */
export const numbered = (letter: string, { identity }: Removal): readonly string[] =>
  identity.columns.map((_, at) => `${letter}${at}`);

/** The rows that go, each with the row of its key that stays. */
export function doomedRows(removal: Removal): string {
  const { table, key, identity } = removal;
  const window = `PARTITION BY ${columnList(table.dialect, key)} ORDER BY ${orderedBy(removal)}`;
  const own = identity.columns.map((name, at) => `${column(table.dialect, name)} AS i${at}`);
  const kept = identity.columns.map(
    (name, at) => `FIRST_VALUE(${column(table.dialect, name)}) OVER (${window} ROWS UNBOUNDED PRECEDING) AS k${at}`,
  );
  return `SELECT ${[...own, ...kept].join(', ')},
    ROW_NUMBER() OVER (${window}) AS place
  FROM ${place(table)}${whereKeyed(removal, '  ')}`;
}

/**
 * The doomed of a span that still are: there, and the row that is kept as well, with the same key. `x` is the row, `k` the
 * one that stays, `hint` a hint for how that one is locked.
 */
export function stillDoomed(removal: Removal, hint = ''): string {
  const { table, identity } = removal;
  const { dialect } = table;
  const joined = (alias: string, letter: string): string =>
    identity.columns.map((name, at) => `${column(dialect, name, alias)} = d.${letter}${at}`).join(' AND ');
  return `FROM ${place(table, removal.doomed)} AS d
JOIN ${place(table)} AS x ON ${joined('x', 'i')}
JOIN ${place(table)} AS k${hint} ON ${joined('k', 'k')} AND ${sameKey(removal, 'x', 'k')}
WHERE d.n > @above AND d.n <= @upTo`;
}
