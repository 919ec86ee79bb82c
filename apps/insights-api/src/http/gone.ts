import type { FastifyReply } from 'fastify';

/** Aborts when whoever asked is gone before the answer was there. */
export function whenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new Error('nobody waits for the answer'));
  });
  return gone.signal;
}
