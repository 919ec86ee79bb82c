import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BULK_ROWS, PURGE_ROWS } from '../../src/limits.ts';
import { quantiles } from '../../src/rollup/percentiles.ts';
import type { AppTotals, Kept, Store, SubmissionOutcome } from '../../src/store/port.ts';
import { identified, NOON, submission } from '../helpers/events.ts';

/** A store with two applications in an empty database. */
export interface StoreFixture {
  /** Another store on the same database, as a second process would have. */
  openAnother(): Promise<Store>;
  readonly store: Store;
  readonly shop: number;
  readonly blog: number;
  /** Adds an application; gives its number. */
  addApp(name: string): Promise<number>;
  /** Rows in the events table. */
  countEvents(): Promise<number>;
  close(): Promise<void>;
}

const MINUTE = NOON / 60_000;
const stored = (accepted: number, duplicates = 0): SubmissionOutcome => ({
  kind: 'stored',
  accepted,
  duplicates,
  refused: [],
});

/** What every adapter of the store port does; `open` gives a fresh one each time. `skip`: why it cannot run here. */
export function storeContract(name: string, open: () => Promise<StoreFixture>, skip?: string): void {
  const title = `${name} keeps the store contract`;
  describe.skipIf(skip !== undefined)(skip === undefined ? title : `${title} (${skip})`, () => {
    let fixture: StoreFixture;
    let store: Store;
    beforeEach(async () => {
      fixture = await open();
      store = fixture.store;
    });
    afterEach(() => fixture.close());

    async function totals(appId: number, stepMinutes = 10): Promise<AppTotals> {
      const all = await store.summarizeApps({ from: MINUTE - 30, to: MINUTE + 30, stepMinutes });
      const found = all.find((app) => app.appId === appId);
      if (found === undefined) throw new Error('no such application');
      return found;
    }

    test('an application without events is there, and empty', async () => {
      const shop = await totals(fixture.shop);
      expect(shop).toMatchObject({ requests: 0, failures: 0, steps: [], buckets: [] });
      expect(shop.counters).toMatchObject({ received: 0, accepted: 0, duplicates: 0, rejected: {} });
      expect(shop.lastSeen).toBeUndefined();
      expect(shop.min).toBeUndefined();
    });

    test('a past that is sent today does not make an application look alive; what comes with it, or is refused, does', async () => {
      const lastSeen = async () => (await totals(fixture.shop)).lastSeen;
      const past = (minutes: number) =>
        identified({ id: `${minutes}`, time: new Date(NOON - minutes * 60_000).toISOString() });
      await store.write([submission(fixture.shop, [past(90), past(75)])]);
      expect(await lastSeen()).toBe(NOON - 75 * 60_000);
      await store.write([submission(fixture.shop, [past(100)])]);
      expect(await lastSeen()).toBe(NOON - 75 * 60_000);
      const activeFrom = MINUTE - 1000;
      const span = { from: MINUTE - 15, to: MINUTE + 1 };
      const [standing] = await store.askOverview('standing', { activeFrom, span });
      expect(standing?.active).toEqual([100, 90, 75].map((minutes) => MINUTE - minutes));
      await store.write([submission(fixture.shop, [past(80), past(59)], { receivedAt: NOON + 1 })]);
      expect(await lastSeen()).toBe(NOON + 1);
      await store.write([submission(fixture.shop, [past(95)], { receivedAt: NOON + 2, dropped: { malformed: 1 } })]);
      expect(await lastSeen()).toBe(NOON + 2);
    });

    test('events are summed up by minute, application and outcome', async () => {
      const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();
      const events = [
        identified({ durationMs: 10 }),
        identified({ durationMs: 30, success: false }),
        identified({ durationMs: 0, time: at(15), name: 'POST /' }),
        identified({ kind: 'dependency', durationMs: 500 }),
        identified({ time: at(31), durationMs: 900 }),
      ];
      expect(await store.write([submission(fixture.shop, events)])).toEqual([stored(5)]);
      const shop = await totals(fixture.shop);
      expect(shop).toMatchObject({ requests: 3, failures: 1, min: 0, max: 30_000, lastSeen: NOON });
      expect(shop.steps).toEqual([
        { step: 3, count: 2 },
        { step: 4, count: 1 },
      ]);
      expect(await totals(fixture.blog)).toMatchObject({ requests: 0 });
    });

    test('thousands at once are each there once, whole, and those that are there already count as duplicates', async () => {
      const odd = identified({ id: 'odd', message: `\u{1F600} "quoted" ${'long '.repeat(2_000)}`, success: false });
      const many = Array.from({ length: BULK_ROWS }, (_, index) => identified({ id: String(index) }));
      expect(await store.write([submission(fixture.shop, many.slice(0, 5))])).toEqual([stored(5)]);
      const outcomes = await store.write([submission(fixture.shop, [odd, ...many]), submission(fixture.blog, [odd])]);
      expect(outcomes).toMatchObject([stored(BULK_ROWS - 4, 5), stored(1)]);
      expect(await fixture.countEvents()).toBe(BULK_ROWS + 2);
      expect(await totals(fixture.shop)).toMatchObject({ requests: BULK_ROWS + 1, failures: 1 });
    });

    test('a span of any length has exactly its events, in steps of any length', async () => {
      // Events from minutes to weeks apart, around the ends of hours and days; the last two of each three fail.
      const minutes = Array.from({ length: 60 }, (_, index) => MINUTE - 20 + Math.round(index ** 2.6));
      const events = minutes.map((minute, index) =>
        identified({
          id: String(index),
          time: new Date(minute * 60_000).toISOString(),
          durationMs: index + 1,
          success: index % 3 === 0,
        }),
      );
      await store.write([submission(fixture.shop, events)]);
      for (const [from, to, stepMinutes] of [
        [MINUTE - 20, MINUTE + 50_000, 900],
        [MINUTE - 30, MINUTE + 90, 7],
        [MINUTE, MINUTE + 36 * 60, 60],
        [MINUTE - (MINUTE % 1440), MINUTE - (MINUTE % 1440) + 20 * 1440, 1440],
        [MINUTE + 59, MINUTE + 20_001, 333],
        [MINUTE + 15_000, MINUTE + 15_061, 60],
      ] as const) {
        const within = [...minutes.entries()].filter(([, minute]) => minute >= from && minute < to);
        const all = await store.summarizeApps({ from, to, stepMinutes });
        const shop = all.find(({ appId }) => appId === fixture.shop);
        const steps = Map.groupBy(within, ([, minute]) => Math.floor((minute - from) / stepMinutes));
        expect(shop?.requests).toBe(within.length);
        expect(shop?.failures).toBe(within.filter(([index]) => index % 3 !== 0).length);
        expect(shop?.min).toBe(within.length === 0 ? undefined : ((within[0]?.[0] ?? 0) + 1) * 1000);
        expect(shop?.max).toBe(within.length === 0 ? undefined : ((within.at(-1)?.[0] ?? 0) + 1) * 1000);
        expect(shop?.steps).toEqual([...steps].map(([step, own]) => ({ step, count: own.length })));
        expect(shop?.buckets.reduce((total, { count }) => total + count, 0)).toBe(within.length);
      }
    });

    test('a submission sent again adds nothing, to events or to rollups', async () => {
      const events = [identified({ id: 'a' }), identified({ id: 'b' })];
      await store.write([submission(fixture.shop, events)]);
      const before = await totals(fixture.shop);
      expect(await store.write([submission(fixture.shop, events)])).toEqual([stored(0, 2)]);
      const after = await totals(fixture.shop);
      expect(after).toMatchObject({ requests: 2, buckets: before.buckets, steps: before.steps });
      expect(after.counters).toMatchObject({ received: 4, accepted: 2, duplicates: 2 });
      expect(await fixture.countEvents()).toBe(2);
    });

    test('an event twice in one submission is there once', async () => {
      const events = [identified(), identified()];
      expect(await store.write([submission(fixture.shop, events)])).toMatchObject([stored(1, 1)]);
      expect(await totals(fixture.shop)).toMatchObject({ requests: 1 });
    });

    test('the same event in two applications is two events', async () => {
      const outcomes = await store.write([
        submission(fixture.shop, [identified()]),
        submission(fixture.blog, [identified()]),
      ]);
      expect(outcomes).toEqual([stored(1), stored(1)]);
    });

    test('events that differ only in their last nanosecond are two', async () => {
      const events = ['12:00:00.000000001Z', '12:00:00.000000002Z'].map((time) =>
        identified({ time: `2026-11-20T${time}` }),
      );
      expect(await store.write([submission(fixture.shop, events)])).toEqual([stored(2)]);
    });

    test('two stores that write the same at once store it once', async () => {
      const other = await fixture.openAnother();
      const batches = Array.from({ length: 20 }, (_, batch) =>
        submission(
          fixture.shop,
          Array.from({ length: 20 }, (_unused, index) => identified({ id: `${batch}-${index}` })),
        ),
      );
      const outcomes = await Promise.all(batches.flatMap((batch) => [store.write([batch]), other.write([batch])]));
      await other.close();
      const sums = outcomes.flat().map((outcome) => (outcome.kind === 'stored' ? outcome : undefined));
      expect(sums.reduce((sum, one) => sum + (one?.accepted ?? Number.NaN), 0)).toBe(400);
      expect(sums.reduce((sum, one) => sum + (one?.duplicates ?? Number.NaN), 0)).toBe(400);
      expect(await fixture.countEvents()).toBe(400);
      expect((await totals(fixture.shop)).requests).toBe(400);
    });

    test('an event that the database refuses is named, and sinks neither its batch nor its neighbours', async () => {
      const bad = { ...identified({ id: 'bad' }), hash: new Uint8Array(15) };
      const outcomes = await store.write([
        submission(fixture.blog, [identified({ id: 'neighbour' })]),
        submission(fixture.shop, [identified({ id: 'one' }), bad, identified({ id: 'two' })]),
      ]);
      expect(outcomes).toMatchObject([stored(1), { kind: 'stored', accepted: 2, duplicates: 0, refused: [1] }]);
      const shop = await totals(fixture.shop);
      expect(shop.requests).toBe(2);
      expect(shop.counters).toMatchObject({ received: 3, accepted: 2, rejected: { refused: 1 } });
      expect((await totals(fixture.blog)).requests).toBe(1);
      expect(await fixture.countEvents()).toBe(3);
    });

    test('weights count: one event can stand for many', async () => {
      await store.write([
        submission(fixture.shop, [identified({ count: 40, success: false }), identified({ id: 'x' })]),
      ]);
      const shop = await totals(fixture.shop);
      expect(shop).toMatchObject({ requests: 41, failures: 40 });
      expect(shop.counters).toMatchObject({ received: 2, accepted: 2, sampled: 1 });
    });

    test('drops, late events and adjustments are counted for their application', async () => {
      const late = identified({ time: new Date(NOON - 2 * 3_600_000).toISOString() });
      const negative = identified({ durationMs: -5 });
      await store.write([submission(fixture.shop, [late, negative], { dropped: { 'too-old': 3, malformed: 1 } })]);
      await store.write([submission(fixture.shop, [], { dropped: { 'too-old': 1 } })]);
      expect((await totals(fixture.shop)).counters).toEqual({
        received: 7,
        accepted: 2,
        duplicates: 0,
        sampled: 0,
        late: 1,
        rejected: { 'too-old': 4, malformed: 1 },
        adjusted: { negative: 1 },
      });
      const health = await store.health();
      expect(health.bytes).toBeGreaterThan(0);
      expect(health.apps.find((app) => app.name === 'shop')?.counters.received).toBe(7);
    });

    test('percentiles over minutes and operations are those of the events, within 1.1 %', async () => {
      const durations = Array.from({ length: 500 }, (_, index) => Math.round(1.017 ** index * 1000) / 1000);
      const events = durations.map((durationMs, index) =>
        identified({
          id: String(index),
          name: `op ${index % 7}`,
          durationMs,
          time: new Date(NOON + (index % 20) * 60_000).toISOString(),
        }),
      );
      await store.write([submission(fixture.shop, events)]);
      const { buckets, min = Number.NaN, max = Number.NaN } = await totals(fixture.shop);
      const ranks = [0.5, 0.95, 0.99];
      const estimates = quantiles({ buckets, min, max }, ranks) ?? [];
      for (const [index, rank] of ranks.entries()) {
        const exact = (durations[Math.floor(rank * 499)] ?? 0) * 1000;
        expect(Math.abs((estimates[index] ?? 0) - exact) / exact).toBeLessThanOrEqual(0.011);
      }
    });

    const DAY = 86_400_000;
    const MINUTE_MS = 60_000;
    const at = (time: number, id: string) => identified({ time: new Date(time).toISOString(), id });
    const purgeAll = async (what: Kept, before: number) => {
      let rows = 0;
      for (;;) {
        const { deleted } = await store.purge({ appId: fixture.shop, what, before });
        if (deleted === 0) return rows;
        rows += deleted;
      }
    };

    test('what is older than a moment is deleted in small batches, oldest first, of one application alone', async () => {
      const many = Array.from({ length: 2 * PURGE_ROWS + 10 }, (_, index) => at(NOON - DAY + index, `${index}`));
      await store.write([submission(fixture.shop, [...many, at(NOON, 'kept')])]);
      await store.write([submission(fixture.blog, [at(NOON - DAY, 'other')])]);
      const first = await store.purge({ appId: fixture.shop, what: 'events', before: NOON });
      expect(first).toEqual({ deleted: PURGE_ROWS, oldest: NOON - DAY + PURGE_ROWS });
      expect(await purgeAll('events', NOON)).toBe(PURGE_ROWS + 10);
      expect(await store.purge({ appId: fixture.shop, what: 'events', before: NOON })).toEqual({
        deleted: 0,
        oldest: NOON,
      });
      expect(await fixture.countEvents()).toBe(2);
    });

    test('what was deleted does not come back, whatever is sent again, and is counted as too old', async () => {
      const other = await fixture.openAnother();
      const [early, late, kept] = [at(NOON - 2 * MINUTE_MS, 'early'), at(NOON - MINUTE_MS, 'late'), at(NOON, 'kept')];
      const events = [early, late, kept];
      await store.write([submission(fixture.shop, events), submission(fixture.blog, [late])]);
      expect(await purgeAll('events', NOON)).toBe(2);
      const between = at(NOON - 1.5 * MINUTE_MS, 'new, but who knows');
      const outcomes = await other.write([
        submission(fixture.shop, [...events, between], { dropped: { 'too-old': 1 } }),
        submission(fixture.blog, [late]),
      ]);
      await other.close();
      expect(outcomes).toMatchObject([{ ...stored(0, 1), tooOld: [0, 1, 3] }, stored(0, 1)]);
      expect(await totals(fixture.shop)).toMatchObject({ requests: 3, counters: { rejected: { 'too-old': 4 } } });
      expect((await totals(fixture.shop)).counters).toMatchObject({ received: 8, accepted: 3, duplicates: 1 });
      // Nothing was deleted beyond the ends: what is older or newer than all that was comes in as usual.
      const around = [at(NOON - 2 * MINUTE_MS - 1, 'older'), at(NOON - 1, 'newer')];
      expect(await store.write([submission(fixture.shop, around)])).toEqual([stored(2)]);
      expect(await fixture.countEvents()).toBe(4);
    });

    test('a purge that finds nothing forbids nothing, and each one adds to what those before it deleted', async () => {
      await purgeAll('events', NOON + DAY);
      const events = [0, 1, 2, 3].map((minutes) => at(NOON + minutes * MINUTE_MS, String(minutes)));
      expect(await store.write([submission(fixture.shop, events)])).toEqual([stored(4)]);
      for (const minutes of [2, 1, 3]) await purgeAll('events', NOON + minutes * MINUTE_MS);
      const [outcome] = await store.write([submission(fixture.shop, events)]);
      expect(outcome).toMatchObject({ ...stored(0, 1), tooOld: [0, 1, 2] });
      expect((await totals(fixture.shop)).requests).toBe(4);
    });

    test('sums outlive their events, and go by minute, hour and day, each when all of its time is too old', async () => {
      const hour = 3_600_000;
      await store.write([submission(fixture.shop, [at(NOON - 30 * 60_000, 'a'), at(NOON, 'b')])]);
      await purgeAll('events', NOON + DAY);
      const requests = async (from: number, to: number, stepMinutes: number) => {
        const span = { from: from / 60_000, to: to / 60_000, stepMinutes };
        return (await store.summarizeApps(span)).find(({ appId }) => appId === fixture.shop)?.requests;
      };
      expect(await requests(NOON - hour, NOON + hour, 60)).toBe(2);
      // Half an hour is no whole hour: only its minutes are asked for.
      expect(await requests(NOON - hour / 2, NOON + hour / 2, 1)).toBe(2);
      await purgeAll('minutes', NOON);
      expect(await requests(NOON - hour / 2, NOON + hour / 2, 1)).toBe(1);
      await purgeAll('hours', NOON - 1);
      expect(await requests(NOON - hour, NOON + hour, 60)).toBe(2);
      await purgeAll('hours', NOON);
      expect(await requests(NOON - hour, NOON + hour, 60)).toBe(1);
      const midnight = NOON - DAY / 2;
      expect(await requests(midnight, midnight + DAY, 1440)).toBe(2);
      await purgeAll('days', midnight + DAY);
      expect(await requests(midnight, midnight + DAY, 1440)).toBe(0);
    });

    test('close finishes what is being written', async () => {
      const writing = store.write([submission(fixture.shop, [identified()])]);
      await store.close();
      expect(await writing).toEqual([stored(1)]);
      expect(await fixture.countEvents()).toBe(1);
    });
  });
}
