import { describe, expect, test } from 'vitest';
import { RECENT_MINUTES, SLOW_MS, SLOWEST_KEPT, SLOWEST_KEPT_MS } from '../../src/limits.ts';
import type { Store } from '../../src/store/port.ts';
import { Latencies } from '../../src/watch/latencies.ts';
import { measureStore } from '../../src/watch/measured-store.ts';
import { Meter } from '../../src/watch/meter.ts';

const MINUTE = 60_000;

/** By sorting: of n values that of rank ⌊q(n − 1)⌋. */
const exact = (values: readonly number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? 0;

/** Numbers that are the same each time (a linear congruential generator). */
function* numbers(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

describe('latencies', () => {
  test('are told within 1.1 % of what sorting gives, since the start and lately', () => {
    const random = numbers(7);
    const next = () => random.next().value as number; // it never ends
    const latencies = new Latencies();
    const noted: { ms: number; at: number }[] = [];
    for (let index = 0; index < 5000; index += 1) {
      const one = { ms: 0.05 + 5000 * next() ** 4, at: index * 200 };
      noted.push(one);
      latencies.note(one.ms, one.at);
    }
    const now = 5000 * 200;
    const recentFrom = (Math.floor(now / MINUTE) - RECENT_MINUTES + 1) * MINUTE;
    const recent = noted.filter(({ at }) => at >= recentFrom).map(({ ms }) => ms);
    for (const [told, values] of [
      [latencies.sinceStart(), noted.map(({ ms }) => ms)],
      [latencies.recent(now), recent],
    ] as const) {
      expect(told.count).toBe(values.length);
      expect(told.max).toBeCloseTo(Math.max(...values), 2);
      for (const [name, q] of [
        ['p50', 0.5],
        ['p95', 0.95],
        ['p99', 0.99],
      ] as const) {
        const truth = exact(values, q);
        expect(Math.abs((told[name] ?? 0) - truth)).toBeLessThanOrEqual(truth * 0.011 + 0.001);
      }
    }
  });

  test('of nothing are null, and what is old is not recent', () => {
    const latencies = new Latencies();
    const nothing = { count: 0, p50: null, p95: null, p99: null, max: null };
    expect(latencies.sinceStart()).toEqual(nothing);
    latencies.note(5, 0);
    expect(latencies.recent(RECENT_MINUTES * MINUTE)).toEqual(nothing);
    expect(latencies.sinceStart().count).toBe(1);
    // A clock that was set back does not show what lies ahead of it.
    latencies.note(5, 100 * MINUTE);
    expect(latencies.recent(50 * MINUTE)).toEqual(nothing);
  });
});

function makeClock() {
  const clock = { time: 0, now: () => clock.time, ticks: () => clock.time };
  return clock;
}

describe('the meter', () => {
  test('counts what is under way, what failed, and how long each took, also when it failed', async () => {
    const clock = makeClock();
    const meter = new Meter(clock);
    const gate = Promise.withResolvers<void>();
    const waiting = meter.time('read', () => gate.promise);
    expect(meter.operations()).toMatchObject([{ name: 'read', underWay: 1, sinceStart: { count: 0 } }]);
    clock.time = 10;
    gate.resolve();
    await waiting;
    await expect(meter.time('read', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(meter.operations()).toMatchObject([{ underWay: 0, failed: 1, sinceStart: { count: 2, max: 10 } }]);
  });

  test('keeps a bounded number of the slowest, for a day', async () => {
    const clock = makeClock();
    const meter = new Meter(clock);
    const take = (ms: number) =>
      meter.time('read', async () => {
        clock.time += ms;
      });
    for (let ms = 101; ms <= 200; ms += 1) await take(ms);
    const slowest = Array.from({ length: SLOWEST_KEPT }, (_, index) => 200 - index);
    expect(meter.slowest().map(({ ms }) => ms)).toEqual(slowest);
    await take(105);
    expect(meter.slowest().map(({ ms }) => ms)).toEqual(slowest);
    clock.time += SLOWEST_KEPT_MS + 1;
    expect(meter.slowest()).toEqual([]);
    await take(SLOW_MS - 1);
    await take(SLOW_MS);
    expect(meter.slowest().map(({ ms }) => ms)).toEqual([SLOW_MS]);
  });
});

test('a store is measured by the name of each call, and a write that stores nothing has failed', async () => {
  const meter = new Meter(makeClock());
  const failed = Promise.resolve(new Error('never mind'));
  const inner = {
    write: async () => [{ kind: 'failed' }],
    summarizeApps: async () => [],
    rows: async function* () {},
    askOverview: async () => [],
    raw: { page: async () => [] },
    failed,
    close: async () => {},
  };
  // As far as this test goes it is one.
  const store = measureStore(inner as unknown as Store, meter);
  await store.write([]);
  await store.summarizeApps({ from: 0, to: 1, stepMinutes: 1 });
  await (store as unknown as typeof inner).raw.page();
  await store.askOverview('edges', { from: 0, to: 1 });
  expect(store.failed).toBe(failed);
  await store.close();
  expect(meter.operations().map(({ name, failed: count }) => [name, count])).toEqual([
    ['overview.edges', 0],
    ['raw.page', 0],
    ['summarizeApps', 0],
    ['write', 1],
  ]);
});
