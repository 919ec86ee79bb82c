import { describe, expect, onTestFinished, test } from 'vitest';
import { createTelemetryClient, type TelemetryClientOptions, type TelemetryEvent } from '../../src/client/index.ts';
import { ManualClock } from './clock.ts';
import { type Answer, accept, connectionString, IngestServer, KEY, status } from './server.ts';

const FLUSH = 1000;
const TIMEOUT = 10_000;
/** The pauses after one, two, … failures with random = 0.5. */
const PAUSES = [375, 750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000];
const EVENT: TelemetryEvent = { kind: 'request', name: 'GET /cart' };

/** A client on a manual clock, closed after the test. */
function clientTo(target: IngestServer | string, options: Partial<TelemetryClientOptions> = {}) {
  const clock = new ManualClock();
  const logged: string[] = [];
  const client = createTelemetryClient({
    connectionString: typeof target === 'string' ? target : target.connectionString,
    clock,
    random: () => 0.5,
    log: (message) => logged.push(message),
    ...options,
  });
  onTestFinished(async () => {
    const closed = client.close(0);
    clock.advance(0);
    await closed;
  });
  /** Closes with a deadline that never comes. */
  const drain = async () => {
    const closed = client.close(1_000_000);
    clock.advance(0);
    // After each answer the next batch goes at delay 0: keep the clock moving until close is through.
    let done = false;
    void closed.then(() => {
      done = true;
    });
    while (!done) {
      await Promise.race([closed, clock.scheduled(0)]);
      clock.advance(0);
    }
    return closed;
  };
  return { client, clock, logged, drain };
}

function trackMany(client: { track(event: TelemetryEvent): void }, count: number): void {
  for (let i = 0; i < count; i++) client.track({ ...EVENT, name: `n${i}` });
}

const ids = (request: { events: readonly { id: string }[] }): string[] => request.events.map(({ id }) => id);
const dropped = { 'queue-full': 0, rejected: 0, unauthorized: 0, closed: 0, invalid: 0 };

describe('delivery', () => {
  test('a moment after the first event all go in one request, with key, id, time and defaults', async () => {
    const server = await new IngestServer().start();
    const { client, clock, drain } = clientTo(server, { instance: 'host:1', version: '1.0' });
    client.track(EVENT);
    client.track({ ...EVENT, id: 'mine', time: '2026-03-21T09:00:00Z', instance: 'other', count: 3 });
    expect(clock.pending).toEqual([FLUSH]);
    clock.advance(FLUSH);
    const { path, headers, events } = await server.request(1);
    expect(path).toBe('/api/ingest');
    expect(headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'content-type': 'application/x-ndjson' });
    expect(events).toEqual([
      {
        ...EVENT,
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        time: '2026-03-21T10:00:00.000Z',
        instance: 'host:1',
        version: '1.0',
      },
      { ...EVENT, id: 'mine', time: '2026-03-21T09:00:00Z', instance: 'other', version: '1.0', count: 3 },
    ]);
    expect(await drain()).toEqual({ tracked: 2, delivered: 2, queued: 0, queuedBytes: 0, dropped, retries: 0 });
  });

  test('a full batch goes at once; more than one batch goes in several requests, one at a time, in order', async () => {
    const server = await new IngestServer().start();
    const { client, clock, drain } = clientTo(server);
    trackMany(client, 600);
    expect(clock.pending).toEqual([0]);
    expect((await drain()).delivered).toBe(600);
    expect(server.requests.map(({ events }) => events.length)).toEqual([250, 250, 100]);
    expect(server.requests.flatMap(({ events }) => events.map(({ name }) => name))).toEqual(
      Array.from({ length: 600 }, (_, i) => `n${i}`),
    );
    expect(server.mostOpen).toBe(1);
  });

  test('large bodies are compressed, small ones are not', async () => {
    const server = await new IngestServer().start();
    const { client, clock, drain } = clientTo(server);
    client.track(EVENT);
    clock.advance(FLUSH);
    expect((await server.request(1)).headers['content-encoding']).toBeUndefined();
    trackMany(client, 50);
    await drain();
    expect(server.requests[1]?.headers['content-encoding']).toBe('gzip');
  });

  test('large events go in batches below the bound on bytes', async () => {
    const server = await new IngestServer().start();
    const { client, drain } = clientTo(server);
    for (let i = 0; i < 10; i++) client.track({ ...EVENT, message: 'x'.repeat(200_000) });
    expect((await drain()).delivered).toBe(10);
    expect(server.requests.map(({ events }) => events.length)).toEqual([2, 2, 2, 2, 2]);
  });

  test('an event is what it was when it was tracked', async () => {
    const server = await new IngestServer().start();
    const { client, drain } = clientTo(server);
    const properties: Record<string, string> = { a: '1' };
    client.track({ ...EVENT, properties });
    properties.a = '2';
    await drain();
    expect(server.requests[0]?.events[0]?.properties).toEqual({ a: '1' });
  });

  test('events that the server refuses one by one are counted, the others are delivered', async () => {
    const server = await new IngestServer((response, { events }) => {
      const errors = [
        { index: 1, code: 'bad-time', message: 'no' },
        { index: 99, code: 'x', message: 'beyond the batch' },
      ];
      response.end(JSON.stringify({ received: events.length, accepted: 2, duplicates: 0, errors }));
    }).start();
    const { client, drain } = clientTo(server);
    trackMany(client, 3);
    expect(await drain()).toMatchObject({ delivered: 2, queued: 0, dropped: { ...dropped, rejected: 1 } });
  });
});

describe('what leaves it open whether a batch was stored is sent again, the same', () => {
  test.each([
    ['500', status(500)],
    ['503', status(503)],
    ['429', status(429)],
    ['408', status(408)],
    ['a connection reset before the answer', (response) => response.destroy()],
    [
      'a connection reset in the middle of the answer',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"received":', () => response.destroy());
      },
    ],
    ['a stranger’s 200', (response) => response.end('<html>Sign in to the hotel’s network</html>')],
    ['an answer without errors', (response) => response.end('{"received":3}')],
    ['an endless answer', (response) => response.end(Buffer.alloc(2_000_000, 'x'))],
  ] satisfies [string, Answer][])('%s', async (_, answer) => {
    const server = await new IngestServer(answer).start();
    const { client, clock, drain } = clientTo(server);
    trackMany(client, 3);
    clock.advance(FLUSH);
    const first = await server.request(1);
    await clock.scheduled(PAUSES[0] ?? 0);
    client.track(EVENT); // comes after the batch, not into it
    clock.advance(PAUSES[0] ?? 0);
    const second = await server.request(2);
    expect(second.events).toEqual(first.events);
    expect(await drain()).toMatchObject({ delivered: 4, retries: 1, dropped });
  });

  test('a server that is down: the client says so once, goes on trying, and says when it is back', async () => {
    const gone = await new IngestServer().start();
    const { port } = gone;
    gone.stop();
    const { client, clock, logged, drain } = clientTo(connectionString(port));
    trackMany(client, 3);
    clock.advance(FLUSH);
    for (const pause of PAUSES) {
      await clock.scheduled(pause);
      clock.advance(pause);
    }
    await clock.scheduled(45_000);
    expect(client.stats()).toMatchObject({ tracked: 3, delivered: 0, queued: 3, retries: PAUSES.length + 1 });
    expect(logged).toEqual([expect.stringContaining('ECONNREFUSED')]);
    const server = await new IngestServer().start(port);
    clock.advance(45_000);
    expect((await server.request(1)).events).toHaveLength(3);
    expect(await drain()).toMatchObject({ delivered: 3, dropped });
    expect(logged.slice(1)).toEqual(['Telemetry is delivered again.']);
    expect(logged.join()).not.toContain(KEY);
  });

  test('a server that does not answer: the request is given up after a while', async () => {
    const server = await new IngestServer(() => undefined).start();
    const { client, clock, logged, drain } = clientTo(server);
    client.track(EVENT);
    clock.advance(FLUSH);
    const first = await server.request(1);
    clock.advance(TIMEOUT);
    await clock.scheduled(PAUSES[0] ?? 0);
    expect(logged).toEqual([expect.stringContaining('no answer in time')]);
    clock.advance(PAUSES[0] ?? 0);
    expect(ids(await server.request(2))).toEqual(ids(first));
    expect(await drain()).toMatchObject({ delivered: 1 });
  });

  test.each([
    ['120', 120_000],
    ['Sat, 21 Mar 2026 10:05:01 GMT', 300_000],
    ['999999', 600_000],
    ['0', 375],
    ['Sat, 21 Mar 2020 10:00:00 GMT', 375],
    ['soon', 375],
  ])('Retry-After: %s is honoured, within reason', async (header, pause) => {
    const server = await new IngestServer(status(503, { 'retry-after': header })).start();
    const { client, clock } = clientTo(server);
    client.track(EVENT);
    clock.advance(FLUSH); // it is 10:00:01 now
    await clock.scheduled(pause);
    clock.advance(pause - 1);
    trackMany(client, 300); // a full batch does not cut the pause short
    expect(server.requests).toHaveLength(1);
    clock.advance(1);
    await server.request(2);
  });

  test('pauses are spread by chance over the upper half', async () => {
    for (const [random, pause] of [
      [0, 250],
      [0.999, 499.75],
    ] as const) {
      const server = await new IngestServer(status(500)).start();
      const { client, clock } = clientTo(server, { random: () => random });
      client.track(EVENT);
      clock.advance(FLUSH);
      await clock.scheduled(pause);
    }
  });
});

describe('what would be refused again is dropped, counted, and does not become a tight loop', () => {
  test.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [400, 'rejected'],
    [404, 'rejected'],
    [413, 'rejected'],
  ] as const)('%i', async (code, reason) => {
    const server = await new IngestServer(status(code)).start();
    const { client, clock, logged, drain } = clientTo(server);
    trackMany(client, 251);
    clock.advance(0);
    await clock.scheduled(PAUSES[0] ?? 0);
    expect(client.stats()).toMatchObject({ queued: 1, retries: 0, dropped: { ...dropped, [reason]: 250 } });
    expect(clock.pending).toEqual([PAUSES[0]]);
    expect(logged.join()).toContain(`it answers ${code}`);
    expect(await drain()).toMatchObject({ delivered: 1 });
  });

  test('a redirection is not followed: the key is for the endpoint alone', async () => {
    const elsewhere = await new IngestServer().start();
    const server = await new IngestServer(status(307, { location: `http://127.0.0.1:${elsewhere.port}/` })).start();
    const { client, clock } = clientTo(server);
    client.track(EVENT);
    clock.advance(FLUSH);
    await clock.scheduled(PAUSES[0] ?? 0);
    expect(client.stats().dropped.rejected).toBe(1);
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('bounds', () => {
  test('on the number of events, those in flight among them', async () => {
    const server = await new IngestServer(() => undefined).start();
    const { client, clock } = clientTo(server);
    trackMany(client, 250);
    clock.advance(0);
    await server.request(1);
    trackMany(client, 10_000);
    expect(client.stats()).toMatchObject({
      tracked: 10_250,
      queued: 10_000,
      dropped: { ...dropped, 'queue-full': 250 },
    });
    expect(server.requests).toHaveLength(1);
  });

  test('on their bytes', async () => {
    const { client } = clientTo(await new IngestServer().start());
    for (let i = 0; i < 100; i++) client.track({ ...EVENT, message: 'ü'.repeat(100_000) });
    const { queued, queuedBytes, dropped: drops } = client.stats();
    expect(queued).toBe(41); // of 200 KB each, in 8 MiB
    expect(queuedBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(drops['queue-full']).toBe(59);
  });

  test('room is there again when a batch is delivered', async () => {
    const server = await new IngestServer().start();
    const { client, drain } = clientTo(server);
    trackMany(client, 10_001);
    const stats = await drain();
    expect(stats).toMatchObject({
      delivered: 10_000,
      queued: 0,
      queuedBytes: 0,
      dropped: { ...dropped, 'queue-full': 1 },
    });
  });
});

describe('track never throws', () => {
  test('whatever it is given', () => {
    const { client } = clientTo('InstrumentationKey=k;IngestionEndpoint=http://127.0.0.1:1');
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const hostile = [
      { ...EVENT, properties: cycle },
      { ...EVENT, value: 5n },
      {
        ...EVENT,
        toJSON: () => {
          throw new Error('no');
        },
        properties: {
          toJSON: () => {
            throw new Error('no');
          },
        },
      },
      { ...EVENT, message: 'x'.repeat(600_000) },
      null,
    ];
    // What a caller without types may pass.
    for (const event of hostile) client.track(event as unknown as TelemetryEvent);
    expect(client.stats()).toMatchObject({ tracked: 5, queued: 0, dropped: { ...dropped, invalid: 5 } });
  });

  test('also when the log does', () => {
    const log = () => {
      throw new Error('disk full');
    };
    const { client } = clientTo('InstrumentationKey=k;IngestionEndpoint=http://127.0.0.1:1', { log });
    client.track({ ...EVENT, message: 'x'.repeat(600_000) });
    expect(client.stats().dropped.invalid).toBe(1);
  });

  test('but a client cannot be made with a connection string that is none', () => {
    expect(() => createTelemetryClient({ connectionString: 'InstrumentationKey=hunter2' })).toThrow(
      /IngestionEndpoint/,
    );
  });
});

describe('close', () => {
  test('with nothing to send resolves, twice to the same', async () => {
    const { client, drain } = clientTo(await new IngestServer().start());
    const [first, second] = await Promise.all([drain(), client.close(5)]);
    expect(second).toBe(first);
  });

  test('sends at once what waits for company or for the end of a pause', async () => {
    const server = await new IngestServer(status(503, { 'retry-after': '60' })).start();
    const { client, clock, drain } = clientTo(server);
    client.track(EVENT);
    clock.advance(FLUSH);
    await clock.scheduled(60_000);
    expect(await drain()).toMatchObject({ delivered: 1, dropped });
  });

  test('waits for the request under way', async () => {
    let release = (): void => undefined;
    const server = await new IngestServer((response, request) => {
      release = () => accept(response, request);
    }).start();
    const { client, clock, drain } = clientTo(server);
    client.track(EVENT);
    clock.advance(FLUSH);
    await server.request(1);
    const closed = drain();
    expect(client.stats().queued).toBe(1);
    release();
    expect(await closed).toMatchObject({ delivered: 1, queued: 0 });
    expect(server.requests).toHaveLength(1);
  });

  test('gives up at the deadline, in flight or in a pause, and counts what is left', async () => {
    const silent = await new IngestServer(() => undefined).start();
    const broken = await new IngestServer(status(500), status(500), status(500)).start();
    for (const server of [silent, broken]) {
      const { client, clock } = clientTo(server);
      trackMany(client, 300);
      clock.advance(0);
      await server.request(1);
      if (server === broken) await clock.scheduled(PAUSES[0] ?? 0);
      const closed = client.close(100);
      clock.advance(100);
      expect(await closed).toMatchObject({
        delivered: 0,
        queued: 0,
        queuedBytes: 0,
        dropped: { ...dropped, closed: 300 },
      });
      expect(clock.pending.filter((ms) => ms !== TIMEOUT)).toEqual([]);
    }
  });

  test('later events are counted as closed', async () => {
    const { client, drain } = clientTo(await new IngestServer().start());
    await drain();
    trackMany(client, 2);
    expect(client.stats()).toMatchObject({ tracked: 2, queued: 0, dropped: { ...dropped, closed: 2 } });
  });
});
