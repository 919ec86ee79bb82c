import type { View } from '@scorpiox/shared/contract';
import { expect, test } from 'vitest';
import { SAVED_VIEWS } from '../../src/query/raw/limits.ts';
import { makeApi } from '../helpers/api.ts';

const slow = {
  name: 'slow',
  q: 'duration:>1s',
  from: 'now-1h',
  to: 'now',
  columns: ['time', 'name', 'properties.tenant'],
};

test('a view is saved for all, and changed by its owner or an admin', async () => {
  const api = await makeApi({ now: () => Date.parse('2026-11-20T12:00:00Z') });
  const issued = await Promise.all([api.control.addToken('ann', 'viewer'), api.control.addToken('root', 'admin')]);
  const [ann = '', root = ''] = issued.map((one) => (one.ok ? one.value.token : ''));
  const ask = (token: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', id = '', payload?: object) =>
    api.app.inject({
      ...{ method, url: `/api/views${id && `/${id}`}`, headers: { authorization: `Bearer ${token}` } },
      ...(payload === undefined ? {} : { payload }),
    });
  const list = async (token: string) => (await ask(token, 'GET')).json<{ views: View[] }>().views;

  expect(await list(ann)).toEqual([]);
  const saved = await ask(ann, 'POST', '', slow);
  expect(saved.statusCode).toBe(201);
  const view = saved.json<View>();
  expect(view).toEqual({ id: view.id, ...slow, owner: 'ann', changedAt: '2026-11-20T12:00:00.000Z', mayChange: true });
  await ask(root, 'POST', '', { ...slow, name: 'errors' });
  expect((await list(api.token)).map(({ name, mayChange }) => [name, mayChange])).toEqual([
    ['errors', false],
    ['slow', false],
  ]);

  for (const answer of [await ask(api.token, 'PUT', view.id, slow), await ask(api.token, 'DELETE', view.id)]) {
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { error: { code: 'not-allowed' } }]);
  }
  const changed = await ask(root, 'PUT', view.id, { ...slow, name: 'slower' });
  expect(changed.json()).toMatchObject({ id: view.id, name: 'slower', owner: 'ann' });
  expect((await ask(ann, 'DELETE', view.id)).statusCode).toBe(204);
  expect((await ask(ann, 'DELETE', view.id)).statusCode).toBe(404);
  expect(await list(ann)).toHaveLength(1);

  for (const [wrong, error] of [
    [{ q: 'a (b' }, { code: 'bad-query', field: 'q', column: 3 }],
    [{ from: 'yesterday' }, { code: 'bad-time', field: 'from' }],
    [{ columns: ['nothing'] }, { code: 'bad-request', field: 'columns' }],
    [{ name: '  ' }, { code: 'bad-request', field: 'name' }],
    [{ more: 1 }, { code: 'bad-request' }],
  ] as const) {
    const answer = await ask(ann, 'POST', '', { ...slow, ...wrong });
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { error }]);
  }
  expect((await api.app.inject('/api/views')).statusCode).toBe(401);

  for (let index = 1; index < SAVED_VIEWS; index += 1) {
    await api.control.putView(
      { id: String(index), owner: 'ann', changedAt: 0, body: JSON.stringify(slow) },
      SAVED_VIEWS,
    );
  }
  expect((await ask(ann, 'POST', '', slow)).json()).toMatchObject({ error: { code: 'busy' } });
});
