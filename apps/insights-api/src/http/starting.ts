import type { FastifyBaseLogger } from 'fastify';
import { Budget } from '../ingest/budget.ts';
import type { WorkBoard } from '../work/board.ts';
import { isLocal } from './access.ts';
import { makeBase } from './base.ts';
import { sendError } from './errors.ts';
import type { ApiInstance } from './instance.ts';
import { METRICS_TYPE, renderStarting } from './metrics.ts';
import { ingestRoutes } from './routes/ingest.ts';
import { liveMetricsRoutes } from './routes/live-metrics.ts';
import { otlpRoutes } from './routes/otlp.ts';
import { trackRoutes } from './routes/track.ts';
import { type NotNow, notNow, turnAway } from './turn-away.ts';

/*
 * What answers while the database is brought to this program's version
 *
 * The process lives and says how far it is; everything else is to come again. Senders are told so by their own routes,
 * each in the way of its format. Who may ask for what is written in the database, so what is told here is told to anyone.
 */

const MESSAGE = 'The database is being brought to the version of this program; try again soon.';

const NOT_YET: NotNow = {
  message: MESSAGE,
  except: ['/healthz', '/readyz', '/api/health', '/metrics'],
  close: false, // the same connection serves when it is time
};

export interface StartingDeps {
  readonly board: Pick<WorkBoard, 'states'>;
  readonly trustProxy: readonly string[];
}

/** Ready to answer. */
export async function buildStartingApp(
  { board, trustProxy }: StartingDeps,
  logger: FastifyBaseLogger,
): Promise<ApiInstance> {
  const app = makeBase(trustProxy, logger);
  turnAway(app, () => NOT_YET);
  app.setNotFoundHandler((_request, reply) => sendError(reply, notNow(MESSAGE)));
  app.get('/healthz', async () => ({ status: 'ok' }));
  for (const url of ['/readyz', '/api/health']) {
    app.get(url, (_request, reply) => sendError(reply, notNow(MESSAGE), { work: board.states() }));
  }
  app.get('/metrics', async (request, reply) => {
    if (!isLocal(request)) throw notNow(MESSAGE);
    return reply.type(METRICS_TYPE).send(renderStarting(board.states()));
  });
  const deps = { ingest: { knows: refuse, take: refuse }, control: { findKey: refuse }, memory: new Budget(0) };
  for (const routes of [ingestRoutes, trackRoutes, otlpRoutes, liveMetricsRoutes]) {
    await app.register(async (scope) => routes(scope, deps));
  }
  await app.ready();
  return app;
}

/** In place of what there is none of yet. Nothing comes this far. */
const refuse = () => Promise.reject(notNow(MESSAGE));
