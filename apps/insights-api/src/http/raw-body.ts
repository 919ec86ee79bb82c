import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Budget, Lease } from '../ingest/budget.ts';
import { type Body, NO_MEMORY } from '../ingest/decode.ts';
import type { BatchProblem, IncomingBatch } from '../ingest/ingest.ts';
import { BODY_BYTES, PIECE_BYTES, REQUEST_BYTES, RETRY_AFTER_SECONDS } from '../limits.ts';
import { ApiError, sendError, toApiError } from './errors.ts';
import type { ApiInstance } from './instance.ts';

/*
 * Bodies of ingest
 *
 * Anybody may send one, without a key even, so what it costs is bounded by what has come so far: a request holds a little
 * of the common memory from its start, more with every piece that arrives and with every piece that is unpacked, and gives
 * all back when its handler is done with it, not before, whatever becomes of the connection.
 */

/**
 * Makes the routes of this plugin take any body unread, whatever its content type says: senders' types do not tell.
 * What is worth a retry is answered without a body: the Node SDK keeps nothing for its retry when the answer is JSON of
 * another shape than it knows.
 */
export function takeRawBodies(app: ApiInstance, onError: OnError = answerError): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.setErrorHandler(onError);
}

type OnError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

const answerError: OnError = (error, request, reply) => {
  const known = toApiError(error, request.log);
  return known.isRetriable ? sendLater(reply, known) : sendError(reply, known);
};

const sendLater = (reply: FastifyReply, { status, retryAfter = RETRY_AFTER_SECONDS }: ApiError): FastifyReply =>
  reply.code(status).header('retry-after', String(retryAfter)).serializer(String).send('');

/** Reads the batch of a request, which `takeRawBodies` has left unread, and works with it. Rejects with `ApiError`. */
export async function withBatch<T>(
  request: FastifyRequest,
  memory: Budget,
  key: string | undefined,
  work: (batch: IncomingBatch) => Promise<T>,
): Promise<T> {
  const lease = memory.lease();
  try {
    if (!lease.take(REQUEST_BYTES)) throw overloaded();
    const body = request.body instanceof Readable ? await readBody(request.body, lease) : [];
    return await work({ body, contentEncoding: request.headers['content-encoding'], key, lease });
  } finally {
    lease.release();
  }
}

/** The answer to a batch that was not taken. */
export function refusalOf(problem: BatchProblem): ApiError {
  const more = 'retryAfter' in problem ? { retryAfter: problem.retryAfter } : {};
  return new ApiError(problem.code, problem.message, more);
}

const overloaded = () => new ApiError('overloaded', NO_MEMORY.message);

async function readBody(payload: Readable, lease: Lease): Promise<Body> {
  try {
    return await readPieces(payload, lease);
  } catch (error) {
    // What was not read flows away, so that the sender comes to read the answer.
    payload.resume();
    if (error instanceof ApiError) throw error;
    throw new ApiError('bad-request', 'The connection ended before the body did.');
  }
}

async function readPieces(payload: Readable, lease: Lease): Promise<Body> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  // Ending the loop early must not cut the connection: the answer goes over it.
  for await (const piece of payload.iterator({ destroyOnReturn: false })) {
    // A request's stream has no encoding set, so its pieces are bytes.
    const bytes = piece as Uint8Array;
    length += bytes.length;
    if (length > BODY_BYTES) throw new ApiError('too-large', `The body is larger than ${BODY_BYTES} bytes.`);
    if (!lease.take(bytes.length + PIECE_BYTES)) throw overloaded();
    pieces.push(bytes);
  }
  return pieces;
}
