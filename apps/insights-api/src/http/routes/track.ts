import { ErrorResponse } from '@scorpiox/shared/contract';
import { readKey } from '@scorpiox/shared/database';
import { Type } from 'typebox';
import { appInsightsFormat } from '../../ingest/formats/app-insights.ts';
import type { BatchOutcome } from '../../ingest/pipeline/pipeline.ts';
import { allowAnyOrigin, answerPreflight } from '../cors.ts';
import { readBearer } from '../credentials.ts';
import type { IngestDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';
import { refusalOf, takeRawBodies, withBatch } from '../raw-body.ts';

const TrackResponse = Type.Object({
  itemsReceived: Type.Integer(),
  itemsAccepted: Type.Integer(),
  errors: Type.Array(Type.Object({ index: Type.Integer(), statusCode: Type.Integer(), message: Type.String() })),
});

/** `POST /v2/track` and `/v2.1/track`: what Application Insights SDKs send. */
export const trackRoutes: Routes<IngestDeps> = async (app, { ingest, memory }) => {
  allowAnyOrigin(app);
  takeRawBodies(app);
  for (const url of ['/v2/track', '/v2.1/track']) {
    answerPreflight(app, url, 'POST', 'Content-Type, Content-Encoding, Authorization, Sdk-Context');
    app.post(
      url,
      {
        config: { access: 'ingest' },
        schema: {
          summary: 'Send Application Insights envelopes: NDJSON or a JSON array',
          body: Type.Unknown({ description: 'Envelopes; gzip and deflate are understood' }),
          response: {
            200: TrackResponse,
            206: TrackResponse,
            400: Type.Union([TrackResponse, ErrorResponse]),
            '4xx': ErrorResponse,
            429: Type.Null(),
            503: Type.Null(),
          },
        },
      },
      async (request, reply) => {
        const key = readBearer(request);
        // What is not spelled as a key is somebody else's, as a token of Microsoft Entra.
        if (key !== undefined && readKey(key) !== undefined && !(await ingest.knows(key))) {
          throw new ApiError('unknown-key', 'The key in Authorization names no application.');
        }
        const taken = await withBatch(request, memory, key, (batch) => ingest.take(batch, appInsightsFormat));
        if (!taken.ok) throw refusalOf(taken.error);
        return reply.code(statusOf(taken.value)).send(answerFor(taken.value));
      },
    );
  }
};

/** 206 when some were taken or are to come again, 400 when none was: SDKs drop the items with status 400. */
function statusOf({ received, drops }: BatchOutcome): 200 | 206 | 400 {
  if (drops.length === 0) return 200;
  return drops.length < received || drops.some(({ retryAfter }) => retryAfter !== undefined) ? 206 : 400;
}

/** A duplicate counts as accepted: the sender asks whether it is stored, and it is. */
function answerFor({ received, accepted, duplicates, drops }: BatchOutcome) {
  return {
    itemsReceived: received,
    itemsAccepted: accepted + duplicates,
    errors: drops.map(({ index, message, retryAfter }) => ({
      index,
      statusCode: retryAfter === undefined ? 400 : 429,
      message,
    })),
  };
}
