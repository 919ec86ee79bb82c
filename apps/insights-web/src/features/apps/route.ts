import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appsQuery } from '../../lib/api/get-apps.ts';
import { shellRoute } from '../../lib/base-routes.ts';
import { parseRange } from '../../lib/time-range.ts';
import { type AppsSearch, parseView, printView } from './search.ts';

/** `/apps`: every application and how it does. */
export const appsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/apps',
  validateSearch: (query: Record<string, unknown>): AppsSearch => printView(parseView(query)),
  loaderDeps: ({ search: { range, from, to } }) => ({ range, from, to }),
  // Started here, beside the page's code, and not waited for: the page shows its own waiting and failing states.
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(appsQuery(parseRange(deps)));
  },
  component: lazyRouteComponent(() => import('./apps-page.tsx'), 'AppsPage'),
});
