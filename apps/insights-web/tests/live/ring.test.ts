// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ring } from '../../src/features/live/ring.ts';
import { visibleRows } from '../../src/lib/visible-rows.ts';

describe('the ring', () => {
  it('keeps the newest and counts what it wrote over, like an array that is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.integer(), { maxLength: 40 }), (limit, items) => {
        const ring = new Ring<number>(limit);
        for (const item of items) ring.push(item);
        const kept = items.toReversed().slice(0, limit);
        expect(ring.toArray()).toEqual(kept);
        expect([ring.pushed, ring.overwritten, ring.newest]).toEqual([
          items.length,
          items.length - kept.length,
          kept[0],
        ]);
      }),
    );
  });

  it('begins anew after it was cleared', () => {
    const ring = new Ring<string>(2);
    for (const item of ['a', 'b', 'c']) ring.push(item);
    ring.clear();
    ring.push('d');
    expect([ring.toArray(), ring.overwritten]).toEqual([['d'], 0]);
    ring.replaceNewest('e');
    expect([ring.toArray(), ring.newest]).toEqual([['e'], 'e']);
  });
});

describe('the rows in the document', () => {
  const sight = fc.record({
    count: fc.nat(500),
    rowHeight: fc.integer({ min: 1, max: 60 }),
    offset: fc.integer({ min: -2000, max: 40_000 }),
    height: fc.integer({ min: 0, max: 2000 }),
    margin: fc.nat(20),
  });

  it('are all that can be seen, and with the room around them the list is as high as ever', () => {
    fc.assert(
      fc.property(sight, (seen) => {
        const { first, end, before, after } = visibleRows(seen);
        expect(before + (end - first) * seen.rowHeight + after).toBe(seen.count * seen.rowHeight);
        for (let row = 0; row < seen.count; row += 1) {
          const top = row * seen.rowHeight - seen.offset;
          const isSeen = top < seen.height && top + seen.rowHeight > 0;
          if (isSeen) expect(first <= row && row < end).toBe(true);
        }
        expect(end - first).toBeLessThanOrEqual(Math.ceil(seen.height / seen.rowHeight) + 2 * seen.margin + 3);
      }),
    );
  });
});
