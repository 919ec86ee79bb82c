import { AsideResponse, ErrorResponse, HealthResponse, WorkList } from '@scorpiox/shared/contract';
import { Type } from 'typebox';
import { adviseOn } from '../../watch/advice.ts';
import type { Routes } from '../instance.ts';
import { METRICS_TYPE, renderMetrics } from '../metrics.ts';
import { describeSpool, makeLenient, needsLook } from '../spool-health.ts';

const Ok = Type.Object({ status: Type.Literal('ok') });
const Ready = Type.Object({ status: Type.Literal('ok'), work: WorkList });

/** What watches the process: `/healthz`, `/readyz`, `/metrics`, and `/api/health` for people. */
export const healthRoutes: Routes = async (app, { store, writer, ingest, spool, now, board, platform }) => {
  const askStore = makeLenient(store, spool);

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
      // With a spool it takes events whether or not the database is there.
      await (spool === undefined ? store.health() : spool.state());
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
      const { health, reachable } = await askStore();
      const text = renderMetrics({
        store: reachable ? health : undefined,
        queue: writer.state(),
        ingest: ingest.state(),
        spool: await spool?.state(),
        work: board.states(),
      });
      return reply.type(METRICS_TYPE).serializer(String).send(text);
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
      const { health, reachable } = await askStore();
      const waiting = await spool?.state();
      const { submissions, events, bytes: queuedBytes, turnedAway, failed, failing } = writer.state();
      const { movedTo } = health;
      const degraded = failing || movedTo !== undefined || !reachable || (waiting !== undefined && needsLook(waiting));
      const known = {
        queue: { submissions, events, bytes: queuedBytes, turnedAway, failed },
        ownerless: ingest.state().ownerless,
        databaseReachable: reachable,
        ...(movedTo === undefined ? {} : { movedTo }),
        ...(waiting === undefined ? {} : { spool: describeSpool(waiting, now()) }),
        databaseBytes: health.bytes,
        deduplication: health.deduplication,
        work: [...board.states()],
        apps: health.apps.map(({ name, counters }) => ({ name, ...counters })),
      };
      const state = await platform.state();
      const advice = [...adviseOn({ ...known, ...state, failing })];
      return {
        status: degraded ? ('degraded' as const) : ('ok' as const),
        ...known,
        platform: { ...state, advice },
      };
    },
  );

  app.get(
    '/api/spool/aside',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Events that the SQL Server refuses, newest first',
        response: { 200: AsideResponse, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async () => {
      const events = (await spool?.aside()) ?? [];
      return { events: events.map(({ at, ...rest }) => ({ at: new Date(at).toISOString(), ...rest })) };
    },
  );
};
