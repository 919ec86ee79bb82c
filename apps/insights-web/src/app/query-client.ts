import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isSignedOut } from '../lib/http.ts';
import { FRESH_MS, RETRY_DELAY_MS } from '../lib/limits.ts';

/** One more try where it may help: not after an answer that will not change. */
function shouldRetry(failures: number, error: Error): boolean {
  if (failures > 0 || !(error instanceof ApiError)) return false;
  const { failure } = error;
  return failure.kind === 'unreachable' || (failure.kind === 'refused' && failure.status >= 500);
}

/** The cache of answers. `onSignedOut` is called whenever a query learns that the session is over. */
export const createQueryClient = (onSignedOut: () => void): QueryClient =>
  new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isSignedOut(error)) onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        // The API may be on this very machine: a browser that calls itself offline says nothing about it.
        networkMode: 'always',
        staleTime: FRESH_MS,
        retry: shouldRetry,
        retryDelay: RETRY_DELAY_MS,
      },
      mutations: { networkMode: 'always' },
    },
  });
