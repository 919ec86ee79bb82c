import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BATCH_ITEMS, DECODED_BYTES, ITEM_METRICS, REQUEST_BYTES } from '../../src/limits.ts';
import { StoreUnavailable } from '../../src/store/port.ts';
import { makeApi, type TestApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';

const now = () => NOON;

/** Sends at once: what inject() itself returns sends only when it is awaited. */
async function send(api: TestApi, payload: string | Buffer, headers: Record<string, string> = {}) {
  return await api.app.inject({
    method: 'POST',
    url: '/api/ingest',
    payload,
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/x-ndjson', ...headers },
  });
}

const lines = (...events: readonly unknown[]) => events.map((event) => JSON.stringify(event)).join('\n');

describe('POST /api/ingest', () => {
  test('stores the good ones of a batch and names the bad ones by index', async () => {
    const api = await makeApi({ now });
    const answer = await send(
      api,
      `${lines(nativeRequest({ id: '1' }))}\n{"kind":\n${lines(
        { ...nativeRequest(), kind: 'nonsense' },
        nativeRequest({ id: '2' }),
        nativeRequest({ time: '2020-01-01T00:00:00Z' }),
        nativeRequest({ time: '2026-11-20T14:00:00.001Z' }),
        nativeRequest({ time: '2026-11-20T14:00:00Z', id: '3' }),
      )}`,
    );
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      received: 7,
      accepted: 3,
      duplicates: 0,
      errors: [
        { index: 1, code: 'malformed' },
        { index: 2, code: 'unknown-kind' },
        { index: 4, code: 'too-old' },
        { index: 5, code: 'too-far-ahead' },
      ],
    });
    expect(api.value('SELECT count(*) FROM events')).toBe(3);
    expect(api.value('SELECT received FROM app_counters')).toBe(7);
    expect(api.value('SELECT sum(count) FROM app_rejections')).toBe(4);
  });

  test('the same batch again is all duplicates, and so is one that arrives twice at once', async () => {
    const api = await makeApi({ now });
    const batch = lines(nativeRequest({ id: '1' }), nativeRequest({ id: '2' }));
    const both = await Promise.all([send(api, batch), send(api, batch)]);
    const sums = both.map((answer) => answer.json());
    expect(sums[0].accepted + sums[1].accepted).toBe(2);
    expect((await send(api, batch)).json()).toEqual({ received: 2, accepted: 0, duplicates: 2, errors: [] });
    expect(api.value('SELECT sum(count) FROM rollups')).toBe(2);
  });

  test.each([
    ['an array', JSON.stringify([nativeRequest()]), {}],
    ['gzip', gzipSync(lines(nativeRequest())), { 'content-encoding': 'gzip' }],
    ['deflate', deflateSync(lines(nativeRequest())), { 'content-encoding': 'deflate' }],
    ['a text as browsers’ beacons send it', lines(nativeRequest()), { 'content-type': 'text/plain;charset=UTF-8' }],
    ['a byte order mark', `\uFEFF${lines(nativeRequest())}`, {}],
  ])('takes %s', async (_what, payload, headers) => {
    const api = await makeApi({ now });
    expect((await send(api, payload, headers)).json()).toMatchObject({ received: 1, accepted: 1 });
  });

  test.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['a zip bomb', gzipSync(Buffer.alloc(DECODED_BYTES + 1, 32)), { 'content-encoding': 'gzip' }, 413, 'too-large'],
    ['broken gzip', 'hello', { 'content-encoding': 'gzip' }, 400, 'bad-encoding'],
    ['an unknown encoding', 'hello', { 'content-encoding': 'br' }, 415, 'unknown-encoding'],
    ['an unfinished array', '[{', {}, 400, 'malformed'],
    ['nothing', '', {}, 400, 'empty'],
    ['a key that is none', '{}', { authorization: 'Bearer 00000000-0000-0000-0000-000000000000' }, 401, 'unknown-key'],
    ['no key', '{}', { authorization: '' }, 401, 'unknown-key'],
  ])('refuses %s', async (_what, payload, headers, status, code) => {
    const api = await makeApi({ now });
    const answer = await send(api, payload, headers);
    expect([answer.statusCode, answer.json().error?.code]).toEqual([status, code]);
    expect(api.log()).not.toContain(api.key);
  });

  test('with a full queue answers 503 with Retry-After and no body, and stores nothing twice on the retry', async () => {
    const [writing, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const api = await makeApi({
      now,
      limits: { events: 1, bytes: 1_000_000 },
      wrap: (store) => ({
        ...store,
        write: async (batch) => {
          writing.resolve();
          await release.promise;
          return store.write(batch);
        },
      }),
    });
    const first = send(api, lines(nativeRequest({ id: '1' })));
    await writing.promise;
    const full = await send(api, lines(nativeRequest({ id: '2' })));
    expect([full.statusCode, full.headers['retry-after'], full.body]).toEqual([503, '5', '']);
    release.resolve();
    expect((await first).json()).toMatchObject({ accepted: 1 });
    expect((await send(api, lines(nativeRequest({ id: '2' })))).json()).toMatchObject({ accepted: 1 });
    expect(api.value('SELECT count(*) FROM events')).toBe(2);
  });

  test('with no memory left for bodies answers 503 with no body, and takes them when there is some', async () => {
    const release = Promise.withResolvers<void>();
    const api = await makeApi({
      now,
      memory: REQUEST_BYTES + 4000,
      wrap: (store) => ({ ...store, write: async (batch) => release.promise.then(() => store.write(batch)) }),
    });
    const large = lines(nativeRequest({ message: 'm'.repeat(900) }));
    const first = send(api, large);
    const full = await send(api, large);
    expect([full.statusCode, full.headers['retry-after'], full.body]).toEqual([503, '5', '']);
    release.resolve();
    expect((await first).statusCode).toBe(200);
    expect((await send(api, large)).json()).toMatchObject({ duplicates: 1 });
  });

  test('with a failing database answers 503 with no body', async () => {
    const failing = async (batch: readonly unknown[]) =>
      batch.map(() => ({ kind: 'failed', error: new StoreUnavailable('disk full') }) as const);
    const api = await makeApi({ now, wrap: (store) => ({ ...store, write: failing }) });
    const answer = await send(api, lines(nativeRequest()));
    expect([answer.statusCode, answer.headers['retry-after'], answer.body]).toEqual([503, '5', '']);
  });
});

const pad = (key: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${key}${index}`, 'x'.repeat(8000)]));

const envelope = (iKey: string | undefined, id: string, more: object = {}) => ({
  name: 'Microsoft.ApplicationInsights.Request',
  time: '2026-11-20T12:00:00.000Z',
  iKey,
  data: {
    baseType: 'RequestData',
    baseData: { id, name: 'GET /', duration: '00:00:00.010', success: true, responseCode: '200' },
  },
  ...more,
});

describe.each(['/v2/track', '/v2.1/track'])('POST %s', (url) => {
  const track = (api: TestApi, payload: string, headers: Record<string, string> = {}) =>
    api.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'application/x-json-stream', ...headers },
    });

  test('answers 200 with the exact shape, a duplicate counted as accepted', async () => {
    const api = await makeApi({ now });
    const batch = lines(envelope(api.key.toUpperCase(), '1'), envelope(api.key, '2'));
    for (let time = 0; time < 2; time += 1) {
      const answer = await track(api, batch);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toEqual({ itemsReceived: 2, itemsAccepted: 2, errors: [] });
      expect(answer.headers['access-control-allow-origin']).toBe('*');
    }
    expect(api.value('SELECT sum(count) FROM rollups')).toBe(2);
    expect(api.value('SELECT duplicates FROM app_counters')).toBe(2);
  });

  test('answers 206 with ascending errors when some are bad', async () => {
    const api = await makeApi({ now });
    const batch = [
      envelope('not-a-key', '1'),
      envelope(api.key, '2'),
      envelope(api.key, '3', { time: '2020-01-01T00:00:00Z' }),
      7,
      envelope(api.key, '4', { data: { baseType: 'Nonsense' } }),
    ];
    const answer = await track(api, JSON.stringify(batch));
    expect(answer.statusCode).toBe(206);
    const { itemsReceived, itemsAccepted, errors } = answer.json();
    expect([itemsReceived, itemsAccepted]).toEqual([5, 1]);
    expect(errors.map(({ index, statusCode }: { index: number; statusCode: number }) => [index, statusCode])).toEqual(
      [0, 2, 3, 4].map((index) => [index, 400]),
    );
  });

  test('answers 400 when the key is unknown, counts it, and takes the key of the header where the envelope has none', async () => {
    const api = await makeApi({ now });
    const answer = await track(api, lines(envelope('nobody', '1')));
    expect([answer.statusCode, answer.json().itemsAccepted]).toEqual([400, 0]);
    const metrics = await api.app.inject('/metrics');
    expect(metrics.body).toContain('scorpiox_items_turned_away_total{reason="unknown-key"} 1');
    const withHeader = await track(api, lines(envelope(undefined, '1')), { authorization: `Bearer ${api.key}` });
    expect(withHeader.json()).toMatchObject({ itemsAccepted: 1 });
  });

  test('lets browsers of any site send', async () => {
    const api = await makeApi({ now });
    const preflight = await api.app.inject({ method: 'OPTIONS', url });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('*');
    expect(preflight.headers['access-control-allow-headers']).toMatch(/Content-Type, Content-Encoding/);
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
    const bad = await track(api, '[');
    expect([bad.statusCode, bad.headers['access-control-allow-origin']]).toEqual([400, '*']);
  });

  test('lets them see that they are to come back', async () => {
    const api = await makeApi({ memory: 0 });
    const { statusCode, headers } = await track(api, lines(envelope(api.key, '1')));
    expect([statusCode, headers['retry-after'], headers['access-control-allow-origin']]).toEqual([503, '5', '*']);
    expect(headers['access-control-expose-headers']).toContain('Retry-After');
  });

  const metrics = (key: string, count: number, properties: object = {}) => {
    const baseData = { metrics: Array.from({ length: count }, (_, value) => ({ name: 'm', value })), properties };
    return envelope(key, '', { data: { baseType: 'MetricData', baseData } });
  };

  test('refuses an item of very many metrics by its index, and takes its neighbours', async () => {
    const api = await makeApi({ now });
    const answer = await track(api, lines(metrics(api.key, 300_000), metrics(api.key, ITEM_METRICS)));
    expect([answer.statusCode, answer.json()]).toMatchObject([206, { itemsAccepted: 1, errors: [{ index: 0 }] }]);
    expect(api.value('SELECT count(*) FROM events')).toBe(ITEM_METRICS);
  });

  test.each([
    ['more events than a batch may hold', BATCH_ITEMS / ITEM_METRICS + 1, {}, 'too-many-items'],
    // Each metric gets a copy of these.
    ['more memory than a batch may take', 20, { a: 'x'.repeat(40_000), ...pad('p', 6) }, 'too-large'],
  ])('refuses items that multiply into %s', async (_what, count, properties, code) => {
    const api = await makeApi({ now });
    const item = JSON.stringify(metrics(api.key, ITEM_METRICS, properties));
    const answer = await track(api, Array.from({ length: count }, () => item).join('\n'));
    expect([answer.statusCode, answer.json().error?.code]).toEqual([413, code]);
    expect(api.value('SELECT count(*) FROM events')).toBe(0);
  });

  test('weighs sampled items', async () => {
    const api = await makeApi({ now });
    await track(api, lines(envelope(api.key, '1', { sampleRate: 10 })));
    expect(api.value('SELECT sum(count) FROM rollups')).toBe(10);
  });
});
