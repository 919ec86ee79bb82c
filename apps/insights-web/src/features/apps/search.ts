import { DEFAULT_RANGE, parseRange, type Range } from './range.ts';
import { parseSort, printSort, type Sort } from './sort.ts';

/** What the address of `/apps` says; what is as by default is left out. */
export interface AppsSearch {
  readonly range?: Range;
  readonly sort?: string;
  readonly filter?: string;
}

/** The state of the page that its address holds. */
export interface AppsView {
  readonly range: Range;
  readonly sort: Sort;
  readonly filter: string;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads the query of an address: nonsense in it falls back to the default. */
export const parseView = (query: Readonly<Record<string, unknown>>): AppsView => ({
  range: parseRange(textOf(query.range)),
  sort: parseSort(textOf(query.sort)),
  filter: textOf(query.filter) ?? '',
});

/** The query of the address for a view. */
export function printView({ range, sort, filter }: AppsView): AppsSearch {
  const sortText = printSort(sort);
  return {
    ...(range === DEFAULT_RANGE ? {} : { range }),
    ...(sortText === undefined ? {} : { sort: sortText }),
    ...(filter === '' ? {} : { filter }),
  };
}

/** Whether an application's name has every word of the filter in it, in whatever case and order. */
export const matchesFilter = (name: string, filter: string): boolean =>
  filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.toLowerCase().includes(word));
