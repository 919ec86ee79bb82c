// The Application Insights SDK for Node since 3.0, which makes https:// of every address: it needs the API's TLS port.
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, addApp, apiOf } from '../support/api.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { mustRun, ROOT } from '../support/process.ts';

let platform: Platform;
let api: Api;

beforeAll(async () => {
  platform = await startPlatform();
  api = await apiOf(platform);
});
afterAll(() => platform.stop());

test('the npm package applicationinsights 3.16.0 sends over TLS what it can track', async () => {
  const { key } = await addApp(platform, 'shop3');
  const endpoint = `https://localhost:${platform.ports.apiTls}`;
  const connectionString = `InstrumentationKey=${key};IngestionEndpoint=${endpoint};LiveEndpoint=${endpoint}`;
  await mustRun(process.execPath, [`${ROOT}tests/programs/send-with-sdk-3.cjs`, connectionString], {
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: platform.ca,
      // Its default sends some spans a second, each standing for more.
      OTEL_TRACES_SAMPLER: 'always_on',
      // The SDK would otherwise tell its maker about itself, and ask the machine's cloud where it runs.
      APPLICATION_INSIGHTS_NO_STATSBEAT: 'true',
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
    },
  });
  const apps = await api.untilApps((now) => (now.get('shop3')?.requests ?? 0) >= 10);
  expect(apps.get('shop3')).toMatchObject({ requests: 10, failures: 2, rejected: 0 });
  const db = new DatabaseSync(`${platform.dataDir}/insights.db`, { readOnly: true });
  const kinds = db
    .prepare("SELECT DISTINCT kind FROM events e JOIN apps a ON a.id = e.app_id WHERE a.name = 'shop3' ORDER BY kind")
    .all();
  db.close();
  expect(kinds.map(({ kind }) => kind)).toEqual(['dependency', 'event', 'exception', 'metric', 'request', 'trace']);
});
