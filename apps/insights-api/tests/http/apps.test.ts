import { AppsReport } from '@scorpiox/shared/contract';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { QUESTIONS } from '../../src/limits.ts';
import { makeApi, type TestApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';

const ask = (api: TestApi, url: string) => api.app.inject({ url, headers: { authorization: `Bearer ${api.token}` } });

test('answers by the contract, from the events of the span alone', async () => {
  const api = await makeApi({ now: () => NOON });
  const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();
  await api.control.addApp('empty');
  const events = [
    nativeRequest({ time: at(-1), durationMs: 100 }),
    nativeRequest({ time: at(-31), durationMs: 0.2, success: false }),
    nativeRequest({ time: at(-60 * 25), id: 'before the span' }),
    nativeRequest({ time: at(-1), kind: 'dependency', success: false }),
  ];
  await api.app.inject({
    method: 'POST',
    url: '/api/ingest',
    payload: JSON.stringify(events),
    headers: { authorization: `Bearer ${api.key}` },
  });
  const answer = await ask(api, '/api/apps');
  expect(answer.statusCode).toBe(200);
  const body = answer.json();
  expect(Value.Check(AppsReport, body)).toBe(true);
  expect(body).toMatchObject({ from: '2026-11-19T12:00:00.000Z', to: '2026-11-20T12:00:00.000Z', stepSeconds: 1800 });
  const [empty, shop] = body.apps;
  expect(empty).toMatchObject({
    name: 'empty',
    lastSeen: null,
    requests: 0,
    p50: null,
    p95: null,
    p99: null,
    received: 0,
  });
  expect(shop).toMatchObject({
    name: 'shop',
    requests: 2,
    failures: 1,
    received: 4,
    accepted: 4,
    duplicates: 0,
    rejected: 0,
  });
  expect(shop.lastSeen).toBe('2026-11-20T12:00:00.000Z');
  expect(shop.p50).toBeCloseTo(0.2, 1);
  expect(shop.sparkline).toEqual([...Array.from({ length: 46 }, () => 0), 1, 1]);
});

test('a span that cannot be is an error that names its field', async () => {
  const api = await makeApi({ now: () => NOON });
  for (const [query, code, field] of [
    ['from=yesterday', 'bad-time', 'from'],
    ['from=now-24h&to=2026-13-01', 'bad-time', 'to'],
    ['from=now&to=now-1h', 'empty-range', 'from'],
    ['from=now-90d', 'range-too-long', 'from'],
    ['from=now-999999999d', 'bad-time', 'from'],
    ['from=now-999999999d&to=now-999999998d', 'bad-time', 'from'],
    ['from=1969-12-31&to=1970-01-02', 'bad-time', 'from'],
    ['from=9999-12-30&to=9999-12-31', 'bad-time', 'from'],
  ]) {
    const answer = await ask(api, `/api/apps?${query}`);
    expect([query, answer.statusCode, answer.json()]).toMatchObject([query, 400, { error: { code, field } }]);
  }
});

test('a span is understood, whole minutes at a time, hours where it is long', async () => {
  const api = await makeApi({ now: () => NOON });
  for (const [query, from, to] of [
    ['from=now-15m', '2026-11-20T11:45:00.000Z', '2026-11-20T12:00:00.000Z'],
    ['from=2026-11-20&to=2026-11-20T01:00:00', '2026-11-20T00:00:00.000Z', '2026-11-20T01:00:00.000Z'],
    ['from=2026-11-20T10:00:30%2B02:00', '2026-11-20T08:00:00.000Z', '2026-11-20T12:00:00.000Z'],
    ['from=now-7d&to=2026-11-20T11:17:30', '2026-11-13T12:00:00.000Z', '2026-11-20T12:00:00.000Z'],
    ['from=2026-11-10T00:59:59&to=2026-11-20', '2026-11-10T00:00:00.000Z', '2026-11-20T00:00:00.000Z'],
  ]) {
    expect([query, (await ask(api, `/api/apps?${query}`)).json()]).toMatchObject([query, { from, to }]);
  }
});

test('`now` is the clock, though the span ends after it', async () => {
  const api = await makeApi({ now: () => NOON + 1234 });
  expect((await ask(api, '/api/apps')).json()).toMatchObject({
    now: '2026-11-20T12:00:01.234Z',
    to: '2026-11-20T12:01:00.000Z',
  });
});

test('a question is asked once, whoever asks it; beyond some at once the answer is to come back', async () => {
  const release = Promise.withResolvers<void>();
  let asked = 0;
  const api = await makeApi({
    now: () => NOON,
    wrap: (store) => ({
      ...store,
      summarizeApps: async (span) => {
        asked += 1;
        await release.promise;
        return store.summarizeApps(span);
      },
    }),
  });
  const open = Array.from({ length: QUESTIONS * 2 }, async (_, index) =>
    ask(api, `/api/apps?from=now-${1 + (index % QUESTIONS)}h`),
  );
  await Promise.race([Promise.all(open), new Promise((resolve) => setImmediate(resolve))]);
  const late = await ask(api, '/api/apps?from=now-7d');
  expect([late.statusCode, late.headers['retry-after'], late.json()]).toMatchObject([
    503,
    '5',
    { error: { code: 'overloaded' } },
  ]);
  release.resolve();
  expect((await Promise.all(open)).map(({ statusCode }) => statusCode)).toEqual(open.map(() => 200));
  expect(asked).toBe(QUESTIONS);
});
