import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { HealthResponse } from '@scorpiox/shared/contract';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../src/store/port.ts';
import { makeApi } from '../helpers/api.ts';
import { temporaryFolder } from '../helpers/folder.ts';

describe('who may ask', () => {
  test.each(['/api/apps', '/api/session', '/api/health'])('%s is for those who are signed in', async (url) => {
    const api = await makeApi();
    for (const authorization of ['', 'Bearer nonsense', `Bearer ${api.key}`]) {
      const answer = await api.app.inject({ url, headers: { authorization } });
      expect([answer.statusCode, answer.json()]).toMatchObject([401, { error: { code: 'not-signed-in' } }]);
    }
    const answer = await api.app.inject({ url, headers: { authorization: `Bearer ${api.token}` } });
    expect(answer.statusCode).toBe(200);
  });

  test.each([
    '/api/apps/',
    '/API/apps',
    '//api/apps',
    '/api/%61pps',
    '/x/../api/apps',
  ])('%s is no way around it', async (url) => {
    const api = await makeApi();
    const { statusCode, body } = await api.app.inject({ url });
    expect([401, 404]).toContain(statusCode);
    expect(body).not.toContain('shop');
  });

  test('/metrics is for this machine, or a token', async () => {
    const api = await makeApi();
    const status = async (remoteAddress: string, headers: Record<string, string> = {}) =>
      (await api.app.inject({ url: '/metrics', remoteAddress, headers })).statusCode;
    expect(await status('127.0.0.1')).toBe(200);
    expect(await status('192.0.2.1')).toBe(401);
    expect(await status('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' })).toBe(401);
    // What a page in a browser on this machine can make it send: its own name led here, or a request across sites.
    expect(await status('127.0.0.1', { host: 'rebound.test:8080' })).toBe(401);
    expect(await status('127.0.0.1', { host: '127.0.0.1.rebound.test' })).toBe(401);
    expect(await status('127.0.0.1', { host: '127.0.0.1:8080', origin: 'http://evil.test' })).toBe(401);
    for (const host of ['127.0.0.1', 'localhost:8080', '[::1]:8080']) {
      expect(await status('127.0.0.1', { host })).toBe(200);
    }
    expect(await status('192.0.2.1', { authorization: `Bearer ${api.token}` })).toBe(200);
  });
});

describe('the platform on itself', () => {
  test('/api/health answers by the contract', async () => {
    const api = await makeApi();
    const answer = await api.app.inject({ url: '/api/health', headers: { authorization: `Bearer ${api.token}` } });
    expect(Value.Check(HealthResponse, answer.json())).toBe(true);
    expect(answer.json()).toMatchObject({ status: 'ok', apps: [{ name: 'shop', received: 0 }] });
  });

  test('/readyz fails when the database does, without telling strangers why', async () => {
    const health = () => Promise.reject(new StoreUnavailable('/secret/path is gone'));
    const api = await makeApi({ wrap: (store) => ({ ...store, health }) });
    const answer = await api.app.inject('/readyz');
    expect([answer.statusCode, answer.json()]).toMatchObject([503, { error: { code: 'unavailable' } }]);
    expect(answer.body).not.toContain('secret');
    expect(api.log()).toContain('/secret/path is gone');
    expect((await api.app.inject('/healthz')).statusCode).toBe(200);
  });

  test('what nobody foresaw is logged and says nothing', async () => {
    const summarizeApps = () => Promise.reject(new TypeError('undefined is not a secret'));
    const api = await makeApi({ wrap: (store) => ({ ...store, summarizeApps }) });
    const answer = await api.app.inject({ url: '/api/apps', headers: { authorization: `Bearer ${api.token}` } });
    expect([answer.statusCode, answer.json()]).toMatchObject([500, { error: { code: 'internal' } }]);
    expect(answer.body).not.toContain('secret');
  });

  test('/api/docs describes every route', async () => {
    const api = await makeApi();
    const { paths } = (await api.app.inject('/api/docs')).json();
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/api/ingest',
        '/v2/track',
        '/v2.1/track',
        '/api/apps',
        '/api/session',
        '/api/session/link',
      ]),
    );
  });
});

describe('bad requests', () => {
  test.each([
    ['{"user":"a"}', 400],
    ['{', 400],
    [`{"user":"${'a'.repeat(20_000)}"}`, 413],
  ])('%.20s… is an error in the one shape', async (payload, status) => {
    const api = await makeApi();
    const headers = { 'content-type': 'application/json' };
    const answer = await api.app.inject({ method: 'POST', url: '/api/session', payload, headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.json().error.message).toMatch(/\.$/);
  });
});

test.each(['/assets/%zz.js', '/api/%e0%a4%a'])('%s is an error in the one shape too', async (url) => {
  const api = await makeApi();
  const answer = await api.app.inject(url);
  expect([answer.statusCode, answer.json()]).toMatchObject([400, { error: { code: 'bad-request' } }]);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
});

describe('the dashboard', () => {
  async function withDashboard() {
    const dashboard = temporaryFolder();
    mkdirSync(join(dashboard, 'assets'));
    writeFileSync(join(dashboard, 'index.html'), '<title>the page</title>');
    writeFileSync(join(dashboard, 'assets', 'index-abc123.js'), 'let program');
    writeFileSync(join(dashboard, 'assets', 'index-abc123.js.gz'), gzipSync('let program'));
    return makeApi({ dashboard });
  }

  test('is where / leads, and the program behind every page', async () => {
    const api = await withDashboard();
    const root = await api.app.inject('/');
    expect([root.statusCode, root.headers.location]).toEqual([302, '/apps']);
    for (const url of ['/apps', '/apps/shop', '/apps/shop.v2?x=1', '/sign-in']) {
      const page = await api.app.inject(url);
      expect([page.statusCode, page.body, page.headers['cache-control']]).toEqual([
        200,
        '<title>the page</title>',
        'no-cache',
      ]);
      expect(page.headers['content-security-policy']).toContain("default-src 'self'");
      expect(page.headers['x-content-type-options']).toBe('nosniff');
      expect(page.headers['x-frame-options']).toBe('DENY');
    }
  });

  test('has files that browsers keep, and no page in place of one that is missing', async () => {
    const api = await withDashboard();
    const asset = await api.app.inject('/assets/index-abc123.js');
    expect([asset.statusCode, asset.body]).toEqual([200, 'let program']);
    expect(asset.headers['cache-control']).toContain('immutable');
    for (const url of ['/assets/index-old.js', '/api/nothing', '/v2/nothing', '/api']) {
      const missing = await api.app.inject(url);
      expect([missing.statusCode, missing.json().error.code]).toEqual([404, 'not-found']);
      expect(missing.headers['cache-control'] ?? '').not.toContain('immutable');
    }
  });

  test('has its files packed for whoever takes that, and as they are for others', async () => {
    const api = await withDashboard();
    const ask = (url: string, encoding: string) => api.app.inject({ url, headers: { 'accept-encoding': encoding } });
    const packed = await ask('/assets/index-abc123.js', 'gzip, deflate, br, zstd');
    expect(gunzipSync(packed.rawPayload).toString()).toBe('let program');
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(packed.headers['content-type']).toContain('javascript');
    expect(packed.headers['cache-control']).toContain('immutable');
    // What was not packed, and who takes nothing.
    for (const plain of [await ask('/apps', 'gzip'), await ask('/assets/index-abc123.js', 'identity')]) {
      expect([plain.statusCode, plain.headers['content-encoding']]).toEqual([200, undefined]);
    }
    expect((await ask('/assets/index-old.js', 'gzip')).statusCode).toBe(404);
  });

  test('keeps to its folder', async () => {
    const api = await withDashboard();
    for (const url of ['/assets/../../etc/passwd', '/assets/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd']) {
      expect((await api.app.inject(url)).body).not.toContain('root:');
    }
  });

  test('that is not built says so', async () => {
    const api = await makeApi();
    const answer = await api.app.inject('/apps');
    expect([answer.statusCode, answer.json().error.message]).toEqual([404, expect.stringContaining('npm run build')]);
  });
});
