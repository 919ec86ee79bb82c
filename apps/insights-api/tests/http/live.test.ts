import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { LIVE_BEAT_MS } from '../../src/query/raw/limits.ts';
import { makeApi } from '../helpers/api.ts';
import { nativeRequest } from '../helpers/events.ts';

/** Reads server-sent events one after the other. */
function reader(response: IncomingMessage) {
  let text = '';
  const parts = response.setEncoding('utf8')[Symbol.asyncIterator]();
  return async (wanted: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end === -1) {
        const next = await parts.next();
        if (next.done) throw new Error(`the stream ended before ${wanted}`);
        text += next.value;
        continue;
      }
      const [, event, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (event === wanted) return JSON.parse(data);
    }
  };
}

test('what is stored goes by whoever looks on, until they leave or the server stops', async () => {
  const api = await makeApi();
  const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const headers = { authorization: `Bearer ${api.token}` };
  const open = async (q: string): Promise<IncomingMessage> => {
    const request = get(`${address}/api/live?q=${encodeURIComponent(q)}`, { headers });
    const [response] = await once(request, 'response');
    onTestFinished(() => void response.destroy());
    return response;
  };
  const response = await open('user:ann');
  expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const next = reader(response);
  expect(await next('beat')).toMatchObject({ matched: 0, missed: 0 });
  const send = (events: readonly object[]) =>
    api.app.inject({
      ...{ method: 'POST', url: '/api/ingest', payload: JSON.stringify(events) },
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
    });
  const now = new Date().toISOString();
  const event = (id: string, user: string) => nativeRequest({ time: now, id, user });
  await send([event('1', 'ann'), event('2', 'bob')]);
  expect(await next('events')).toMatchObject({ events: [{ id: '1', app: 'shop' }], missed: 0 });
  // One that is there already is not stored again, so it does not go by again.
  await send([event('1', 'ann'), event('3', 'ann')]);
  expect(await next('events')).toMatchObject({ events: [{ id: '3' }], missed: 0 });
  const refused = await api.app.inject({ url: '/api/live?q=app:nobody', headers });
  expect(refused.json()).toMatchObject({ error: { code: 'unknown-app', field: 'q', column: 1 } });
  expect((await api.app.inject('/api/live')).statusCode).toBe(401);
  api.live.stop();
  expect(await next('end')).toEqual({ reason: 'stopping' });
  await expect(next('beat')).rejects.toThrow('ended');
});

test('a stream beats, and ends for somebody whose session has ended', async () => {
  const api = await makeApi();
  const session = await api.control.createSession({ user: 'alice', role: 'viewer', ttlMs: 1e9 });
  const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const request = get(`${address}/api/live`, { headers: { cookie: `scorpiox_session=${session.token}` } });
  const [response] = await once(request, 'response');
  onTestFinished(() => void response.destroy());
  const next = reader(response);
  await next('beat');
  await vi.advanceTimersByTimeAsync(LIVE_BEAT_MS);
  await next('beat');
  await api.control.endSession(session.token);
  await vi.advanceTimersByTimeAsync(LIVE_BEAT_MS);
  expect(await next('end')).toEqual({ reason: 'signed-out' });
});

test('somebody who leaves before they look on holds no place', async () => {
  const api = await makeApi();
  const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const apps = await api.control.apps();
  const left = Promise.withResolvers<void>();
  api.app.server.once('request', (_request, response) => response.once('close', left.resolve));
  vi.spyOn(api.control, 'apps').mockImplementationOnce(async () => {
    asked.destroy();
    await left.promise;
    return apps;
  });
  const asked = get(`${address}/api/live`, { headers: { authorization: `Bearer ${api.token}` } });
  asked.on('error', () => undefined); // it is cut off on purpose
  await left.promise;
  // Nothing is waited for any more, so the route has come to its end by then.
  await new Promise(setImmediate);
  expect(api.live.viewers.inUse).toBe(0);
});
