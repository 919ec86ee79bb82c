import {
  AppsReport,
  ExceptionsResponse,
  InstancesResponse,
  LatencyResponse,
  MapResponse,
  OperationsResponse,
  OverviewResponse,
  TimelineResponse,
} from '@scorpiox/shared/contract';
import type { NativeEvent } from '@scorpiox/shared/telemetry';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import type { Store } from '../../src/store/port.ts';
import { makeApi, type TestApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';

const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();
const ask = (api: TestApi, url: string) => api.app.inject({ url, headers: { authorization: `Bearer ${api.token}` } });

async function send(api: TestApi, key: string, events: readonly NativeEvent[]): Promise<void> {
  const answer = await api.app.inject({
    method: 'POST',
    url: '/api/ingest',
    payload: JSON.stringify(events),
    headers: { authorization: `Bearer ${key}` },
  });
  expect(answer.json()).toMatchObject({ accepted: events.length });
}

/** Asks, and checks the answer against its contract. */
async function answerOf(api: TestApi, url: string, contract: TSchema) {
  const answer = await ask(api, url);
  expect([url, answer.statusCode, answer.json().error]).toEqual([url, 200, undefined]);
  expect([...Value.Errors(contract, answer.json())]).toEqual([]);
  return answer.json();
}

test('the pages of applications are answered by their contracts, from what was sent', async () => {
  let store: Store | undefined;
  const api = await makeApi({
    now: () => NOON,
    wrap: (inner) => {
      store = inner;
      return inner;
    },
  });
  const blog = await api.control.addApp('blog');
  if (!blog.ok) throw new Error(blog.error.message);
  const traced = { operationId: 'op-1' };
  await send(api, api.key, [
    nativeRequest({ time: at(-5), durationMs: 100, instance: 'i-1', version: '1.0', id: 'a' }),
    nativeRequest({ time: at(-4), durationMs: 3000, success: false, instance: 'i-1', version: '2.0', id: 'b' }),
    nativeRequest({ time: at(-3), name: 'GET /slow', durationMs: 900, id: 'c', ...traced }),
    nativeRequest({ time: at(-1500), id: 'yesterday' }),
    { kind: 'dependency', time: at(-3), name: 'blog GET /', id: 'span', durationMs: 40, success: true, ...traced },
    { kind: 'exception', time: at(-3), name: 'KeyError', message: 'no such key', user: 'ann', ...traced },
    { kind: 'pageView', time: at(-3), name: '/cart', durationMs: 700 },
    { kind: 'event', time: at(-3), name: 'ordered' },
  ]);
  await send(api, blog.value.key, [
    nativeRequest({ time: at(-3), parentId: 'span', id: 'd', durationMs: 30, ...traced }),
  ]);
  while ((await store?.linkCalls()) !== 0);

  const apps = await answerOf(api, '/api/apps?from=now-1h', AppsReport);
  const shop = apps.apps.find(({ name }: { name: string }) => name === 'shop');
  expect(shop).toMatchObject({
    state: 'healthy',
    requests: 3,
    failures: 1,
    requestsPerMinute: 0.05,
    requestsBefore: 0,
  });
  expect(shop).toMatchObject({ apdex: 0.5, apdexMs: 500, exceptions: 1, newExceptions: 1, failureRateBefore: null });
  expect(shop.failureRate).toBeCloseTo(1 / 3);

  const overview = await answerOf(api, '/api/apps/SHOP/overview?from=now-1h&points=12', OverviewResponse);
  expect(overview.app).toEqual(shop);
  expect(overview.timeline).toMatchObject({ start: at(-60), stepSeconds: 300 });
  expect(overview.timeline.count).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
  expect(overview.exceptions.at(-1)).toBe(1);
  expect(overview.marks).toEqual(
    [
      { at: at(-5), version: '1.0' },
      { at: at(-4), version: '2.0' },
    ].slice(1),
  );

  const operations = await answerOf(api, '/api/apps/shop/operations?from=now-1h', OperationsResponse);
  expect(operations.operations.map(({ name }: { name: string }) => name)).toEqual(['GET /', 'GET /slow']);
  expect(operations.operations[0]).toMatchObject({
    count: 2,
    failures: 1,
    failureRate: 0.5,
    isOther: false,
    max: 3000,
  });
  expect(operations.operations[0].share).toBeCloseTo(3100 / 4000);
  const paged = await answerOf(api, '/api/apps/shop/operations?from=now-1h&limit=1', OperationsResponse);
  const next = `/api/apps/shop/operations?from=now-1h&limit=1&cursor=${paged.nextCursor}`;
  expect(await answerOf(api, next, OperationsResponse)).toMatchObject({
    operations: [{ name: 'GET /slow' }],
    nextCursor: null,
  });
  for (const [path, name] of [
    ['dependencies', 'blog GET /'],
    ['views', '/cart'],
    ['events', 'ordered'],
  ]) {
    const list = await answerOf(api, `/api/apps/shop/${path}?from=now-1h`, OperationsResponse);
    expect(list).toMatchObject({ total: { names: 1 }, operations: [{ name, count: 1 }] });
  }

  const exceptions = await answerOf(api, '/api/apps/shop/exceptions?from=now-1h', ExceptionsResponse);
  expect(exceptions.total).toEqual({ groups: 1, newGroups: 1, count: 1 });
  expect(exceptions.groups[0]).toMatchObject({ type: 'KeyError', isNew: true, users: { count: 1, isExact: true } });
  expect(exceptions.groups[0].newest).toMatchObject({ message: 'no such key', operationId: 'op-1', stack: null });

  const instances = await answerOf(api, '/api/apps/shop/instances?from=now-1h', InstancesResponse);
  expect(instances.versions).toMatchObject([
    { version: '2.0', requests: 1, failures: 1 },
    { version: '1.0', requests: 1 },
    { version: null, instances: 1, requests: 1 },
  ]);
  const latency = await answerOf(api, '/api/apps/shop/latency?from=now-1h&operation=GET%20%2F', LatencyResponse);
  expect(latency).toMatchObject({ count: 2, min: 100, max: 3000, apdexMs: 500 });
  expect(latency.bars.filter(({ count }: { count: number }) => count > 0)).toHaveLength(2);
  for (const { from, to } of latency.bars) expect(to / from).toBeCloseTo(2 ** 0.25);
  const views = await answerOf(api, '/api/apps/shop/timeline?from=now-1h&kind=pageView&points=1', TimelineResponse);
  expect(views.timeline).toMatchObject({ stepSeconds: 3600, count: [1], mean: [700] });

  const map = await answerOf(api, '/api/map?from=now-1h', MapResponse);
  expect(map.edges).toMatchObject([{ from: 'shop', to: 'blog', count: 1, failures: 0, p50: 30 }]);
  expect(map.nodes).toMatchObject([
    { name: 'blog', count: 1 },
    { name: 'shop', count: 3, state: 'healthy' },
  ]);
});

test('the duration that satisfies is set by an admin, and Apdex follows', async () => {
  const api = await makeApi({ now: () => NOON });
  const admin = await api.control.addToken('root', 'admin');
  if (!admin.ok) throw new Error(admin.error.message);
  await send(api, api.key, [nativeRequest({ time: at(-5), durationMs: 100 })]);
  const set = (apdexMs: number | null) =>
    api.app.inject({
      method: 'PATCH',
      url: '/api/settings/apps/shop',
      payload: { apdexMs },
      headers: { authorization: `Bearer ${admin.value.token}` },
    });
  expect((await set(50)).json()).toMatchObject({ name: 'shop', apdexMs: 50 });
  expect((await ask(api, '/api/apps?from=now-1h')).json().apps[0]).toMatchObject({ apdexMs: 50, apdex: 0.5 });
  expect((await set(0)).json()).toMatchObject({ error: { field: 'apdexMs' } });
  expect((await set(null)).json()).toMatchObject({ apdexMs: null });
});

test('what cannot be answered is an error that says what is wrong', async () => {
  const api = await makeApi({ now: () => NOON });
  for (const [url, status, error] of [
    ['/api/apps/nobody/overview', 404, { code: 'not-found', message: 'There is no application named "nobody".' }],
    ['/api/apps/shop/overview?from=now&to=now-1h', 400, { code: 'empty-range', field: 'from' }],
    ['/api/apps/shop/overview?points=0', 400, { field: 'points' }],
    ['/api/apps/shop/operations?cursor=rubbish', 400, { field: 'cursor' }],
    ['/api/apps/shop/operations?limit=100000', 400, { field: 'limit' }],
    ['/api/apps/shop/exceptions?sort=mood', 400, { field: 'sort' }],
  ] as const) {
    const answer = await ask(api, url);
    expect([url, answer.statusCode, answer.json()]).toMatchObject([url, status, { error }]);
  }
});

test('a span past what is kept is answered from coarser sums, and says what is missing', async () => {
  const api = await makeApi({ now: () => NOON });
  const day = 86_400_000;
  const ago = (days: number) => new Date(NOON - days * day).toISOString();
  const of = async (from: number, to: number) => {
    const { kept, from: first } = (await ask(api, `/api/apps?from=${ago(from)}&to=${ago(to)}`)).json();
    return { ...kept, from: first };
  };
  expect(await of(1, 0)).toMatchObject({ unitSeconds: 60, since: ago(32), complete: true });
  expect(await of(32.1, 31.9)).toMatchObject({ unitSeconds: 3600, since: ago(400), complete: true });
  expect(await of(31.9, 30.9)).toMatchObject({ unitSeconds: 3600, complete: true }); // the day before it is older
  expect(await of(400.1, 399.1)).toMatchObject({
    unitSeconds: 86_400,
    complete: true,
    from: '2025-10-16T00:00:00.000Z',
  });
  expect(await of(3660, 3655)).toMatchObject({ unitSeconds: 86_400, since: ago(3650), complete: false });
  // Names go sooner than sums, and with them what a list of them has.
  const named = async (list: string, from: number) =>
    (await ask(api, `/api/apps/shop/${list}?from=${ago(from)}&to=${ago(from - 1)}`)).json().kept;
  expect(await named('instances', 30.9)).toMatchObject({ unitSeconds: 60, since: ago(32), complete: true });
  expect(await named('instances', 60)).toMatchObject({ unitSeconds: 3600, since: ago(32), complete: false });
  expect(await named('operations', 60)).toMatchObject({ unitSeconds: 3600, since: ago(400), complete: true });
  expect(await named('exceptions', 60)).toMatchObject({ unitSeconds: 3600, since: ago(400), complete: true });
  expect(await named('exceptions', 401)).toMatchObject({ unitSeconds: 86_400, since: ago(400), complete: false });
});
