import fc from 'fast-check';
import { expect, test } from 'vitest';
import { METRIC_OVERFLOW_SERIES, METRIC_SERIES, METRIC_STREAMS } from '../../src/limits.ts';
import { advanceMetrics, keysOf, readMetrics } from '../../src/rollup/metrics/advance.ts';
import type { MetricMemory } from '../../src/rollup/metrics/memory.ts';
import type { IdentifiedEvent } from '../../src/store/port.ts';
import { identified, NOON } from '../helpers/events.ts';
import { delta, gauge, histogram, total } from '../helpers/metric-events.ts';

const read = (...events: readonly IdentifiedEvent[]) =>
  readMetrics(events.map(({ event }) => ({ appId: 1, receivedAt: NOON, event })));

const memory = (more: Partial<MetricMemory> = {}): MetricMemory => ({
  since: new Map(),
  series: new Map(),
  streams: new Map(),
  active: new Map(),
  ...more,
});

const full = (series: number, streams = 0) => memory({ active: new Map([[1, { series, streams }]]) });
const routes = (count: number) =>
  Array.from({ length: count }, (_, index) => delta(0, 1, { attributes: { route: `/${index}` } }));
const dimensionsOf = (changes: ReturnType<typeof advanceMetrics>) => changes.series.map(({ dimensions }) => dimensions);

test('beyond the bound of series what comes is summed up under one, and counted', () => {
  const changes = advanceMetrics(read(...routes(5)), full(METRIC_SERIES - 2));
  expect(dimensionsOf(changes)).toEqual(['{"route":"/0"}', '{"route":"/1"}', '{"otel.metric.overflow":"true"}']);
  expect(changes.notes).toEqual([{ appId: 1, note: 'metric-overflow', count: 3 }]);
  expect([...changes.sums.rows()].map(({ sums }) => sums.sum)).toEqual([1, 1, 3]);
});

test('a series that is there is no new one, however many there are', () => {
  const readings = read(...routes(1));
  const [own] = advanceMetrics(readings, memory()).series;
  const known = new Map([[`1 ${own?.metric} ${own?.series}`, NOON]]);
  const changes = advanceMetrics(readings, { ...full(METRIC_SERIES), series: known });
  expect(changes).toMatchObject({ series: [], notes: [] });
  expect(keysOf(readings).series.map(({ series }) => series)).toContain(own?.series);
});

test('where there is no room even for the one that takes the others, points are counted and nothing else', () => {
  const changes = advanceMetrics(read(...routes(2)), full(METRIC_SERIES + METRIC_OVERFLOW_SERIES));
  expect(changes).toMatchObject({ series: [], notes: [{ note: 'metric-overflow', count: 2 }] });
  expect([...changes.sums.rows()]).toEqual([]);
});

test('dimensions that are too long to be listed count as too many', () => {
  const changes = advanceMetrics(read(gauge(0, 7, { attributes: { long: 'x'.repeat(5000) } })), memory());
  expect(dimensionsOf(changes)).toEqual(['{"otel.metric.overflow":"true"}']);
  expect(changes.notes).toMatchObject([{ note: 'metric-overflow', count: 1 }]);
});

test('beyond the bound of streams totals give nothing and are counted; those that are remembered go on', () => {
  const state = advanceMetrics(read(total(-60, 0, 5, { instance: 'a' })), memory()).streams[0];
  const streams = new Map([[`1 ${state?.stream}`, state?.state ?? '']]);
  const changes = advanceMetrics(read(total(-60, 60, 8, { instance: 'a' }), total(-60, 60, 9, { instance: 'b' })), {
    ...full(0, METRIC_STREAMS),
    streams,
  });
  expect([...changes.sums.rows()].map(({ sums }) => sums.sum)).toEqual([3]);
  expect(changes.streams).toHaveLength(1);
  expect(changes.notes).toMatchObject([{ note: 'metric-overflow', count: 1 }]);
});

test('the state of a stream is its newest point, whole', () => {
  const first = advanceMetrics(read(histogram('cumulative', -60, 0, [1, 2, 3], { sum: 9 })), memory()).streams[0];
  const next = advanceMetrics(read(histogram('cumulative', -60, 60, [1, 2, 5], { sum: 11 })), {
    ...memory({ since: new Map([[1, NOON]]) }),
    streams: new Map([[`1 ${first?.stream}`, first?.state ?? '']]),
  });
  const [row] = next.sums.rows();
  expect(row?.sums).toMatchObject({ points: 1, count: 2, sum: 2 });
  expect([...(row?.ranges.values() ?? [])].map(({ count }) => count)).toEqual([2]);
  expect(next.memories).toEqual([]);
});

test('aggregations of hostile counts are finite too, and one of nothing has no mean', () => {
  const of = (count: number, value: number) =>
    identified({ kind: 'metric', name: 'a', value, count: 1_000_000_000, measurements: { count } });
  const [row] = advanceMetrics(read(of(1e308, 1), of(0, 77)), memory()).sums.rows();
  expect(row?.sums).toMatchObject({ count: 1e290, summed: 1e290, sum: 1e9 });
});

test('numbers that would be none in a sum are brought within what databases can add up', () => {
  const huge = advanceMetrics(
    read(gauge(0, Number.MAX_VALUE), gauge(1, -Number.MAX_VALUE), gauge(2, 5e-324)),
    memory(),
  );
  const [row] = huge.sums.rows();
  expect(row?.sums).toMatchObject({ points: 3, sum: 0, min: -1e290, max: 1e290, last: 0 });
});

/** What a database would remember of changes. */
class Remembered {
  readonly #since = new Map<number, number>();
  readonly #streams = new Map<string, string>();
  readonly #events = new Set<string>();
  sum = 0;

  /** A transaction: what is there already does not go in again. */
  store(events: readonly IdentifiedEvent[]): void {
    const fresh = events.filter(({ event }) => !this.#events.has(JSON.stringify(event)));
    for (const { event } of fresh) this.#events.add(JSON.stringify(event));
    const changes = advanceMetrics(read(...fresh), memory({ since: this.#since, streams: this.#streams }));
    for (const { appId, since } of changes.memories) this.#since.set(appId, since);
    for (const { appId, stream, state } of changes.streams) this.#streams.set(`${appId} ${stream}`, state);
    for (const { sums } of changes.sums.rows()) this.sum += sums.sum;
  }
}

test('whatever is sent in whatever order, and however often, a counter adds up to its newest total in each life', () => {
  const step = fc.nat(1000);
  const life = fc.array(step, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.array(life, { minLength: 1, maxLength: 3 }),
      fc.infiniteStream(fc.nat(1_000_000)),
      (lives, chance) => {
        const random = () => Number(chance.next().value) / 1_000_001;
        let [second, exact] = [0, 0];
        const batches = lives.flatMap((steps) => {
          const start = second;
          let value = 0;
          const points = steps.map((more) => {
            second += 10;
            value += more;
            return total(start, second, value);
          });
          exact += value;
          // A life's points come in any order, some in the same batch, some again; lives come one after the other.
          const shuffled = points.map((one) => [random(), one] as const).toSorted(([a], [b]) => a - b);
          const sent = shuffled.map(([, one]) => one).flatMap((one) => (random() < 0.3 ? [one, one] : [one]));
          const cut = Math.floor(random() * sent.length);
          return [sent.slice(0, cut), sent.slice(cut), sent.slice(cut), sent.slice(0, cut)];
        });
        const remembered = new Remembered();
        for (const batch of batches) remembered.store(batch.filter((one, place) => batch.indexOf(one) === place));
        expect(remembered.sum).toBe(exact);
      },
    ),
  );
});
