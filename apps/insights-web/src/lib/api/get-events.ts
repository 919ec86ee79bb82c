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

const decodeEvents = record<EventsResponse>({
  events: list(decodeEvent),
  nextCursor: nullable(text),
  ...searchedFields,
});

/** The search as a part of an address of the API. */
export const searchParams = ({ q, from, to }: Search, more: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({ ...(q === '' ? {} : { q }), from, to, ...more });

const fetchEvents = (search: Search, cursor: string | null, signal: AbortSignal): Promise<EventsResponse> => {
  const more = { limit: String(EVENTS_PAGE), ...(cursor === null ? {} : { cursor }) };
  return request(`/api/events?${searchParams(search, more)}`, decodeEvents, { signal });
};

/** Searches are asked again when somebody wants it: a list that one reads does not change by itself. */
export const ON_DEMAND = {
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const;

/** Events that match, newest first, a page after the other. */
const eventsQuery = (search: Search) =>
  infiniteQueryOptions({
    queryKey: ['events', search],
    queryFn: ({ signal, pageParam }) => fetchEvents(search, pageParam, signal),
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

export const useEvents = (search: Search, enabled: boolean) => useInfiniteQuery({ ...eventsQuery(search), enabled });

export type EventsQuery = ReturnType<typeof useEvents>;
