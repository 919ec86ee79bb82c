import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { PARAMETER_LENGTH, SMALL_BODY_BYTES } from '../limits.ts';
import { sendError, toApiError } from './errors.ts';
import type { ApiInstance } from './instance.ts';
import { makeServer } from './listener.ts';

/** Everything that the dashboard loads comes from files of this address; only images may stand in its styles. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
};

/** What all that answers on our sockets has in common: bounds, headers, the shape of errors. It has no routes yet. */
export function makeBase(trustProxy: readonly string[], logger: FastifyBaseLogger): ApiInstance {
  const app: ApiInstance = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: SMALL_BODY_BYTES,
    serverFactory: (handler) => makeServer(handler),
    trustProxy: trustProxy.length > 0 && [...trustProxy],
    routerOptions: { maxParamLength: PARAMETER_LENGTH },
    // Addresses that are no addresses never come to a route or its hooks.
    frameworkErrors: (error, request, reply) => {
      void sendError(reply.headers(SECURITY_HEADERS), toApiError(error, request.log));
    },
    // What comes while it stops is answered by its own route, in that one's way of saying "later".
    return503OnClosing: false,
    // A wrong type is the caller's error, except in addresses, where everything is text.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler((error, request, reply) => sendError(reply, toApiError(error, request.log)));
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(SECURITY_HEADERS);
  });
  return app;
}
