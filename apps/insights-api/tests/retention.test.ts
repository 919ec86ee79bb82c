import type { AppRecord } from '@scorpiox/shared/database';
import { expect, test } from 'vitest';
import { Retention } from '../src/retention/retention.ts';
import { type PurgeRequest, StoreUnavailable } from '../src/store/port.ts';
import { WorkBoard } from '../src/work/board.ts';

const DAY = 86_400_000;
const NOW = 1000 * DAY;

/** Retention over a store that has so many batches to delete of each thing, and takes a millisecond for each. */
function setUp(apps: readonly Partial<AppRecord>[], batches: Readonly<Record<string, number>> = {}) {
  const left = { ...batches };
  const state = { now: NOW, purged: [] as PurgeRequest[], warned: [] as string[], pauses: [] as number[] };
  const board = new WorkBoard(() => state.now);
  const told: unknown[] = [];
  let fail: ((request: PurgeRequest) => Error | undefined) | undefined;
  const retention = new Retention({
    control: { apps: async () => apps.map((app, index) => ({ id: index + 1, name: 'app', createdAt: 0, ...app })) },
    store: {
      purge: async (request) => {
        const failure = fail?.(request);
        if (failure !== undefined) throw failure;
        state.now += 1;
        state.purged.push(request);
        const key = `${request.appId} ${request.what}`;
        const remaining = left[key] ?? 0;
        if (remaining === 0) return { deleted: 0 };
        left[key] = remaining - 1;
        return { deleted: 10, oldest: request.before - remaining * DAY };
      },
    },
    board,
    now: () => state.now,
    pause: async (ms) => {
      state.pauses.push(ms);
      told.push(...board.states());
    },
    warn: (text) => state.warned.push(text),
  });
  return {
    retention,
    state,
    told,
    breakStore: (how: (request: PurgeRequest) => Error | undefined) => (fail = how),
    board,
  };
}

test('events go by their application’s retention, sums later', async () => {
  const { retention, state } = setUp([{ name: 'a' }, { name: 'b', retentionDays: 500 }]);
  await retention.sweep();
  const days = state.purged.map(({ appId, what, before }) => [appId, what, Math.round((NOW - before) / DAY)]);
  expect(days).toEqual([
    [1, 'events', 30],
    [1, 'minutes', 32],
    [1, 'hours', 400],
    [1, 'days', 3650],
    [2, 'events', 500],
    [2, 'minutes', 500],
    [2, 'hours', 500],
    [2, 'days', 3650],
  ]);
});

test('it goes on until nothing older is left, rests longer than it works, and tells how far it is', async () => {
  const { retention, state, told, board } = setUp([{ name: 'shop' }], { '1 events': 4 });
  await retention.sweep();
  expect(state.purged.filter(({ what }) => what === 'events')).toHaveLength(5);
  expect(state.pauses).toEqual([3, 3, 3, 3]);
  const percents = told.map((work) => (work as { percent: number }).percent);
  expect(percents).toEqual([0, 6.3, 12.5, 18.8]);
  expect(told[1]).toMatchObject({ name: 'retention', detail: 'shop: events', secondsLeft: 0 });
  expect(board.states()).toEqual([]);
});

test('a sweep that finds nothing is no work worth telling', async () => {
  const { retention, told } = setUp([{ name: 'shop' }]);
  await retention.sweep();
  expect(told).toEqual([]);
});

test('what cannot be deleted keeps nothing else from being deleted, and is told', async () => {
  const { retention, state, breakStore, board } = setUp([{ name: 'a' }, { name: 'b' }], { '2 events': 1 });
  breakStore(({ appId, what }) =>
    appId === 1 && what === 'minutes' ? new StoreUnavailable('it takes too long') : undefined,
  );
  await expect(retention.sweep()).rejects.toThrow('it takes too long');
  expect(state.purged.map(({ appId, what }) => `${appId} ${what}`)).toEqual([
    ...['1 events', '1 hours', '1 days'],
    ...['2 events', '2 events', '2 minutes', '2 hours', '2 days'],
  ]);
  expect(board.states()).toEqual([]);
});

test('a database that is away is told of, and it goes on at the next round until it is stopped', async () => {
  const { retention, state, breakStore, board } = setUp([{ name: 'shop' }]);
  breakStore(() => new StoreUnavailable('disk full'));
  const rounds = Promise.withResolvers<void>();
  const stopped = rounds.promise.then(() => retention.stop());
  const push = state.pauses.push.bind(state.pauses);
  state.pauses.push = (...ms) => {
    if (state.pauses.length === 2) rounds.resolve();
    return push(...ms);
  };
  retention.start();
  await stopped;
  expect(state.warned.length).toBeGreaterThanOrEqual(2);
  expect(state.warned[0]).toContain('disk full');
  expect(board.states()).toEqual([]);
});
