import { type InfiniteData, useQueryClient } from '@tanstack/react-query';

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
      { type: 'active', predicate: ({ queryKey }) => queryKey[0] !== 'session' },
      { cancelRefetch: false },
    );
  };
}
