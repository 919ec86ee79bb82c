import { expect, test } from 'vitest';
import { SIZES_KEPT_MS } from '../../src/limits.ts';
import { type AdviceFacts, adviseOn } from '../../src/watch/advice.ts';
import { growthPerDay, SizeWatch } from '../../src/watch/size-watch.ts';

const WELL: AdviceFacts = {
  failing: false,
  databaseReachable: true,
  deduplication: 'index',
  queue: { submissions: 0, events: 0, bytes: 0, turnedAway: 0, failed: 0 },
  queueLimits: { events: 1000, bytes: 1000 },
  disk: { freeBytes: 2 ** 40, totalBytes: 2 ** 41 },
  alerts: { evaluatedAt: null, problem: null, waiting: 0, failed: 0 },
  apps: [],
};

const SPOOL: NonNullable<AdviceFacts['spool']> = {
  events: 10,
  bytes: 10,
  limitBytes: 100,
  oldest: null,
  oldestSeconds: null,
  full: null,
  shipped: 0,
  perSecond: 0,
  failures: 0,
  lastError: null,
  aside: 0,
  damagedParcels: 0,
  brokenFiles: [],
  foreignFiles: [],
};

const app = (name: string, received: number, rejected: Record<string, number>): AdviceFacts['apps'][number] => ({
  name,
  received,
  accepted: 0,
  duplicates: 0,
  sampled: 0,
  late: 0,
  adjusted: {},
  rejected,
});

test('where all is well there is nothing to say', () => {
  expect(adviseOn(WELL)).toEqual([]);
  expect(adviseOn({ ...WELL, spool: SPOOL, disk: null, apps: [app('shop', 1000, { 'too-old': 5 })] })).toEqual([]);
});

test.each<[string, Partial<AdviceFacts>, 'fail' | 'note', string]>([
  ['writes fail', { failing: true }, 'fail', 'could not be written'],
  ['the database is away', { databaseReachable: false }, 'fail', 'does not answer'],
  ['the index does not skip', { deduplication: 'not-exists' }, 'note', 'looks first'],
  ['the spool is full', { spool: { ...SPOOL, full: 'it holds 4 GB.' } }, 'fail', 'it holds 4 GB.'],
  [
    'shipping fails',
    { spool: { ...SPOOL, failures: 3, lastError: { at: '', message: 'login failed' } } },
    'fail',
    'login failed',
  ],
  ['events are refused', { spool: { ...SPOOL, aside: 7 } }, 'note', 'refuses 7 events'],
  ['the spool is damaged', { spool: { ...SPOOL, damagedParcels: 1 } }, 'fail', 'cannot be read'],
  ['another database is meant', { spool: { ...SPOOL, foreignFiles: ['a.db'] } }, 'fail', 'a.db'],
  ['the disk is nearly full', { disk: { freeBytes: 2 ** 28, totalBytes: 2 ** 40 } }, 'note', '0.3 GiB'],
  ['the queue is nearly full', { queue: { ...WELL.queue, bytes: 900 } }, 'fail', '90 % full'],
  ['alerts are not evaluated', { alerts: { ...WELL.alerts, problem: 'away' } }, 'note', 'away'],
  ['messages were given up', { alerts: { ...WELL.alerts, failed: 2 } }, 'note', '2 messages'],
  [
    'an application loses events',
    { apps: [app('a', 10, {}), app('b', 100, { 'too-old': 9, malformed: 1 }), app('c', 100, { x: 5 })] },
    'note',
    'Of what b sent, 10.0 % were rejected, most as “too-old”. 1 more',
  ],
])('when %s, it says so and what to do', (_what, facts, severity, says) => {
  const advice = adviseOn({ ...WELL, ...facts });
  expect(advice).toHaveLength(1);
  expect(advice[0]).toMatchObject({ severity, message: expect.stringContaining(says) });
});

test('what stands still comes before what may come to it', () => {
  const advice = adviseOn({ ...WELL, deduplication: 'not-exists', failing: true });
  expect(advice.map(({ severity }) => severity)).toEqual(['fail', 'note']);
});

const HOUR = 3_600_000;

test('growth is told over the last week, once there is enough to tell', () => {
  const now = 1000 * HOUR;
  const sample = (hoursAgo: number, bytes: number) => ({ at: now - hoursAgo * HOUR, bytes });
  expect(growthPerDay([], now)).toBeUndefined();
  expect(growthPerDay([sample(3, 0), sample(0, 100)], now)).toBeUndefined();
  expect(growthPerDay([sample(12, 100), sample(0, 600)], now)).toBe(1000);
  expect(growthPerDay([sample(500, 10_000), sample(48, 100), sample(0, 300)], now)).toBe(100);
});

test('the size is noted under the hour that has begun; a server that does not tell leaves no note', async () => {
  const noted: unknown[] = [];
  let bytes = 4096;
  const watch = new SizeWatch({
    control: { noteSize: async (sample, before) => void noted.push([sample, before]) },
    store: { health: async () => ({ bytes, deduplication: 'index', apps: [] }) },
    now: () => 10.5 * HOUR,
    pause: async () => {},
  });
  await watch.note();
  bytes = 0;
  await watch.note();
  expect(noted).toEqual([[{ at: 10 * HOUR, bytes: 4096 }, 10 * HOUR - SIZES_KEPT_MS]]);
});
