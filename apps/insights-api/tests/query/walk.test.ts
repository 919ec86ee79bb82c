import type { Query } from '@scorpiox/shared/query-language';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SLICE_ROWS, SLICE_SLOW_MS } from '../../src/query/raw/limits.ts';
import { search, takeEvents } from '../../src/query/raw/search.ts';
import { comesAfter, type WalkOptions, walk } from '../../src/query/raw/walk.ts';
import type { EventKey, Order, RawEvents, Slice, StoredEvent } from '../../src/store/raw/raw-port.ts';

const ALL: Query = { op: 'all' };

/** A clock that goes on by `step` with every look. */
function clock(step = 0): () => number {
  let now = 0;
  return () => (now += step);
}

/** Events in memory; `wanted` of them fulfil the query. */
function store(keys: readonly EventKey[], wanted: (key: EventKey) => boolean = () => true) {
  const slices: Slice[] = [];
  const page: RawEvents['page'] = async (slice, { most }) => {
    slices.push(slice);
    const { appId, order, edge, limit, rows } = slice;
    const comes = comesAfter(order);
    const isWithin = (time: number) => (order === 'newest' ? time >= limit : time < limit);
    const here = keys
      .filter((key) => key.appId === appId && isWithin(key.time) && comes(key, { appId, ...edge }))
      .toSorted((a, b) => (comes(b, a) ? -1 : 1));
    const read = here.slice(0, rows);
    const found = read.filter(wanted);
    const last = found.length >= most ? found[most - 1] : here.length >= rows ? read.at(-1) : undefined;
    const events = found.slice(0, most).map((key) => ({ ...key, details: {} as StoredEvent['details'] }));
    return {
      events,
      ...(last === undefined ? {} : { end: { time: last.time, hash: last.hash } }),
      scanned: read.length,
    };
  };
  return { page, slices };
}

const options = (apps: number, more: Partial<WalkOptions> = {}): WalkOptions => ({
  fields: Array.from({ length: apps }, (_, index) => ({ appId: index + 1, query: ALL })),
  order: 'newest',
  from: 0,
  to: 1000,
  budget: { ms: 1000, rows: 1_000_000 },
  ticks: clock(),
  ...more,
});

const name = ({ time, appId, hash }: EventKey) => `${time} ${appId} ${hash}`;
const keys = fc.uniqueArray(
  fc.record({
    time: fc.integer({ min: 0, max: 12 }),
    appId: fc.integer({ min: 1, max: 4 }),
    hash: fc.constantFrom('0a', '0b', 'fe'),
  }),
  { selector: name, maxLength: 60 },
);
const orders = fc.constantFrom<Order>('newest', 'oldest');
const sorted = (all: readonly EventKey[], order: Order) =>
  all.toSorted((a, b) => (comesAfter(order)(b, a) ? -1 : 1)).map(name);

describe('a search', () => {
  test('gives what is wanted of all applications in one order, page by page, whatever the pages', async () => {
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 9 }), fc.boolean(), orders, async (all, limit, some, order) => {
        const wanted = (key: EventKey) => !some || (key.time + key.appId) % 3 === 0;
        const { page } = store(all, wanted);
        const found: string[] = [];
        let after: EventKey | undefined;
        for (;;) {
          const { events } = await takeEvents(
            search({ page }, options(4, { order, after }), { most: limit, whole: false }),
            limit,
          );
          found.push(...events.map(name));
          after = events.at(-1);
          if (after === undefined) break;
        }
        expect(found).toEqual(sorted(all.filter(wanted), order));
      }),
    );
  });

  test('that spends its budget goes on where it ended, and misses nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        orders,
        async (all, budget, byTime, order) => {
          const { page } = store(all, ({ time }) => time % 2 === 0);
          const found: string[] = [];
          let after: EventKey | undefined;
          for (let times = 0; ; times += 1) {
            expect(times).toBeLessThan(200);
            const limits = byTime ? { ms: budget * 3, rows: 1e6 } : { ms: 1e6, rows: budget };
            const run = options(4, { order, after, budget: limits, ticks: clock(1) });
            const { events, end } = await takeEvents(search({ page }, run, { most: 3, whole: false }), 1000);
            found.push(...events.map(name));
            if (end.spent === undefined) break;
            expect(end.spent.reason).toBe(byTime ? 'time' : 'rows');
            for (const event of events) expect(comesAfter(order)(event, end.spent.horizon)).toBe(false);
            after = end.spent.horizon;
          }
          expect(found).toEqual(
            sorted(
              all.filter(({ time }) => time % 2 === 0),
              order,
            ),
          );
        },
      ),
    );
  });
});

describe('a walk', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => ({ appId: 1, time: index, hash: '0a' }));
  const read =
    (slices: Slice[], scanned = (rows: number) => rows) =>
    async (slice: Slice) => {
      slices.push(slice);
      return { end: { time: slice.edge.time - slice.rows, hash: '0a' }, scanned: scanned(slice.rows) };
    };

  test('reads little at first, more while it is quick, less when it is slow', async () => {
    const sizes = async (took: number) => {
      const slices: Slice[] = [];
      const steps = walk(options(1, { to: 1e9, ticks: clock(took), budget: { ms: 1e9, rows: 1e9 } }), read(slices));
      for (let step = 0; step < 6; step += 1) await steps.next();
      return slices.map(({ rows }) => rows);
    };
    const dense: Slice[] = [];
    const full = walk(
      options(1, { to: 1e9, budget: { ms: 1e9, rows: 1e9 } }),
      read(dense, (rows) => Math.min(rows, 1000)),
    );
    for (let step = 0; step < 5; step += 1) await full.next();
    // An answer that is full after a thousand rows needs no slice of many thousands.
    expect(dense.map(({ rows }) => rows)).toEqual([512, 2048, 2000, 2000, 2000]);
    expect(await sizes(0)).toEqual([512, 2048, 8192, SLICE_ROWS.most, SLICE_ROWS.most, SLICE_ROWS.most]);
    expect(await sizes(SLICE_SLOW_MS + 1)).toEqual([512, 512, 512, 512, 512, 512]);
    expect(await sizes(SLICE_SLOW_MS - 1)).toEqual([512, 512, 512, 512, 512, 512]);
  });

  test('reads not one row more than its budget, and looks at the clock after every slice', async () => {
    const slices: Slice[] = [];
    const byRows = walk(options(1, { to: 1e9, budget: { ms: 10, rows: 1000 } }), read(slices));
    while (!(await byRows.next()).done);
    expect(slices.map(({ rows }) => rows)).toEqual([512, 488]);
    const timed: Slice[] = [];
    const byTime = walk(options(1, { to: 1e9, ticks: clock(10), budget: { ms: 95, rows: 1e9 } }), read(timed));
    let last = await byTime.next();
    while (!last.done) last = await byTime.next();
    expect(last.value).toMatchObject({ spent: { reason: 'time' } });
    expect(timed).toHaveLength(3);
  });

  test('ends when nobody waits for it', async () => {
    const gone = new AbortController();
    const { page, slices } = store(many);
    const steps = search({ page }, options(1, { to: 1e9, signal: gone.signal }), { most: 10, whole: false });
    await steps.next();
    gone.abort(new Error('gone'));
    await expect(steps.next()).rejects.toThrow('gone');
    expect(slices).toHaveLength(1);
  });

  test('asks no application of which nothing is left', async () => {
    const slices: Slice[] = [];
    const after = { time: 0, appId: 2, hash: '' };
    const steps = walk(options(3, { after }), async (slice) => {
      slices.push(slice);
      return { scanned: 0 };
    });
    while (!(await steps.next()).done);
    expect(slices.map(({ appId }) => appId)).toEqual([1]);
  });
});
