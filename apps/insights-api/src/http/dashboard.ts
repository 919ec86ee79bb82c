import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import { Type } from 'typebox';
import { ApiError } from './errors.ts';
import type { Routes } from './instance.ts';

/** First segments of addresses that are never a page: an unknown one among them is an error, not the dashboard. */
const NO_PAGE = /^(?:api|v1|v2|v2\.1)(?:\/|$)/;

/** Addresses of files: what the build puts below assets/, and what lies beside the page (favicon.svg). */
const IS_FILE = /^assets\/|^[^/]+\.[a-z0-9]+$/;

/** For files whose names hold a hash of their content. */
const FOREVER = 'public, max-age=31536000, immutable';

/** The dashboard: `/` leads to `/apps`, files as they are built, and every other address is a page of the one program. */
export const dashboardRoutes: Routes = async (app, { dashboard }) => {
  const hidden = { config: { access: 'public' }, schema: { hide: true, response: { 302: Type.Null() } } } as const;
  app.get('/', hidden, async (_request, reply) => reply.redirect('/apps'));
  if (dashboard === undefined) {
    app.get('/apps', hidden, async () => {
      throw new ApiError('not-found', 'The dashboard is not built; run `npm run build`.');
    });
    return;
  }
  const assets = join(dashboard, 'assets', sep);
  await app.register(fastifyStatic, {
    root: dashboard,
    serve: false,
    index: false,
    cacheControl: false,
    // The build has packed them; what it has not is sent as it is.
    preCompressed: true,
    setHeaders: (reply, file) => reply.header('cache-control', file.startsWith(assets) ? FOREVER : 'no-cache'),
  });
  app.get(
    '/*',
    { config: { access: 'public' }, schema: { hide: true, params: Type.Object({ '*': Type.String() }) } },
    async ({ params: { '*': path } }, reply) => {
      if (IS_FILE.test(path)) return reply.sendFile(path);
      if (NO_PAGE.test(path)) throw new ApiError('not-found', `There is no /${path}.`);
      return reply.sendFile('index.html');
    },
  );
};
