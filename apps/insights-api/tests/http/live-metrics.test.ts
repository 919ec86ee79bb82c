import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeApi } from '../helpers/api.ts';

test.each(['ping', 'post'])('live metrics: %s is told that nobody watches, whatever it sends', async (action) => {
  const api = await makeApi();
  for (const payload of ['[{"Instance":"a"}]', 'no json', '', 'x'.repeat(100_000)]) {
    const answer = await api.app.inject({
      method: 'POST',
      url: `/QuickPulseService.svc/${action}?ikey=${api.key}`,
      payload,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({});
    expect(answer.headers).toMatchObject({
      'x-ms-qps-subscribed': 'false',
      'x-ms-qps-service-polling-interval-hint': '60000',
    });
  }
});

test('an application has an id of its own, which says nothing of its key', async () => {
  const api = await makeApi();
  const ask = (key: string) => api.app.inject({ url: `/api/profiles/${key}/appId` });
  const answer = await ask(api.key);
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(answer.body).not.toBe(api.key);
  expect((await ask(api.key.toUpperCase())).body).toBe(answer.body);
  expect((await ask(randomUUID())).statusCode).toBe(404);
});
