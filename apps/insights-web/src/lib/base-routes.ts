/**
 * The two routes that all others hang below. They stand here, and not in app/, so that each page can define its own
 * route beside itself; app/router.tsx gives them their components and gathers the pages.
 */
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute } from '@tanstack/react-router';
import { type RangeSearch, validateRange } from './time-range.ts';

interface RouterContext {
  readonly queryClient: QueryClient;
}

export const rootRoute = createRootRouteWithContext<RouterContext>()({});

/** What stands around every page that needs a session. It holds the time range, which every link below it keeps. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  validateSearch: (query: Record<string, unknown>): RangeSearch => validateRange(query),
  // What a link says itself comes last: it may name another range, or undefined for none.
  search: { middlewares: [({ search, next }) => ({ ...validateRange({ ...search }), ...next(search) })] },
});
