import { setImmediate as turn } from 'node:timers/promises';
import type { EventRecord, EventsResponse, HistogramResponse, ValuesResponse } from '@scorpiox/shared/contract';
import { makePredicate, parseQuery } from '@scorpiox/shared/query-language';
import { EVENT_KINDS, isFailure, parseNativeEvent } from '@scorpiox/shared/telemetry';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { StoreUnavailable } from '../../src/store/port.ts';
import type { RawEvents } from '../../src/store/raw/raw-port.ts';
import { makeApi, type TestApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';
import { randomEvents, randomQueries } from '../helpers/random-events.ts';

const now = () => NOON + 3_600_000;
const at = (ms: number) => new Date(NOON + ms).toISOString();

async function send(api: TestApi, events: readonly object[], key = api.key): Promise<void> {
  const answer = await api.app.inject({
    method: 'POST',
    url: '/api/ingest',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    payload: JSON.stringify(events),
  });
  expect(answer.json()).toMatchObject({ errors: [] });
}

async function ask<T>(
  { app, token }: TestApi,
  url: string,
  query: Record<string, string> = {},
  status = 200,
): Promise<T> {
  const answer = await app.inject({ url, query, headers: { authorization: `Bearer ${token}` } });
  expect(answer.statusCode, answer.body).toBe(status);
  return answer.json();
}

const weigh = (events: readonly { readonly count: number }[]) => events.reduce((sum, { count }) => sum + count, 0);

/** Queries that nothing but the kind decides. */
const kindQueries = fc
  .tuple(fc.subarray([...EVENT_KINDS]), fc.constantFrom('', 'app:shop '), fc.constantFrom('', '-'))
  .map(([kinds, app, sign]) => {
    const all = kinds.map((kind) => `kind:${kind}`).join(' OR ');
    return app + (all === '' ? '' : `${sign}(${all})`);
  });

const names = ({ events }: EventsResponse) => events.map(({ name }) => name);

test('events are found across applications, newest first, page by page', async () => {
  const api = await makeApi({ now });
  const blog = await api.control.addApp('blog');
  if (!blog.ok) throw new Error(blog.error.message);
  await send(
    api,
    [1, 3, 5].map((ms) => nativeRequest({ name: `shop ${ms}`, time: at(ms) })),
  );
  await send(
    api,
    [2, 4].map((ms) => nativeRequest({ name: `blog ${ms}`, time: at(ms), success: false })),
    blog.value.key,
  );
  const first = await ask<EventsResponse>(api, '/api/events', { limit: '2' });
  expect(first).toMatchObject({
    from: at(-23 * 3_600_000),
    to: at(3_600_000),
    now: at(3_600_000),
    partial: null,
    notes: [],
  });
  expect(names(first)).toEqual(['shop 5', 'blog 4']);
  expect(first.events[1]).toEqual({
    ...{
      app: 'blog',
      time: '2026-11-20T12:00:00.004000Z',
      hash: first.events[1]?.hash,
      kind: 'request',
      name: 'blog 4',
    },
    ...{ durationMs: 10, success: false, count: 1, receivedAt: at(3_600_000) },
  });
  const second = await ask<EventsResponse>(api, '/api/events', { limit: '2', cursor: first.nextCursor ?? '' });
  expect(names(second)).toEqual(['shop 3', 'blog 2']);
  const third = await ask<EventsResponse>(api, '/api/events', { limit: '2', cursor: second.nextCursor ?? '' });
  expect(names(third)).toEqual(['shop 1']);
  expect(third.nextCursor).toBeNull();
  const oldest = await ask<EventsResponse>(api, '/api/events', { limit: '3', order: 'oldest' });
  expect(names(oldest)).toEqual(['shop 1', 'blog 2', 'shop 3']);
  const rest = { limit: '3', order: 'oldest', cursor: oldest.nextCursor ?? '' };
  expect(names(await ask(api, '/api/events', rest))).toEqual(['blog 4', 'shop 5']);
  expect(names(await ask(api, '/api/events', { q: 'app:BLOG -name:*4' }))).toEqual(['blog 2']);
  expect(names(await ask(api, '/api/events', { q: 'success:true', from: at(2), to: at(5) }))).toEqual(['shop 3']);
});

test('an event is given in full by its address', async () => {
  const api = await makeApi({ now });
  const message = 'x'.repeat(3000);
  await send(api, [nativeRequest({ message, properties: { a: 'b' } })]);
  const { events } = await ask<EventsResponse>(api, '/api/events');
  const { app, time, hash, cut } = events[0] ?? ({} as Partial<EventRecord>);
  expect(cut).toBe(true);
  const { event } = await ask<{ event: EventRecord }>(api, `/api/events/${app}/${time}/${hash}`);
  expect(event).toMatchObject({ message, properties: { a: 'b' } });
  expect(event.cut).toBeUndefined();
  await ask(api, `/api/events/shop/${NOON * 1000}/${hash}`);
  for (const wrong of [`nobody/${time}/${hash}`, `shop/${NOON * 1000 + 1}/${hash}`]) {
    expect(await ask(api, `/api/events/${wrong}`, {}, 404)).toMatchObject({ error: { code: 'not-found' } });
  }
  expect(await ask(api, `/api/events/shop/yesterday/${hash}`, {}, 400)).toMatchObject({ error: { field: 'time' } });
});

describe('what cannot be answered is said', () => {
  const wrong: readonly (readonly [string, Record<string, string>, object])[] = [
    ['/api/events', { q: 'app:shop durations:>5' }, { code: 'bad-query', field: 'q', column: 10 }],
    ['/api/events/histogram', { q: 'a (b' }, { code: 'bad-query', field: 'q', column: 3 }],
    [
      '/api/events',
      { q: 'kind:request -app:nobody' },
      { code: 'unknown-app', field: 'q', column: 15, message: 'There is no application nobody.' },
    ],
    ['/api/events', { from: 'now', to: 'now-1h' }, { code: 'empty-range', field: 'from' }],
    ['/api/events/values', { field: 'user', from: 'once' }, { code: 'bad-time', field: 'from' }],
    ['/api/events', { cursor: 'x' }, { code: 'bad-cursor', field: 'cursor' }],
    ['/api/events', { limit: '0' }, { code: 'bad-request', field: 'limit' }],
    ['/api/events', { order: 'any' }, { code: 'bad-request', field: 'order' }],
    ['/api/events/values', { field: 'nothing' }, { code: 'bad-request', field: 'field' }],
  ];

  test('by what is wrong with which parameter, and where', async () => {
    const api = await makeApi({ now });
    for (const [url, query, error] of wrong) expect(await ask(api, url, query, 400)).toMatchObject({ error });
    // Nor does anybody ask without a token.
    for (const url of ['/api/events', '/api/events/histogram', '/api/events/values?field=user', '/api/events/a/1/b']) {
      expect((await api.app.inject(url)).statusCode).toBe(401);
    }
  });

  test('a span before what is kept is answered, with a word on it', async () => {
    const api = await makeApi({ now });
    await api.control.setRetention('shop', 7);
    const asked = await ask<EventsResponse>(api, '/api/events', { from: 'now-20d', to: 'now-10d' });
    expect(asked.events).toEqual([]);
    expect(asked.notes).toEqual(['Events of shop are kept for 7 days: older ones are deleted.']);
    expect((await ask<EventsResponse>(api, '/api/events', { from: 'now-7d' })).notes).toEqual([]);
  });
});

test('values are offered for completion, the most frequent first', async () => {
  const api = await makeApi({ now });
  const users = ['ann', 'bob', 'bob', 'Bea'];
  await send(
    api,
    users.map((user, ms) => nativeRequest({ user, time: at(ms), properties: { tenant: 'acme' } })),
  );
  const values = async (query: Record<string, string>) => {
    const answer = await ask<ValuesResponse>(api, '/api/events/values', query);
    return answer.values.map(({ value, count }) => `${value} ${count}`);
  };
  expect(await values({ field: 'user' })).toEqual(['bob 2', 'Bea 1', 'ann 1']);
  expect(await values({ field: 'user', prefix: 'b', q: '-user:bob' })).toEqual(['Bea 1']);
  expect(await values({ field: 'properties' })).toEqual(['tenant 4']);
  expect(await values({ field: 'properties.tenant' })).toEqual(['acme 4']);
  expect(await values({ field: 'app', prefix: 'SH' })).toEqual(['shop 0']);
});

test('histograms and searches agree with the events themselves, whatever is asked', async () => {
  const api = await makeApi({ now });
  const counts = fc.sample(fc.integer({ min: 1, max: 5 }), 200);
  const events = fc.sample(randomEvents, 200).map((event, index) => ({
    ...nativeRequest(event),
    id: String(index),
    count: counts[index] ?? 1,
  }));
  await send(api, events);
  await fc.assert(
    fc.asyncProperty(fc.oneof(randomQueries, kindQueries), fc.integer({ min: 1, max: 30 }), async (q, steps) => {
      const parsed = parseQuery(q);
      if (!parsed.ok) throw new Error(parsed.error.message);
      const holds = makePredicate(parsed.value.query);
      const span = { from: at(-5 * 60_000), to: at(5 * 60_000) };
      const expected = events.filter((event) => {
        const { value } = parseNativeEvent(event) as Extract<ReturnType<typeof parseNativeEvent>, { ok: true }>;
        return holds({ ...value, app: 'shop' });
      });
      const found = await ask<EventsResponse>(api, '/api/events', { q, ...span, limit: '1000' });
      expect(found.events.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
      const histogram = await ask<HistogramResponse>(api, '/api/events/histogram', {
        q,
        ...span,
        steps: String(steps),
      });
      expect(histogram).toMatchObject({ total: weigh(expected), partial: null });
      const start = Date.parse(histogram.from);
      const size = histogram.stepSeconds * 1000;
      const counts = histogram.steps.map((_, index) => {
        const within = expected.filter(({ time }) => Math.floor((Date.parse(time) - start) / size) === index);
        return { count: weigh(within), failures: weigh(within.filter(isFailure)) };
      });
      expect(histogram.steps).toEqual(counts);
      expect(start + histogram.steps.length * size).toBe(Date.parse(histogram.to));
    }),
    { numRuns: 50 },
  );
});

test('what asks for kinds alone is counted without reading an event, unless its steps are short and its events few', async () => {
  const tallied: number[] = [];
  const api = await makeApi({
    now,
    wrap: (store) => ({
      ...store,
      raw: {
        ...store.raw,
        tally: (slice, steps) => {
          tallied.push(steps.size / 1_000_000);
          return store.raw.tally(slice, steps);
        },
      },
    }),
  });
  const count = async (query: Record<string, string>) => {
    const { total, stepSeconds } = await ask<HistogramResponse>(api, '/api/events/histogram', query);
    return { total, stepSeconds, tallied: tallied.splice(0) };
  };
  await send(api, [nativeRequest({ count: 3 }), nativeRequest({ kind: 'trace', severity: 'error' })]);
  expect(await count({})).toEqual({ total: 4, stepSeconds: 1800, tallied: [] });
  expect(await count({ q: 'app:shop -kind:trace', steps: '500' })).toEqual({ total: 3, stepSeconds: 300, tallied: [] });
  expect(await count({ q: 'kind:trace name:*' })).toEqual({ total: 1, stepSeconds: 1800, tallied: [1800] });
  const short = { from: at(-5 * 60_000), to: at(5 * 60_000) };
  expect(await count(short)).toEqual({ total: 4, stepSeconds: 10, tallied: [10] });
  await send(api, [nativeRequest({ id: 'many', count: 200_000 })]);
  // Of another span, for an answer is given again for a moment.
  const longer = { ...short, from: at(-7 * 60_000) };
  expect(await count(longer)).toEqual({ total: 200_004, stepSeconds: 60, tallied: [] });
});

test('a histogram that comes to the end of its budget says how far it is, and nothing of what it has not read', async () => {
  const api = await makeApi({
    now,
    wrap: (store) => ({
      ...store,
      raw: {
        ...store.raw,
        tally: async (slice, steps) => ({
          ...(await store.raw.tally({ ...slice, rows: 3 }, steps)),
          scanned: 3_000_000,
        }),
      },
    }),
  });
  await send(
    api,
    Array.from({ length: 20 }, (_, index) => nativeRequest({ time: at(index * 1000), id: String(index) })),
  );
  const histogram = await ask<HistogramResponse>(api, '/api/events/histogram', {
    from: at(0),
    to: at(20_000),
    steps: '20',
  });
  expect(histogram.partial).toEqual({ reason: 'rows', reached: '2026-11-20T12:00:14.000000Z' });
  expect(histogram.steps).toEqual(
    Array.from({ length: 20 }, (_, index) => (index > 14 ? { count: 1, failures: 0 } : null)),
  );
  expect(histogram.total).toBe(5);
});

test('beyond a few searches at once further ones are told to come again; a store that fails frees its place', async () => {
  const open = Promise.withResolvers<never>();
  const api = await makeApi({ now, wrap: (store) => ({ ...store, raw: { ...store.raw, page: () => open.promise } }) });
  const waiting = Array.from({ length: 9 }, () =>
    api.app.inject({ url: '/api/events', headers: { authorization: `Bearer ${api.token}` } }),
  );
  const refused = await Promise.race(waiting);
  expect(refused.statusCode).toBe(503);
  expect(refused.headers['retry-after']).toBeDefined();
  open.reject(new StoreUnavailable('gone'));
  const statuses = (await Promise.all(waiting)).map(({ statusCode }) => statusCode);
  expect(statuses).toEqual(Array.from({ length: 9 }, () => 503));
  expect(await ask(api, '/api/events', {}, 503)).toMatchObject({ error: { code: 'unavailable' } });
});

test('an export goes on for nobody who is gone, and nobody is told', async () => {
  const asked = Promise.withResolvers<void>();
  let slices = 0;
  // As if there were no end of rows of which none matches.
  const page: RawEvents['page'] = async ({ edge }) => {
    slices += 1;
    asked.resolve();
    await turn();
    return { events: [], end: { time: edge.time - 1, hash: '' }, scanned: 0 };
  };
  const api = await makeApi({ now, wrap: (store) => ({ ...store, raw: { ...store.raw, page } }) });
  const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const gone = new AbortController();
  const headers = { authorization: `Bearer ${api.token}` };
  const answer = fetch(`${address}/api/events/export?format=csv`, { headers, signal: gone.signal }).then((response) =>
    response.text(),
  );
  await asked.promise;
  gone.abort();
  await expect(answer).rejects.toThrow();
  await vi.waitFor(
    async () => {
      const before = slices;
      for (let turns = 0; turns < 50; turns += 1) await turn();
      expect(slices).toBe(before);
    },
    { timeout: 20_000 },
  );
  expect(api.log()).not.toContain('a request failed');
});
