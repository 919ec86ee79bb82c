import { expect, test } from 'vitest';
import type { DeclaredRoute } from '../../src/http/access.ts';
import { makeApi } from '../helpers/api.ts';

/** Who may call what: the rule, and every route that is an exception to it. A new exception is stated here or fails. */
const EXCEPTIONS: Readonly<Record<string, DeclaredRoute['access']>> = {
  'POST /api/ingest': 'ingest',
  'POST /v2/track': 'ingest',
  'POST /v2.1/track': 'ingest',
  'POST /v1/traces': 'ingest',
  'POST /v1/logs': 'ingest',
  'POST /v1/metrics': 'ingest',
  'OPTIONS /v2/track': 'public',
  'OPTIONS /v2.1/track': 'public',
  'OPTIONS /v1/traces': 'public',
  'OPTIONS /v1/logs': 'public',
  'OPTIONS /v1/metrics': 'public',
  'POST /QuickPulseService.svc/ping': 'public',
  'POST /QuickPulseService.svc/post': 'public',
  'GET /api/profiles/:key/appId': 'public',
  'OPTIONS /api/profiles/:key/appId': 'public',
  'GET /api/docs': 'public',
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'local-or-viewer',
  'POST /api/session': 'session',
  'POST /api/session/link': 'session',
  'DELETE /api/session': 'session',
  // Views are shared by all who sign in.
  'POST /api/views': 'viewer',
  'PUT /api/views/:id': 'viewer',
  'DELETE /api/views/:id': 'viewer',
  // Somebody's own password; the old one is asked for.
  'POST /api/session/password': 'viewer',
  // Who may read a key may send with it; names of accounts are half of a sign-in.
  'GET /api/settings/keys': 'admin',
  'GET /api/settings/tokens': 'admin',
  'GET /api/settings/users': 'admin',
};

const SAFE = new Set(['GET', 'HEAD']);

/** Files of the dashboard are anybody's; what only reads is for whoever is signed in, what changes something for admins. */
function expected({ method, url }: DeclaredRoute): DeclaredRoute['access'] {
  const stated = EXCEPTIONS[`${method === 'HEAD' ? 'GET' : method} ${url}`];
  if (stated === undefined && SAFE.has(method) && !url.startsWith('/api/')) return 'public';
  return stated ?? (SAFE.has(method) ? 'viewer' : 'admin');
}

const nameOf = ({ method, url }: DeclaredRoute) => `${method} ${url}`;
const fill = (url: string) => url.replaceAll(/:\w+/g, 'x').replace('*', 'x');

test('every route is for those whom the rule names, or is an exception that is stated here', async () => {
  const { app } = await makeApi();
  const routes = app.declaredRoutes;
  expect(routes.length).toBeGreaterThan(30);
  expect(routes.map((route) => [nameOf(route), route.access])).toEqual(
    routes.map((route) => [nameOf(route), expected(route)]),
  );
});

test('a route that does not say who may call it does not start', async () => {
  const { app } = await makeApi();
  expect(() => app.get('/api/forgotten', async () => ({}))).toThrow();
});

test('nobody gets past what is declared: not strangers, not viewers, not another site', async () => {
  const { app, token, control } = await makeApi();
  const admin = await control.createSession({ user: 'root', role: 'admin', ttlMs: 60_000 });
  const asked = async (route: DeclaredRoute, headers: Record<string, string>) => {
    // The methods of routes are those that can be injected.
    const method = route.method as 'GET';
    return (await app.inject({ method, url: fill(route.url), headers })).statusCode;
  };
  const guarded = app.declaredRoutes.filter(({ access }) => access === 'viewer' || access === 'admin');
  for (const route of guarded) {
    expect([nameOf(route), await asked(route, {})]).toEqual([nameOf(route), 401]);
    const changes = !SAFE.has(route.method);
    if (route.access === 'admin') {
      expect([nameOf(route), await asked(route, { authorization: `Bearer ${token}` })]).toEqual([nameOf(route), 403]);
    }
    if (changes) {
      const cookie = `scorpiox_session=${admin.token}`;
      for (const origin of [{}, { origin: 'http://evil.test' }]) {
        const status = await asked(route, { host: 'insights.test', cookie, ...origin });
        expect([nameOf(route), status]).toEqual([nameOf(route), 403]);
      }
    }
  }
});
