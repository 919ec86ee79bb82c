import { AccountsUnavailable } from '@scorpiox/shared/accounts';
import { describe, expect, test } from 'vitest';
import { SIGN_IN_FAILURES_PER_ACCOUNT, SIGN_IN_FAILURES_PER_ADDRESS, SIGN_IN_WINDOW_MS } from '../../src/limits.ts';
import { makeApi, type TestApi } from '../helpers/api.ts';

const OURS = { host: 'insights.test', origin: 'http://insights.test' };

function signIn(
  api: TestApi,
  user: string,
  password: string,
  headers: Record<string, string> = OURS,
  address?: string,
) {
  return api.app.inject({
    method: 'POST',
    url: '/api/session',
    payload: { user, password },
    headers,
    ...(address === undefined ? {} : { remoteAddress: address }),
  });
}

const cookieOf = (answer: { headers: Record<string, unknown> }) =>
  String(answer.headers['set-cookie']).split(';')[0] ?? '';

describe('signing in', () => {
  test('by password gives a cookie that no script and no other site can use', async () => {
    const api = await makeApi();
    const answer = await signIn(api, 'alice', 'correct horse');
    expect([answer.statusCode, answer.json()]).toEqual([200, { user: 'alice', role: 'admin' }]);
    expect(answer.headers['set-cookie']).toMatch(/; HttpOnly; SameSite=Strict/);
    const session = await api.app.inject({ url: '/api/session', headers: { cookie: cookieOf(answer) } });
    expect(session.json()).toEqual({ user: 'alice', role: 'admin' });
    expect(api.log()).not.toContain(cookieOf(answer).split('=')[1]);
  });

  test('under an https address marks the cookie Secure', async () => {
    const api = await makeApi({ publicUrl: 'https://insights.test' });
    const answer = await signIn(api, 'alice', 'correct horse', { ...OURS, origin: 'https://insights.test' });
    expect(answer.headers['set-cookie']).toContain('; Secure');
  });

  test('with a wrong password or name is the same error', async () => {
    const api = await makeApi();
    const answers = await Promise.all([signIn(api, 'alice', 'wrong'), signIn(api, 'nobody', 'wrong')]);
    for (const answer of answers) {
      expect([answer.statusCode, answer.json()]).toMatchObject([401, { error: { code: 'wrong-credentials' } }]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  test('with an account for mail only is refused', async () => {
    const api = await makeApi();
    const answer = await signIn(api, 'mailonly', 'correct horse');
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });

  test('by link works once', async () => {
    const api = await makeApi();
    const { token } = await api.control.addSignInLink({ user: 'operator', role: 'admin', ttlMs: 60_000 });
    const use = () => api.app.inject({ method: 'POST', url: '/api/session/link', payload: { token }, headers: OURS });
    const answers = await Promise.all([use(), use()]);
    expect(answers.map((answer) => answer.statusCode).toSorted()).toEqual([200, 401]);
    expect(answers.find((answer) => answer.statusCode === 401)?.json()).toMatchObject({
      error: { code: 'link-not-valid' },
    });
  });

  test('out ends the session, not only the cookie', async () => {
    const api = await makeApi();
    const cookie = cookieOf(await signIn(api, 'alice', 'correct horse'));
    const out = await api.app.inject({ method: 'DELETE', url: '/api/session', headers: { ...OURS, cookie } });
    expect(out.statusCode).toBe(204);
    expect((await api.app.inject({ url: '/api/session', headers: { cookie } })).statusCode).toBe(401);
  });
});

describe('another site', () => {
  test.each([
    ['with another origin', { ...OURS, origin: 'http://evil.test' }],
    ['with an opaque origin', { ...OURS, origin: 'null' }],
    ['without an origin', { host: 'insights.test' }],
  ])('cannot use the cookie for a change: %s', async (_what, headers) => {
    const api = await makeApi();
    const cookie = cookieOf(await signIn(api, 'alice', 'correct horse'));
    const out = await api.app.inject({ method: 'DELETE', url: '/api/session', headers: { ...headers, cookie } });
    expect([out.statusCode, out.json()]).toMatchObject([403, { error: { code: 'cross-site' } }]);
    expect((await api.app.inject({ url: '/api/session', headers: { cookie } })).statusCode).toBe(200);
  });

  test('cannot sign a browser in', async () => {
    const api = await makeApi();
    const answer = await signIn(api, 'alice', 'correct horse', { ...OURS, origin: 'http://evil.test' });
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });
});

describe('guessing', () => {
  test('an account locks after some failures, from wherever they come, and opens again', async () => {
    let now = Date.now();
    const api = await makeApi({ now: () => now });
    for (let attempt = 0; attempt < SIGN_IN_FAILURES_PER_ACCOUNT; attempt += 1) {
      expect((await signIn(api, 'Alice', 'wrong', OURS, `10.0.0.${attempt}`)).statusCode).toBe(401);
    }
    const locked = await signIn(api, 'alice', 'correct horse', OURS, '10.0.1.1');
    expect(locked.statusCode).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(0);
    now += SIGN_IN_WINDOW_MS;
    expect((await signIn(api, 'alice', 'correct horse', OURS, '10.0.1.1')).statusCode).toBe(200);
  });

  test('attempts at the same time do not slip through', async () => {
    const api = await makeApi();
    const answers = await Promise.all(Array.from({ length: 40 }, () => signIn(api, 'alice', 'wrong')));
    expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(SIGN_IN_FAILURES_PER_ACCOUNT);
  });

  test('accounts that cannot be asked are told so, and cost the caller nothing', async () => {
    let broken = true;
    const api = await makeApi({
      verify: async () => {
        if (broken) throw new AccountsUnavailable('busy', 'too many at once');
        return { name: 'alice', role: 'viewer' };
      },
    });
    for (let attempt = 0; attempt <= SIGN_IN_FAILURES_PER_ACCOUNT; attempt += 1) {
      expect((await signIn(api, 'alice', 'right')).statusCode).toBe(503);
    }
    broken = false;
    expect((await signIn(api, 'alice', 'right')).statusCode).toBe(200);
  });

  test('an address locks after failures over many accounts, and success does not wash them away', async () => {
    const api = await makeApi();
    for (let attempt = 0; attempt < SIGN_IN_FAILURES_PER_ADDRESS - 1; attempt += 1) {
      await signIn(api, `user${attempt}`, 'wrong', OURS, '10.0.0.1');
    }
    expect((await signIn(api, 'alice', 'correct horse', OURS, '10.0.0.1')).statusCode).toBe(200);
    expect((await signIn(api, 'someone', 'wrong', OURS, '10.0.0.1')).statusCode).toBe(401);
    expect((await signIn(api, 'alice', 'correct horse', OURS, '10.0.0.1')).statusCode).toBe(429);
    expect((await signIn(api, 'alice', 'correct horse', OURS, '10.0.0.2')).statusCode).toBe(200);
  });

  test('one subscriber’s IPv6 addresses are one, and another’s are another', async () => {
    const api = await makeApi();
    for (let attempt = 0; attempt < SIGN_IN_FAILURES_PER_ADDRESS; attempt += 1) {
      await signIn(api, `user${attempt}`, 'wrong', OURS, `2001:db8:0:1::${attempt.toString(16)}`);
    }
    const right = async (address: string) => (await signIn(api, 'alice', 'correct horse', OURS, address)).statusCode;
    expect(await right('2001:db8:0:1:ffff:ffff:ffff:ffff')).toBe(429);
    expect(await right('2001:db8:0:2::1')).toBe(200);
  });

  test('behind a proxy that is trusted, senders are told apart by what it says; nobody else is believed', async () => {
    const api = await makeApi({ trustProxy: ['127.0.0.1'] });
    const from = (client: string, password: string, proxy = '127.0.0.1') =>
      signIn(api, 'alice', password, { ...OURS, 'x-forwarded-for': client }, proxy);
    for (let attempt = 0; attempt < SIGN_IN_FAILURES_PER_ADDRESS; attempt += 1) {
      const headers = { ...OURS, 'x-forwarded-for': '192.0.2.1' };
      await signIn(api, `user${attempt}`, 'wrong', headers, '127.0.0.1');
      await signIn(api, `other${attempt}`, 'wrong', { ...OURS, 'x-forwarded-for': `10.0.0.${attempt}` }, '192.0.2.9');
    }
    expect((await from('192.0.2.1', 'correct horse')).statusCode).toBe(429);
    expect((await from('192.0.2.2', 'correct horse')).statusCode).toBe(200);
    expect((await from('192.0.2.3', 'correct horse', '192.0.2.9')).statusCode).toBe(429);
  });

  test('one-time links lock nobody out, and work where passwords are locked', async () => {
    const api = await makeApi();
    const use = (token: string) =>
      api.app.inject({ method: 'POST', url: '/api/session/link', payload: { token }, headers: OURS });
    for (let attempt = 0; attempt <= SIGN_IN_FAILURES_PER_ADDRESS; attempt += 1) {
      expect((await use('junk')).statusCode).toBe(401);
    }
    expect((await signIn(api, 'alice', 'correct horse')).statusCode).toBe(200);
  });
});
