import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { makeApi, type TestApi } from '../helpers/api.ts';
import { NOON, nativeRequest } from '../helpers/events.ts';

async function ask(api: TestApi, method: 'GET' | 'POST', role: 'viewer' | 'admin') {
  const issued = await api.control.addToken(`${role} ${Math.random().toString(36).slice(2)}`, role);
  if (!issued.ok) throw new Error(issued.error.message);
  return api.app.inject({ method, url: '/api/backups', headers: { authorization: `Bearer ${issued.value.token}` } });
}

test('an admin copies the database while events come in; the copy has all that was answered before', async () => {
  const api = await makeApi({ now: () => NOON });
  const send = (id: string) =>
    api.app.inject({
      method: 'POST',
      url: '/api/ingest',
      payload: JSON.stringify([nativeRequest({ id })]),
      headers: { authorization: `Bearer ${api.key}` },
    });
  await send('before');
  const started = await ask(api, 'POST', 'admin');
  expect(started.statusCode).toBe(202);
  const meanwhile = [send('1'), send('2')];
  const last = await vi.waitFor(async () => {
    const state = (await ask(api, 'GET', 'viewer')).json();
    expect(state.running).toBeNull();
    return state.last;
  }, 20_000);
  await Promise.all(meanwhile);
  expect(last).toEqual({ ...started.json(), finishedAt: new Date(NOON).toISOString(), bytes: expect.any(Number) });
  const copy = new DatabaseSync(last.file, { readOnly: true });
  const rows = copy.prepare("SELECT id FROM events WHERE id = 'before'").all();
  copy.close();
  expect(rows).toHaveLength(1);
});

test('a viewer may not, and a second copy at the same time is refused', async () => {
  const api = await makeApi({ now: () => NOON });
  expect((await ask(api, 'POST', 'viewer')).statusCode).toBe(403);
  expect((await api.app.inject({ method: 'POST', url: '/api/backups' })).statusCode).toBe(401);
  const [one, two] = await Promise.all([ask(api, 'POST', 'admin'), ask(api, 'POST', 'admin')]);
  expect([one.statusCode, two.statusCode].toSorted()).toEqual([202, 409]);
});

test('why a copy failed is told', async () => {
  const api = await makeApi({ now: () => NOON });
  const done = () =>
    vi.waitFor(async () => {
      const state = (await ask(api, 'GET', 'viewer')).json();
      expect(state.running).toBeNull();
      return state.last;
    }, 20_000);
  await ask(api, 'POST', 'admin');
  await done();
  await ask(api, 'POST', 'admin'); // the same moment, so the same file
  expect(await done()).toMatchObject({ problem: expect.stringContaining('is there already') });
});
