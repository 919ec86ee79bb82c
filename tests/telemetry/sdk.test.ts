// A real Application Insights SDK, pointed at the platform by nothing but a connection string.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, addApp, apiOf, ingested } from '../support/api.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { mustRun, ROOT } from '../support/process.ts';

let platform: Platform;
let api: Api;

beforeAll(async () => {
  platform = await startPlatform();
  api = await apiOf(platform);
});
afterAll(() => platform.stop());

test('the npm package applicationinsights 2.9.8 sends requests that show on /apps', async () => {
  const { connectionString } = await addApp(platform, 'shop');
  await mustRun(process.execPath, [`${ROOT}tests/programs/send-with-sdk.cjs`, connectionString]);
  const apps = await api.untilApps((now) => (now.get('shop')?.requests ?? 0) >= 20);
  expect(apps.get('shop')).toMatchObject({ requests: 20, failures: 5, rejected: 0, duplicates: 0 });
  // 20 requests that took 10, 20 … 200 ms: the buckets are at most 1.1 % off.
  expect(apps.get('shop')?.p50).toBeGreaterThan(98);
  expect(apps.get('shop')?.p50).toBeLessThan(112);
  expect(apps.get('shop')?.p99).toBeGreaterThan(187);
  expect(apps.get('shop')?.p99).toBeLessThan(203);
});

test('and over TLS', async () => {
  const { key } = await addApp(platform, 'shop-tls');
  const connectionString = `InstrumentationKey=${key};IngestionEndpoint=https://localhost:${platform.ports.apiTls}`;
  await mustRun(process.execPath, [`${ROOT}tests/programs/send-with-sdk.cjs`, connectionString], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: platform.ca },
  });
  const apps = await api.untilApps((now) => (now.get('shop-tls')?.requests ?? 0) >= 20);
  expect(apps.get('shop-tls')).toMatchObject({ requests: 20, failures: 5, rejected: 0 });
});

test('a batch that is sent again counts once', async () => {
  const { key } = await addApp(platform, 'again');
  const time = new Date().toISOString();
  const batch = JSON.stringify([
    { kind: 'request', time, name: 'GET /', id: 'a', durationMs: 5, success: true },
    { kind: 'request', time, name: 'GET /', id: 'b', durationMs: 7, success: false },
  ]);
  const answers = await Promise.all([1, 2, 3].map(async () => ingested(await api.ingest(key, batch))));
  const total = (pick: 'accepted' | 'duplicates') => answers.reduce((sum, answer) => sum + answer[pick], 0);
  expect([total('accepted'), total('duplicates')]).toEqual([2, 4]);
  const apps = await api.untilApps((now) => now.has('again'));
  expect(apps.get('again')).toMatchObject({ requests: 2, failures: 1, duplicates: 4 });
});
