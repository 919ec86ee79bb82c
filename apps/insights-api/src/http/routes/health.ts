import { ErrorResponse, HealthResponse, WorkList } from '@scorpiox/shared/contract';
import { Type } from 'typebox';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';
import { renderMetrics } from '../metrics.ts';

const Ok = Type.Object({ status: Type.Literal('ok') });
const Ready = Type.Object({ status: Type.Literal('ok'), work: WorkList });

/** What watches the process: `/healthz`, `/readyz`, `/metrics`, and `/api/health` for people. */
export const healthRoutes: Routes = async (app, { store, writer, ingest, isReady, board }) => {
  app.get(
    '/healthz',
    { config: { access: 'public' }, schema: { summary: 'Whether the process answers', response: { 200: Ok } } },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { access: 'public' },
      schema: {
        summary: 'Whether it takes work, and what long work is under way beside it',
        response: { 200: Ready, '5xx': ErrorResponse },
      },
    },
    async () => {
      if (!isReady()) throw new ApiError('unavailable', 'The server is stopping.');
      await store.health();
      return { status: 'ok' as const, work: [...board.states()] };
    },
  );

  app.get(
    '/metrics',
    {
      config: { access: 'local-or-viewer' },
      schema: { summary: 'Figures in Prometheus text format', response: { 200: Type.String(), '4xx': ErrorResponse } },
    },
    async (_request, reply) => {
      const text = renderMetrics(await store.health(), writer.state(), ingest.state());
      return reply.type('text/plain; version=0.0.4; charset=utf-8').serializer(String).send(text);
    },
  );

  app.get(
    '/api/health',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'The platform on itself: queue, counters, database',
        response: { 200: HealthResponse, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async () => {
      const { bytes, deduplication, apps } = await store.health();
      const { submissions, events, bytes: queuedBytes, turnedAway, failed, failing } = writer.state();
      return {
        status: failing ? ('degraded' as const) : ('ok' as const),
        queue: { submissions, events, bytes: queuedBytes, turnedAway, failed },
        ownerless: ingest.state().ownerless,
        databaseBytes: bytes,
        deduplication,
        work: [...board.states()],
        apps: apps.map(({ name, counters }) => ({ name, ...counters })),
      };
    },
  );
};
