import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger } from 'fastify';
import { Type } from 'typebox';
import { guardRoutes } from './access.ts';
import { makeBase } from './base.ts';
import { dashboardRoutes } from './dashboard.ts';
import type { HttpDeps } from './deps.ts';
import { ApiError, sendError } from './errors.ts';
import type { ApiInstance, Routes } from './instance.ts';
import { alertRoutes } from './routes/alerts.ts';
import { appsRoutes } from './routes/apps.ts';
import { backupRoutes } from './routes/backups.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/export.ts';
import { healthRoutes } from './routes/health.ts';
import { importRoutes } from './routes/imports.ts';
import { ingestRoutes } from './routes/ingest.ts';
import { liveRoutes } from './routes/live.ts';
import { liveMetricsRoutes } from './routes/live-metrics.ts';
import { metricRoutes } from './routes/metrics.ts';
import { otlpRoutes } from './routes/otlp.ts';
import { passwordRoutes } from './routes/password.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings/routes.ts';
import { traceRoutes } from './routes/traces.ts';
import { trackRoutes } from './routes/track.ts';
import { viewRoutes } from './routes/views.ts';
import { type NotNow, turnAway } from './turn-away.ts';

/** What comes over an open connection while the process stops is for whoever listens next. */
const STOPPING: NotNow = { message: 'The server is stopping.', except: ['/healthz'], close: true };

/** The whole HTTP side, ready to listen or to be injected into. */
export async function buildApp(deps: HttpDeps, logger: FastifyBaseLogger): Promise<ApiInstance> {
  const app = makeBase(deps.trustProxy, logger);
  await app.register(cookie);
  turnAway(app, () => (deps.isReady() ? undefined : STOPPING));
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?');
    return sendError(reply, new ApiError('not-found', `There is no ${request.method} ${path}.`));
  });
  guardRoutes(app, deps, deps.publicUrl);
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Scorpiox insights', version: '1' } },
  });
  for (const routes of [
    ingestRoutes,
    trackRoutes,
    otlpRoutes,
    liveMetricsRoutes,
    appsRoutes,
    metricRoutes,
    sessionRoutes,
    passwordRoutes,
    settingsRoutes,
    alertRoutes,
    eventRoutes,
    exportRoutes,
    traceRoutes,
    liveRoutes,
    viewRoutes,
    healthRoutes,
    backupRoutes,
    importRoutes,
    docsRoutes,
    dashboardRoutes,
  ]) {
    await app.register(async (scope) => routes(scope.withTypeProvider<TypeBoxTypeProvider>(), deps));
  }
  return app;
}

/** `GET /api/docs`: the description of every route, made from their schemas. */
const docsRoutes: Routes = async (app) => {
  app.get(
    '/api/docs',
    {
      config: { access: 'public' },
      schema: { summary: 'This description (OpenAPI 3.1)', response: { 200: Type.Any() } },
    },
    async (_request, reply) => reply.serializer(JSON.stringify).type('application/json').send(app.swagger()),
  );
};
