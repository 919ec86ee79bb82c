import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { type SortSearch, validateSorts } from '../../components/table/use-address-sort.ts';
import { shellRoute } from '../../lib/base-routes.ts';

/** `/alerts`: rules, what is not well, and what became of the messages. */
export const alertsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/alerts',
  validateSearch: (query: Record<string, unknown>): SortSearch<'sortRules' | 'sortMessages'> =>
    validateSorts(query, 'sortRules', 'sortMessages'),
  component: lazyRouteComponent(() => import('./alerts-page.tsx'), 'AlertsPage'),
});
