import type { AlertRuleBody } from '@scorpiox/shared/contract';
import { expect, test } from 'vitest';
import { DELIVERED, failed } from '../../src/alerts/outcome.ts';
import { makeApi, type TestApi, type TestApiOptions } from '../helpers/api.ts';

const RULE: AlertRuleBody = {
  name: 'Failures',
  enabled: true,
  app: 'shop',
  condition: { kind: 'failure-rate', abovePercent: 10, minRequests: 1, windowMinutes: 5 },
  forMinutes: 0,
  resolveMinutes: 5,
  mail: true,
  webhook: 'https://hooks.example.net/T0/secret',
};

const METRIC = { kind: 'metric', metric: 'm', of: 'avg', direction: 'above', limit: 1, windowMinutes: 5 } as const;

async function makeSite(options?: TestApiOptions) {
  const api = await makeApi(options);
  const issued = await api.control.addToken('root', 'admin');
  if (!issued.ok) throw new Error(issued.error.message);
  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload?: object,
    token = issued.value.token,
  ) => {
    const answer = await api.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${token}` },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
  };
  return { api, call };
}

const idOf = (answer: { readonly body: { readonly id: string } }) => answer.body.id;

test('a rule is added, changed and removed, and the evaluation hears of it', async () => {
  const nudged: string[] = [];
  const { call } = await makeSite({ alerts: { nudge: () => nudged.push('now') } });
  const added = await call('POST', '/api/alerts/rules', RULE);
  expect(added).toMatchObject({ status: 201, body: { ...RULE, subjects: [] } });
  expect(nudged).toHaveLength(1);
  const changed = await call('PUT', `/api/alerts/rules/${idOf(added)}`, { ...RULE, name: 'More', app: null });
  expect(changed).toMatchObject({ status: 200, body: { name: 'More', app: null } });
  expect(await call('GET', '/api/alerts')).toMatchObject({ body: { rules: [{ name: 'More' }], mailTo: ['root'] } });
  expect((await call('DELETE', `/api/alerts/rules/${idOf(added)}`)).status).toBe(204);
  expect((await call('DELETE', `/api/alerts/rules/${idOf(added)}`)).status).toBe(404);
  expect((await call('PUT', `/api/alerts/rules/${idOf(added)}`, RULE)).status).toBe(404);
});

test('a rule that cannot be is refused by its field', async () => {
  const { call } = await makeSite();
  const wrongs = [
    [{ app: 'nobody' }, 'app'],
    [{ webhook: 'ftp://x' }, 'webhook'],
    [{ webhook: 'https://u:p@hooks.example.net/' }, 'webhook'],
    [{ name: 'a\r\nb' }, 'name'],
    [{ forMinutes: -1 }, 'forMinutes'],
    [{ resolveMinutes: 0 }, 'resolveMinutes'],
    [{ app: null, condition: METRIC }, 'app'],
  ] as const;
  for (const [wrong, field] of wrongs) {
    const answer = await call('POST', '/api/alerts/rules', { ...RULE, ...wrong });
    expect([wrong, answer]).toMatchObject([wrong, { status: 400, body: { error: { field } } }]);
  }
  expect(await call('GET', '/api/alerts')).toMatchObject({ body: { rules: [] } });
});

test('a viewer sees rules, but neither where a webhook leads nor who gets the mail', async () => {
  const { api, call } = await makeSite();
  await call('POST', '/api/alerts/rules', RULE);
  const seen = await call('GET', '/api/alerts', undefined, api.token);
  expect(seen.body).toMatchObject({ rules: [{ webhook: 'https://hooks.example.net/…' }], mailTo: [] });
  expect(JSON.stringify(seen.body)).not.toContain('secret');
  expect(api.log()).not.toContain('secret');
});

test('what is no rule’s id removes nothing, whatever it looks like', async () => {
  const { api, call } = await makeSite();
  const state = { id: 'rule 0a', body: '{}' };
  await api.control.alerts.commit({ states: [state], history: [], deliveries: [] });
  expect((await call('DELETE', '/api/alerts/rules/%25')).status).toBe(404);
  expect((await call('DELETE', '/api/alerts/rules/rule')).status).toBe(404);
  expect(await api.control.alerts.states()).toEqual([state]);
});

test('the test button says what became of each message', async () => {
  const { call } = await makeSite({
    alerts: {
      send: async ({ channel }) => (channel === 'mail' ? DELIVERED : failed('hooks.example.net answered 404.')),
    },
  });
  const { body } = await call('POST', '/api/alerts/rules', RULE);
  expect(await call('POST', `/api/alerts/rules/${body.id}/test`)).toEqual({
    status: 200,
    body: {
      results: [
        { to: 'root', delivered: true, problem: null },
        { to: 'https://hooks.example.net', delivered: false, problem: 'hooks.example.net answered 404.' },
      ],
    },
  });
  expect((await call('POST', '/api/alerts/rules/none/test')).status).toBe(404);
});

test('history comes in pages; a cursor that is none is its end', async () => {
  const { api, call } = await makeSite();
  await fill(api);
  const first = await call('GET', '/api/alerts/history?limit=2');
  expect(first.body.entries.map((one: { subject: string }) => one.subject)).toEqual(['app2', 'app1']);
  const rest = await call('GET', `/api/alerts/history?limit=2&cursor=${first.body.nextCursor}`);
  expect(rest.body).toMatchObject({ entries: [{ subject: 'app0' }], nextCursor: null });
  expect((await call('GET', '/api/alerts/history?cursor=junk')).body.entries).toEqual([]);
  expect((await call('GET', '/api/alerts/history?limit=0')).status).toBe(400);
});

async function fill({ control }: TestApi): Promise<void> {
  const history = Array.from({ length: 3 }, (_, at) => {
    const id = `00000000-0000-4000-8000-00000000000${at}`;
    const entry = {
      id,
      at: new Date(at).toISOString(),
      ruleId: 'r',
      rule: 'Failures',
      subject: `app${at}`,
      what: 'fired',
      message: 'bad',
    };
    return { id, at, body: JSON.stringify(entry) };
  });
  await control.alerts.commit({ states: [], history, deliveries: [] });
}
