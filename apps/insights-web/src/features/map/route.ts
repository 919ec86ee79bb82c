import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { mapQuery } from '../../lib/api/get-map.ts';
import { shellRoute } from '../../lib/base-routes.ts';
import { parseRange } from '../../lib/time-range.ts';

/** What the address of `/map` says beside the time range. */
interface MapSearch {
  /** The order of the table. */
  readonly sort?: string | undefined;
}

/** `/map`: which application calls which. */
export const mapRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/map',
  validateSearch: ({ sort }: Record<string, unknown>): MapSearch => (typeof sort === 'string' ? { sort } : {}),
  loaderDeps: ({ search: { range, from, to } }) => ({ range, from, to }),
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(mapQuery(parseRange(deps)));
  },
  component: lazyRouteComponent(() => import('./map-page.tsx'), 'MapPage'),
});
