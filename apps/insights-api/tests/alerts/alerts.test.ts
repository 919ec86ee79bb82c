import { join } from 'node:path';
import type { AlertRuleBody } from '@scorpiox/shared/contract';
import { type AlertTables, openControl } from '@scorpiox/shared/database';
import { expect, onTestFinished, test } from 'vitest';
import { Alerts } from '../../src/alerts/alerts.ts';
import { AlertBook } from '../../src/alerts/book.ts';
import { failed, type Outcome } from '../../src/alerts/outcome.ts';
import type { Message } from '../../src/alerts/stored.ts';
import { ALERT_GAP_MS, ALERT_LEASE_MS, ALERT_TRIED_MS } from '../../src/limits.ts';
import { type AppTotals, NO_FIGURES, StoreUnavailable } from '../../src/store/port.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const MINUTE = 60_000;
const publicUrl = 'http://insights.test';

const RULE: AlertRuleBody = {
  name: 'Failures',
  enabled: true,
  app: null,
  condition: { kind: 'failure-rate', abovePercent: 10, minRequests: 1, windowMinutes: 5 },
  forMinutes: 2,
  resolveMinutes: 2,
  mail: true,
  webhook: 'https://hooks.example.net/secret',
};
const BACKLOG: AlertRuleBody = {
  ...RULE,
  name: 'Backlog',
  condition: { kind: 'backlog', aboveEvents: 100 },
  forMinutes: 0,
  webhook: null,
};

const app = (name: string, failures: number): AppTotals => ({
  appId: 1,
  name,
  ...NO_FIGURES,
  requests: 100,
  failures,
  counters: { received: 0, accepted: 0, duplicates: 0, sampled: 0, late: 0, rejected: {}, adjusted: {} },
});

/** A world with a clock, figures, a receiver and a database that can go away; processes evaluate when they are told to. */
async function makeWorld() {
  const file = join(temporaryFolder(), 'insights.db');
  const world = {
    now: Date.UTC(2026, 0, 1),
    apps: [app('shop', 50), app('blog', 0)],
    backlog: 0,
    databaseIsAway: false,
    storeIsAway: false,
    /** When groups of exceptions were first stored. */
    fresh: [] as number[],
    sent: [] as Message[],
    outcome: { kind: 'delivered' } as Outcome,
    warnings: [] as string[],
    afterSend: () => {},
  };
  const opened = await openControl({ kind: 'sqlite', file }, { now: () => world.now });
  if (!opened.ok) throw new Error(opened.error.message);
  const control = opened.value;
  onTestFinished(() => control.close());
  const tables = new Proxy<AlertTables>(control.alerts, {
    get: (target, name) => (world.databaseIsAway ? () => Promise.reject(new Error('away')) : Reflect.get(target, name)),
  });
  const send = async (message: Message): Promise<Outcome> => {
    world.sent.push(message);
    world.afterSend();
    return world.outcome;
  };
  const common = { tables, send, mailTo: () => ['alice'], publicUrl, now: () => world.now };
  const book = new AlertBook({ ...common, control });
  const start = (instance = 'here:8080') =>
    new Alerts({
      ...common,
      instance,
      store: {
        async summarizeApps() {
          if (world.storeIsAway) throw new StoreUnavailable('the store is away');
          return world.apps;
        },
        freshGroups: async ({ storedFrom }) => {
          const groups = world.fresh.filter((at) => at >= storedFrom).length;
          return groups === 0 ? [] : [{ appId: 1, groups }];
        },
        listMetrics: async () => [],
        readMetric: async () => ({ dimensions: [], parts: [] }),
      },
      backlog: async () => world.backlog,
      pause: async () => {},
      warn: (text) => world.warnings.push(text),
    });
  const add = async (rule: AlertRuleBody) => {
    const added = await book.add(rule);
    if (!added.ok) throw new Error(added.error.message);
    return added.value;
  };
  /** So many looks of these processes, a minute apart. */
  const looks = async (count: number, ...processes: readonly Alerts[]) => {
    for (let look = 0; look < count; look += 1) {
      for (const one of processes) await one.look();
      world.now += MINUTE;
    }
  };
  const told = () =>
    world.sent.map(
      ({ channel, notice }) => `${channel} ${notice.alerts.map((a) => `${a.subject} ${a.status}`).join()}`,
    );
  return { world, book, start, add, looks, told, control };
}

test('what fails for long enough is told once to each, and so is its end; the history keeps both', async () => {
  const { world, book, start, add, looks, told } = await makeWorld();
  await add(RULE);
  const alerts = start();
  await looks(2, alerts);
  expect(told()).toEqual([]);
  expect((await book.rules())[0]?.subjects).toMatchObject([{ subject: 'shop', status: 'pending' }]);
  await looks(5, alerts);
  expect(told().toSorted()).toEqual(['mail shop firing', 'webhook shop firing']);
  expect((await book.rules())[0]?.subjects).toMatchObject([{ subject: 'shop', status: 'firing' }]);
  world.apps = [app('shop', 0), app('blog', 0)];
  await looks(5, alerts);
  expect(told().slice(2).toSorted()).toEqual(['mail shop resolved', 'webhook shop resolved']);
  expect((await book.rules())[0]?.subjects).toEqual([]);
  const { entries } = await book.history(10, undefined);
  expect(entries.map(({ subject, what }) => `${subject} ${what}`)).toEqual(['shop resolved', 'shop fired']);
  expect((await book.deliveries()).map(({ to, status }) => `${to} ${status}`)).toEqual(
    expect.arrayContaining(['alice delivered', 'https://hooks.example.net delivered']),
  );
});

test('a new exception is told once, also where nobody looked when it was stored', async () => {
  const { world, start, add, looks, told } = await makeWorld();
  world.apps = [app('shop', 0)];
  const condition = { kind: 'new-exception', windowMinutes: 1 } as const;
  await add({ ...RULE, condition, forMinutes: 0, resolveMinutes: 1, webhook: null });
  await looks(2, start());
  expect(told()).toEqual([]);
  world.fresh = [world.now + MINUTE, world.now + MINUTE];
  world.now += 20 * MINUTE;
  const next = start();
  await looks(1, next);
  expect(world.sent[0]?.notice.alerts[0]?.message).toBe(
    '2 kinds of exceptions in 1 minute that were never seen before.',
  );
  await looks(8, next);
  expect(told()).toEqual(['mail shop firing', 'mail shop resolved']);
  // Stored while the look was under way, and seen by the one after it.
  world.fresh = [world.now - MINUTE - 1];
  await looks(8, next);
  expect(told().slice(2)).toEqual(['mail shop firing', 'mail shop resolved']);
});

test('many that fail at once are one message', async () => {
  const { world, start, add, looks } = await makeWorld();
  await add({ ...RULE, forMinutes: 0, webhook: null });
  world.apps = Array.from({ length: 80 }, (_, index) => app(`app${index}`, 50));
  await looks(1, start());
  expect(world.sent).toHaveLength(1);
  expect(world.sent[0]?.notice).toMatchObject({ more: 30, alerts: { length: 50 } });
});

test('of several processes one evaluates; when it dies another goes on from where it was, and nobody hears twice', async () => {
  const { world, start, add, looks, told } = await makeWorld();
  await add({ ...RULE, webhook: null });
  const [first, second] = [start('a:1'), start('b:1')];
  await looks(4, first, second);
  expect([first.state.evaluates, second.state.evaluates]).toEqual([true, false]);
  expect(told()).toEqual(['mail shop firing']);
  await looks(ALERT_LEASE_MS / MINUTE + 2, second);
  expect(second.state.evaluates).toBe(true);
  expect(told()).toEqual(['mail shop firing']);
  world.apps = [app('shop', 0)];
  await looks(4, second, first);
  expect(told()).toEqual(['mail shop firing', 'mail shop resolved']);
});

test('one that stops leaves the evaluation to the next at once', async () => {
  const { start, add, looks } = await makeWorld();
  await add(RULE);
  const [first, second] = [start('a:1'), start('b:1')];
  await looks(1, first, second);
  await first.stop();
  await looks(1, second);
  expect(second.state.evaluates).toBe(true);
});

test('a message that fails is tried again, ever later, under the same id, until it is given up', async () => {
  const { world, book, start, add, looks } = await makeWorld();
  await add({ ...RULE, forMinutes: 0, webhook: null });
  world.outcome = failed('no answer');
  const alerts = start();
  await looks(3, alerts);
  expect(world.sent.length).toBe(3);
  expect((await book.deliveries())[0]).toMatchObject({ status: 'waiting', attempts: 3, problem: 'no answer' });
  const end = world.now + ALERT_TRIED_MS + 40 * MINUTE;
  while (world.now < end) {
    await looks(1, alerts);
    world.now += 39 * MINUTE;
  }
  expect((await book.deliveries())[0]).toMatchObject({ status: 'failed', problem: 'no answer' });
  expect(world.sent.length).toBeGreaterThan(20);
  expect(new Set(world.sent.map(({ notice }) => notice.id)).size).toBe(1);
});

test('what is refused for good is not tried again', async () => {
  const { world, book, start, add, looks } = await makeWorld();
  await add({ ...RULE, forMinutes: 0, webhook: null });
  world.outcome = failed('nobody of that name', true);
  await looks(5, start());
  expect(world.sent).toHaveLength(1);
  expect((await book.deliveries())[0]).toMatchObject({ status: 'failed', attempts: 1 });
});

test('what is still waiting when its rule is removed is given up', async () => {
  const { world, book, start, add, looks } = await makeWorld();
  const rule = await add({ ...RULE, forMinutes: 0, webhook: null });
  world.outcome = failed('no answer');
  const alerts = start();
  await looks(1, alerts);
  await book.remove(rule.id);
  await looks(5, alerts);
  expect(world.sent).toHaveLength(1);
  expect((await book.deliveries())[0]).toMatchObject({ status: 'failed', attempts: 1, dueAt: null });
});

test('a message whose outcome could not be written down goes out again, under the same id', async () => {
  const { world, start, add, looks } = await makeWorld();
  await add({ ...RULE, forMinutes: 0, webhook: null });
  world.afterSend = () => {
    world.databaseIsAway = world.sent.length === 1;
  };
  const alerts = start();
  await looks(1, alerts);
  world.databaseIsAway = false;
  await looks(3, alerts);
  expect(world.sent).toHaveLength(2);
  expect(new Set(world.sent.map(({ notice }) => notice.id)).size).toBe(1);
});

test('while the figures cannot be had nothing changes, and it is told why', async () => {
  const { world, start, add, looks, told } = await makeWorld();
  await add({ ...RULE, webhook: null });
  const alerts = start();
  await looks(4, alerts);
  world.storeIsAway = true;
  world.apps = [app('shop', 0)];
  await looks(20, alerts);
  expect(told()).toEqual(['mail shop firing']);
  expect(alerts.state.problem).toContain('the store is away');
  expect(world.warnings).toHaveLength(1);
  world.storeIsAway = false;
  await looks(2, alerts);
  expect(told()).toHaveLength(1);
  await looks(2, alerts);
  expect(told()).toEqual(['mail shop firing', 'mail shop resolved']);
  expect(alerts.state.problem).toBeUndefined();
});

test('a backlog is told while the database is away, saved when it is back, and not told again', async () => {
  const { world, book, start, add, looks, told } = await makeWorld();
  await add(BACKLOG);
  const alerts = start();
  await looks(1, alerts);
  world.databaseIsAway = true;
  world.backlog = 500;
  await looks(3, alerts);
  expect(told()).toEqual(['mail here:8080 firing']);
  world.databaseIsAway = false;
  await looks(2, alerts);
  expect(told()).toHaveLength(1);
  expect((await book.rules())[0]?.subjects).toMatchObject([{ subject: 'here:8080', status: 'firing' }]);
  expect((await book.history(10, undefined)).entries).toMatchObject([{ what: 'fired', subject: 'here:8080' }]);
  // Another process of the same name goes on from there.
  const next = start();
  await looks(2, next);
  expect(told()).toHaveLength(1);
  world.backlog = 0;
  await looks(4, next);
  expect(told().at(-1)).toBe('mail here:8080 resolved');
});

test('a message that fails while the database is away is tried again when it is back', async () => {
  const { world, book, start, add, looks } = await makeWorld();
  await add(BACKLOG);
  const alerts = start();
  await looks(1, alerts);
  Object.assign(world, { databaseIsAway: true, backlog: 500, outcome: failed('no answer') });
  await looks(2, alerts);
  const tried = world.sent.length;
  expect(tried).toBe(2);
  Object.assign(world, { databaseIsAway: false, outcome: { kind: 'delivered' } });
  await looks(3, alerts);
  expect(world.sent).toHaveLength(tried + 1);
  expect((await book.deliveries())[0]).toMatchObject({ status: 'delivered' });
});

test('what a process said of itself is forgotten when it does not come back', async () => {
  const { world, book, start, add, looks } = await makeWorld();
  await add(BACKLOG);
  world.backlog = 500;
  await looks(1, start('gone:1'));
  world.backlog = 0;
  world.now += ALERT_LEASE_MS;
  const stays = start('stays:1');
  await looks(1, stays);
  expect((await book.rules())[0]?.subjects).toMatchObject([{ subject: 'gone:1' }]);
  world.now += 2 * ALERT_GAP_MS;
  await looks(1, stays);
  expect((await book.rules())[0]?.subjects).toEqual([]);
});

test('a rule that is turned off, or removed, ends what was firing without a message', async () => {
  const { book, start, add, looks, told } = await makeWorld();
  const [one, two] = [await add({ ...RULE, forMinutes: 0 }), await add({ ...RULE, forMinutes: 0, webhook: null })];
  const alerts = start();
  await looks(1, alerts);
  const before = told().length;
  await book.change(one.id, { ...RULE, enabled: false });
  await book.remove(two.id);
  await looks(3, alerts);
  expect(told()).toHaveLength(before);
  expect((await book.rules()).map(({ subjects }) => subjects)).toEqual([[]]);
  expect((await book.history(10, undefined)).entries[0]).toMatchObject({ what: 'ended', ruleId: one.id });
});

test('a rule of another version of the program is passed over, not lost', async () => {
  const { control, book, start, add, looks, told } = await makeWorld();
  await control.alerts.putRule({ id: 'future', at: 5, body: '{"condition":{"kind":"seldom"}}' });
  await add({ ...RULE, forMinutes: 0, webhook: null });
  await looks(1, start());
  expect(told()).toHaveLength(1);
  expect(await book.rules()).toHaveLength(1);
  expect(await control.alerts.rules()).toHaveLength(2);
});
