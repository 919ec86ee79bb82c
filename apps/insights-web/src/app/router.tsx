import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router';
import { refreshEvery } from '../features/apps/range.ts';
import { type AppsSearch, parseView, printView } from '../features/apps/search.ts';
import { hideFragment, readLinkToken } from '../features/sign-in/link-token.ts';
import { safeReturnPath } from '../features/sign-in/return-path.ts';
import { linkProblem } from '../features/sign-in/sign-in-error.ts';
import { appsQuery } from '../lib/api/get-apps.ts';
import { sessionQuery } from '../lib/api/get-session.ts';
import { postSessionLink } from '../lib/api/post-session-link.ts';
import { CrashPage, NotFoundPage, SigningInPage } from './fallback-pages.tsx';
import { Shell } from './shell.tsx';

interface RouterContext {
  readonly queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
});

const shellRoute = createRoute({ getParentRoute: () => rootRoute, id: 'shell', component: Shell });

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/apps', replace: true });
  },
});

const appsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/apps',
  validateSearch: (query: Record<string, unknown>): AppsSearch => printView(parseView(query)),
  loaderDeps: ({ search }) => ({ range: parseView({ ...search }).range }),
  // Started here, beside the page's code, and not waited for: the page shows its own waiting and failing states.
  loader: ({ context, deps }) => {
    void context.queryClient.prefetchQuery(appsQuery(deps.range, refreshEvery(deps.range)));
  },
  component: lazyRouteComponent(() => import('../features/apps/apps-page.tsx'), 'AppsPage'),
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

const routeTree = rootRoute.addChildren([homeRoute, shellRoute.addChildren([appsRoute]), signInRoute]);

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
