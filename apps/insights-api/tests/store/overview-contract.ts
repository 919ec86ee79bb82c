import {
  EVENT_KINDS,
  eventHash,
  isFailure,
  type NativeEvent,
  parseNativeEvent,
  SEVERITIES,
} from '@scorpiox/shared/telemetry';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OPERATIONS_KEPT } from '../../src/limits.ts';
import { USERS_EXACT } from '../../src/rollup/overview/users.ts';
import type { Store } from '../../src/store/port.ts';
import type { ExceptionFigures, OperationFigures, Question } from '../../src/store/questions/overview.ts';
import { NOON as FIRST_NOON, identified, submission } from '../helpers/events.ts';
import type { StoreFixture } from './contract.ts';

/** Tests share a store, which takes long to start: each has a week of its own, and names that no other has. */
const WEEK_MS = 7 * 86_400_000;
let noon = FIRST_NOON;
let minute = 0;
let hours = { from: 0, to: 0 };
const at = (minutes: number) => new Date(noon + minutes * 60_000).toISOString();
const LIST = { sort: 'count', order: 'desc', limit: 100 } as const;

/** What every store answers about single applications and the map. `skip`: why it cannot run here. */
export function overviewContract(name: string, open: () => Promise<StoreFixture>, skip?: string): void {
  const title = `${name} answers about applications`;
  describe.skipIf(skip !== undefined)(skip === undefined ? title : `${title} (${skip})`, () => {
    let fixture: StoreFixture;
    let store: Store;
    beforeAll(async () => {
      fixture = await open();
      store = fixture.store;
    });
    beforeEach(() => {
      noon += WEEK_MS;
      minute = noon / 60_000;
      hours = { from: minute - 60, to: minute + 60 };
    });
    afterAll(() => fixture.close());

    /** Writes events of the shop, numbered so that each is one of its own. */
    const write = async (...events: readonly Partial<NativeEvent>[]) => {
      const made = events.map((event, index) => identified({ id: `${index}`, time: at(0), ...event }));
      const outcomes = await store.write([submission(fixture.shop, made)]);
      expect(outcomes).toMatchObject([{ kind: 'stored', accepted: events.length }]);
    };
    const operations = (more: Partial<Question<'operations'>> = {}) =>
      store.askOverview('operations', {
        appId: fixture.shop,
        span: hours,
        kind: 'request',
        search: '',
        ...LIST,
        ...more,
      });
    const exceptions = (more: Partial<Question<'exceptions'>> = {}) =>
      store.askOverview('exceptions', {
        appId: fixture.shop,
        span: hours,
        steps: hours,
        stepMinutes: 30,
        ...LIST,
        ...more,
      });

    test('a span and the one before it, with exceptions and the groups of them that are new', async () => {
      await write(
        { time: at(-70) },
        { time: at(-70), success: false, count: 3 },
        { time: at(-5), success: false },
        { time: at(-5), kind: 'exception', name: 'KeyError' },
        { time: at(-65), kind: 'exception', name: 'OldError' },
        { time: at(-4), kind: 'exception', name: 'OldError', count: 5 },
      );
      for (const span of [
        { from: minute - 50, to: minute, stepMinutes: 10 },
        { from: minute - 60, to: minute, stepMinutes: 60 },
      ]) {
        const shop = (await store.summarizeApps(span)).find(({ appId }) => appId === fixture.shop);
        expect(shop).toMatchObject({ requests: 1, failures: 1, requestsBefore: 4, failuresBefore: 3 });
        expect(shop).toMatchObject({ exceptions: 6, newExceptions: 1 });
      }
    });

    test('how long failed requests took, among all of them', async () => {
      await write(
        { time: at(-70), durationMs: 40, success: false },
        { time: at(-20), durationMs: 40, success: false, count: 3 },
        { time: at(-10), durationMs: 40 },
        { time: at(-10), durationMs: 900, success: false, name: 'POST /' },
        { time: at(-10), kind: 'dependency', durationMs: 7, success: false },
      );
      for (const [from, counts] of [
        [minute - 60, [3, 1]],
        [minute - 30, [3, 1]],
        [minute - 120, [4, 1]],
      ] as const) {
        const all = await store.summarizeApps({ from, to: minute, stepMinutes: 30 });
        const shop = all.find(({ appId }) => appId === fixture.shop);
        expect(shop?.failedBuckets.map(({ count }) => count)).toEqual(counts);
        const first = shop?.failedBuckets[0];
        expect(shop?.buckets).toContainEqual({ ...first, count: Number(first?.count) + 1 });
      }
    });

    test('groups of exceptions that were first stored lately, whenever they happened', async () => {
      await write(
        { time: at(-70), kind: 'exception', name: 'LateError' },
        { time: at(-3), kind: 'exception', name: 'FreshError' },
        { time: at(-2), kind: 'exception', name: 'FreshError' },
      );
      const fresh = (fromMinutes: number, storedFrom: number) =>
        store.askOverview('freshGroups', { from: noon + fromMinutes * 60_000, to: noon, storedFrom });
      expect(await fresh(-90, 1)).toEqual([{ appId: fixture.shop, groups: 2 }]);
      expect(await fresh(-60, 1)).toEqual([{ appId: fixture.shop, groups: 1 }]);
      expect(await fresh(-90, Number.MAX_SAFE_INTEGER)).toEqual([]);
    });

    test('in which minutes something was received, and what the last ones came to', async () => {
      const received = (minutes: number, events: Parameters<typeof submission>[1], dropped = {}) =>
        submission(fixture.shop, events, { receivedAt: noon + minutes * 60_000, dropped });
      const asked = (id: string) => identified({ id, time: at(0), success: id === 'good' });
      await store.write([received(-90, [identified({ time: at(-900) })])]);
      await store.write([received(-31, [], { malformed: 1 }), received(0, [asked('bad')])]);
      await store.write([received(0, [asked('bad')]), received(29, [asked('good')])]);
      const standing = await store.askOverview('standing', {
        activeFrom: minute - 60,
        span: { from: minute - 15, to: minute + 1 },
      });
      const active = [-31, 0].map((minutes) => minute + minutes);
      expect(standing).toEqual([{ appId: fixture.shop, active, requests: 2, failures: 1 }]);
    });

    test('how many events of some kinds there are by steps, as the events themselves say', async () => {
      const kinds = fc.subarray([...EVENT_KINDS]);
      const oneOf = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: null, freq: 3 });
      const random = fc.record({
        kind: fc.constantFrom(...EVENT_KINDS),
        value: fc.constant(1),
        minutes: fc.integer({ min: -150, max: 149 }),
        success: oneOf([true, false]),
        severity: oneOf(SEVERITIES),
        count: fc.integer({ min: 1, max: 9 }),
        ofShop: fc.boolean(),
      });
      const made = fc.sample(fc.array(random, { minLength: 120, maxLength: 120 }), 1)[0] ?? [];
      const events = made.map(({ minutes, ofShop, ...native }, index) => {
        const parsed = parseNativeEvent({ ...native, name: 'n', id: `c${index}`, time: at(minutes) });
        if (!parsed.ok) throw new Error(parsed.error.message);
        const item = { event: parsed.value, hash: eventHash(parsed.value) };
        return { minute: minute + minutes, ofShop, item };
      });
      const of = (isShop: boolean) => events.filter(({ ofShop }) => ofShop === isShop).map(({ item }) => item);
      await store.write([submission(fixture.shop, of(true)), submission(fixture.blog, of(false))]);
      const spans = fc.record({
        stepMinutes: fc.constantFrom(1, 7, 30, 60, 120),
        from: fc.integer({ min: -4, max: 2 }),
        steps: fc.integer({ min: 1, max: 200 }),
      });
      await fc.assert(
        fc.asyncProperty(spans, kinds, kinds, async ({ stepMinutes, from, steps }, ofShop, ofBlog) => {
          const start = Math.floor((minute + from * 30) / stepMinutes) * stepMinutes;
          const span = { from: start, to: start + steps * stepMinutes };
          const asked = new Map([
            [true, ofShop],
            [false, ofBlog],
          ]);
          const inSpan = events.filter(
            ({ minute: one, ofShop: isShop, item }) =>
              one >= span.from && one < span.to && asked.get(isShop)?.includes(item.event.kind),
          );
          const weigh = (some: typeof events) => some.reduce((sum, { item }) => sum + item.event.weight, 0);
          const byStep = Map.groupBy(inSpan, ({ minute: one }) => Math.floor((one - start) / stepMinutes));
          const expected = [...byStep].map(([step, some]) => ({
            step,
            count: weigh(some),
            failures: weigh(some.filter(({ item }) => isFailure(item.event))),
          }));
          const counted = await store.askOverview('counts', {
            of: [
              { appId: fixture.shop, kinds: ofShop },
              { appId: fixture.blog, kinds: ofBlog },
            ],
            span,
            stepMinutes,
          });
          expect(counted).toEqual(expected.toSorted((a, b) => a.step - b.step));
        }),
        { numRuns: 40 },
      );
    });

    test('sums of events that are deleted are no longer counted, by minutes as by hours', async () => {
      const appId = await fixture.addApp('deleted');
      const events = [-90, -61, -30, 0].map((minutes) => identified({ id: `${minutes}`, time: at(minutes) }));
      await store.write([submission(appId, events)]);
      const count = async (stepMinutes: number) => {
        const span = { from: minute - 120, to: minute + 120 };
        const of = [{ appId, kinds: ['request' as const] }];
        return (await store.askOverview('counts', { of, span, stepMinutes })).map(({ step, count: one }) => [
          step,
          one,
        ]);
      };
      expect(await count(60)).toEqual([
        [0, 2],
        [1, 1],
        [2, 1],
      ]);
      await store.purge({ appId, what: 'events', before: noon - 60 * 60_000 });
      expect(await count(30)).toEqual([
        [3, 1],
        [4, 1],
      ]);
      expect(await count(60)).toEqual([
        [1, 1],
        [2, 1],
      ]);
    });

    test('rate, errors and durations by steps, of all requests and of one operation', async () => {
      await write(
        { time: at(-60), durationMs: 100, name: 'a' },
        { time: at(-59), durationMs: 200, name: 'b', success: false },
        { time: at(-1), durationMs: 0, name: 'a', count: 3 },
        { time: at(0), durationMs: 400, name: 'a' },
        { time: at(59), name: 'a', durationMs: '' },
      );
      const ask = (more: Partial<Question<'timeline'>> = {}) =>
        store.askOverview('timeline', {
          appId: fixture.shop,
          kind: 'request',
          span: hours,
          stepMinutes: 60,
          ...more,
        });
      const all = await ask();
      expect(all).toMatchObject({ count: [5, 2], failures: [1, 0], mean: [60, 400] });
      expect(all.p50).toEqual([0, 400]);
      const one = await ask({ name: 'a', stepMinutes: 30 });
      expect(one).toMatchObject({ count: [1, 3, 1, 1], failures: [0, 0, 0, 0], mean: [100, 0, 400, null] });
      expect(one.p95[3]).toBeNull();
      const latency = await store.askOverview('latency', { appId: fixture.shop, kind: 'request', span: hours });
      expect(latency).toMatchObject({ count: 6, min: 0, max: 400 });
      expect(latency.buckets.map(({ count }) => count)).toEqual([3, 1, 1, 1]);
    });

    test('operations by any order, searched, page by page', async () => {
      await write(
        ...['GET /a', 'GET /b', 'GET /b', 'POST /c'].map((name, index) => ({
          name,
          durationMs: (index + 1) * 10,
          success: index !== 1,
        })),
      );
      const names = ({ rows }: { rows: readonly OperationFigures[] }) => rows.map((row) => row.name);
      expect(names(await operations())).toEqual(['GET /b', 'GET /a', 'POST /c']);
      expect(names(await operations({ sort: 'time', order: 'asc' }))).toEqual(['GET /a', 'POST /c', 'GET /b']);
      expect(names(await operations({ sort: 'p95' }))).toEqual(['POST /c', 'GET /b', 'GET /a']);
      const found = await operations({ search: 'get', sort: 'failures' });
      expect(found).toMatchObject({ names: 2, count: 3, failures: 1, time: 100 });
      expect(found.rows[0]).toMatchObject({ name: 'GET /b', count: 2, failures: 1, mean: 25, max: 30, time: 50 });
      const first = await operations({ limit: 2 });
      expect(names(first)).toEqual(['GET /b', 'GET /a']);
      if (first.next === undefined) throw new Error('there is a page more');
      const second = await operations({ limit: 2, after: first.next });
      expect([names(second), second.next]).toEqual([['POST /c'], undefined]);
    });

    test('a dependency says its type and target, as last sent', async () => {
      const dependency = (minutes: number, target: string) => ({
        kind: 'dependency' as const,
        name: 'stock',
        time: at(minutes),
        properties: { 'dependency.type': 'HTTP', 'dependency.target': target },
      });
      await write(dependency(-1, 'new'), dependency(-9, 'old'), { kind: 'dependency', name: 'bare' });
      const { rows } = await operations({ kind: 'dependency', sort: 'name', order: 'asc' });
      expect(rows).toMatchObject([
        { name: 'bare', type: null, target: null },
        { name: 'stock', count: 2, type: 'HTTP', target: 'new' },
      ]);
    });

    test('names without end are one sum beyond the bound, in a minute at a time, and nothing is lost', async () => {
      const half = OPERATIONS_KEPT[1] - 20;
      const many = (from: number) =>
        Array.from({ length: half }, (_, index) => ({
          id: `${from + index}`,
          name: `/item/${from + index}`,
          durationMs: 10,
        }));
      await write(...many(0));
      await write(...many(half));
      await write({ id: 'again', name: '/item/0' }, { id: 'new', name: '/item/new' });
      const inMinute = await operations({ span: { from: minute, to: minute + 1 }, limit: 1000 });
      expect(inMinute).toMatchObject({ names: OPERATIONS_KEPT[1] + 1, count: 2 * half + 2 });
      const other = inMinute.rows.find(({ name: one }) => one === '(other)');
      expect(other?.count).toBe(2 * half + 1 - OPERATIONS_KEPT[1]);
      expect(other?.p50).toBe(10);
      expect(inMinute.rows.find(({ name: one }) => one === '/item/0')?.count).toBe(2);
      const hour = await operations({ span: { from: minute, to: minute + 60 }, limit: 1000 });
      expect(hour).toMatchObject({ names: 2 * half + 1, count: 2 * half + 2 });
    });

    test('exceptions by type and place, with users and the newest of each', async () => {
      const thrown = (minutes: number, more: Partial<NativeEvent> = {}) => ({
        kind: 'exception' as const,
        name: 'RuntimeError',
        time: at(minutes),
        message: `at ${minutes}`,
        ...more,
      });
      const stack = 'KeyError: x\n    at addToCart (/app/cart.js:10:5)\n    at main (/app/main.js:1:1)';
      const placed = { properties: { 'exception.stack': stack }, operationId: 'op-1', instance: 'i', version: 'v' };
      await write(
        thrown(-30, { user: 'ann' }),
        thrown(-90, { user: 'ann' }),
        thrown(-29, { user: 'bob', count: 4 }),
        thrown(-28, { user: 'ann', ...placed }),
        thrown(-27, { name: 'ValueError' }),
      );
      const { rows, ...page } = await exceptions({ sort: 'count' });
      expect(page).toMatchObject({ groups: 3, newGroups: 2, count: 7 });
      const [bare, ...others] = rows;
      expect(bare).toMatchObject({ type: 'RuntimeError', place: '', count: 5, users: { count: 2, isExact: true } });
      expect(bare).toMatchObject({ firstSeen: noon - 90 * 60_000, lastSeen: noon - 29 * 60_000, steps: [0, 5, 0, 0] });
      expect(bare?.newest).toMatchObject({ message: 'at -29', operationId: null });
      const inCart = others.find(({ place }) => place === 'addToCart (cart.js)');
      expect(inCart).toMatchObject({ type: 'RuntimeError', count: 1, users: { count: 1 } });
      expect(inCart?.newest).toMatchObject({ operationId: 'op-1', instance: 'i', version: 'v' });
      expect(inCart?.newest?.properties['exception.stack']).toBe(stack);
      expect(others.find(({ type }) => type === 'ValueError')).toMatchObject({ users: { count: 0, isExact: true } });
      const byUsers = await exceptions({ sort: 'users', limit: 1 });
      expect(byUsers.rows.map(({ id }) => id)).toEqual([bare?.id]);
      await store.purge({ appId: fixture.shop, what: 'events', before: noon });
      const [kept] = (await exceptions({ sort: 'count' })).rows;
      expect(kept).toMatchObject({ count: 5 });
      expect(kept?.newest).toBeUndefined();
    });

    test('users are counted exactly while they are few, and about right when they are many', async () => {
      const met = (count: number, more: Partial<NativeEvent>) =>
        Array.from({ length: count }, (_, index) => ({
          kind: 'exception' as const,
          id: `${more.name}-${more.time}-${index}`,
          user: `user ${index}`,
          ...more,
        }));
      await write(...met(USERS_EXACT - 1, { name: 'Few', time: at(1) }), ...met(50, { name: 'Few', time: at(2) }));
      await write(...met(2000, { name: 'Many', time: at(1) }), ...met(2000, { name: 'Many', time: at(2) }));
      const { rows } = await exceptions();
      const users = (type: string) => rows.find((row) => row.type === type)?.users;
      expect(users('Few')).toEqual({ count: USERS_EXACT - 1, isExact: true });
      expect(users('Many')?.isExact).toBe(false);
      expect(Math.abs((users('Many')?.count ?? 0) - 2000)).toBeLessThan(2000 * 0.25);
    });

    test('instances and versions: who sent what, and when a version was first seen', async () => {
      const from = (minutes: number, instance: string, version: string, more: Partial<NativeEvent> = {}) => ({
        time: at(minutes),
        instance,
        version,
        ...more,
      });
      await write(
        from(-100, 'a', '1.0'),
        from(-30, 'a', '1.0', { success: false }),
        from(-10, 'a', '2.0', { count: 2 }),
        from(-9, 'b', '2.0', { kind: 'trace', name: 'log' }),
        { time: at(-8) },
      );
      const rows = await store.askOverview('instances', { appId: fixture.shop, span: hours });
      const seen = (minutes: number) => noon + minutes * 60_000;
      expect(rows.toSorted((a, b) => a.lastSeen - b.lastSeen)).toEqual([
        {
          instance: 'a',
          version: '1.0',
          firstSeen: seen(-100),
          lastSeen: seen(-30),
          events: 1,
          requests: 1,
          failures: 1,
        },
        {
          instance: 'a',
          version: '2.0',
          firstSeen: seen(-10),
          lastSeen: seen(-10),
          events: 2,
          requests: 2,
          failures: 0,
        },
        { instance: 'b', version: '2.0', firstSeen: seen(-9), lastSeen: seen(-9), events: 1, requests: 0, failures: 0 },
        {
          instance: '',
          version: '',
          firstSeen: expect.any(Number),
          lastSeen: seen(-8),
          events: 1,
          requests: 1,
          failures: 0,
        },
      ]);
      const versions = await store.askOverview('versions', { appId: fixture.shop });
      expect(versions.filter(({ version }) => /\d/.test(version))).toEqual([
        { version: '1.0', firstSeen: seen(-100) },
        { version: '2.0', firstSeen: seen(-10) },
      ]);
    });

    const call = (index: number) => {
      const ids = { operationId: `operation ${minute} ${index}` };
      const caller = { kind: 'dependency' as const, name: 'call', id: `span ${index}`, time: at(0), ...ids };
      const callee = { id: `request ${index}`, parentId: `span ${index}`, time: at(1), durationMs: 5, ...ids };
      return { caller: identified(caller), callee: identified({ ...callee, success: index % 2 === 0, count: 2 }) };
    };
    const linkAll = async (one: Store) => {
      while ((await one.linkCalls()) > 0);
    };

    test('a call between applications is on the map once, whichever end came first and whoever links', async () => {
      const other = await fixture.openAnother();
      const calls = Array.from({ length: 4 }, (_, index) => call(index));
      const callers = calls.map(({ caller }) => caller);
      const callees = calls.map(({ callee }) => callee);
      await store.write([submission(fixture.shop, callers.slice(0, 2))]);
      await linkAll(store);
      await store.write([submission(fixture.blog, callees)]);
      await linkAll(other);
      await other.write([submission(fixture.shop, callers)]);
      await store.write([submission(fixture.blog, callees)]);
      await linkAll(store);
      await linkAll(other);
      // A process that starts anew remembers, and counts nothing twice.
      const later = await fixture.openAnother();
      await linkAll(later);
      const edges = await later.askOverview('edges', hours);
      const ends = { fromAppId: fixture.shop, toAppId: fixture.blog };
      expect(edges).toEqual([{ ...ends, count: 8, failures: 4, p50: 5, p95: 5 }]);
      await other.close();
      await later.close();
    });

    test('what an application calls within itself, or nobody answers, is no edge', async () => {
      const { caller, callee } = call(0);
      await store.write([submission(fixture.shop, [caller, callee, call(1).callee])]);
      await store.write([submission(fixture.blog, [call(2).caller])]);
      await linkAll(store);
      expect(await store.askOverview('edges', hours)).toEqual([]);
    });

    test('any events: each answer is what adding them up by hand comes to', async () => {
      const events = fc.sample(anyEvent, 300);
      for (let from = 0; from < events.length; from += 60) {
        await store.write([
          submission(
            fixture.shop,
            events.slice(from, from + 60).map((event, index) => identified({ ...event, id: `${from + index}` })),
          ),
        ]);
      }
      for (const span of [
        { from: minute - 1500, to: minute + 200 },
        { from: minute - 61, to: minute + 61 },
        { from: minute - 1440, to: minute },
      ]) {
        const inSpan = events.filter(({ time }) => {
          const at = Math.floor(Date.parse(time) / 60_000);
          return at >= span.from && at < span.to;
        });
        expect(byName(await operations({ span, limit: 1000 }))).toEqual(expectedOperations(inSpan));
        expect(byGroup((await exceptions({ span, limit: 1000 })).rows)).toEqual(expectedExceptions(inSpan));
        const instances = await store.askOverview('instances', { appId: fixture.shop, span });
        expect(new Map(instances.map(({ instance, events: count }) => [instance, count]))).toEqual(
          sumBy(inSpan, ({ instance = '' }) => instance),
        );
      }
      const span = { from: minute - 1440, to: minute + 60 };
      const timeline = await store.askOverview('timeline', {
        appId: fixture.shop,
        kind: 'request',
        span,
        stepMinutes: 20,
      });
      const requests = events.filter(({ kind }) => kind === 'request');
      const steps = sumBy(requests, ({ time }) => Math.floor((Date.parse(time) / 60_000 - span.from) / 20));
      expect(timeline.count).toEqual(timeline.count.map((_, step) => steps.get(step) ?? 0));
    });
  });
}

type AnyEvent = Partial<NativeEvent> & Pick<NativeEvent, 'kind' | 'name' | 'time'>;

const anyEvent: fc.Arbitrary<AnyEvent> = fc
  .record({
    kind: fc.constantFrom('request' as const, 'exception' as const, 'dependency' as const),
    name: fc.constantFrom('a', 'b', 'ä '),
    minutes: fc.integer({ min: -1600, max: 300 }),
    durationMs: fc.integer({ min: 0, max: 5000 }),
    success: fc.boolean(),
    count: fc.constantFrom(1, 1, 7),
    user: fc.constantFrom('ann', 'bob', 'cid'),
    instance: fc.constantFrom('i1', 'i2', undefined),
  })
  .map(({ minutes, instance, ...event }) => ({
    ...event,
    ...(instance === undefined ? {} : { instance }),
    time: at(minutes),
  }));

function sumBy<K>(events: readonly AnyEvent[], keyOf: (event: AnyEvent) => K): ReadonlyMap<K, number> {
  const sums = new Map<K, number>();
  for (const event of events) sums.set(keyOf(event), (sums.get(keyOf(event)) ?? 0) + (event.count ?? 1));
  return sums;
}

const byName = ({ rows }: { rows: readonly OperationFigures[] }) =>
  Object.fromEntries(
    rows.map(({ name, count, failures, time }) => [name, { count, failures, time: Math.round(time) }]),
  );

function expectedOperations(events: readonly AnyEvent[]) {
  const requests = events.filter(({ kind }) => kind === 'request');
  const groups = Map.groupBy(requests, ({ name }) => name);
  return Object.fromEntries(
    [...groups].map(([name, own]) => {
      const sum = (of: (event: AnyEvent) => number) =>
        own.reduce((total, event) => total + of(event) * (event.count ?? 1), 0);
      const failures = sum(({ success }) => (success ? 0 : 1));
      return [name, { count: sum(() => 1), failures, time: sum(({ durationMs }) => Number(durationMs)) }];
    }),
  );
}

const byGroup = (rows: readonly ExceptionFigures[]) =>
  Object.fromEntries(rows.map(({ type, count, users }) => [type, { count, users: users.count }]));

function expectedExceptions(events: readonly AnyEvent[]) {
  const thrown = events.filter(({ kind }) => kind === 'exception');
  return Object.fromEntries(
    [...Map.groupBy(thrown, ({ name }) => name)].map(([type, own]) => {
      const count = own.reduce((total, event) => total + (event.count ?? 1), 0);
      return [type, { count, users: new Set(own.map(({ user }) => user)).size }];
    }),
  );
}
