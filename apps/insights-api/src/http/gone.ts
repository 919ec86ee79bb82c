import type { FastifyReply } from 'fastify';
import { NobodyWaits } from '../query/raw/nobody-waits.ts';

/** Aborts when whoever asked is gone before the answer was there. */
export function whenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new NobodyWaits());
  });
  return gone.signal;
}
