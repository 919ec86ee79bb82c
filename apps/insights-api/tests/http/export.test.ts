import { once } from 'node:events';
import { get } from 'node:http';
import { expect, test, vi } from 'vitest';
import { EXPORTS } from '../../src/query/raw/limits.ts';
import { makeApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';

test('events are exported as CSV and NDJSON, whole and newest first', async () => {
  const api = await makeApi({ now: () => NOON + 60_000 });
  const message = 'm'.repeat(3000);
  const events = Array.from({ length: 1200 }, (_, index) =>
    nativeRequest({
      id: String(index),
      time: new Date(NOON + index).toISOString(),
      message,
      user: index % 2 === 0 ? '=cmd' : 'ann',
    }),
  );
  await api.app.inject({
    ...{ method: 'POST', url: '/api/ingest', payload: JSON.stringify(events) },
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
  });
  const ask = (query: Record<string, string>) =>
    api.app.inject({ url: '/api/events/export', query, headers: { authorization: `Bearer ${api.token}` } });
  const json = await ask({ format: 'ndjson' });
  expect(json.headers['content-disposition']).toBe('attachment; filename="events-2026-11-20.ndjson"');
  const lines = json.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toReversed());
  expect(lines[0]).toMatchObject({ app: 'shop', message });
  const csv = await ask({ format: 'csv', q: 'user:"=cmd"' });
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  const rows = csv.body.trimEnd().split('\r\n');
  expect(rows).toHaveLength(601);
  expect(rows[1]).toContain(",'=cmd,");
  expect((await ask({ format: 'xml' })).statusCode).toBe(400);
  expect((await ask({ format: 'csv', q: 'a:b' })).json()).toMatchObject({ error: { code: 'bad-query', column: 1 } });
  // Places come back, also after many.
  for (let times = 0; times < 4; times += 1)
    expect((await ask({ format: 'csv', q: 'user:nobody' })).statusCode).toBe(200);
});

test('whoever leaves before an export begins holds no place', async () => {
  const api = await makeApi();
  const address = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const headers = { authorization: `Bearer ${api.token}` };
  const url = '/api/events/export?format=csv';
  const apps = await api.control.apps();
  for (let times = 0; times < EXPORTS; times += 1) {
    const left = Promise.withResolvers<void>();
    api.app.server.once('request', (_request, response) => response.once('close', left.resolve));
    vi.spyOn(api.control, 'apps').mockImplementationOnce(async () => {
      asked.destroy();
      await left.promise;
      return apps;
    });
    const asked = get(address + url, { headers });
    await once(asked, 'error'); // it is cut off on purpose
    await left.promise;
  }
  expect((await api.app.inject({ url, headers })).statusCode).toBe(200);
});
