import type { AppRow, AppState } from './app-row.ts';

/** The columns of the list, in their order on the page. */
export const COLUMNS = [
  'state',
  'name',
  'requests',
  'failures',
  'p50',
  'p95',
  'p99',
  'lastSeen',
  'received',
  'duplicates',
] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sort {
  readonly column: Column;
  readonly descending: boolean;
}

/** Worst first. */
export const WORST_FIRST: Sort = { column: 'state', descending: true };

/** The order a column starts with: names from A, everything else from the greatest or worst. */
export const firstSort = (column: Column): Sort => ({ column, descending: column !== 'name' });

/** Reads the `sort` of an address: a column's name, `-` before it for descending; anything else is worst first. */
export function parseSort(text: string | undefined): Sort {
  const descending = text?.startsWith('-') ?? false;
  const column = COLUMNS.find((name) => name === (descending ? text?.slice(1) : text));
  return column === undefined ? WORST_FIRST : { column, descending };
}

/** The `sort` of an address; undefined for worst first, which needs none. */
export function printSort({ column, descending }: Sort): string | undefined {
  const text = `${descending ? '-' : ''}${column}`;
  return text === '-state' ? undefined : text;
}

/** The order after a click on a column's header: its first order, then the other way round. */
export const nextSort = (current: Sort, column: Column): Sort =>
  current.column === column ? { column, descending: !current.descending } : firstSort(column);

const SEVERITY: Record<AppState, number> = { failing: 3, silent: 2, healthy: 1, waiting: 0 };

type Key = number | string | null;

const KEYS: Record<Column, (row: AppRow) => Key> = {
  state: (row) => SEVERITY[row.state],
  name: (row) => row.name,
  requests: (row) => row.requests,
  failures: (row) => row.failureRate,
  p50: (row) => row.p50,
  p95: (row) => row.p95,
  p99: (row) => row.p99,
  lastSeen: (row) => (row.lastSeen === null ? null : Date.parse(row.lastSeen)),
  received: (row) => row.received,
  duplicates: (row) => row.duplicates,
};

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compare(a: Key, b: Key): number {
  if (typeof a === 'string' && typeof b === 'string') return names.compare(a, b);
  return Number(a) - Number(b);
}

/** Per mille: finer differences would make rows of equal standing change places at every refresh. */
const roughRate = (row: AppRow): number => Math.round((row.failureRate ?? 0) * 1000);

/** The rows in order. What has no value in the column comes last either way; equals go by failure rate, then by name. */
export function sortRows(rows: readonly AppRow[], { column, descending }: Sort): AppRow[] {
  const key = KEYS[column];
  const direction = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1;
    } else {
      const order = compare(left, right) * direction;
      if (order !== 0) return order;
    }
    return roughRate(b) - roughRate(a) || names.compare(a.name, b.name) || (a.name < b.name ? -1 : 1);
  });
}
