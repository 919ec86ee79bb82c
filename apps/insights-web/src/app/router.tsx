import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, type RouterHistory, redirect } from '@tanstack/react-router';
import { alertsRoute } from '../features/alerts/route.ts';
import { appRoute } from '../features/app/route.ts';
import { appsRoute } from '../features/apps/route.ts';
import { exploreRoute } from '../features/explore/route.ts';
import { healthRoute } from '../features/health/route.ts';
import { liveRoute } from '../features/live/route.ts';
import { mapRoute } from '../features/map/route.ts';
import { settingsRoute } from '../features/settings/route.ts';
import { hideFragment, readLinkToken } from '../features/sign-in/link-token.ts';
import { safeReturnPath } from '../features/sign-in/return-path.ts';
import { linkProblem } from '../features/sign-in/sign-in-error.ts';
import { traceRoute } from '../features/trace/route.ts';
import { sessionQuery } from '../lib/api/get-session.ts';
import { postSessionLink } from '../lib/api/post-session-link.ts';
import { rootRoute, shellRoute } from '../lib/base-routes.ts';
import { CrashPage, NotFoundPage, SigningInPage } from './fallback-pages.tsx';
import { Shell } from './shell.tsx';

rootRoute.update({ notFoundComponent: NotFoundPage, errorComponent: CrashPage });
shellRoute.update({ component: Shell });

/** The pages within the frame: a line each. */
const shell = shellRoute.addChildren([
  appsRoute,
  appRoute,
  mapRoute,
  exploreRoute,
  liveRoute,
  traceRoute,
  alertsRoute,
  healthRoute,
  settingsRoute,
]);

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/apps', replace: true });
  },
});

interface SignInSearch {
  /** The path to go to afterwards. */
  readonly return?: string;
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (query: Record<string, unknown>): SignInSearch =>
    typeof query.return === 'string' ? { return: query.return } : {},
  beforeLoad: async ({ context, location, search }) => {
    const token = readLinkToken(location.hash);
    if (token === null) return;
    hideFragment();
    const problem = await signInWithLink(token, context.queryClient);
    if (problem === null) throw redirect({ href: safeReturnPath(search.return), replace: true });
    throw redirect({ to: '/sign-in', search, replace: true, state: { signInProblem: problem } });
  },
  pendingMs: 0,
  pendingComponent: SigningInPage,
  component: lazyRouteComponent(() => import('../features/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

/** Spends the token; the sentence to show if that did not work, else null. */
async function signInWithLink(token: string, queryClient: QueryClient): Promise<string | null> {
  try {
    const session = await postSessionLink({ token });
    queryClient.clear();
    queryClient.setQueryData(sessionQuery().queryKey, session);
    return null;
  } catch (error) {
    return linkProblem(error);
  }
}

const routeTree = rootRoute.addChildren([homeRoute, shell, signInRoute]);

/** Queries are flat texts, so that addresses stay readable: `?range=1h&sort=-p95`. */
const parseSearch = (query: string): Record<string, string> => Object.fromEntries(new URLSearchParams(query));

function stringifySearch(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  const text = new URLSearchParams(pairs).toString();
  return text === '' ? '' : `?${text}`;
}

/** The dashboard's addresses; `history` is the browser's unless given. */
export const createAppRouter = (queryClient: QueryClient, history?: RouterHistory) =>
  createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    ...(history === undefined ? {} : { history }),
  });

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
  interface HistoryState {
    /** Why the one-time link that led here did not work. */
    signInProblem?: string;
  }
}
