import { Type } from 'typebox';
import { otlpFormat } from '../../ingest/formats/otlp/format.ts';
import type { Signal } from '../../ingest/formats/otlp/read.ts';
import { allowAnyOrigin, answerPreflight } from '../cors.ts';
import { readBearer } from '../credentials.ts';
import type { IngestDeps } from '../deps.ts';
import { ApiError, toApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';
import { sendOutcome, sendStatus, spellingOf } from '../otlp-answers.ts';
import { refusalOf, takeRawBodies, withBatch } from '../raw-body.ts';

const SIGNALS: readonly Signal[] = ['traces', 'logs', 'metrics'];

const Answer = Type.Object({
  partialSuccess: Type.Optional(
    Type.Object({
      rejectedSpans: Type.Optional(Type.String()),
      rejectedLogRecords: Type.Optional(Type.String()),
      rejectedDataPoints: Type.Optional(Type.String()),
      errorMessage: Type.String(),
    }),
  ),
});
const Status = Type.Object({ code: Type.Integer(), message: Type.String() }, { description: 'google.rpc.Status' });

/** `POST /v1/traces`, `/v1/logs`, `/v1/metrics`: OTLP over HTTP, protobuf and JSON. */
export const otlpRoutes: Routes<IngestDeps> = async (app, { ingest, memory }) => {
  allowAnyOrigin(app);
  takeRawBodies(app, (error, request, reply) =>
    sendStatus(reply, spellingOf(request) ?? 'json', toApiError(error, request.log)),
  );
  for (const signal of SIGNALS) {
    const url = `/v1/${signal}`;
    answerPreflight(app, url, 'POST', 'Content-Type, Content-Encoding, Authorization');
    app.post(
      url,
      {
        config: { access: 'ingest' },
        schema: {
          summary: `Send OpenTelemetry ${signal} (OTLP/HTTP)`,
          consumes: ['application/x-protobuf', 'application/json'],
          produces: ['application/x-protobuf', 'application/json'],
          body: Type.Unknown({ description: 'OTLP in protobuf or JSON; gzip and deflate are understood' }),
          response: { 200: Answer, '4xx': Status, '5xx': Status },
        },
      },
      async (request, reply) => {
        const spelling = spellingOf(request);
        if (spelling === undefined) {
          throw new ApiError('unsupported-media-type', 'Send application/x-protobuf or application/json.');
        }
        const key = readBearer(request);
        if (key === undefined || !(await ingest.knows(key))) {
          throw new ApiError('unknown-key', 'Send an ingest key as Authorization: Bearer KEY; this is none.');
        }
        const format = otlpFormat(signal, spelling);
        const taken = await withBatch(request, memory, key, (batch) => ingest.take(batch, format));
        if (!taken.ok) throw refusalOf(taken.error);
        return sendOutcome(reply, spelling, signal, taken.value);
      },
    );
  }
};
