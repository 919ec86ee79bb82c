// The real OpenTelemetry SDK, pointed at the platform by nothing but the variables that its documentation names.
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addApp, apiOf } from '../support/api.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { mustRun, ROOT } from '../support/process.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

type Row = Record<string, unknown>;

/** What is stored of an application. */
function stored(app: string): readonly Row[] {
  const db = new DatabaseSync(`${platform.dataDir}/insights.db`, { readOnly: true });
  const rows = db.prepare('SELECT e.* FROM events e JOIN apps a ON a.id = e.app_id WHERE a.name = ?').all(app);
  db.close();
  return rows;
}

function rejections(app: string): readonly Row[] {
  const db = new DatabaseSync(`${platform.dataDir}/insights.db`, { readOnly: true });
  const rows = db.prepare(
    'SELECT r.reason, r.count FROM app_rejections r JOIN apps a ON a.id = r.app_id WHERE a.name = ?',
  );
  const all = rows.all(app);
  db.close();
  return all.map((row) => ({ ...row }));
}

const send = (key: string, endpoint: string, more: NodeJS.ProcessEnv, program = 'send-with-otel.mjs') =>
  mustRun(process.execPath, [`${ROOT}tests/programs/${program}`], {
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${key}`,
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=7.1,service.instance.id=one',
      OTEL_NODE_RESOURCE_DETECTORS: 'env',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      ...more,
    },
  });

const http = () => `http://127.0.0.1:${platform.ports.api}`;
const of = (rows: readonly Row[], kind: string) => rows.filter((row) => row.kind === kind);

test.each(['http/protobuf', 'http/json'])('traces, logs and metrics arrive over %s', async (protocol) => {
  const app = `otel-${protocol.slice(5)}`;
  const { key } = await addApp(platform, app);
  await send(key, http(), { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' });
  const rows = stored(app);
  expect(rejections(app)).toEqual([]);
  expect(of(rows, 'request')).toHaveLength(10);
  expect(of(rows, 'request').filter(({ success }) => success === 0)).toHaveLength(2);
  const [failed] = of(rows, 'request').filter(({ code }) => code === '500');
  expect(failed).toMatchObject({ name: 'GET /cart', version: '7.1', instance: 'one', success: 0 });
  const inside = rows.filter(({ parent_id }) => parent_id === failed?.span_id);
  expect(inside.map(({ kind }) => kind).sort()).toEqual(['dependency', 'exception', 'trace']);
  expect(inside.every(({ operation_id }) => operation_id === failed?.trace_id)).toBe(true);
  expect(of(inside, 'exception')).toMatchObject([{ name: 'TypeError', message: 'the cart is gone' }]);
  expect(of(inside, 'dependency')).toMatchObject([{ name: 'SELECT', message: 'SELECT 1' }]);
  expect(of(inside, 'trace')).toMatchObject([
    { severity: 'warning', message: expect.stringMatching(/^cart \d+ opened/) },
  ]);
  const values = Object.fromEntries(of(rows, 'metric').map(({ name, value }) => [name, value]));
  expect(values).toMatchObject({ orders: 3, checkout: 0.25, queue: 7, open: -2 });
  expect(of(rows, 'metric').find(({ name }) => name === 'orders')).toMatchObject({ unit: '{order}' });
});

test('over TLS, with the certificate of the platform', async () => {
  const { key } = await addApp(platform, 'otel-tls');
  const endpoint = `https://localhost:${platform.ports.apiTls}`;
  await send(key, endpoint, { OTEL_EXPORTER_OTLP_CERTIFICATE: platform.ca, NODE_EXTRA_CA_CERTS: platform.ca });
  expect(of(stored('otel-tls'), 'request')).toHaveLength(10);
});

test('totals, which the SDK sends unless told otherwise, count once in each round and in each process', async () => {
  const { key } = await addApp(platform, 'otel-totals');
  const { metricSeries } = await apiOf(platform);
  const count = (instance: string) =>
    send(
      key,
      http(),
      {
        OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: '',
        OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
      },
      'count-with-otel.mjs',
    );
  await Promise.all([count('one'), count('two')]);
  expect(rejections('otel-totals')).toEqual([]);
  const { parts } = await metricSeries('otel-totals', { name: 'orders', unit: '{order}', by: 'plan' });
  expect(parts.map(({ value, total }) => [value, total.sum])).toEqual([
    ['free', 2 * 30],
    ['gold', 2 * (1 + 2 + 3)],
  ]);
  const [checkout] = (await metricSeries('otel-totals', { name: 'checkout', unit: 's' })).parts;
  expect(checkout?.total).toMatchObject({ count: 6, sum: 2 * 180, avg: 60 });
  // Twice 30, 60 and 90: the middle ones lie in the SDK's bucket from 50 to 75.
  expect(checkout?.total.p50).toBeGreaterThanOrEqual(49);
  expect(checkout?.total.p50).toBeLessThanOrEqual(77);
  const [latency] = (await metricSeries('otel-totals', { name: 'latency', unit: 'ms' })).parts;
  expect(latency?.total).toMatchObject({ count: 600, avg: 50.5 });
  for (const [found, exact] of [
    [latency?.total.p50, 50],
    [latency?.total.p95, 95],
  ] as const) {
    expect(Math.abs((found ?? Number.NaN) - exact) / exact).toBeLessThan(0.05);
  }
});
