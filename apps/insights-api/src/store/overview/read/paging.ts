import type { Paged, Place } from '../../questions/overview.ts';

type Value = string | number | null;

/** A page of a sorted list, and where the next one begins. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly next?: Place;
}

/**
 * Sorts rows by a value, ties by name, and cuts out the page that follows `after`. What has no value comes last in either
 * order. Between two pages values may change; a row is then on both or on none, as in every list that is alive.
 */
export function pageOf<T>(
  rows: readonly T[],
  { order, limit, after }: Omit<Paged<string>, 'sort'>,
  placeOf: (row: T) => Place,
): Page<T> {
  const compare = (a: Place, b: Place) => compareValues(a.value, b.value, order) || compareTexts(a.name, b.name);
  const placed = rows.map((row) => ({ row, place: placeOf(row) })).sort((a, b) => compare(a.place, b.place));
  const first = after === undefined ? 0 : placed.findIndex(({ place }) => compare(place, after) > 0);
  const page = first < 0 ? [] : placed.slice(first, first + limit);
  const last = page.at(-1);
  const isLast = first < 0 || first + limit >= placed.length;
  return { rows: page.map(({ row }) => row), ...(isLast || last === undefined ? {} : { next: last.place }) };
}

function compareValues(a: Value, b: Value, order: 'asc' | 'desc'): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const ascending = typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(String(a), String(b));
  return order === 'asc' ? ascending : -ascending;
}

/** By code units: the same on every machine, as a cursor must be. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
