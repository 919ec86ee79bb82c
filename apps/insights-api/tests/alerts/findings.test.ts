import { expect, test } from 'vitest';
import { figuresOf, findAll } from '../../src/alerts/findings.ts';
import { makeApi } from '../helpers/api.ts';

test('rules find what was sent, whatever they look at', async () => {
  const now = Date.now();
  const api = await makeApi({ now: () => now });
  const at = new Date(now - 1000).toISOString();
  const events = [
    ...Array.from({ length: 4 }, (_, id) => ({
      kind: 'request',
      name: 'GET /',
      id: `${id}`,
      time: at,
      success: id > 0,
      durationMs: 40,
    })),
    // Late, as out of a spool; and out of an import.
    { kind: 'exception', name: 'TypeError', message: 'x', time: new Date(now - 20 * 3_600_000).toISOString() },
    { kind: 'exception', name: 'OldError', message: 'x', time: new Date(now - 28 * 3_600_000).toISOString() },
    ...[10, 20, 60].map((value) => ({
      kind: 'metric',
      name: 'queue.length',
      unit: '{job}',
      time: at,
      value,
      id: `m${value}`,
    })),
  ];
  const sent = await api.app.inject({
    method: 'POST',
    url: '/api/ingest',
    headers: { authorization: `Bearer ${api.key}` },
    payload: JSON.stringify(events),
  });
  expect(sent.json()).toMatchObject({ accepted: 9 });
  const rule = (
    id: string,
    condition: Parameters<typeof findAll>[0][number]['condition'],
    app: string | null = 'shop',
  ) => ({
    ...{ id, name: id, enabled: true, app, condition, forMinutes: 0, resolveMinutes: 1, mail: true, webhook: null },
    changedAt: 0,
  });
  const window = { minRequests: 1, windowMinutes: 5 };
  const metric = {
    kind: 'metric',
    metric: 'queue.length',
    of: 'avg',
    direction: 'above',
    limit: 25,
    windowMinutes: 5,
  } as const;
  const found = await findAll(
    [
      rule('failures', { kind: 'failure-rate', abovePercent: 20, ...window }, null),
      rule('slow', { kind: 'p95', aboveMs: 100, ...window }, 'SHOP'),
      rule('silent', { kind: 'silence', minutes: 5 }),
      rule('fresh', { kind: 'new-exception', windowMinutes: 5 }),
      rule('metric', metric),
      rule('none', { ...metric, metric: 'nothing' }),
      rule('nobody', metric, 'nobody'),
    ],
    figuresOf(api.store),
    now,
  );
  const told = [...found].map(([id, findings]) => [
    id,
    ...[...findings].map(([app, { level, message }]) => `${app} ${level}: ${message}`),
  ]);
  expect(told).toEqual([
    ['failures', 'shop breach: 25 % of 4 requests failed in 5 minutes (limit 20 %).'],
    [
      'slow',
      expect.stringMatching(
        /^shop clear: 95 % of 4 requests took up to (?:39|40|41) ms in 5 minutes \(limit 100 ms\)\.$/,
      ),
    ],
    ['silent', 'shop clear: Events are received.'],
    ['fresh', 'shop breach: 1 kind of exception in 5 minutes that were never seen before.'],
    ['metric', 'shop breach: avg of queue.length was 30 {job} in 5 minutes (limit: above 25).'],
    ['none', 'shop clear: nothing has no avg in 5 minutes.'],
    ['nobody'],
  ]);
});
