import type { EventRecord, EventsResponse } from '@scorpiox/shared/contract';
import { type InfiniteData, infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { list, nullable, record, text } from '../decode.ts';
import { request } from '../http.ts';
import type { ApiRange } from '../time-range.ts';
import { decodeEvent, searchedFields } from './decode-event.ts';
import { EVENTS_KEPT_MS, EVENTS_PAGE } from './limits.ts';

/** What is searched for: a query (docs/query-language.md) and a span. */
export interface Search extends ApiRange {
  readonly q: string;
}

/** Which events come first. */
export type Order = 'newest' | 'oldest';

const decodeEvents = record<EventsResponse>({
  events: list(decodeEvent),
  nextCursor: nullable(text),
  ...searchedFields,
});

/** The search as a part of an address of the API. */
export const searchParams = ({ q, from, to }: Search, more: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({ ...(q === '' ? {} : { q }), from, to, ...more });

/** One page of events that match. */
export const fetchEvents = (
  search: Search,
  more: { readonly order?: Order; readonly cursor?: string | null },
  signal: AbortSignal,
): Promise<EventsResponse> => {
  const { order = 'newest', cursor = null } = more;
  const params = searchParams(search, {
    limit: String(EVENTS_PAGE),
    ...(order === 'newest' ? {} : { order }),
    ...(cursor === null ? {} : { cursor }),
  });
  return request(`/api/events?${params}`, decodeEvents, { signal });
};

/** Searches are asked again when somebody wants it: a list that one reads does not change by itself. */
const ON_DEMAND = {
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const;

/** Events that match, a page after the other. */
export const eventsQuery = (search: Search, order: Order) =>
  infiniteQueryOptions({
    queryKey: ['events', search, order],
    queryFn: ({ signal, pageParam }) => fetchEvents(search, { order, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    ...ON_DEMAND,
    gcTime: EVENTS_KEPT_MS,
  });

/** The pages that are here. */
export type EventPages = InfiniteData<EventsResponse>;

/** All events of the pages that are here. */
export const eventsOf = ({ pages }: EventPages): EventRecord[] => pages.flatMap((page) => page.events);

export const useEvents = (search: Search, order: Order, enabled: boolean) =>
  useInfiniteQuery({ ...eventsQuery(search, order), enabled });

export type EventsQuery = ReturnType<typeof useEvents>;
