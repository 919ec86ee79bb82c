import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { sendEvents } from '../../src/ops/demo/send.ts';
import { eventsBetween } from '../../src/ops/demo/simulate.ts';
import { DEMO_BATCH_EVENTS } from '../../src/ops/limits.ts';

const NOON = Date.UTC(2026, 2, 21, 12);
const EVENTS = eventsBetween({ seed: 'test', silentFrom: NOON }, NOON - 600_000, NOON).slice(0, DEMO_BATCH_EVENTS + 20);
const KEY = 'b2f7c0de-0000-4000-8000-000000000000';

type Answer = (request: IncomingMessage, response: ServerResponse, attempt: number) => void;

/** An API that notes what it got and answers as the test says. */
async function api(answer: Answer): Promise<{ endpoint: string; bodies: string[]; keys: Set<string | undefined> }> {
  const bodies: string[] = [];
  const keys = new Set<string | undefined>();
  const server: Server = createServer(async (request, response) => {
    bodies.push(await text(request));
    keys.add(request.headers.authorization);
    answer(request, response, bodies.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the port has no number');
  return { endpoint: `http://127.0.0.1:${address.port}`, bodies, keys };
}

const end = (response: ServerResponse, status: number, headers = {}) => response.writeHead(status, headers).end('{}');

it('sends everything once, in batches, under the application’s own key', async () => {
  const { endpoint, bodies, keys } = await api((_, response) => end(response, 200));
  const signal = new AbortController().signal;
  expect(await sendEvents(EVENTS, { endpoint, key: KEY, signal })).toEqual({ sent: EVENTS.length, refused: 0 });
  expect(bodies.map((body) => body.split('\n').length)).toEqual([DEMO_BATCH_EVENTS, 20]);
  expect(
    bodies
      .join('\n')
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(EVENTS.map(({ event }) => event));
  expect([...keys]).toEqual([`Bearer ${KEY}`]);
});

it('sends the same batch again while the API is busy, and waits as it is told', async () => {
  const { endpoint, bodies } = await api((_, response, attempt) =>
    attempt < 3 ? end(response, attempt === 1 ? 503 : 429, { 'retry-after': '0.01' }) : end(response, 200),
  );
  const signal = new AbortController().signal;
  expect(await sendEvents(EVENTS.slice(0, 5), { endpoint, key: KEY, signal })).toEqual({ sent: 5, refused: 0 });
  expect(new Set(bodies).size).toBe(1);
  expect(bodies).toHaveLength(3);
});

it('counts what is refused for good and goes on with the rest', async () => {
  const { endpoint } = await api((_, response, attempt) => end(response, attempt === 1 ? 413 : 200));
  const signal = new AbortController().signal;
  const result = await sendEvents(EVENTS, { endpoint, key: KEY, signal });
  expect(result).toEqual({ sent: 20, refused: DEMO_BATCH_EVENTS, reason: 'status 413' });
});

it('stops at once when it is told to, even in the middle of a request without an answer', async () => {
  const stop = new AbortController();
  const { endpoint, bodies } = await api(() => stop.abort());
  await sendEvents(EVENTS, { endpoint, key: KEY, signal: stop.signal });
  expect(bodies).toHaveLength(1);
});
