import { expect, test } from 'vitest';
import { bucketOf, midpointOf, ZERO_BUCKET } from '../src/rollup/buckets.ts';
import { quantiles } from '../src/rollup/percentiles.ts';

const RANKS = [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

/** A generator of numbers in [0, 1) that gives the same ones each time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function distributionOf(durations: readonly number[]) {
  const counts = new Map<number, number>();
  for (const duration of durations) counts.set(bucketOf(duration), (counts.get(bucketOf(duration)) ?? 0) + 1);
  return {
    buckets: [...counts].map(([bucket, count]) => ({ bucket, count })),
    min: Math.min(...durations),
    max: Math.max(...durations),
  };
}

const next = random(7);
const sets: Record<string, number[]> = {
  uniform: Array.from({ length: 10_000 }, () => Math.floor(next() * 1_000_000)),
  'log-normal': Array.from({ length: 10_000 }, () =>
    Math.round(Math.exp(10 + 2 * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()))),
  ),
  'two humps': Array.from({ length: 10_000 }, (_, index) =>
    Math.floor((index % 2 === 0 ? 900 : 3_000_000) * (1 + next())),
  ),
  'mostly zero': Array.from({ length: 1000 }, (_, index) => (index % 10 === 0 ? Math.floor(next() * 5000) + 1 : 0)),
  one: [123_456],
  same: Array.from({ length: 100 }, () => 777),
  'up to years': Array.from({ length: 1000 }, () => Math.floor(2 ** (next() * 52))),
};

test.each(Object.keys(sets))('estimates are within 1.1 %% of the exact percentiles: %s', (name) => {
  const durations = (sets[name] ?? []).toSorted((a, b) => a - b);
  const estimates = quantiles(distributionOf(durations), RANKS) ?? [];
  for (const [index, rank] of RANKS.entries()) {
    const exact = durations[Math.floor(rank * (durations.length - 1))] ?? Number.NaN;
    expect(Math.abs((estimates[index] ?? Number.NaN) - exact)).toBeLessThanOrEqual(exact * 0.011);
  }
});

test('every duration up to a second lies within 1.1 % of its bucket', () => {
  for (let duration = 1; duration <= 1_000_000; duration += duration < 2000 ? 1 : 97) {
    expect(Math.abs(midpointOf(bucketOf(duration)) - duration)).toBeLessThanOrEqual(duration * 0.011);
  }
});

test('zero has a bucket of its own below all others', () => {
  expect(bucketOf(0)).toBe(ZERO_BUCKET);
  expect(bucketOf(1)).toBeGreaterThan(ZERO_BUCKET);
  expect(quantiles({ buckets: [{ bucket: ZERO_BUCKET, count: 3 }], min: 0, max: 0 }, [0.5])).toEqual([0]);
});

test('there are no percentiles of nothing', () => {
  expect(quantiles({ buckets: [], min: 0, max: 0 }, [0.5])).toBeUndefined();
});

test('an estimate never leaves the range that was seen', () => {
  const distribution = distributionOf([1001, 1002]);
  for (const value of quantiles(distribution, RANKS) ?? []) {
    expect(value).toBeGreaterThanOrEqual(1001);
    expect(value).toBeLessThanOrEqual(1002);
  }
});
