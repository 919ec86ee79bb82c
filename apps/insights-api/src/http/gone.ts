import type { FastifyReply } from 'fastify';
import { NobodyWaits } from '../query/raw/nobody-waits.ts';

/** Aborts when whoever asked is gone before the answer was there; they may be gone already. */
export function whenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const close = () => {
    if (!reply.raw.writableFinished) gone.abort(new NobodyWaits());
  };
  // `close` comes once: whoever left while something else was awaited has had it.
  if (reply.raw.destroyed) close();
  else reply.raw.once('close', close);
  return gone.signal;
}
