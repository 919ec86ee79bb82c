import type { ServerResponse } from 'node:http';
import { ok } from '@scorpiox/shared/result';
import { expect, it, vi } from 'vitest';
import { ApiClient } from '../../src/ops/api/client.ts';
import { readServerSentEvents } from '../../src/ops/api/sse.ts';
import { type TailListener, tailEvents } from '../../src/ops/events/tail.ts';
import { fakeApi, record, refusing } from '../support/fake-api.ts';
import { scorpioxHere } from '../support/here.ts';

/** Sends server-sent events to somebody who looks on. */
function stream(response: ServerResponse): (event: string, data: object) => void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  return (event, data) => void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

const beat = { now: '2026-11-20T12:00:00.000Z', matched: 0, missed: 0 };

it('prints what comes until it has as many as were asked for, and what was left out', async () => {
  const api = await fakeApi((_url, _request, response) => {
    const send = stream(response);
    send('beat', beat);
    send('events', { events: [record({ id: '1' }), record({ name: 'b\u001b[2J' })], missed: 0 });
    send('events', { events: [record({ id: '3' }), record({ id: '4' })], missed: 1200 });
    return undefined;
  });
  const tail = (...args: string[]) => scorpioxHere(['events', 'tail', ...args], { env: api.env });
  const done = await tail('app:shop', '--limit', '3', '--columns', 'name,status');
  expect(done).toMatchObject({ code: 0, stdout: 'GET /cart\t200\nb\\u001b[2J\t200\nGET /cart\t200\n' });
  expect(done.stderr).toMatch(/^1,200 events left out/);
  expect(api.asked[0]).toBe('GET /api/live?q=app%3Ashop');
  const json = await tail('--limit', '2', '--json');
  expect(
    json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).name),
  ).toEqual(['GET /cart', 'b\u001b[2J']);
  expect((await tail('--limit', '4', '--jq', '.name, .code')).stdout).toMatch(/^GET \/cart\n200\nb/);
});

it('a terminal has colours unless it should not, and nothing that drives it', async () => {
  const failed = record({ success: false, name: '\u001b]0;x\u0007', message: 'two\nlines' });
  const api = await fakeApi((_url, _request, response) => {
    stream(response)('events', { events: [failed], missed: 0 });
    return undefined;
  });
  const tail = (env: object) =>
    scorpioxHere(['events', 'tail', '--limit', '1'], { env: { ...api.env, ...env }, atTerminal: true });
  const plain = '12:00:00.123Z  shop  request  \\u001b]0;x\\u0007  12.5 ms  200  two\\u000alines\n';
  expect((await tail({ NO_COLOR: '1' })).stdout).toBe(plain);
  const { stdout } = await tail({});
  expect(stdout).toContain('\u001b[31mrequest\u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours are made of
  expect(stdout.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});

it.each([
  [refusing(401, {}), 4],
  [refusing(403, {}), 77],
  [refusing(503, {}), 75],
  [refusing(400, { field: 'q', column: 1 }), 64],
])('does not wait for what says no', async (answer, code) => {
  const api = await fakeApi(answer);
  expect(await scorpioxHere(['events', 'tail', 'x'], { env: api.env })).toMatchObject({ code, stdout: '' });
  expect(api.asked).toHaveLength(1);
});

it('a query with a mistake is shown before anybody is asked, and nobody at all is 69', async () => {
  const env = { SCORPIOX_URL: 'http://127.0.0.1:1', SCORPIOX_TOKEN: 'x' };
  expect(await scorpioxHere(['events', 'tail', 'a', '(b'], { env })).toMatchObject({ code: 64 });
  expect(await scorpioxHere(['events', 'tail'], { env })).toMatchObject({ code: 69 });
});

it('a connection that is lost is opened again, and the gap is told', async () => {
  const turns: ((response: ServerResponse) => void)[] = [
    (response) => {
      const send = stream(response);
      send('events', { events: [record({ id: '1' })], missed: 0 });
      send('end', { reason: 'stopping' });
      response.end();
    },
    (response) => response.writeHead(503).end(),
    (response) => response.destroy(),
    (response) => stream(response)('events', { events: [record({ id: '2' })], missed: 0 }),
  ];
  const { port } = await fakeApi((_url, _request, response) => {
    turns.shift()?.(response);
    return undefined;
  });
  const told: unknown[] = [];
  const stop = new AbortController();
  const listener: TailListener = {
    events: async (events) => {
      told.push(...events.map(({ id }) => id));
      if (turns.length === 0) stop.abort();
    },
    skipped: (count) => void told.push(count),
    lost: (reason) => void told.push(reason),
    back: (from, to) => void told.push([from, to]),
  };
  const pauses: number[] = [];
  let now = 0;
  const api = new ApiClient({ url: `http://127.0.0.1:${port}`, token: 'x' });
  const done = await tailEvents({
    withApi: (use) => use(api),
    query: '',
    listener,
    signal: stop.signal,
    now: () => (now += 1),
    pause: async (ms) => void pauses.push(ms),
  });
  expect(done).toEqual(ok(undefined));
  expect(told).toEqual(['1', 'the API is being stopped', [1, 2], '2']);
  expect(pauses).toEqual([1_000, 2_000, 5_000]);
});

it('a stream is read the same however it is cut', async () => {
  const text = Buffer.from(
    ': hello\n\nevent: a\r\ndata: {"x":"ü"}\r\n\r\ndata:one\ndata: two\n\nevent: b\n\ndata: cut off',
  );
  for (const size of [1, 2, 3, 7, text.length]) {
    const chunks = async function* () {
      for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
    };
    const found = [];
    for await (const event of readServerSentEvents(chunks())) found.push(event);
    expect(found).toEqual([
      { event: 'a', data: '{"x":"ü"}' },
      { event: 'message', data: 'one\ntwo' },
    ]);
  }
});

it('Ctrl-C ends it with 130 and says how many there were', async () => {
  const looksOn = Promise.withResolvers<void>();
  const api = await fakeApi((_url, _request, response) => {
    stream(response)('events', { events: [record()], missed: 0 });
    looksOn.resolve();
    return undefined;
  });
  let printed = '';
  const write = async (octets: Uint8Array) => {
    printed += Buffer.from(octets).toString();
  };
  const running = scorpioxHere(['events', 'tail'], { env: api.env, write });
  await looksOn.promise;
  await vi.waitFor(() => expect(printed).toContain('GET /cart'), { timeout: 20_000 });
  process.emit('SIGINT');
  expect(await running).toMatchObject({ code: 130, stderr: 'scorpiox: Stopped after 1 event.\n' });
});

it('nobody who reads on ends it', async () => {
  const gone = new AbortController();
  const api = await fakeApi((_url, _request, response) => {
    stream(response)('events', { events: [record()], missed: 0 });
    return undefined;
  });
  const write = async () => gone.abort();
  const tail = scorpioxHere(['events', 'tail'], { env: api.env, write, readerGone: gone.signal });
  expect(await tail).toMatchObject({ code: 0, stderr: '' });
});
