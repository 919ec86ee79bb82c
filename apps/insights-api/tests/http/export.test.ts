import { expect, test } from 'vitest';
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
