import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { type SortSearch, validateSorts } from '../../components/table/use-address-sort.ts';
import { shellRoute } from '../../lib/base-routes.ts';

/** `/health`: the platform on itself. */
export const healthRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/health',
  validateSearch: (query: Record<string, unknown>): SortSearch<'sortCalls' | 'sortApps'> =>
    validateSorts(query, 'sortCalls', 'sortApps'),
  component: lazyRouteComponent(() => import('./health-page.tsx'), 'HealthPage'),
});
