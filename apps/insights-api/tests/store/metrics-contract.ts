import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { queryMetric, queryMetrics } from '../../src/query/metrics.ts';
import type { Store } from '../../src/store/port.ts';
import { identified, NOON, submission } from '../helpers/events.ts';
import { after, delta, gauge, histogram, point, total, type Where } from '../helpers/metric-events.ts';
import type { StoreFixture } from './contract.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RANGE = { from: NOON - HOUR / 2, to: NOON + HOUR / 2 };

/** What every adapter does with metrics; each test has an application of its own. `skip`: why it cannot run here. */
export function metricsContract(name: string, open: () => Promise<StoreFixture>, skip?: string): void {
  const title = `${name} sums up metrics`;
  describe.skipIf(skip !== undefined)(skip === undefined ? title : `${title} (${skip})`, () => {
    let fixture: StoreFixture;
    let store: Store;
    let app: { readonly id: number; readonly name: string };
    let apps = 0;
    beforeAll(async () => {
      fixture = await open();
      store = fixture.store;
    });
    beforeEach(async () => {
      apps += 1;
      const named = `metrics-${apps}`;
      app = { id: await fixture.addApp(named), name: named };
    });
    afterAll(() => fixture.close());

    const write = (...events: ReturnType<typeof gauge>[]) => store.write([submission(app.id, events)]);
    const ask = (metric = 'm', more: { unit?: string; by?: string } = {}, range = RANGE, at = NOON) =>
      queryMetric(
        (request) => store.readMetric(request),
        { app, name: metric, unit: more.unit ?? '', by: more.by },
        range,
        () => at,
      );
    const list = (range = RANGE, at = NOON) =>
      queryMetrics(
        (request) => store.listMetrics(request),
        app,
        range,
        () => at,
      );
    const totalOf = async (metric?: string) => (await ask(metric)).parts[0]?.total;
    const adjusted = async () => (await store.health()).apps.find((one) => one.name === app.name)?.counters.adjusted;

    test('a gauge has its values: count, mean, extremes, the newest, percentiles', async () => {
      await write(gauge(0, 4), gauge(65, 10), gauge(62, 1), gauge(-300, 5));
      const { parts, kind, stepSeconds } = await ask();
      expect({ kind, stepSeconds }).toEqual({ kind: 'gauge', stepSeconds: 60 });
      expect(parts).toHaveLength(1);
      expect(parts[0]?.total).toMatchObject({
        points: 4,
        count: 4,
        sum: 20,
        min: 1,
        max: 10,
        avg: 5,
        last: 10,
        rate: null,
      });
      // Of four values that of rank ⌊1.5⌋ is 4.
      expect(parts[0]?.total.p50).toBeGreaterThan(3.95);
      expect(parts[0]?.total.p50).toBeLessThan(4.05);
      expect(parts[0]?.steps.flatMap(({ points }, step) => (points > 0 ? [[step, points]] : []))).toEqual([
        [25, 1],
        [30, 1],
        [31, 2],
      ]);
      expect(parts[0]?.steps[31]).toMatchObject({ last: 10, avg: 5.5, min: 1, max: 10 });
      expect(parts[0]?.steps[0]).toMatchObject({ points: 0, sum: null, last: null, p50: null, rate: null });
    });

    test("a counter's totals become what came between them, in each minute and each once", async () => {
      await write(total(-60, 0, 5));
      await write(total(-60, 60, 5), total(-60, 180, 26));
      await write(total(-60, 120, 20));
      const all = await ask();
      expect(all.parts[0]?.total).toMatchObject({ points: 3, sum: 26, avg: null, last: null, p50: null });
      const sums = all.parts[0]?.steps.flatMap(({ sum }, step) => (sum === null ? [] : [[step, sum]]));
      expect(sums).toEqual([
        [30, 5],
        [31, 0],
        [33, 21],
      ]);
      expect(all.parts[0]?.steps[33]?.rate).toBe(21 / 60);
      expect(await adjusted()).toEqual({ 'metric-late': 1 });
    });

    test('within one transaction totals go in the order of their time, whatever the order in which they came', async () => {
      await write(total(-60, 180, 26), total(-60, 0, 5), total(-60, 120, 20), total(-60, 60, 5));
      expect(await totalOf()).toMatchObject({ points: 4, sum: 26 });
      expect(await adjusted()).toEqual({});
    });

    test('an export sent again, whole or in part, adds nothing, also when the stream has gone on', async () => {
      const first = [total(-60, 0, 5), histogram('cumulative', -60, 0, [1, 2, 3], { sum: 600 }, { name: 'h' })];
      const second = [total(-60, 60, 9), histogram('cumulative', -60, 60, [1, 2, 4], { sum: 800 }, { name: 'h' })];
      await write(...first);
      await write(...second);
      const before = [await ask('m'), await ask('h')];
      await write(...first, ...second);
      await write(...second);
      expect([await ask('m'), await ask('h')]).toEqual(before);
      expect(before.map(({ parts }) => parts[0]?.total.sum)).toEqual([9, 800]);
      expect(await adjusted()).toEqual({});
    });

    test('restarts, gaps, resets and overlaps give what they bring, and what is odd is counted', async () => {
      await write(total(-60, 0, 5), total(0, 60, 3), total(70, 120, 4), total(70, 180, 1), total(90, 240, 2));
      expect(await totalOf()).toMatchObject({ points: 5, sum: 5 + 3 + 4 + 1 + 2 });
      expect(await adjusted()).toEqual({ 'metric-gap': 1, 'metric-reset': 1, 'metric-overlap': 1 });
    });

    test('a counter from before the memory of its application, or without a start, begins with a baseline', async () => {
      const old = { name: 'old' };
      await write(total(-7200, 0, 1_000_000, old), total(-7200, 60, 1_000_007, old));
      const unknown = (seconds: number, value: number) =>
        point({
          ...{ kind: 'sum', start: 0n, time: after(seconds), temporality: 'cumulative', monotonic: true, value },
        });
      await write(unknown(0, 50), unknown(60, 51));
      expect(await totalOf('old')).toMatchObject({ points: 1, sum: 7 });
      expect(await totalOf()).toMatchObject({ points: 1, sum: 1 });
      expect(await adjusted()).toEqual({ 'metric-baseline': 2 });
    });

    test('instances count apart, and can be told apart', async () => {
      const of = (instance: string): Where => ({ instance });
      await write(total(-60, 0, 5, of('a')), total(-60, 0, 100, of('b')));
      await write(total(-60, 60, 6, of('a')), total(-60, 60, 120, of('b')));
      expect(await totalOf()).toMatchObject({ sum: 126 });
      const { parts, dimensions } = await ask('m', { by: 'instance' });
      expect(dimensions).toEqual(['instance']);
      expect(parts.map(({ value, total: { sum } }) => [value, sum])).toEqual([
        ['b', 120],
        ['a', 6],
      ]);
    });

    test('two stores that write the same export at once, and the next ones, count once', async () => {
      const other = await fixture.openAnother();
      for (const seconds of [0, 60, 120, 180]) {
        const events = ['a', 'b', 'c'].map((instance) => total(-60, seconds, seconds + 60, { instance }));
        await Promise.all([store.write([submission(app.id, events)]), other.write([submission(app.id, events)])]);
      }
      await other.close();
      expect(await totalOf()).toMatchObject({ points: 12, sum: 3 * 240 });
      expect(await adjusted()).toEqual({});
    });

    test('histograms keep their buckets: of a delta, and of totals since the point before', async () => {
      await write(histogram('delta', -60, 0, [5, 4, 1], { sum: 470, min: 2, max: 250 }, { name: 'd' }));
      const d = await totalOf('d');
      expect(d).toMatchObject({ points: 1, count: 10, sum: 470, avg: 47, min: 2, max: 250, last: null });
      // Rank 4.5 of 5 in (2, 10] and 4 in (10, 100], evenly spread.
      expect(Math.abs((d?.p50 ?? 0) - (2 + 8 * 0.9))).toBeLessThan(0.3);
      expect(d?.p99).toBeGreaterThan(88);
      await write(histogram('cumulative', -60, 0, [100, 0, 0], { sum: 100 }, { name: 'h' }));
      await write(histogram('cumulative', -60, 60, [100, 4, 0], { sum: 300 }, { name: 'h' }));
      const h = await ask('h');
      expect(h.kind).toBe('histogram');
      expect(h.parts[0]?.total).toMatchObject({ points: 2, count: 104, sum: 300, min: null, max: null });
      const minute = h.parts[0]?.steps[31];
      expect(minute).toMatchObject({ count: 4, sum: 200, avg: 50, rate: 4 / 60 });
      // Rank 1.5 of 4 in (10, 100].
      expect(Math.abs((minute?.p50 ?? 0) - (10 + 90 * (1.5 / 4)))).toBeLessThan(2);
    });

    test('exponential histograms of different scales merge, with their zeros and negative values', async () => {
      const exponential = (seconds: number, scale: number, more: object) =>
        point({
          kind: 'exponential-histogram',
          start: after(-60),
          time: after(seconds),
          temporality: 'delta',
          count: 10,
          sum: 0,
          scale,
          zeroCount: 0,
          zeroThreshold: 0,
          positive: { offset: 0, counts: [] },
          negative: { offset: 0, counts: [] },
          ...more,
        });
      // 10 in (4, 8] twice, at scales 0 and 20; then 10 zeros, and 10 in [-8, -4).
      await write(
        exponential(0, 0, { positive: { offset: 2, counts: [10] } }),
        exponential(1, 20, { positive: { offset: 2 * 2 ** 20 + 99, counts: [10] } }),
        exponential(2, 3, { zeroCount: 10 }),
        exponential(3, 0, { negative: { offset: 2, counts: [10] } }),
      );
      const { parts } = await ask();
      expect(parts[0]?.total).toMatchObject({ points: 4, count: 40, p50: 0 });
      expect(parts[0]?.total.p99).toBeGreaterThan(7);
      expect(parts[0]?.total.p99).toBeLessThan(8.1);
    });

    test('a summary gives its count and sum; an aggregation its parts; a plain metric its value', async () => {
      const summary = (seconds: number, count: number, sum: number) =>
        point({ kind: 'summary', start: after(-60), time: after(seconds), count, sum, quantiles: [] }, { name: 's' });
      await write(summary(0, 3, 30), summary(60, 5, 70));
      await write(
        identified({ kind: 'metric', name: 'a', value: 60, measurements: { count: 3, min: 10, max: 30 } }),
        identified({ kind: 'metric', name: 'v', value: 7, unit: 'ms', count: 4 }),
      );
      expect(await totalOf('s')).toMatchObject({ points: 2, count: 5, sum: 70, avg: 14, p50: null });
      expect(await totalOf('a')).toMatchObject({ points: 1, count: 3, sum: 60, min: 10, max: 30, avg: 20 });
      expect((await ask('v', { unit: 'ms' })).parts[0]?.total).toMatchObject({ points: 1, count: 4, avg: 7, last: 7 });
    });

    test('metrics are listed by name and unit, with the newest value of gauges', async () => {
      await write(gauge(0, 4), gauge(60, 3), delta(0, 9, { name: 'n', unit: 'By' }), gauge(30, 8, { unit: 's' }));
      await store.write([submission(fixture.blog, [gauge(0, 1, { name: 'elsewhere' })])]);
      const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString();
      expect((await list()).metrics).toEqual([
        { name: 'm', unit: null, kind: 'gauge', points: 2, last: 3, lastAt: at(60) },
        { name: 'm', unit: 's', kind: 'gauge', points: 1, last: 8, lastAt: at(30) },
        { name: 'n', unit: 'By', kind: 'sum', points: 1, last: null, lastAt: at(0) },
      ]);
      expect((await list({ from: NOON + HOUR, to: NOON + 2 * HOUR })).metrics).toEqual([]);
      expect(await ask('nothing')).toMatchObject({ kind: null, dimensions: [], parts: [] });
    });

    test('split by one dimension: the largest values, the others together, and those without it', async () => {
      const routes = Array.from({ length: 13 }, (_, index) =>
        delta(0, index + 1, { attributes: { route: `/${index}`, plan: index % 2 === 0 ? 'gold' : 'free' } }),
      );
      await write(...routes, delta(0, 1000, { attributes: { plan: 'gold' } }));
      const { parts, dimensions } = await ask('m', { by: 'route' });
      expect(dimensions).toEqual(['plan', 'route']);
      expect(parts.map(({ what, value, total: { sum } }) => [what, value, sum])).toEqual([
        ...Array.from({ length: 10 }, (_, index) => ['value', `/${12 - index}`, 13 - index]),
        ['other', null, 1 + 2 + 3],
        ['none', null, 1000],
      ]);
      const byPlan = await ask('m', { by: 'plan' });
      expect(byPlan.parts.map(({ value, total: { sum } }) => [value, sum])).toEqual([
        ['gold', 1000 + 49],
        ['free', 42],
      ]);
    });

    test('any span in any steps has exactly its points, split or not: as counted one by one', async () => {
      // Numbers from a fixed rule, so that a failure shows again: minutes apart at first, days at the end.
      const points = Array.from({ length: 120 }, (_, index) => ({
        seconds: Math.round(index ** 2.9) - 3600 + (index % 7),
        value: ((index * 37) % 101) - 20,
        attributes: { color: ['red', 'green', 'blue'][index % 3] ?? '', size: String(index % 5) },
      }));
      await write(...points.map(({ seconds, value, attributes }) => gauge(seconds, value, { attributes })));
      for (const [from, to] of [
        [-HOUR, HOUR],
        [-HOUR, 12 * DAY],
        [5 * HOUR, 3 * DAY],
        [0, 26 * HOUR],
      ] as const) {
        const range = { from: NOON + from, to: NOON + to };
        for (const by of [undefined, 'color', 'size'] as const) {
          const answer = await ask('m', by === undefined ? {} : { by }, range);
          const [start, end] = [Date.parse(answer.from), Date.parse(answer.to)];
          const within = points.filter(({ seconds }) => NOON + seconds * 1000 >= start && NOON + seconds * 1000 < end);
          const expected = Map.groupBy(within, ({ attributes }) => (by === undefined ? null : attributes[by]));
          expect(answer.parts.map(({ value }) => value).toSorted()).toEqual([...expected.keys()].toSorted());
          for (const part of answer.parts) {
            const own = expected.get(part.value) ?? [];
            expect(part.total).toMatchObject(bruteForce(own));
            expectNear(part.total.p50, own);
            const steps = Map.groupBy(own, ({ seconds }) =>
              Math.floor((NOON + seconds * 1000 - start) / (answer.stepSeconds * 1000)),
            );
            for (const [step, aggregate] of part.steps.entries()) {
              expect(aggregate).toMatchObject(bruteForce(steps.get(step) ?? []));
              expectNear(aggregate.p50, steps.get(step) ?? []);
            }
          }
        }
      }
    });

    test('what the database refuses is no point, and its stream goes on without it', async () => {
      const bad = { ...total(-60, 60, 50), hash: new Uint8Array(15) };
      await write(total(-60, 0, 5), bad, total(-60, 120, 70));
      expect(await totalOf()).toMatchObject({ points: 2, sum: 70 });
    });

    test('sums of metrics, states and series go when they are too old', async () => {
      await write(total(-60, 0, 5), gauge(0, 1, { name: 'g' }));
      const purge = async (what: 'minutes' | 'hours' | 'days', before: number) => {
        while ((await store.purge({ appId: app.id, what, before })).deleted > 0);
      };
      const sum = async (range: typeof RANGE) => (await ask('m', {}, range)).parts[0]?.total.sum ?? null;
      const hours = { from: NOON, to: NOON + 3 * DAY };
      const midnight = NOON - DAY / 2;
      await purge('minutes', NOON);
      expect(await sum(RANGE)).toBe(5);
      await purge('minutes', NOON + 60_000);
      expect(await sum(RANGE)).toBe(null);
      expect(await sum(hours)).toBe(5);
      // Who asks when minutes are no longer kept is answered from hours.
      const later = await ask('m', {}, RANGE, NOON + 40 * DAY);
      expect(later.parts[0]?.total.sum).toBe(5);
      expect(later).toMatchObject({ stepSeconds: 3600, kept: { unitSeconds: 3600, complete: true } });
      expect((await list(RANGE, NOON + 40 * DAY)).metrics).toHaveLength(2);
      expect(await list(RANGE, NOON + 4000 * DAY)).toMatchObject({ kept: { unitSeconds: 86_400, complete: false } });
      // The state went with the minutes: what comes now is new to everybody, and is taken from its start.
      await write(total(-30, 61, 2));
      expect(await sum(RANGE)).toBe(2);
      await purge('hours', NOON + HOUR);
      expect(await sum(hours)).toBe(null);
      const day = { from: midnight / 60_000, to: (midnight + DAY) / 60_000, stepMinutes: 1440 };
      const byDay = () => store.readMetric({ appId: app.id, name: 'm', unit: '', span: day, top: 1 });
      expect((await byDay()).parts).toMatchObject([{ steps: [{ step: 0, sums: { points: 2, sum: 7 } }] }]);
      await purge('minutes', midnight + DAY);
      await purge('days', midnight + DAY);
      expect((await byDay()).parts).toEqual([]);
      expect((await list({ from: midnight, to: midnight + DAY })).metrics).toEqual([]);
      await write(gauge(0, 3));
      expect((await list()).metrics.map(({ name: one }) => one)).toEqual(['m']);
    });
  });
}

interface Value {
  readonly seconds: number;
  readonly value: number;
}

/** What values come to, counted one by one. */
function bruteForce(values: readonly Value[]) {
  const numbers = values.map(({ value }) => value);
  const sum = numbers.reduce((a, b) => a + b, 0);
  const newest = values.toSorted((a, b) => a.seconds - b.seconds || a.value - b.value).at(-1);
  return {
    points: numbers.length,
    count: numbers.length,
    sum: numbers.length === 0 ? null : sum,
    min: numbers.length === 0 ? null : Math.min(...numbers),
    max: numbers.length === 0 ? null : Math.max(...numbers),
    last: newest?.value ?? null,
  };
}

/** Within the grid's 2.2 %. */
function expectNear(estimate: number | null, values: readonly Value[]): void {
  const sorted = values.map(({ value }) => value).toSorted((a, b) => a - b);
  const exact = sorted[Math.floor(0.5 * (sorted.length - 1))];
  if (exact === undefined) expect(estimate).toBe(null);
  else expect(Math.abs((estimate ?? Number.NaN) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.022);
}
