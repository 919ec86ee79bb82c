import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { makeListener, makeServer } from '../../src/http/listener.ts';
import { CONNECTION_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../../src/limits.ts';
import { makeApi } from '../helpers/api.ts';

test('a server that stops tells every sender to come again in the way of its format', async () => {
  const { app, token } = await makeApi({ isReady: () => false });
  const post = (url: string, type: string) => app.inject({ method: 'POST', url, headers: { 'content-type': type } });
  const native = await post('/api/ingest', 'application/json');
  const track = await post('/v2/track', 'application/json');
  const otlp = await post('/v1/traces', 'application/json');
  const apps = await app.inject({ url: '/api/apps', headers: { authorization: `Bearer ${token}` } });
  const ready = await app.inject('/readyz');
  for (const answer of [native, track, otlp, apps, ready]) {
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '5', connection: 'close' });
  }
  expect([native.body, track.body]).toEqual(['', '']);
  expect(track.headers['access-control-allow-origin']).toBe('*');
  expect(otlp.json()).toEqual({ code: 14, message: 'The server is stopping.' });
  expect(apps.json()).toEqual({ error: { code: 'unavailable', message: 'The server is stopping.' } });
  expect((await app.inject('/healthz')).statusCode).toBe(200);
});

test('connections that send nothing are cut after a while', () => {
  const server = makeServer(() => {});
  expect(server.requestTimeout).toBe(REQUEST_TIMEOUT_MS);
  expect(server.timeout).toBe(CONNECTION_TIMEOUT_MS);
});

async function get(options: RequestOptions): Promise<string> {
  const [answer] = (await once(request(options).end(), 'response')) as [IncomingMessage];
  return text(answer);
}

async function expectRefused(port = 0): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED');
  } finally {
    socket.destroy();
  }
}

test('a listener that closes lets a request finish, and keeps its connection for no further one', async () => {
  const arrived = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const listener = makeListener(async (_request, response) => {
    arrived.resolve();
    await finish.promise;
    response.end('done');
  });
  const [address] = await listener.listen('127.0.0.1', 0);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const answered = get({ port: address?.port, host: '127.0.0.1', agent });
  await arrived.promise;
  const closed = listener.close();
  await vi.waitFor(() => expectRefused(address?.port), { timeout: 20_000 });
  finish.resolve();
  expect(await answered).toBe('done');
  await closed;
});

test('a listener that closes answers what has come before, though it was not read yet', async () => {
  const listener = makeListener((_request, response) => void response.end('done'));
  const [address] = await listener.listen('127.0.0.1', 0);
  const socket = connect({ port: address?.port ?? 0, host: '127.0.0.1' });
  await once(socket, 'connect');
  const ask = () => socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  ask();
  await once(socket, 'data');
  ask();
  const closed = listener.close();
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  await closed;
});

test('localhost is every address of that name, on one port', async () => {
  const listener = makeListener((_request, response) => void response.end('here'));
  const addresses = await listener.listen('localhost', 0);
  onTestFinished(() => listener.close());
  expect(new Set(addresses.map(({ port }: AddressInfo) => port)).size).toBe(1);
  for (const { address, port } of addresses) expect(await get({ host: address, port, agent: false })).toBe('here');
});
