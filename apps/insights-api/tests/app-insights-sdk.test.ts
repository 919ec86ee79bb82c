import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { connectionString } from '@scorpiox/shared/database';
import { expect, test, vi } from 'vitest';
import { countStored, prepareData } from './helpers/control.ts';
import { temporaryFolder } from './helpers/folder.ts';
import { startProgram } from './helpers/process.ts';

/** The part of the real SDK (npm applicationinsights 2.9.8, CommonJS) that is used here. */
interface Sdk {
  readonly TelemetryClient: new (setup: string) => SdkClient;
}
interface SdkClient {
  trackRequest(item: object): void;
  trackDependency(item: object): void;
  trackTrace(item: object): void;
  trackException(item: object): void;
  trackEvent(item: object): void;
  trackMetric(item: object): void;
  trackPageView(item: object): void;
  trackAvailability(item: object): void;
  flush(options: { callback: (response: string) => void }): void;
}

// The package exports these; the test fails where it does not.
const sdk = createRequire(import.meta.url)('applicationinsights') as Sdk;

const flush = (client: SdkClient) => new Promise<string>((callback) => client.flush({ callback }));

function rows(file: string): Map<string, Record<string, unknown>> {
  const db = new DatabaseSync(file);
  const all = db.prepare('SELECT * FROM events ORDER BY kind').all();
  db.close();
  return new Map(all.map((row) => [String(row.kind), row]));
}

// The SDK would otherwise tell its maker about itself.
vi.stubEnv('APPLICATION_INSIGHTS_NO_STATSBEAT', 'true');

test('the SDK npm applicationinsights 2.9.8 sends everything it can track, and it is stored', async () => {
  const folder = temporaryFolder();
  const { file, key } = await prepareData(folder);
  const api = startProgram('src/main.ts', [], { SCORPIOX_DATA_DIR: folder, SCORPIOX_INSIGHTS_PORT: '0' });
  const client = new sdk.TelemetryClient(connectionString(key, await api.address()));

  client.trackRequest({
    name: 'GET /cart',
    url: 'http://shop/cart?x=1',
    duration: 108.3,
    resultCode: 500,
    success: false,
  });
  client.trackDependency({
    name: 'SELECT',
    target: 'db',
    data: 'SELECT 1',
    duration: 12,
    resultCode: 0,
    success: true,
    dependencyTypeName: 'SQL',
  });
  client.trackTrace({ message: 'cart opened', severity: 2, properties: { cart: '7' } });
  client.trackException({ exception: new TypeError('no cart') });
  client.trackEvent({ name: 'bought', measurements: { items: 3 } });
  client.trackMetric({ name: 'queue', value: 4.5 });
  client.trackPageView({ name: 'Home', url: 'http://shop/', duration: 30 });
  client.trackAvailability({ id: 'a1', name: 'ping', duration: 5, success: true, runLocation: 'here', message: 'ok' });

  expect(JSON.parse(await flush(client))).toEqual({ itemsReceived: 8, itemsAccepted: 8, errors: [] });
  const stored = rows(file);
  expect([...stored.keys()]).toEqual([
    'availability',
    'dependency',
    'event',
    'exception',
    'metric',
    'pageView',
    'request',
    'trace',
  ]);
  expect(stored.get('request')).toMatchObject({ name: 'GET /cart', duration_ms: 108, success: 0, code: '500' });
  expect(stored.get('dependency')).toMatchObject({
    name: 'SELECT',
    duration_us: 12_000,
    success: 1,
    message: 'SELECT 1',
  });
  expect(stored.get('trace')).toMatchObject({ message: 'cart opened', severity: 'warning' });
  expect(stored.get('exception')).toMatchObject({ name: 'TypeError', message: 'no cart' });
  expect(String(stored.get('exception')?.properties)).toContain('app-insights-sdk.test');
  expect(stored.get('metric')).toMatchObject({ name: 'queue', value: 4.5 });
  expect(countStored(file)).toEqual({ events: 8, rolledUp: 8, accepted: 8 });
});
