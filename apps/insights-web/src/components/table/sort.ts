/** The order of a table, as the address holds it (`sort=-p95`) and as its rows stand in it. Pure. */

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** What a row is sorted by; null where it has no value. */
export type SortKey = number | string | null;

/** Reads the `sort` of an address: a column's name, `-` before it for descending; anything else is `first`. */
export function parseSort(text: unknown, columns: readonly string[], first: Sort): Sort {
  if (typeof text !== 'string') return first;
  const descending = text.startsWith('-');
  const column = columns.find((id) => id === (descending ? text.slice(1) : text));
  return column === undefined ? first : { column, descending };
}

/** The `sort` of an address; undefined for the order that the page has without one. */
export const printSort = ({ column, descending }: Sort, first: Sort): string | undefined =>
  column === first.column && descending === first.descending ? undefined : `${descending ? '-' : ''}${column}`;

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The order of two names for people: `web-2` before `web-10`, in whatever case; equal only when they are the same. */
export const compareNames = (a: string, b: string): number => collator.compare(a, b) || (a === b ? 0 : a < b ? -1 : 1);

const compare = (a: number | string, b: number | string): number =>
  typeof a === 'string' && typeof b === 'string' ? compareNames(a, b) : Number(a) - Number(b);

/** The rows in order. What has no value comes last either way round; `ties` decides among equals. */
export function sortRows<Row>(
  rows: readonly Row[],
  key: (row: Row) => SortKey,
  descending: boolean,
  ties: (a: Row, b: Row) => number,
): Row[] {
  const direction = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1;
      return ties(a, b);
    }
    return compare(left, right) * direction || ties(a, b);
  });
}
