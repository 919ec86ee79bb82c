import type { QueryClient } from '@tanstack/react-query';
import type { RouterHistory } from '@tanstack/react-router';
import { createQueryClient } from './query-client.ts';
import { type AppRouter, createAppRouter } from './router.tsx';

/** Leads to the sign-in, and remembers where from. */
function leadToSignIn(router: AppRouter): void {
  const { pathname, searchStr } = router.latestLocation;
  if (pathname === '/sign-in') return;
  void router.navigate({ to: '/sign-in', search: { return: pathname + searchStr }, replace: true });
}

/** What the dashboard's components share. */
export interface Dashboard {
  readonly queryClient: QueryClient;
  readonly router: AppRouter;
}

/** Puts the dashboard together; `history` is the browser's unless given. */
export function createDashboard(history?: RouterHistory): Dashboard {
  const queryClient = createQueryClient(() => leadToSignIn(router));
  const router = createAppRouter(queryClient, history);
  return { queryClient, router };
}
