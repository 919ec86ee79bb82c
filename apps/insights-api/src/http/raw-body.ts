import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BatchProblem, IncomingBatch } from '../ingest/ingest.ts';
import { BODY_BYTES, DECODED_BYTES, PACKING_GUESS, RETRY_AFTER_SECONDS } from '../limits.ts';
import type { Budget } from './budget.ts';
import { ApiError, sendError } from './errors.ts';
import type { ApiInstance } from './instance.ts';

/**
 * Makes the routes of this plugin take any body as bytes, whatever its content type says: senders' types do not tell.
 * Bodies that would not fit into memory beside those under way are turned away before they are read.
 */
export function takeRawBodies(app: ApiInstance, memory: Budget): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES }, (_request, body, done) => {
    done(null, body);
  });
  const held = new WeakMap<FastifyRequest, number>();
  app.addHook('onRequest', async (request, reply) => {
    const bytes = expectedBytes(request);
    if (!memory.take(bytes)) return sendLater(reply);
    held.set(request, bytes);
  });
  const release = (request: FastifyRequest) => {
    memory.give(held.get(request) ?? 0);
    held.delete(request);
  };
  app.addHook('onResponse', async (request) => release(request));
  app.addHook('onRequestAbort', async (request) => release(request));
}

/** What a request's body will take in memory, as far as its headers tell. */
function expectedBytes({ headers, method }: FastifyRequest): number {
  if (method !== 'POST') return 0;
  const length = Math.min(BODY_BYTES, Number(headers['content-length'] ?? BODY_BYTES));
  return headers['content-encoding'] === undefined ? length : Math.min(DECODED_BYTES, length * PACKING_GUESS);
}

/** The batch in a request that `takeRawBodies` has read. */
export function batchOf(request: FastifyRequest, key: string | undefined): IncomingBatch {
  // A request without a body has none to parse.
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return { body, contentEncoding: request.headers['content-encoding'], key };
}

/**
 * Answers for a batch that was not taken. What is worth a retry has an empty body: the Node SDK keeps nothing for its
 * retry when the answer is JSON of another shape.
 */
export function sendBatchProblem(reply: FastifyReply, problem: BatchProblem): FastifyReply {
  if (problem.code !== 'overloaded' && problem.code !== 'unavailable') {
    return sendError(reply, new ApiError(problem.code, problem.message));
  }
  return sendLater(reply);
}

const sendLater = (reply: FastifyReply): FastifyReply =>
  reply.code(503).header('retry-after', String(RETRY_AFTER_SECONDS)).serializer(String).send('');
