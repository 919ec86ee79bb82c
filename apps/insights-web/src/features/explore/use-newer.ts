import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { type EventPages, eventsQuery, fetchEvents, type Search } from '../../lib/api/get-events.ts';
import { searchAgainAfter } from '../../lib/api/refreshing.ts';
import type { TimeRange } from '../../lib/time-range.ts';
import { useRefresh } from '../../lib/use-refresh.ts';
import { lookFrom, type Newer, nothingNewer, takeNewer, withNewer } from './newer.ts';

interface Asked {
  readonly search: Search;
  readonly range: TimeRange;
  /** The list, newest first; undefined while there is none to look beside. */
  readonly list: EventPages | undefined;
  /** Somebody reads where the list would move. */
  readonly isReading: boolean;
}

/**
 * Looks for newer events than the list has, as often as every page is refreshed; lets them in at once while nobody is
 * reading, and else when they are asked for.
 */
export function useNewer({ search, range, list, isReading }: Asked): {
  readonly newer: Newer;
  readonly show: () => void;
} {
  const queryClient = useQueryClient();
  const refresh = useRefresh();
  const listKey = eventsQuery(search, 'newest').queryKey;
  // Of this list: one that was asked for anew begins with nothing newer.
  const queryKey = ['newer', search, list?.pages[0]?.now];
  const none = list === undefined ? undefined : nothingNewer(list);
  const { data = none } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const before = queryClient.getQueryData<Newer>(queryKey) ?? none;
      if (before === undefined) throw new Error('it is asked beside a list');
      const answer = await fetchEvents({ ...search, from: lookFrom(before) }, {}, signal);
      return takeNewer(before, queryClient.getQueryData(listKey) ?? { pages: [], pageParams: [] }, answer);
    },
    initialData: none,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => searchAgainAfter(range, state.data?.scanned),
    refetchIntervalInBackground: false,
    retry: false,
    gcTime: 0,
    enabled: list !== undefined && searchAgainAfter(range) !== false,
  });
  const newer = data ?? { until: '', events: [], scanned: 0, overflows: false };
  const show = (): void => {
    if (newer.overflows) refresh();
    else {
      queryClient.setQueryData(listKey, (there) => there && withNewer(there, newer));
      queryClient.setQueryData<Newer>(queryKey, { ...newer, events: [] });
    }
  };
  const letIn = useEffectEvent(show);
  const waits = newer.events.length > 0 || newer.overflows;
  useEffect(() => {
    if (waits && !isReading) letIn();
  }, [waits, isReading]);
  return { newer, show };
}
