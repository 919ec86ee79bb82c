import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { Type } from 'typebox';
import { CONNECTION_TIMEOUT_MS, REQUEST_CHECK_MS, REQUEST_TIMEOUT_MS, SMALL_BODY_BYTES } from '../limits.ts';
import { guardRoutes } from './access.ts';
import { answerClientError } from './client-error.ts';
import { dashboardRoutes } from './dashboard.ts';
import type { HttpDeps } from './deps.ts';
import { ApiError, sendError, toApiError } from './errors.ts';
import type { ApiInstance, Routes } from './instance.ts';
import { appsRoutes } from './routes/apps.ts';
import { backupRoutes } from './routes/backups.ts';
import { healthRoutes } from './routes/health.ts';
import { importRoutes } from './routes/imports.ts';
import { ingestRoutes } from './routes/ingest.ts';
import { liveMetricsRoutes } from './routes/live-metrics.ts';
import { otlpRoutes } from './routes/otlp.ts';
import { passwordRoutes } from './routes/password.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings/routes.ts';
import { trackRoutes } from './routes/track.ts';

/** Everything that the dashboard loads comes from files of this address; only images may stand in its styles. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
};

/** The whole HTTP side, ready to listen or to be injected into. */
export async function buildApp(deps: HttpDeps, logger: FastifyBaseLogger): Promise<ApiInstance> {
  const app: ApiInstance = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: SMALL_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    http: { connectionsCheckingInterval: REQUEST_CHECK_MS },
    trustProxy: deps.trustProxy.length > 0 && [...deps.trustProxy],
    // Addresses that are no addresses never come to a route or its hooks.
    frameworkErrors: (error, request, reply) => {
      void sendError(reply.headers(SECURITY_HEADERS), toApiError(error, request.log));
    },
    clientErrorHandler: answerClientError,
    forceCloseConnections: 'idle',
    // A wrong type is the caller's error, except in addresses, where everything is text.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();

  await app.register(cookie);
  app.setErrorHandler((error, request, reply) => sendError(reply, toApiError(error, request.log)));
  app.setNotFoundHandler((request, reply) => {
    const [path] = request.url.split('?');
    return sendError(reply, new ApiError('not-found', `There is no ${request.method} ${path}.`));
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(SECURITY_HEADERS);
  });
  guardRoutes(app, deps.control, deps.publicUrl);
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Scorpiox insights', version: '1' } },
  });
  for (const routes of [
    ingestRoutes,
    trackRoutes,
    otlpRoutes,
    liveMetricsRoutes,
    appsRoutes,
    sessionRoutes,
    passwordRoutes,
    settingsRoutes,
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
