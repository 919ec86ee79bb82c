import { useQueryClient } from '@tanstack/react-query';

/** Asks again for everything that the page shows; what is being asked for already is not asked for twice. */
export function useRefresh(): () => void {
  const queryClient = useQueryClient();
  return () =>
    void queryClient.refetchQueries(
      { type: 'active', predicate: ({ queryKey }) => queryKey[0] !== 'session' },
      { cancelRefetch: false },
    );
}
