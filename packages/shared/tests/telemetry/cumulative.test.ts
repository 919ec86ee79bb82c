import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Advance,
  advanceSeries,
  type CountingPoint,
  type ExponentialHistogramPoint,
  type HistogramPoint,
  type SeriesState,
  type SumPoint,
} from '../../src/telemetry/index.ts';

const series = { name: 'orders', attributes: {} };

const sum = (start: number, time: number, value: number, more: Partial<SumPoint> = {}): SumPoint => ({
  kind: 'sum',
  series,
  start: BigInt(start),
  time: BigInt(time),
  temporality: 'cumulative',
  monotonic: true,
  value,
  ...more,
});

/** What becomes of points that come in this order: what each was, and the delta's interval and value. */
function run(points: readonly CountingPoint[], rememberedSince = 1n) {
  let state: SeriesState | undefined;
  const steps: { what: Advance; delta: CountingPoint | undefined }[] = [];
  for (const point of points) {
    const advanced = advanceSeries(state, point, rememberedSince);
    state = advanced.state;
    steps.push({ what: advanced.what, delta: advanced.delta });
  }
  return steps;
}

const summary = (points: readonly SumPoint[], rememberedSince = 1n) =>
  run(points, rememberedSince).map(({ what, delta }) =>
    delta?.kind === 'sum' ? [what, Number(delta.start), Number(delta.time), delta.value] : [what],
  );

describe('sums', () => {
  test('the first point brings all since its start, the next ones what came since the one before', () => {
    expect(summary([sum(10, 20, 5), sum(10, 30, 5), sum(10, 40, 12)])).toEqual([
      ['first', 10, 20, 5],
      ['next', 20, 30, 0],
      ['next', 30, 40, 7],
    ]);
  });

  test('a counter older than what is remembered, or without a start, begins with a baseline', () => {
    expect(summary([sum(10, 20, 1000), sum(10, 30, 1001)], 11n)).toEqual([['baseline'], ['next', 20, 30, 1]]);
    expect(summary([sum(0, 20, 1000), sum(0, 30, 1001)])).toEqual([['baseline'], ['next', 20, 30, 1]]);
  });

  test('a lost point costs nothing: the next delta holds its share', () => {
    expect(summary([sum(10, 20, 5), sum(10, 90, 50)])).toEqual([
      ['first', 10, 20, 5],
      ['next', 20, 90, 45],
    ]);
  });

  test('a point that comes twice or too late gives nothing and changes nothing', () => {
    expect(summary([sum(10, 30, 5), sum(10, 30, 5), sum(10, 20, 4), sum(10, 40, 6)])).toEqual([
      ['first', 10, 30, 5],
      ['late'],
      ['late'],
      ['next', 30, 40, 1],
    ]);
  });

  test('a restart brings all of the new life, whether it joins the old one, leaves a gap or overlaps', () => {
    expect(summary([sum(10, 20, 5), sum(20, 30, 2)])[1]).toEqual(['restart', 20, 30, 2]);
    expect(summary([sum(10, 20, 5), sum(25, 30, 9)])[1]).toEqual(['gap', 25, 30, 9]);
    expect(summary([sum(10, 20, 5), sum(15, 30, 9)])[1]).toEqual(['overlap', 15, 30, 9]);
  });

  test('a point of the old life that comes after the restart gives nothing', () => {
    expect(summary([sum(10, 20, 5), sum(20, 30, 2), sum(10, 40, 8), sum(20, 50, 3)]).slice(2)).toEqual([
      ['late'],
      ['next', 30, 50, 1],
    ]);
  });

  test('a value that fell without a new start is a reset, and never a negative delta', () => {
    expect(summary([sum(0, 20, 5), sum(0, 30, 2), sum(0, 40, 3)])).toEqual([
      ['baseline'],
      ['reset', 20, 30, 2],
      ['next', 30, 40, 1],
    ]);
  });

  test('a sum that is no counter may fall', () => {
    const level = { monotonic: false };
    expect(summary([sum(10, 20, 5, level), sum(10, 30, 2, level)])[1]).toEqual(['next', 20, 30, -3]);
    expect(summary([sum(10, 20, 5, level), sum(10, 30, 2)])[1]).toEqual(['incomparable']);
  });

  test('whatever is lost, doubled or out of order, deltas add up to the newest values of all lives seen', () => {
    const lives = fc.array(fc.array(fc.nat(100), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat(9)), (all, dice) => {
        let clock = 10;
        const sent: SumPoint[] = [];
        for (const increments of all) {
          const start = clock;
          let value = 0;
          for (const increment of increments) {
            clock += 10;
            value += increment;
            const roll = dice.next().value ?? 0;
            const point = sum(start, clock, value);
            if (roll === 0) continue;
            if (roll === 1) sent.splice(Math.max(0, sent.length - 2), 0, point);
            else sent.push(...(roll === 2 ? [point, point] : [point]));
          }
          clock += 10;
        }
        const newest = new Map<bigint, SumPoint>();
        let seen = { start: 0n, time: 0n };
        for (const point of sent) {
          // What arrives after something newer is late by design: its life's share counts up to what was taken.
          if (point.time <= seen.time || point.start < seen.start) continue;
          seen = point;
          newest.set(point.start, point);
        }
        const total = [...newest.values()].reduce((all, { value }) => all + value, 0);
        const deltas = run(sent).flatMap(({ delta }) => (delta?.kind === 'sum' ? [delta.value] : []));
        expect(deltas.every((value) => value >= 0)).toBe(true);
        expect(deltas.reduce((all, value) => all + value, 0)).toBe(total);
      }),
    );
  });

  test('sending everything again changes nothing', () => {
    const points = [sum(10, 20, 5), sum(10, 30, 9), sum(30, 40, 2)];
    expect(summary([...points, ...points]).slice(3)).toEqual([['late'], ['late'], ['late']]);
  });
});

describe('histograms', () => {
  const histogram = (time: number, counts: readonly number[], more: Partial<HistogramPoint> = {}): HistogramPoint => ({
    kind: 'histogram',
    series,
    start: 10n,
    time: BigInt(time),
    temporality: 'cumulative',
    count: counts.reduce((all, one) => all + one, 0),
    sum: 100 * time,
    min: 1,
    max: 9,
    bounds: [1, 2],
    counts,
    ...more,
  });

  test('bucket by bucket; extremes only of what covers the life from its start', () => {
    const [first, next] = run([histogram(20, [1, 2, 3]), histogram(30, [1, 4, 4])]);
    expect(first?.delta).toMatchObject({ temporality: 'delta', counts: [1, 2, 3], min: 1, max: 9 });
    expect(next?.delta).toMatchObject({ temporality: 'delta', count: 3, counts: [0, 2, 1], sum: 1000 });
    expect(next?.delta).not.toHaveProperty('min');
  });

  test('one bucket that fell is a reset, though the count grew', () => {
    const [, next] = run([histogram(20, [5, 0, 0]), histogram(30, [4, 9, 9])]);
    expect(next).toMatchObject({ what: 'reset', delta: { counts: [4, 9, 9], start: 20n } });
  });

  test('other bounds, or another kind, are a new baseline', () => {
    const other = histogram(30, [1, 4, 4], { bounds: [1, 3] });
    expect(run([histogram(20, [1, 2, 3]), other, histogram(40, [2, 4, 4], { bounds: [1, 3] })])).toMatchObject([
      { what: 'first' },
      { what: 'incomparable', delta: undefined },
      { what: 'next', delta: { counts: [1, 0, 0] } },
    ]);
    expect(run([histogram(20, [1, 2, 3]), sum(10, 30, 7)])[1]).toEqual({ what: 'incomparable', delta: undefined });
  });
});

describe('exponential histograms', () => {
  /** The histogram of these values at a scale, by the definition: index = ceil(log_base(x)) - 1. */
  function of(time: number, values: readonly number[], scale: number, zeroThreshold = 0): ExponentialHistogramPoint {
    const indexes = values.filter((x) => x > zeroThreshold).map((x) => Math.ceil(Math.log2(x) * 2 ** scale) - 1);
    const offset = indexes.length === 0 ? 0 : Math.min(...indexes);
    const counts = new Array<number>(indexes.length === 0 ? 0 : Math.max(...indexes) - offset + 1).fill(0);
    for (const index of indexes) counts[index - offset] = (counts[index - offset] ?? 0) + 1;
    return {
      kind: 'exponential-histogram',
      series,
      start: 10n,
      time: BigInt(time),
      temporality: 'cumulative',
      count: values.length,
      scale,
      zeroCount: values.length - indexes.length,
      zeroThreshold,
      positive: { offset, counts },
      negative: { offset: 0, counts: [] },
    };
  }

  const trimmed = ({ positive, zeroCount, count, scale }: ExponentialHistogramPoint) => {
    const counts = positive.counts.flatMap((one, i) => (one > 0 ? [[positive.offset + i, one]] : []));
    return { counts, zeroCount, count, scale };
  };

  test('the delta is the histogram of what came since, also where the scale fell in between', () => {
    // Away from bucket bounds, where the logarithm's last bit would decide.
    const value = fc.integer({ min: 1, max: 40 }).map((n) => 1.37 ** (n - 20));
    fc.assert(
      fc.property(
        fc.array(value),
        fc.array(value),
        fc.integer({ min: -2, max: 5 }),
        fc.integer({ min: 0, max: 4 }),
        (before, since, scale, fall) => {
          const [, step] = run([of(20, before, scale), of(30, [...before, ...since], scale - fall)]);
          const { delta } = step ?? {};
          if (delta?.kind !== 'exponential-histogram') throw new Error('no delta');
          expect(trimmed(delta)).toEqual(trimmed(of(30, since, scale - fall)));
        },
      ),
    );
  });

  test('a zero bucket that grew takes the earlier small values in', () => {
    const [, step] = run([of(20, [0.3, 5], 2), of(30, [0.3, 5, 6, 0.2], 2, 1)]);
    expect(step).toMatchObject({ what: 'next', delta: { count: 2, zeroCount: 1, zeroThreshold: 1 } });
  });

  test('a bucket that fell or is gone is a reset', () => {
    expect(run([of(20, [5, 5], 2), of(30, [5, 9, 9], 2)])[1]?.what).toBe('reset');
    expect(run([of(20, [5], 2), of(30, [9, 9], 2)])[1]?.what).toBe('reset');
  });
});
