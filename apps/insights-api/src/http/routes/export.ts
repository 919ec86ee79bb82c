import { Readable } from 'node:stream';
import { ErrorResponse, ExportQuery } from '@scorpiox/shared/contract';
import { Type } from 'typebox';
import { exportEvents, FORMATS } from '../../query/export/export-events.ts';
import { readSearch } from '../../query/raw/asked.ts';
import { EXPORTS } from '../../query/raw/limits.ts';
import { Places } from '../../query/raw/places.ts';
import { whenGone } from '../gone.ts';
import type { Routes } from '../instance.ts';
import { toSearchError } from './events.ts';

const TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' } as const;

/** `GET /api/events/export`. */
export const exportRoutes: Routes = async (app, { store: { raw }, control, now }) => {
  const places = new Places(EXPORTS);
  app.get(
    '/api/events/export',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'All events that match a query, newest first, as CSV or NDJSON; the last line says so where it is cut',
        querystring: ExportQuery,
        response: { 200: Type.Any(), '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async ({ query }, reply) => {
      const asked = readSearch(query, await control.apps(), now());
      if (!asked.ok) throw toSearchError(asked.error);
      const signal = whenGone(reply);
      // Somebody who left meanwhile would not give their place back: `close` has been.
      signal.throwIfAborted();
      const giveBack = places.take();
      reply.raw.once('close', giveBack);
      const tools = { raw, now, ticks: () => performance.now(), signal };
      const day = new Date(now()).toISOString().slice(0, 10);
      reply
        .type(TYPES[query.format])
        .header('content-disposition', `attachment; filename="events-${day}.${query.format}"`);
      // Not objects but text: the stream then counts characters, and reads ahead by a page at most.
      return reply.send(Readable.from(exportEvents(tools, asked.value, FORMATS[query.format]), { objectMode: false }));
    },
  );
};
