import type { Order } from '../../lib/api/get-events.ts';
import { parseColumns, printColumns } from '../events/columns.ts';

/** What the address of `/explore` says beside the time range; what is as by default is left out. */
interface ExploreSearch {
  /** The query: docs/query-language.md. */
  readonly q?: string | undefined;
  readonly columns?: string | undefined;
  /** Which events come first; the newest unless it says `oldest`. */
  readonly order?: string | undefined;
  /** The event that is open, as `printEventAddress` spells it. */
  readonly event?: string | undefined;
}

/** The state of the page that its address holds. */
export interface ExploreView {
  readonly q: string;
  readonly columns: readonly string[];
  readonly order: Order;
  readonly event: string | null;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Reads the query of an address: nonsense in it falls back to the default. A query with a mistake stays, to be mended. */
export const parseView = (query: Readonly<Record<string, unknown>>): ExploreView => ({
  q: textOf(query.q)?.trim() ?? '',
  columns: parseColumns(textOf(query.columns)),
  order: query.order === 'oldest' ? 'oldest' : 'newest',
  event: textOf(query.event) ?? null,
});

/** The query of the address for a view. */
export const printView = ({ q, columns, order, event }: ExploreView): ExploreSearch => ({
  q: q === '' ? undefined : q,
  columns: printColumns(columns),
  order: order === 'newest' ? undefined : order,
  event: event ?? undefined,
});
