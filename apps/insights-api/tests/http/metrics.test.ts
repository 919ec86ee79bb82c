import type { MetricSeriesResponse, MetricsResponse } from '@scorpiox/shared/contract';
import { expect, test } from 'vitest';
import { makeApi, type TestApi } from '../helpers/api.ts';
import { NOON } from '../helpers/events.ts';
import { attribute, metrics, nanos, sendOtlp } from '../helpers/otlp.ts';

const SECOND = 1_000_000_000n;

/** An export as SDKs make it: a counter by route and a histogram, totals since a minute before NOON. */
const exported = (seconds: number, orders: number, counts: readonly number[]) => {
  const times = { startTimeUnixNano: nanos(-60n * SECOND), timeUnixNano: nanos(BigInt(seconds) * SECOND) };
  const of = (route: string, value: number) => ({
    ...times,
    asInt: String(value),
    attributes: [attribute('http.route', route)],
  });
  return metrics(
    {
      name: 'orders',
      unit: '{order}',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [of('/a', orders), of('/b', 2 * orders)] },
    },
    {
      name: 'duration',
      unit: 's',
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [
          {
            ...times,
            count: String(counts.reduce((a, b) => a + b, 0)),
            sum: counts.length,
            bucketCounts: counts.map(String),
            explicitBounds: [0.1, 1],
          },
        ],
      },
    },
  );
};

const get = async (api: TestApi, path: string, token = api.token) =>
  api.app.inject({ url: `/api/apps/${path}`, headers: { authorization: `Bearer ${token}` } });

test('what SDKs export is answered as what came, by the values of a dimension, once', async () => {
  const api = await makeApi({ now: () => NOON + 120_000 });
  const first = exported(0, 5, [1, 2, 0]);
  for (const body of [first, exported(60, 7, [1, 4, 0]), first]) {
    expect((await sendOtlp(api, 'metrics', body, 'protobuf')).statusCode).toBe(200);
  }
  const span = 'from=now-10m&to=now';
  const list: MetricsResponse = (await get(api, `shop/metrics?${span}`)).json();
  expect(list.metrics).toMatchObject([
    { name: 'duration', unit: 's', kind: 'histogram', points: 2, last: null },
    { name: 'orders', unit: '{order}', kind: 'sum', points: 4, last: null, lastAt: '2026-11-20T12:01:00.000Z' },
  ]);
  const query = `name=orders&unit=${encodeURIComponent('{order}')}&by=http.route&${span}`;
  const orders: MetricSeriesResponse = (await get(api, `SHOP/metrics/series?${query}`)).json();
  expect(orders.dimensions).toEqual(['http.route']);
  expect(orders.parts.map(({ what, value, total }) => [what, value, total.sum])).toEqual([
    ['value', '/b', 14],
    ['value', '/a', 7],
  ]);
  const duration: MetricSeriesResponse = (await get(api, `shop/metrics/series?name=duration&unit=s&${span}`)).json();
  expect(duration.parts[0]?.total).toMatchObject({ count: 5, avg: 3 / 5 });
  // Ten of the thirteen minutes have passed.
  const ahead = 'name=duration&unit=s&from=2026-11-20T11:52Z&to=2026-11-20T12:05Z';
  const rated: MetricSeriesResponse = (await get(api, `shop/metrics/series?${ahead}`)).json();
  expect(rated.parts[0]?.total.rate).toBeCloseTo(5 / 600, 12);
  expect(duration.parts[0]?.total.p50).toBeGreaterThan(0.09);
  expect(duration.parts[0]?.total.p50).toBeLessThan(1.03);
  expect(api.value("SELECT count(*) FROM events WHERE kind = 'metric'")).toBe(6);
  expect(api.value('SELECT duplicates FROM app_counters')).toBe(3);
});

test('who may not ask, and what cannot be asked, is told', async () => {
  const api = await makeApi();
  const code = async (path: string, token?: string) => {
    const answer = await get(api, path, token);
    return [answer.statusCode, answer.json().error.code];
  };
  expect(await code('shop/metrics', 'nobody')).toEqual([401, 'not-signed-in']);
  expect(await code('none/metrics')).toEqual([404, 'not-found']);
  expect(await code('none/metrics/series?name=m')).toEqual([404, 'not-found']);
  expect(await code('shop/metrics/series')).toEqual([400, 'bad-request']);
  expect(await code('shop/metrics?from=yesterday')).toEqual([400, 'bad-time']);
  expect((await get(api, 'shop/metrics/series?name=m')).json()).toMatchObject({ kind: null, parts: [] });
});
