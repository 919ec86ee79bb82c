import { makePredicate, parseQuery, type Query } from '@scorpiox/shared/query-language';
import { eventHash, parseNativeEvent } from '@scorpiox/shared/telemetry';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IdentifiedEvent, Store } from '../../src/store/port.ts';
import type { Edge, Order, Page, Slice } from '../../src/store/raw/raw-port.ts';
import { identified, NOON, submission } from '../helpers/events.ts';
import { randomEvents, randomQueries } from '../helpers/random-events.ts';

const FROM = (NOON - 3_600_000) * 1000;
const TO = (NOON + 3_600_000) * 1000;
const ALL: Query = { op: 'all' };

function read(text: string): Query {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return parsed.value.query;
}

const timeOf = ({ event }: IdentifiedEvent): number => event.timeMs * 1000 + (event.timeUs ?? 0);
const hexOf = ({ hash }: IdentifiedEvent): string => Buffer.from(hash).toString('hex');

/** A store with two applications in an empty database. */
export interface RawFixture {
  readonly store: Pick<Store, 'write' | 'raw'>;
  readonly shop: number;
  readonly blog: number;
  close(): Promise<void>;
}

/** What every adapter answers of the events themselves. */
export function rawContract(name: string, open: () => Promise<RawFixture>, skip?: string): void {
  const title = `${name} keeps the contract of raw questions`;
  describe.skipIf(skip !== undefined)(skip === undefined ? title : `${title} (${skip})`, () => {
    let fixture: RawFixture;
    let store: RawFixture['store'];
    beforeEach(async () => {
      fixture = await open();
      store = fixture.store;
    });
    afterEach(() => fixture.close());

    const sliceOf = (query: Query, more: Partial<Slice> = {}): Slice => ({
      appId: fixture.shop,
      query,
      order: 'newest',
      limit: FROM,
      edge: { time: TO, hash: '' },
      rows: 1000,
      ...more,
    });

    /** All pages of a query, slice by slice; as texts `time hash`. */
    async function pages(
      query: Query,
      rows: number,
      most: number,
      order: Order = 'newest',
    ): Promise<readonly string[]> {
      const found: string[] = [];
      const [start, limit] = order === 'newest' ? [TO, FROM] : [FROM, TO];
      let edge: Edge = { time: start, hash: '' };
      for (let slices = 0; slices < 1000; slices += 1) {
        const page: Page = await store.raw.page(sliceOf(query, { order, limit, edge, rows }), { most, whole: false });
        expect(page.scanned).toBeLessThanOrEqual(rows);
        expect(page.events.length).toBeLessThanOrEqual(most);
        found.push(...page.events.map(({ time, hash }) => `${time} ${hash}`));
        if (page.end === undefined) return found;
        edge = page.end;
      }
      throw new Error('the walk has no end');
    }

    test('an event is given as it was sent, in a list and by its address', async () => {
      const event = identified({
        ...{ kind: 'dependency', time: '2026-11-20T12:00:00.123456Z', name: 'SELECT', id: 's1', durationMs: 1.234 },
        ...{
          success: false,
          code: '500',
          operationId: 'op',
          parentId: 'p',
          message: 'm',
          severity: 'error',
          value: 1.5,
        },
        ...{ unit: 'By', user: 'u', session: 's', instance: 'i', version: 'v', count: 3 },
        ...{ properties: { a: 'é', b: '"' }, measurements: { n: 0.1 } },
      });
      await store.write([submission(fixture.shop, [event], { receivedAt: NOON + 5 })]);
      const key = { appId: fixture.shop, time: NOON * 1000 + 123_456, hash: hexOf(event) };
      const details = {
        ...{ kind: 'dependency', name: 'SELECT', id: 's1', durationMs: 1.234, success: false, code: '500' },
        ...{ operationId: 'op', parentId: 'p', message: 'm', severity: 'error', value: 1.5, unit: 'By', user: 'u' },
        ...{ session: 's', instance: 'i', version: 'v', count: 3 },
        ...{ properties: { a: 'é', b: '"' }, measurements: { n: 0.1 } },
        receivedAt: '2026-11-20T12:00:00.005Z',
      };
      expect(await store.raw.find(key)).toEqual({ ...key, details });
      const page = await store.raw.page(sliceOf(ALL), { most: 10, whole: false });
      expect(page).toEqual({ events: [{ ...key, details }], scanned: 1 });
      expect(await store.raw.find({ ...key, appId: fixture.blog })).toBeUndefined();
      expect(await store.raw.find({ ...key, time: key.time + 1 })).toBeUndefined();
    });

    test('an event that says little has nothing else', async () => {
      const parsed = parseNativeEvent({ kind: 'trace', time: new Date(NOON).toISOString(), name: 'log' });
      if (!parsed.ok) throw new Error(parsed.error.message);
      await store.write([submission(fixture.shop, [{ event: parsed.value, hash: eventHash(parsed.value) }])]);
      const { events } = await store.raw.page(sliceOf(ALL), { most: 10, whole: true });
      expect(events.map(({ details }) => details)).toEqual([
        { kind: 'trace', name: 'log', count: 1, receivedAt: '2026-11-20T12:00:00.000Z' },
      ]);
    });

    test('what is long is cut in lists, and whole where it is asked for', async () => {
      const message = 'x'.repeat(2000);
      const properties = { a: 'y'.repeat(5000) };
      const events = [identified({ message, id: 'a' }), identified({ properties, id: 'b', message: 'short' })];
      await store.write([submission(fixture.shop, events)]);
      const list = await store.raw.page(sliceOf(read('message:*')), { most: 10, whole: false });
      const byId = new Map(list.events.map(({ details }) => [details.id, details]));
      expect(byId.get('a')).toMatchObject({ message: 'x'.repeat(1000), cut: true });
      expect(byId.get('b')).toMatchObject({ message: 'short', cut: true });
      expect(byId.get('b')?.properties).toBeUndefined();
      const whole = await store.raw.page(sliceOf(ALL), { most: 10, whole: true });
      const texts = whole.events.map(({ details }) => [details.message, details.properties, details.cut]);
      expect(texts).toContainEqual([message, undefined, undefined]);
      expect(texts).toContainEqual(['short', properties, undefined]);
    });

    test('slices and pages of any size give every event once, newest or oldest first, also those of one moment', async () => {
      const at = (ms: number) => new Date(NOON + ms).toISOString();
      const events = Array.from({ length: 90 }, (_, index) =>
        identified({ id: String(index), time: at(Math.floor(index / 30)) }),
      );
      await store.write([submission(fixture.shop, events), submission(fixture.blog, [identified({ id: 'other' })])]);
      const expected = events
        .map((event) => `${timeOf(event)} ${hexOf(event)}`)
        .toSorted()
        .toReversed();
      for (const [rows, most] of [
        [1000, 1000],
        [1, 1],
        [7, 1000],
        [1000, 7],
        [30, 30],
        [13, 5],
      ] as const) {
        expect(await pages(ALL, rows, most)).toEqual(expected);
        expect(await pages(ALL, rows, most, 'oldest')).toEqual(expected.toReversed());
      }
    });

    test('a slice keeps to its span, and says where it ended', async () => {
      const at = (ms: number) => new Date(NOON + ms).toISOString();
      const events = [0, 1, 2, 3].map((ms) => identified({ id: String(ms), time: at(ms) }));
      await store.write([submission(fixture.shop, events)]);
      const span = { limit: (NOON + 1) * 1000, edge: { time: (NOON + 3) * 1000, hash: '' } };
      const all = await store.raw.page(sliceOf(ALL, span), { most: 10, whole: false });
      expect(all.events.map(({ details }) => details.id)).toEqual(['2', '1']);
      expect(all).toMatchObject({ scanned: 2 });
      expect(all.end).toBeUndefined();
      const one = await store.raw.page(sliceOf(ALL, { ...span, rows: 1 }), { most: 10, whole: false });
      expect(one).toMatchObject({ events: [{ details: { id: '2' } }], end: { time: (NOON + 2) * 1000 }, scanned: 1 });
      const none = await store.raw.page(sliceOf(read('user:nobody'), { ...span, rows: 1 }), { most: 10, whole: false });
      expect(none).toMatchObject({ events: [], end: { time: (NOON + 2) * 1000 }, scanned: 1 });
      const rising = {
        order: 'oldest',
        limit: (NOON + 3) * 1000,
        edge: { time: (NOON + 1) * 1000, hash: '' },
      } as const;
      const up = await store.raw.page(sliceOf(ALL, rising), { most: 10, whole: false });
      expect(up.events.map(({ details }) => details.id)).toEqual(['1', '2']);
      expect(up.end).toBeUndefined();
      const first = await store.raw.page(sliceOf(ALL, { ...rising, rows: 1 }), { most: 10, whole: false });
      expect(first).toMatchObject({ events: [{ details: { id: '1' } }], end: { time: (NOON + 1) * 1000 }, scanned: 1 });
    });

    test('events are counted by step and failure', async () => {
      const at = (ms: number) => new Date(NOON + ms).toISOString();
      const events = [
        identified({ id: 'a', time: at(0) }),
        identified({ id: 'b', time: at(500), success: false }),
        identified({ id: 'c', time: at(2500), kind: 'exception' }),
        identified({ id: 'd', time: at(2500), kind: 'trace', severity: 'critical', count: 4 }),
        identified({ id: 'e', time: at(2500), kind: 'trace', severity: 'warning' }),
        identified({ id: 'f', time: at(3000), user: 'x' }),
      ];
      await store.write([submission(fixture.shop, events)]);
      const steps = { start: NOON * 1000, size: 1_000_000 };
      const tally = await store.raw.tally(sliceOf(ALL), steps);
      expect({ ...tally, steps: tally.steps.toSorted((a, b) => a.step - b.step) }).toEqual({
        steps: [
          { step: 0, count: 2, failures: 1 },
          { step: 2, count: 6, failures: 5 },
          { step: 3, count: 1, failures: 0 },
        ],
        scanned: 6,
      });
      expect(await store.raw.tally(sliceOf(read('user:x')), steps)).toEqual({
        steps: [{ step: 3, count: 1, failures: 0 }],
        scanned: 6,
      });
      expect(await store.raw.tally(sliceOf(ALL, { rows: 2 }), steps)).toMatchObject({
        end: { time: (NOON + 2500) * 1000 },
      });
    });

    test('values of fields and keys of maps are counted', async () => {
      const events = [
        identified({ id: 'a', user: 'ann', properties: { tenant: 'acme', plan: 'free' }, measurements: { items: 3 } }),
        identified({ id: 'b', user: 'ann', properties: { tenant: 'acme' } }),
        identified({ id: 'c', user: 'bob', kind: 'trace' }),
        identified({ id: 'd' }),
      ];
      await store.write([submission(fixture.shop, events)]);
      const values = async (query: Query, field: 'user' | 'kind' | 'properties' | 'measurements', key?: string) => {
        const answer = await store.raw.values(sliceOf(query), { field, ...(key === undefined ? {} : { key }) });
        const sorted = answer.values.map(({ value, count }) => `${value} ${count}`).toSorted();
        return [...sorted, answer.events];
      };
      expect(await values(ALL, 'user')).toEqual(['ann 2', 'bob 1', 4]);
      expect(await values(read('kind:trace'), 'user')).toEqual(['bob 1', 1]);
      expect(await values(ALL, 'kind')).toEqual(['request 3', 'trace 1', 4]);
      expect(await values(ALL, 'properties')).toEqual(['plan 1', 'tenant 2', 4]);
      expect(await values(ALL, 'properties', 'tenant')).toEqual(['acme 2', 4]);
      expect(await values(ALL, 'measurements', 'items')).toEqual(['3 1', 4]);
    });

    test('events of one operation are found across applications, and no other that looks like it', async () => {
      const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();
      const operationId = '0123456789abcdef0123456789abcdef';
      const inShop = [
        identified({ id: '1', operationId, time: at(2) }),
        identified({ id: '2', operationId, time: at(0) }),
        identified({ id: '3', operationId: operationId.replace(/^0/, 'a') }),
        identified({ id: '4', operationId: operationId.toUpperCase() }),
        identified({ id: '5', operationId: operationId.slice(-16) }),
        identified({ id: '9', operationId: operationId.slice(-3) }),
        identified({ id: '6', operationId, time: at(30) }),
        identified({ id: '7' }),
      ];
      await store.write([
        submission(fixture.shop, inShop),
        submission(fixture.blog, [identified({ id: '8', operationId, time: at(1) })]),
      ]);
      const minute = NOON / 60_000;
      const find = async (fromMinute: number, toMinute: number, most = 10) => {
        const found = await store.raw.operation({ operationId, fromMinute, toMinute, most });
        return found.map(({ appId, details }) => `${appId === fixture.blog ? 'blog' : 'shop'} ${details.id}`);
      };
      expect(await find(minute - 5, minute + 30)).toEqual(['shop 2', 'blog 8', 'shop 1']);
      expect(await find(minute, minute + 31)).toEqual(['shop 2', 'blog 8', 'shop 1', 'shop 6']);
      expect(await find(minute, minute + 31, 2)).toEqual(['shop 2', 'blog 8']);
      expect(await find(minute + 3, minute + 30)).toEqual([]);
      const short = { operationId: operationId.slice(-3), fromMinute: minute, toMinute: minute + 1, most: 10 };
      expect((await store.raw.operation(short)).map(({ details }) => details.id)).toEqual(['9']);
    });

    test('queries find in the database what they find in memory', async () => {
      const events =
        fc.sample(
          fc.uniqueArray(randomEvents, { minLength: 150, maxLength: 150, selector: (event) => JSON.stringify(event) }),
          1,
        )[0] ?? [];
      // One that bears the identity of another is not stored.
      const byKey = new Map(
        events.map((event) => identified(event)).map((event) => [`${timeOf(event)} ${hexOf(event)}`, event]),
      );
      const stored = [...byKey.values()];
      await store.write([submission(fixture.shop, stored)]);
      await fc.assert(
        fc.asyncProperty(
          randomQueries,
          fc.integer({ min: 20, max: 200 }),
          fc.boolean(),
          async (typed, rows, isRising) => {
            const query = read(typed);
            const holds = makePredicate(query);
            const expected = stored.filter(({ event }) => holds({ ...event, app: 'shop' }));
            const keys = new Set(expected.map((event) => `${timeOf(event)} ${hexOf(event)}`));
            const sorted = [...keys].toSorted();
            expect(await pages(query, rows, 50, isRising ? 'oldest' : 'newest')).toEqual(
              isRising ? sorted : sorted.toReversed(),
            );
          },
        ),
        { numRuns: 40, endOnFailure: false },
      );
    });
  });
}
