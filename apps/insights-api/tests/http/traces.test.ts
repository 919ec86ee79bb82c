import type { TraceResponse } from '@scorpiox/shared/contract';
import { expect, test } from 'vitest';
import { findTrace } from '../../src/query/trace/find-trace.ts';
import type { OperationPart, RawEvents, StoredEvent } from '../../src/store/raw/raw-port.ts';
import { makeApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';

const at = (ms: number) => new Date(NOON + ms).toISOString();

test('a trace is found by its id alone, or near a moment; one that is not there is said', async () => {
  const api = await makeApi({ now: () => NOON + 20 * 86_400_000 });
  const operationId = '|root.a/b%';
  const events = [
    nativeRequest({ id: 'a', operationId, durationMs: 100 }),
    nativeRequest({ id: 'b', operationId, parentId: 'a', durationMs: 50, time: at(20), kind: 'dependency' }),
    nativeRequest({ id: 'c', operationId: 'other' }),
  ];
  await api.app.inject({
    ...{ method: 'POST', url: '/api/ingest', payload: JSON.stringify(events) },
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
  });
  const ask = (id: string, query: Record<string, string> = {}) =>
    api.app.inject({
      url: `/api/traces/${encodeURIComponent(id)}`,
      query,
      headers: { authorization: `Bearer ${api.token}` },
    });
  const found = (await ask(operationId)).json<TraceResponse>();
  expect(found).toMatchObject({ id: operationId, durationMs: 100, cut: false, notes: [], apps: ['shop'] });
  expect(found.spans.map(({ name, parent }) => [name, parent])).toEqual([
    ['GET /', null],
    ['GET /', 0],
  ]);
  expect(found.criticalPath).toEqual([
    { span: 0, fromMs: 0, toMs: 20 },
    { span: 1, fromMs: 20, toMs: 70 },
    { span: 0, fromMs: 70, toMs: 100 },
  ]);
  expect((await ask(operationId, { near: at(0) })).json()).toMatchObject({
    notes: [expect.stringContaining('an hour')],
  });
  // A hint that leads nowhere does no harm.
  expect((await ask(operationId, { near: 'now' })).json()).toMatchObject({ durationMs: 100, notes: [] });
  expect((await ask(operationId, { near: 'soon' })).json()).toMatchObject({
    error: { code: 'bad-time', field: 'near' },
  });
  const none = await ask('nothing');
  expect(none.statusCode).toBe(404);
  expect(none.json()).toMatchObject({ error: { code: 'not-found', field: 'id' } });
  expect((await ask('x'.repeat(1024))).statusCode).toBe(404);
  expect((await api.app.inject('/api/traces/a')).statusCode).toBe(401);
});

/** Finds `count` events in each of the days that are given, counted back from now. */
function finder(days: readonly number[], { took = 0, count = 1 } = {}) {
  const parts: OperationPart[] = [];
  let clock = 0;
  const operation: RawEvents['operation'] = async (part) => {
    parts.push(part);
    clock += took;
    const event = { appId: 1, time: part.fromMinute * 60e6, hash: '', details: { name: String(parts.length - 1) } };
    return Array.from(
      { length: days.includes(parts.length - 1) ? Math.min(count, part.most) : 0 },
      () => event as unknown as StoredEvent,
    );
  };
  const find = () =>
    findTrace({ raw: { operation } as RawEvents, now: () => NOON, ticks: () => clock }, 'op', { apps: [] });
  return { parts, find };
}

test('all that is kept is looked through, the newest day first, and no further than it goes on', async () => {
  const none = finder([]);
  expect(await none.find()).toEqual({ events: [], cut: false, notes: [] });
  expect(none.parts.length).toBeGreaterThanOrEqual(31);
  const two = finder([3, 4]);
  const { events } = await two.find();
  expect(events.map(({ details }) => details.name)).toEqual(['4', '3']);
  expect(two.parts).toHaveLength(6);
  const parts = two.parts.map(({ fromMinute, toMinute }) => [fromMinute, toMinute]);
  for (const [index, [from]] of parts.slice(0, -1).entries()) expect(parts[index + 1]?.[1]).toBe(from);
});

test('a search that takes too long says how far it came, one that finds too much that it is cut', async () => {
  const slow = finder([0], { took: 2000 });
  const found = await slow.find();
  expect(found.events).toHaveLength(1);
  expect(slow.parts).toHaveLength(2);
  const slower = finder([], { took: 5000 });
  expect((await slower.find()).notes).toEqual([expect.stringContaining('took too long')]);
  expect(slower.parts).toHaveLength(1);
  const large = await finder([0], { count: 5000 }).find();
  expect(large).toMatchObject({ cut: true });
  expect(large.events).toHaveLength(2000);
});
