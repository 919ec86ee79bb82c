import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { overviewQuery } from '../../lib/api/get-overview.ts';
import { shellRoute } from '../../lib/base-routes.ts';
import { parseRange } from '../../lib/time-range.ts';
import { type AppSearch, parseSearch } from './search.ts';

/** `/apps/:app`: one application from all sides. */
export const appRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/apps/$app',
  validateSearch: (query: Record<string, unknown>): AppSearch => parseSearch(query),
  loaderDeps: ({ search: { range, from, to } }) => ({ range, from, to }),
  // Started here, beside the page's code, and not waited for: the page shows its own waiting and failing states.
  loader: ({ context, deps, params }) => {
    void context.queryClient.prefetchQuery(overviewQuery(params.app, parseRange(deps)));
  },
  component: lazyRouteComponent(() => import('./app-page.tsx'), 'AppPage'),
});
