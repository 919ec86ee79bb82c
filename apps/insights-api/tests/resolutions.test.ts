import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cover, RESOLUTIONS } from '../src/rollup/resolutions.ts';

const spans = fc.record({ from: fc.nat(100_000), length: fc.nat(100_000) });

test('pieces are the span, without gap or overlap, whole in their resolution, and few', () => {
  fc.assert(
    fc.property(spans, fc.constantFrom(...RESOLUTIONS), ({ from, length }, coarsest) => {
      const pieces = cover({ from, to: from + length }, coarsest);
      let at = from;
      for (const piece of pieces) {
        expect(piece.from).toBe(at);
        expect(piece.to).toBeGreaterThan(piece.from);
        expect(piece.resolution).toBeLessThanOrEqual(coarsest);
        expect([piece.from % piece.resolution, piece.to % piece.resolution]).toEqual([0, 0]);
        at = piece.to;
      }
      expect(at).toBe(from + length);
      // Hours and days do the most of it: at the ends there is less than an hour of minutes, less than a day of hours.
      const rows = pieces.reduce((sum, piece) => sum + (piece.to - piece.from) / piece.resolution, 0);
      if (coarsest === 1440) expect(rows).toBeLessThanOrEqual(2 * 59 + 2 * 23 + length / 1440);
    }),
  );
});
