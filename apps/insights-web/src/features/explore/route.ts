import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../lib/base-routes.ts';

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** What the address of `/explore` may say beside the time range: the page reads it, for it has the query language with it. */
interface ExploreAddress {
  readonly q?: string | undefined;
  readonly columns?: string | undefined;
  readonly order?: string | undefined;
  readonly event?: string | undefined;
}

/** `/explore`: search over events. */
export const exploreRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/explore',
  validateSearch: ({ q, columns, order, event }: Record<string, unknown>): ExploreAddress => ({
    q: textOf(q),
    columns: textOf(columns),
    order: textOf(order),
    event: textOf(event),
  }),
  component: lazyRouteComponent(() => import('./explore-page.tsx'), 'ExplorePage'),
});
