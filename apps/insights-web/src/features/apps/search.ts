import { parseSort, printSort, type Sort } from '../../components/table/sort.ts';

/** The columns that the list can be sorted by. */
export const SORTABLE: readonly string[] = [
  'state',
  'name',
  'requests',
  'failures',
  'exceptions',
  'p50',
  'p95',
  'p99',
  'apdex',
  'lastSeen',
  'received',
  'duplicates',
];

/** Worst first. */
export const WORST_FIRST: Sort = { column: 'state', descending: true };

/** What the address of `/apps` says beside the time range; what is as by default is left out. */
export interface AppsSearch {
  readonly sort?: string | undefined;
  readonly filter?: string | undefined;
}

/** The state of the page that its address holds. */
export interface AppsView {
  readonly sort: Sort;
  readonly filter: string;
}

/** Reads the query of an address: nonsense in it falls back to the default. */
export const parseView = (query: Readonly<Record<string, unknown>>): AppsView => ({
  sort: parseSort(query.sort, SORTABLE, WORST_FIRST),
  filter: typeof query.filter === 'string' ? query.filter : '',
});

/** The query of the address for a view. */
export const printView = ({ sort, filter }: AppsView): AppsSearch => ({
  sort: printSort(sort, WORST_FIRST),
  filter: filter === '' ? undefined : filter,
});
