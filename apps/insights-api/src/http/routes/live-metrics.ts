import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Control } from '@scorpiox/shared/database';
import { Type } from 'typebox';
import { LIVE_METRICS_POLL_MS } from '../../limits.ts';
import { allowAnyOrigin } from '../cors.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';
import { takeRawBodies } from '../raw-body.ts';

/**
 * What Application Insights SDKs ask for beside sending: whether somebody watches live (nobody does, so they go on
 * asking once in a while instead of posting each second), and the id by which an application names itself to others.
 */
export const liveMetricsRoutes: Routes<{ readonly control: Pick<Control, 'findKey'> }> = async (app, { control }) => {
  allowAnyOrigin(app);
  takeRawBodies(app);
  for (const action of ['ping', 'post']) {
    app.post(
      `/QuickPulseService.svc/${action}`,
      {
        config: { access: 'public' },
        schema: {
          summary: `Live metrics of Application Insights SDKs (${action}): answered that nobody watches`,
          body: Type.Unknown({ description: 'Not read' }),
          response: { 200: Type.Object({}) },
        },
      },
      async (request, reply) => {
        // It has to flow away for the connection to go on; a request's time is bounded.
        if (request.body instanceof Readable) request.body.resume();
        return reply
          .header('x-ms-qps-subscribed', 'false')
          .header('x-ms-qps-service-polling-interval-hint', String(LIVE_METRICS_POLL_MS))
          .send({});
      },
    );
  }

  app.get(
    '/api/profiles/:key/appId',
    {
      config: { access: 'public' },
      schema: {
        summary: 'The id by which Application Insights SDKs name the application to others',
        params: Type.Object({ key: Type.String() }),
        response: { 200: Type.String() },
      },
    },
    async ({ params }, reply) => {
      const grant = await control.findKey(params.key);
      if (grant === undefined) throw new ApiError('not-found', 'This key names no application.');
      const id = appIdOf(
        grant.app === undefined ? `key ${params.key.toLowerCase()}` : `app ${grant.app.id} ${grant.app.name}`,
      );
      return reply.type('text/plain; charset=utf-8').serializer(String).send(id);
    },
  );
};

/** A UUID that says nothing of the key: SDKs put it into headers that other people's servers see. */
function appIdOf(whose: string): string {
  const digest = createHash('sha256').update(whose).digest('hex');
  return [0, 8, 12, 16, 20].map((at, i, all) => digest.slice(at, all[i + 1] ?? 32)).join('-');
}
