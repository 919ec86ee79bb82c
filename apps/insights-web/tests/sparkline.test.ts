import { describe, expect, it } from 'vitest';
import { sparklinePath } from '../src/components/charts/sparkline-path.ts';

/** The points of a path, as pairs of numbers. */
const points = (path: string): number[][] =>
  path
    .slice(1)
    .split('L')
    .map((point) => point.split(' ').map(Number));

describe('a sparkline', () => {
  it('spans the whole width, with the peak at the top and nothing at the bottom', () => {
    expect(points(sparklinePath([0, 10, 5], 100, 23).line)).toEqual([
      [0, 21.5],
      [50, 1.5],
      [100, 11.5],
    ]);
  });

  it.each([[[]], [[0]], [[0, 0, 0]]])('of %j is a level line at the bottom', (values) => {
    const { line } = sparklinePath(values, 100, 23);
    expect(new Set(points(line).map(([, y]) => y))).toEqual(new Set([21.5]));
    expect(points(line).at(-1)?.[0]).toBe(100);
  });

  it('of one value is a level line at the top', () => {
    expect(points(sparklinePath([7], 100, 23).line)).toEqual([
      [0, 1.5],
      [100, 1.5],
    ]);
  });

  it('stays inside its drawing for whatever values come', () => {
    for (const values of [
      [-5, 5],
      [1e300, 1],
      [0.0001, 0.0002],
    ]) {
      for (const [x = -1, y = -1] of points(sparklinePath(values, 100, 23).line)) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(100);
        expect(y).toBeGreaterThanOrEqual(1.5);
        expect(y).toBeLessThanOrEqual(21.5);
      }
    }
  });
});
