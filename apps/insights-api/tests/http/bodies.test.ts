import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Budget } from '../../src/ingest/budget.ts';
import { decodeText } from '../../src/ingest/decode.ts';
import { AT_ONCE_BYTES, BODY_BYTES, DECODED_BYTES, IN_FLIGHT_BYTES, REQUEST_BYTES } from '../../src/limits.ts';
import { makeApi, type TestApi, type TestApiOptions } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';

/** The API behind a real port. */
async function listen(options: TestApiOptions = {}) {
  const api = await makeApi({ now: () => NOON, ...options });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  // A server that listens on TCP has an address of this kind.
  const { port } = api.app.server.address() as AddressInfo;
  return { api, port, url: `http://127.0.0.1:${port}` };
}

/** Sends the head of a request whose body does not come. */
async function sendHead(port: number, path: string, ...headers: readonly string[]): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write([`POST ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n'));
  return socket;
}

const CHUNKED = 'Transfer-Encoding: chunked';
const NOBODY = 'Authorization: Bearer 00000000-0000-0000-0000-000000000000';

const post = (url: string, api: TestApi, body: string, init: RequestInit = {}) =>
  fetch(`${url}/api/ingest`, { method: 'POST', headers: { authorization: `Bearer ${api.key}` }, body, ...init });

const batch = (id: string) => JSON.stringify([nativeRequest({ id })]);

test('connections that say nothing after their head keep nobody else from sending', async () => {
  const { api, port, url } = await listen({ memory: IN_FLIGHT_BYTES });
  const idle = await Promise.all(Array.from({ length: 32 }, () => sendHead(port, '/v2/track', CHUNKED)));
  await vi.waitFor(() => expect(api.memoryTaken()).toBe(idle.length * REQUEST_BYTES), 20_000);
  expect((await post(url, api, batch('a'))).status).toBe(200);
  for (const socket of idle) socket.destroy();
  await vi.waitFor(() => expect(api.memoryTaken()).toBe(0), 20_000);
});

test.each(['/api/ingest', '/v2/track'])('%s refuses a key that is none before the body has come', async (path) => {
  const { port } = await listen();
  const socket = await sendHead(port, path, CHUNKED, NOBODY);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
});

test('a bearer of another kind leaves the keys of the envelopes in force', async () => {
  const api = await makeApi({ now: () => NOON });
  const payload = JSON.stringify({ time: '2026-11-20T12:00:00Z', iKey: api.key, data: { baseType: 'EventData' } });
  const headers = { authorization: 'Bearer eyJhbGciOi.another.kind' };
  const answer = await api.app.inject({ method: 'POST', url: '/v2/track', payload, headers });
  expect(answer.statusCode).toBe(200);
});

test('memory is held for as long as the batch is, though its sender has gone', async () => {
  const [writing, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { api, url } = await listen({
    wrap: (store) => ({
      ...store,
      write: async (submissions) => {
        writing.resolve();
        await release.promise;
        return store.write(submissions);
      },
    }),
  });
  const sender = new AbortController();
  const sent = post(url, api, batch('a'), { signal: sender.signal });
  await writing.promise;
  sender.abort();
  await expect(sent).rejects.toThrow();
  const connections = () => new Promise((resolve) => api.app.server.getConnections((_error, count) => resolve(count)));
  await vi.waitFor(async () => expect(await connections()).toBe(0), 20_000);
  expect(api.memoryTaken()).toBeGreaterThan(0);
  release.resolve();
  await vi.waitFor(() => expect(api.memoryTaken()).toBe(0), 20_000);
});

test('a body that is too large is refused by what has come of it, and gives its memory back', async () => {
  const { api, url } = await listen();
  const answer = await post(url, api, ' '.repeat(BODY_BYTES + 1));
  expect([answer.status, await answer.json()]).toMatchObject([413, { error: { code: 'too-large' } }]);
  expect(api.memoryTaken()).toBe(0);
});

test('what is unpacked counts while it is being unpacked', async () => {
  const lease = new Budget(1_000_000).lease();
  const bomb = gzipSync(Buffer.alloc(DECODED_BYTES - 1, ' '));
  expect(await decodeText([bomb], 'gzip', lease)).toMatchObject({ ok: false, error: { code: 'overloaded' } });
});

test('bombs that come at once are turned away for lack of memory, and leave none taken', async () => {
  const { api, url } = await listen({ memory: DECODED_BYTES + 2 ** 20 });
  const body = gzipSync(Buffer.alloc(DECODED_BYTES - 1, ' '));
  const send = () => fetch(`${url}/v2/track`, { method: 'POST', body, headers: { 'content-encoding': 'gzip' } });
  const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await send()).status));
  expect(new Set(statuses)).toEqual(new Set([400, 503]));
  expect(api.memoryTaken()).toBe(0);
});

test('pieces cut anywhere, within characters too, are one text', async () => {
  const text = '\uFEFF{"a":"ünï😀"}';
  const bytes = gzipSync(text);
  for (const [body, encoding] of [
    [[...Buffer.from(text)].map((byte) => Buffer.from([byte])), undefined],
    [[...bytes].map((byte) => Buffer.from([byte])), 'x-gzip'],
  ] as const) {
    expect(await decodeText(body, encoding, new Budget(1000).lease())).toEqual({ ok: true, value: text.slice(1) });
  }
});

test.each([
  ['that is unpacked at once', AT_ONCE_BYTES],
  ['that is too large for it', AT_ONCE_BYTES + 1],
])('a packed body %s is the same text', async (_what, length) => {
  const text = 'é'.repeat(length / 2) + 'x'.repeat(length % 2);
  const lease = new Budget(DECODED_BYTES).lease();
  expect(await decodeText([gzipSync(text)], 'gzip', lease)).toEqual({ ok: true, value: text });
});

test.each([
  ['small', 'x'.repeat(1000)],
  ['large', 'x'.repeat(2 * AT_ONCE_BYTES)],
])('a %s packed body that stops half way is an error', async (_what, text) => {
  const whole = gzipSync(text);
  const half = whole.subarray(0, whole.length - 12);
  const lease = new Budget(DECODED_BYTES).lease();
  expect(await decodeText([half], 'gzip', lease)).toMatchObject({ error: { code: 'bad-encoding' } });
});
