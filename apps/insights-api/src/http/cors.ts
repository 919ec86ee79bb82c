import { Type } from 'typebox';
import type { ApiInstance } from './instance.ts';

/** Browsers send from any page. No credentials: the key is all the authority there is. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Retry-After',
  'cross-origin-resource-policy': 'cross-origin',
};

/** Makes the routes of this plugin answer pages of any site, and errors too: a browser hands on no answer without it. */
export function allowAnyOrigin(app: ApiInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(CORS);
  });
}

/** Answers a browser that asks first whether it may send there. `headers` are the request headers that may be sent. */
export function answerPreflight(app: ApiInstance, url: string, methods: string, headers: string): void {
  app.options(
    url,
    { config: { access: 'public' }, schema: { hide: true, response: { 204: Type.Null() } } },
    async (_request, reply) => {
      reply.headers({
        'access-control-allow-methods': `${methods}, OPTIONS`,
        'access-control-allow-headers': headers,
        'access-control-max-age': '86400',
      });
      return reply.code(204).send(null);
    },
  );
}
