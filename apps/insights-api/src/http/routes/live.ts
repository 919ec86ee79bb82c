import { PassThrough } from 'node:stream';
import { ErrorResponse, LiveQuery } from '@scorpiox/shared/contract';
import { Type } from 'typebox';
import type { Sink } from '../../live/hub.ts';
import { readQuery } from '../../query/raw/asked.ts';
import { LIVE_BEAT_MS, LIVE_STREAM_BYTES } from '../../query/raw/limits.ts';
import { identify } from '../access.ts';
import { whenGone } from '../gone.ts';
import type { Routes } from '../instance.ts';
import { toSearchError } from './events.ts';

/** `GET /api/live`: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export const liveRoutes: Routes = async (app, { live, control, accounts }) => {
  app.get(
    '/api/live',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Events as they are stored by this process: a stream of server-sent events',
        querystring: LiveQuery,
        response: { 200: Type.Any(), '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async (request, reply) => {
      const parsed = readQuery(request.query.q, await control.apps());
      if (!parsed.ok) throw toSearchError(parsed.error);
      // Somebody who left meanwhile would never leave again, and hold a place for ever.
      whenGone(reply).throwIfAborted();
      const stream = new PassThrough({ highWaterMark: LIVE_STREAM_BYTES });
      const sink = toSink(stream);
      const viewer = live.open(parsed.value.query, sink);
      const beats = setInterval(async () => {
        viewer.beat();
        // Somebody whose session ended, or whose token is gone, does not look on.
        const who = await identify(request, { control, accounts }).catch(() => request.principal);
        if (who === undefined) sink.end({ reason: 'signed-out' });
      }, LIVE_BEAT_MS).unref();
      reply.raw.once('close', () => {
        clearInterval(beats);
        viewer.leave();
        stream.destroy();
      });
      // Proxies that gather an answer before they hand it on would never hand this one on.
      return reply
        .type('text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream);
    },
  );
};

/** A viewer's stream; what is written is bounded by its being busy. */
function toSink(stream: PassThrough): Sink {
  const send = (event: string, data: object) => {
    if (!stream.writableEnded && !stream.destroyed) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  return {
    isBusy: () => stream.writableNeedDrain,
    events: (data) => send('events', data),
    beat: (data) => send('beat', data),
    end(data) {
      send('end', data);
      stream.end();
    },
  };
}
