import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { traceQuery } from '../../lib/api/get-trace.ts';
import { shellRoute } from '../../lib/base-routes.ts';

/** What the address of a trace says beside its id. */
export interface TraceSearch {
  /** About when it happened, ISO 8601: makes the look-up short. */
  readonly near?: string | undefined;
  /** The order of the table of its spans. */
  readonly sort?: string | undefined;
  /** The event that is open, as `printEventAddress` spells it. */
  readonly event?: string | undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** `/traces/:id`: one operation across applications. */
export const traceRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/traces/$id',
  validateSearch: ({ near, event, sort }: Record<string, unknown>): TraceSearch => ({
    near: textOf(near),
    sort: textOf(sort),
    event: textOf(event),
  }),
  loaderDeps: ({ search }) => ({ near: search.near }),
  loader: ({ context, params, deps }) => {
    void context.queryClient.prefetchQuery(traceQuery(params.id, deps.near));
  },
  component: lazyRouteComponent(() => import('./trace-page.tsx'), 'TracePage'),
});
