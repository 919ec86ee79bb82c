import type { Accounts } from '@scorpiox/shared/accounts';
import { SESSION_COOKIE } from '@scorpiox/shared/contract';
import type { Control, Principal } from '@scorpiox/shared/database';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readBearer } from './credentials.ts';
import { ApiError } from './errors.ts';
import { checkOrigin } from './origin.ts';

/**
 * Who may call a route: stated by every route as data, so that no address can be forgotten or spelled around.
 * - `public`: anyone
 * - `ingest`: whoever has an ingest key; the route checks it, since envelopes name it too
 * - `session`: as `public`, but what a browser sends must come from this site (signing in and out)
 * - `viewer`: anyone signed in, or with a token
 * - `admin`: an admin who is signed in, or with an admin's token
 * - `local-or-viewer`: as `viewer`, and without that from this machine itself, not through a proxy or a page (scrapers)
 */
type Access = 'public' | 'ingest' | 'session' | 'viewer' | 'admin' | 'local-or-viewer';

/** A route with who may call it. */
export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route, once all are there. */
    declaredRoutes: readonly DeclaredRoute[];
  }
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    principal: Principal | undefined;
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Who knows whom: sessions and tokens, and whether an account is still let in. */
interface Known {
  readonly control: Pick<Control, 'findToken' | 'findSession'>;
  readonly accounts: Pick<Accounts, 'find'>;
}

/** Makes every route check its callers; a route that does not say who may call it is a programming error at start. */
export function guardRoutes(app: FastifyInstance, known: Known, publicUrl: string): void {
  app.decorateRequest('principal', undefined);
  const routes: DeclaredRoute[] = [];
  app.decorate('declaredRoutes', routes);
  app.addHook('onRoute', ({ config, url, method }) => {
    const access = config?.access;
    if (access === undefined) throw new Error(`the route ${url} does not say who may call it`);
    for (const one of [method].flat()) routes.push({ method: one, url, access });
  });
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access ?? 'public';
    if (access === 'public' || access === 'ingest') return;
    const fromCookie = request.cookies[SESSION_COOKIE] !== undefined && readBearer(request) === undefined;
    if (!SAFE_METHODS.has(request.method)) checkOrigin(request, publicUrl, fromCookie);
    if (access === 'local-or-viewer' && isLocal(request)) return;
    request.principal = await identify(request, known);
    if (access !== 'session' && request.principal === undefined) {
      throw new ApiError('not-signed-in', 'Sign in, or send a token as Authorization: Bearer TOKEN.');
    }
    if (access === 'admin' && request.principal?.role !== 'admin') {
      throw new ApiError('not-allowed', 'This is for admins.');
    }
  });
}

/** Whose session or token a request bears, if it is in force; a session of an account that is disabled is not. */
export async function identify(request: FastifyRequest, { control, accounts }: Known): Promise<Principal | undefined> {
  const token = readBearer(request);
  if (token !== undefined) return control.findToken(token);
  const session = request.cookies[SESSION_COOKIE];
  const principal = session === undefined ? undefined : await control.findSession(session);
  return principal !== undefined && accounts.find(principal.user)?.disabled === true ? undefined : principal;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const LOCAL_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/**
 * A reverse proxy on this machine also comes from loopback, but says whom it speaks for. So does a browser on it, for
 * whatever page it shows: one whose name was made to lead here still asks for its own Host, and others send an Origin.
 */
export function isLocal(request: FastifyRequest): boolean {
  const { headers } = request;
  const proxied = headers.forwarded ?? headers['x-forwarded-for'] ?? headers['x-real-ip'] ?? headers.via;
  if (proxied !== undefined || headers.origin !== undefined) return false;
  return LOCAL_HOST.test(headers.host ?? '') && LOOPBACK.has(request.socket.remoteAddress ?? '');
}
