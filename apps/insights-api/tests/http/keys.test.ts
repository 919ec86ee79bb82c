import { expect, test } from 'vitest';
import { Retention } from '../../src/retention/retention.ts';
import { WorkBoard } from '../../src/work/board.ts';
import { makeApi, type TestApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';

const now = () => NOON;
const DAY = 86_400_000;

const ingest = (api: TestApi, key: string, events: readonly object[]) =>
  api.app.inject({
    method: 'POST',
    url: '/api/ingest',
    payload: JSON.stringify(events),
    headers: { authorization: `Bearer ${key}` },
  });

const envelope = (iKey: string, id: string) => ({
  name: 'Microsoft.ApplicationInsights.Request',
  time: new Date(NOON).toISOString(),
  iKey,
  data: { baseType: 'RequestData', baseData: { id, name: 'GET /', duration: '00:00:01', success: true } },
});
const track = (api: TestApi, items: readonly object[]) =>
  api.app.inject({ method: 'POST', url: '/v2.1/track', payload: JSON.stringify(items) });

async function keyOf(api: TestApi, request: { app?: string; rateLimit?: number }): Promise<string> {
  const added = await api.control.addKey(request);
  if (!added.ok) throw new Error(added.error.message);
  return added.value.key;
}

test('a revoked key is refused, and the one beside it goes on', async () => {
  let ticks = 0;
  const api = await makeApi({ now, ticks: () => ticks });
  const second = await keyOf(api, { app: 'shop' });
  expect((await ingest(api, api.key, [nativeRequest({ id: '1' })])).statusCode).toBe(200);
  await api.control.revokeKey(api.key);
  ticks += 61_000;
  expect((await ingest(api, api.key, [nativeRequest({ id: '2' })])).statusCode).toBe(401);
  expect((await ingest(api, second, [nativeRequest({ id: '3' })])).json()).toMatchObject({ accepted: 1 });
  expect(api.value('SELECT accepted FROM app_counters')).toBe(2);
});

test('a key over its limit gets 429 without a body until it has room, and nothing of it counts as lost', async () => {
  let ticks = 0;
  const api = await makeApi({ now, ticks: () => ticks });
  const key = await keyOf(api, { app: 'shop', rateLimit: 1 });
  const batch = Array.from({ length: 12 }, (_, index) => nativeRequest({ id: String(index) }));
  expect((await ingest(api, key, batch)).json()).toMatchObject({ accepted: 12 });
  const over = await ingest(api, key, [nativeRequest({ id: 'x' })]);
  expect([over.statusCode, over.headers['retry-after'], over.body]).toEqual([429, '2', '']);
  ticks += 2001;
  expect((await ingest(api, key, [nativeRequest({ id: 'x' })])).json()).toMatchObject({ accepted: 1 });
  expect(api.value('SELECT received FROM app_counters')).toBe(13);
  expect(api.value('SELECT count(*) FROM app_rejections')).toBe(0);
});

test('where a batch has several keys, the items of the one over its limit are to come again', async () => {
  const api = await makeApi({ now, ticks: () => 0 });
  const slow = await keyOf(api, { app: 'shop', rateLimit: 1 });
  await track(
    api,
    Array.from({ length: 10 }, (_, index) => envelope(slow, `a${index}`)),
  );
  const mixed = await track(api, [envelope(slow, 'b'), envelope(api.key, 'c')]);
  expect(mixed.statusCode).toBe(206);
  expect(mixed.json()).toMatchObject({ itemsReceived: 2, itemsAccepted: 1, errors: [{ index: 0, statusCode: 429 }] });
  const none = await track(api, [envelope(slow, 'b'), envelope('nobodys', 'c')]);
  expect(none.statusCode).toBe(206);
  expect(none.json().errors).toMatchObject([{ statusCode: 429 }, { statusCode: 400 }]);
});

test('under a shared key each event goes to the application that it names', async () => {
  const api = await makeApi({ now });
  const shared = await keyOf(api, {});
  const events = ['shop', 'blog', 'blog'].map((app, index) => nativeRequest({ app, id: String(index) }));
  const answer = await ingest(api, shared, [...events, nativeRequest({ id: 'lost' })]);
  expect(answer.json()).toMatchObject({ accepted: 3, errors: [{ index: 3, code: 'missing-app' }] });
  const apps = await api.control.apps();
  expect(apps.map(({ name }) => name)).toEqual(['blog', 'shop']);
  expect(api.value("SELECT accepted FROM app_counters JOIN apps ON id = app_id WHERE name = 'blog'")).toBe(2);
});

test('an application’s own key names it, whatever its events say', async () => {
  const api = await makeApi({ now });
  await ingest(api, api.key, [nativeRequest({ app: 'other' })]);
  expect(await api.control.apps()).toMatchObject([{ name: 'shop' }]);
});

test('how old an event may be follows its application’s retention', async () => {
  const api = await makeApi({ now });
  await api.control.setRetention('shop', 90);
  const other = await keyOf(api, { app: (await api.control.ensureApp('blog')).ok ? 'blog' : '' });
  const old = [nativeRequest({ time: new Date(NOON - 80 * DAY).toISOString() })];
  expect((await ingest(api, api.key, old)).json()).toMatchObject({ accepted: 1 });
  expect((await ingest(api, other, old)).json()).toMatchObject({ errors: [{ code: 'too-old' }] });
  const edge = [nativeRequest({ time: new Date(NOON - 90 * DAY + 3_500_000).toISOString() })];
  expect((await ingest(api, api.key, edge)).json()).toMatchObject({ errors: [{ code: 'too-old' }] });
});

test('a replay counts nothing twice where retention was made shorter, events were deleted, and it was made longer again', async () => {
  const api = await makeApi({ now });
  await api.control.setRetention('shop', 90);
  const sent = [20, 40, 60].map((days) =>
    nativeRequest({ id: `${days}`, time: new Date(NOON - days * DAY).toISOString() }),
  );
  expect((await ingest(api, api.key, sent)).json()).toMatchObject({ accepted: 3 });
  const retention = new Retention({
    ...api,
    now,
    board: new WorkBoard(now),
    pause: async () => {},
    warn: (message: string) => expect.unreachable(message),
  });
  await api.control.setRetention('shop', 30);
  await retention.sweep();
  await api.control.setRetention('shop', 90);
  const answer = (await ingest(api, api.key, sent)).json();
  expect(answer).toMatchObject({ accepted: 0, duplicates: 1 });
  expect(answer).toMatchObject({ errors: [1, 2].map((index) => ({ index, code: 'too-old' })) });
  expect(answer.errors[0].message).toContain('deleted already');
  expect(api.value('SELECT sum(count) FROM day_rollups')).toBe(3);
  expect(api.value("SELECT count FROM app_rejections WHERE reason = 'too-old'")).toBe(2);
});
