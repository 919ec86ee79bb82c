import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ABOVE_ALL, BELOW_ALL, cellOf, endOf, startOf } from '../../src/rollup/metrics/cells.ts';
import { quantilesOf } from '../../src/rollup/metrics/quantiles.ts';
import { rangeOfValue, rangesOfExponential, rangesOfHistogram } from '../../src/rollup/metrics/ranges.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('cells', () => {
  test('every value lies in its cell, and cells are in the order of values', () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        // Bounds are computed by other ways than cells, each to the last digits.
        const near = Math.abs(a) * 1e-9;
        expect(startOf(cellOf(a))).toBeLessThanOrEqual(a + near);
        expect(endOf(cellOf(a))).toBeGreaterThanOrEqual(a - near);
        if (a < b) expect(cellOf(a)).toBeLessThanOrEqual(cellOf(b));
      }),
    );
  });
});

describe('quantiles', () => {
  test('of single values they are those of rank ⌊q(n − 1)⌋, within the width of a cell', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: -50, max: 50 }));
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const sorted = values.toSorted((a, b) => a - b);
          const [estimate] = quantilesOf({ ranges: values.map((one) => rangeOfValue(one, 1)) }, [q]) ?? [];
          const position = q * (values.length - 1);
          // Just below a whole number the one above is as right, in doubles.
          const exact = [position - 1e-9, position, position + 1e-9].map(
            (at) => sorted[Math.max(0, Math.floor(at))] ?? 0,
          );
          const misses = exact.map((one) => Math.abs((estimate ?? Number.NaN) - one) - Math.abs(one) * 0.0225);
          expect(Math.min(...misses)).toBeLessThanOrEqual(Number.MIN_VALUE * 100);
        },
      ),
    );
  });

  test('of a histogram they lie in the bucket that holds their rank', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(20), { minLength: 9, maxLength: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (unsorted, all, q) => {
          const bounds = unsorted.toSorted((a, b) => a - b);
          const counts = all.slice(0, bounds.length + 1);
          const count = counts.reduce((a, b) => a + b, 0);
          fc.pre(count > 0);
          const ranges = rangesOfHistogram({ ...POINT, kind: 'histogram', count, bounds, counts });
          const [estimate = Number.NaN] = quantilesOf({ ranges }, [q]) ?? [];
          // Where the rank is on the edge of a bucket either side is right.
          const edges = [q * (count - 1) - 1e-6, q * (count - 1) + 1e-6].map((at) => bucketAt(counts, at));
          const low = bounds[(edges[0] ?? 0) - 1] ?? bounds[0] ?? 0;
          const high = bounds[edges[1] ?? 0] ?? bounds.at(-1) ?? 0;
          expect(estimate).toBeGreaterThanOrEqual(low - Math.abs(low) * 0.023);
          expect(estimate).toBeLessThanOrEqual(high + Math.abs(high) * 0.023);
        },
      ),
    );
  });

  test('a histogram that was laid on the grid keeps its counts, exponential or not, at any scale', () => {
    const side = fc.record({
      offset: fc.integer({ min: -5000, max: 5000 }),
      counts: fc.array(fc.nat(9), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: -11, max: 20 }), side, side, fc.nat(5), (scale, positive, negative, zeroCount) => {
        const count = [...positive.counts, ...negative.counts].reduce((a, b) => a + b, zeroCount);
        const ranges = rangesOfExponential({
          ...POINT,
          ...{ kind: 'exponential-histogram', count, scale, zeroCount, zeroThreshold: 0, positive, negative },
        });
        expect(ranges.reduce((sum, range) => sum + range.count, 0)).toBe(count);
        for (const { low, high } of ranges) expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  test('what lies beyond the last bound is taken to lie at it; extremes that are known bound everything', () => {
    const open = [
      { low: BELOW_ALL, high: cellOf(1), count: 1 },
      { low: cellOf(100) + 1, high: ABOVE_ALL, count: 3 },
    ];
    const [low, high] = quantilesOf({ ranges: open }, [0, 1]) ?? [];
    expect(low).toBe(1);
    expect(Math.abs((high ?? 0) - 100)).toBeLessThan(2.2);
    expect(quantilesOf({ ranges: open, min: 2, max: 50 }, [0, 1])).toEqual([2, 50]);
  });

  test('of nothing, or of what lies anywhere, there are none', () => {
    expect(quantilesOf({ ranges: [] }, [0.5])).toBeUndefined();
    expect(quantilesOf({ ranges: [{ low: BELOW_ALL, high: ABOVE_ALL, count: 4 }] }, [0.5])).toBeUndefined();
  });
});

const POINT = { series: { name: 'm', attributes: {} }, start: 0n, time: 1n, temporality: 'delta' } as const;

/** The first bucket up to which more lies than `position`. */
function bucketAt(counts: readonly number[], position: number): number {
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    below += count;
    if (below > position) return bucket;
  }
  return counts.length - 1;
}
