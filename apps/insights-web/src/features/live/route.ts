import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '../../lib/base-routes.ts';
import { parseSearch } from './search.ts';

/** `/live`: events as they arrive. */
export const liveRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/live',
  validateSearch: parseSearch,
  component: lazyRouteComponent(() => import('./live-page.tsx'), 'LivePage'),
});
