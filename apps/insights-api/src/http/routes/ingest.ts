import { ErrorResponse, IngestResponse } from '@scorpiox/shared/contract';
import { Type } from 'typebox';
import { nativeFormat } from '../../ingest/formats/native.ts';
import { readBearer } from '../credentials.ts';
import type { IngestDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';
import { refusalOf, takeRawBodies, withBatch } from '../raw-body.ts';

/** `POST /api/ingest`: the native format. */
export const ingestRoutes: Routes<IngestDeps> = async (app, { ingest, memory }) => {
  takeRawBodies(app);
  app.post(
    '/api/ingest',
    {
      config: { access: 'ingest' },
      schema: {
        summary: 'Send events: NDJSON or a JSON array',
        body: Type.Unknown({
          description: 'Events as docs/sending.md describes them; gzip and deflate are understood',
        }),
        response: { 200: IngestResponse, '4xx': ErrorResponse, 429: Type.Null(), 503: Type.Null() },
      },
    },
    async (request, reply) => {
      const key = readBearer(request);
      if (key === undefined || !(await ingest.knows(key))) {
        throw new ApiError('unknown-key', 'Send an ingest key as Authorization: Bearer KEY; this is none.');
      }
      const taken = await withBatch(request, memory, key, (batch) => ingest.take(batch, nativeFormat));
      if (!taken.ok) throw refusalOf(taken.error);
      const { received, accepted, duplicates, drops } = taken.value;
      const errors = drops.map(({ index, reason, message }) => ({ index, code: reason, message }));
      return reply.send({ received, accepted, duplicates, errors });
    },
  );
};
