import { type InfiniteData, useQueryClient } from '@tanstack/react-query';

/** What a refresh does not ask for: who is signed in, and what is newer than a list that begins anew itself. */
const APART: ReadonlySet<string> = new Set(['session', 'newer']);

const isPaged = (data: unknown): data is InfiniteData<unknown> =>
  typeof data === 'object' && data !== null && 'pages' in data && 'pageParams' in data;

const firstPage = ({ pages, pageParams }: InfiniteData<unknown>): InfiniteData<unknown> => ({
  pages: pages.slice(0, 1),
  pageParams: pageParams.slice(0, 1),
});

/**
 * Asks again for everything that the page shows; what is being asked for already is not asked for twice. A list that was
 * loaded page after page begins anew: its other pages would all have to be asked for.
 */
export function useRefresh(): () => void {
  const queryClient = useQueryClient();
  return () => {
    for (const { queryKey, state } of queryClient.getQueryCache().findAll({ type: 'active' })) {
      if (isPaged(state.data)) queryClient.setQueryData(queryKey, firstPage(state.data));
    }
    void queryClient.refetchQueries(
      { type: 'active', predicate: ({ queryKey }) => !APART.has(String(queryKey[0])) },
      { cancelRefetch: false },
    );
  };
}
