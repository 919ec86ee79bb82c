import { join } from 'node:path';
import { type Accounts, openAccounts } from '@scorpiox/shared/accounts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SIGN_IN_FAILURES_PER_ACCOUNT } from '../../src/limits.ts';
import { makeApi, type TestApi } from '../helpers/api.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const OURS = { host: 'insights.test', origin: 'http://insights.test' };

interface Site {
  readonly api: TestApi;
  readonly accounts: Accounts;
  readonly as: (user: string, password?: string) => Promise<string>;
  call(
    cookie: string,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
  ): Promise<{ status: number; body: unknown }>;
}

/** The API with real accounts: root (admin), vera (viewer), both with the password `secret`. */
async function makeSite(): Promise<Site> {
  // A key derivation that is quick: it is not what is tested.
  const argon2 = async ({ password, length }: { password: Uint8Array; length: number }) =>
    Buffer.concat([Buffer.from(password), Buffer.alloc(length)]).subarray(0, length);
  const accounts = openAccounts(join(temporaryFolder(), 'accounts.db'), { argon2 });
  onTestFinished(() => accounts.close());
  await accounts.add({ name: 'root', password: 'secret', role: 'admin' });
  await accounts.add({ name: 'vera', password: 'secret', role: 'viewer' });
  const api = await makeApi({ accounts });
  return {
    api,
    accounts,
    async as(user, password = 'secret') {
      const answer = await api.app.inject({
        method: 'POST',
        url: '/api/session',
        payload: { user, password },
        headers: OURS,
      });
      return String(answer.headers['set-cookie']).split(';')[0] ?? '';
    },
    async call(cookie, method, url, payload) {
      const answer = await api.app.inject({
        method,
        url,
        headers: { ...OURS, cookie },
        ...(payload === undefined ? {} : { payload }),
      });
      return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
    },
  };
}

describe('applications and keys', () => {
  test('an application is added, its events are kept as long as is said, and its keys come and go', async () => {
    const { api, as, call } = await makeSite();
    const root = await as('root');
    const added = await call(root, 'POST', '/api/settings/apps', { name: 'blog' });
    const { key } = added.body as { key: string };
    expect(added).toEqual({
      status: 201,
      body: {
        key,
        connectionString: `InstrumentationKey=${key};IngestionEndpoint=http://insights.test;LiveEndpoint=http://insights.test`,
      },
    });
    expect(await call(root, 'POST', '/api/settings/apps', { name: 'Blog' })).toMatchObject({
      status: 409,
      body: { error: { code: 'exists', field: 'name' } },
    });
    expect(await call(root, 'PATCH', '/api/settings/apps/BLOG', { retentionDays: 7 })).toMatchObject({
      status: 200,
      body: { name: 'blog', retentionDays: 7 },
    });
    expect(await call(root, 'PATCH', '/api/settings/apps/blog', { retentionDays: 0 })).toMatchObject({
      status: 400,
      body: { error: { field: 'retentionDays' } },
    });
    expect(await call(root, 'PATCH', '/api/settings/apps/none', { retentionDays: 7 })).toMatchObject({ status: 404 });

    const shared = await call(root, 'POST', '/api/settings/keys', { app: null, rateLimit: 50 });
    expect(shared).toMatchObject({ status: 201, body: { app: null, rateLimit: 50, revokedAt: null } });
    expect(await call(root, 'POST', '/api/settings/keys/limit', { key, rateLimit: 5 })).toMatchObject({ status: 204 });
    expect(await call(root, 'POST', '/api/settings/keys/revoke', { key })).toMatchObject({ status: 204 });
    expect(await api.control.findKey(key)).toBeUndefined();
    const { body } = await call(root, 'GET', '/api/settings/keys');
    expect((body as { keys: { key: string }[] }).keys.find((one) => one.key === key)).toMatchObject({
      app: 'blog',
      rateLimit: 5,
      revokedAt: expect.any(String),
    });
    expect(api.log()).not.toContain(key);
    expect(api.log()).toContain('"audit":"key.revoke","by":"root"');
  });

  test('a viewer sees the applications and no key', async () => {
    const { api, as, call } = await makeSite();
    const vera = await as('vera');
    const apps = await call(vera, 'GET', '/api/settings/apps');
    expect(apps).toMatchObject({ status: 200, body: { apps: [{ name: 'shop', retentionDays: null }] } });
    expect(JSON.stringify(apps.body)).not.toContain(api.key);
    expect((await call(vera, 'GET', '/api/settings/keys')).status).toBe(403);
  });
});

describe('tokens', () => {
  test('a token is shown once, opens the API until it is revoked, and its name is free again', async () => {
    const { api, as, call } = await makeSite();
    const root = await as('root');
    const issued = await call(root, 'POST', '/api/settings/tokens', { name: 'ci', role: 'viewer' });
    const { token } = issued.body as { token: string };
    const ask = async () =>
      (await api.app.inject({ url: '/api/apps', headers: { authorization: `Bearer ${token}` } })).statusCode;
    expect(await ask()).toBe(200);
    const listed = await call(root, 'GET', '/api/settings/tokens');
    expect(listed.body).toMatchObject({ tokens: [{ name: 'ci', role: 'viewer' }, { name: 'tests' }] });
    expect(JSON.stringify(listed.body)).not.toContain(token);
    expect((await call(root, 'POST', '/api/settings/tokens', { name: 'CI', role: 'admin' })).status).toBe(409);
    expect((await call(root, 'DELETE', '/api/settings/tokens/ci')).status).toBe(204);
    expect(await ask()).toBe(401);
    expect((await call(root, 'DELETE', '/api/settings/tokens/ci')).status).toBe(404);
    expect((await call(root, 'POST', '/api/settings/tokens', { name: 'ci', role: 'viewer' })).status).toBe(201);
    expect(api.log()).not.toContain(token);
  });
});

describe('users', () => {
  test('a role that is taken away ends the sessions at once, and only theirs', async () => {
    const { as, call } = await makeSite();
    const [root, vera] = [await as('root'), await as('vera')];
    expect(await call(root, 'POST', '/api/settings/users', { name: 'Max', password: 'pw', role: 'viewer' })).toEqual({
      status: 201,
      body: { name: 'max', role: 'viewer', disabled: false },
    });
    const max = await as('max', 'pw');
    expect(await call(root, 'PATCH', '/api/settings/users/max', { role: null })).toMatchObject({
      body: { name: 'max', role: null },
    });
    expect((await call(max, 'GET', '/api/session')).status).toBe(401);
    expect((await call(vera, 'GET', '/api/session')).status).toBe(200);
    expect((await call(root, 'GET', '/api/session')).status).toBe(200);
    expect(await call(root, 'GET', '/api/settings/users')).toMatchObject({
      body: {
        users: [
          { name: 'max', role: null },
          { name: 'root', role: 'admin' },
          { name: 'vera', role: 'viewer' },
        ],
      },
    });
    expect((await call(root, 'PATCH', '/api/settings/users/none', { role: 'admin' })).status).toBe(404);
  });

  test('an account that is disabled is signed out at once, cannot come back, and is shown as such', async () => {
    const { as, call, accounts } = await makeSite();
    const [root, vera] = [await as('root'), await as('vera')];
    await accounts.setDisabled('vera', true);
    expect((await call(vera, 'GET', '/api/session')).status).toBe(401);
    expect((await call(await as('vera'), 'GET', '/api/session')).status).toBe(401);
    expect(await call(root, 'GET', '/api/settings/users')).toMatchObject({
      body: {
        users: [
          { name: 'root', disabled: false },
          { name: 'vera', role: 'viewer', disabled: true },
        ],
      },
    });
  });

  test('nobody changes their own role', async () => {
    const { as, call } = await makeSite();
    const root = await as('root');
    expect((await call(root, 'PATCH', '/api/settings/users/ROOT', { role: null })).status).toBe(403);
    expect((await call(root, 'GET', '/api/session')).status).toBe(200);
  });

  test('a password is changed by its owner, who says the old one, and signs the others out', async () => {
    const { api, as, call } = await makeSite();
    const [here, elsewhere] = [await as('vera'), await as('vera')];
    const change = (current: string) => call(here, 'POST', '/api/session/password', { current, next: 'better' });
    expect(await change('wrong')).toMatchObject({ status: 403, body: { error: { field: 'current' } } });
    expect((await change('secret')).status).toBe(204);
    expect((await call(here, 'GET', '/api/session')).status).toBe(200);
    expect((await call(elsewhere, 'GET', '/api/session')).status).toBe(401);
    expect((await call(await as('vera', 'better'), 'GET', '/api/session')).status).toBe(200);
    for (let attempt = 0; attempt < SIGN_IN_FAILURES_PER_ACCOUNT; attempt += 1) await change('wrong');
    expect((await change('better')).status).toBe(429);
    expect(api.log()).not.toContain('better');
  });

  test('who came by a one-time link, and a token, have no password', async () => {
    const { api, call } = await makeSite();
    const { token } = await api.control.createSession({ user: 'operator', role: 'admin', ttlMs: 60_000 });
    const body = { current: 'a', next: 'b' };
    expect((await call(`scorpiox_session=${token}`, 'POST', '/api/session/password', body)).status).toBe(409);
    const byToken = await api.app.inject({
      method: 'POST',
      url: '/api/session/password',
      payload: body,
      headers: { authorization: `Bearer ${api.token}` },
    });
    expect(byToken.statusCode).toBe(409);
  });
});
