import { expect, onTestFinished, test, vi } from 'vitest';
import { INSERT_LOOKING, INSERT_SKIPPING } from '../../src/store/sqlserver/insert-events.ts';
import { openSpoolServer } from '../../src/store/sqlserver/spool-server.ts';
import { openSpooledStore, type SpooledStore } from '../../src/writer/spool/spooled-store.ts';
import { identified, NOON, submission } from '../helpers/events.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { total } from '../helpers/metric-events.ts';
import { type ModelPeer, SHOP, startModelPeer } from '../tds/model-backend.ts';
import { type Asked, type Mishap, Refused } from '../tds/peer.ts';

// The real driver over the wire, against a peer that runs no SQL: what is proved is what the adapter makes of answers,
// errors and lost connections.

const PATIENCE = { timeout: 90_000, interval: 20 };
vi.setConfig({ testTimeout: 120_000 });

interface Open extends SpooledStore {
  readonly warnings: string[];
}

function openOn({ location }: ModelPeer, folder = temporaryFolder()): Open {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const options = { folder, target: 'test', mostBytes: 2 ** 30, reserveBytes: 0 };
  const opened = openSpooledStore(options, openSpoolServer(location, warn), { warn, info: () => {} });
  onTestFinished(() => opened.store.close());
  return { ...opened, warnings };
}

const events = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => identified({ id: String(from + index) }));

const write = ({ store }: SpooledStore, count: number, from = 0) =>
  store.write([submission(SHOP, events(count, from))]);

const spooled = (accepted: number) => [{ kind: 'stored', accepted, duplicates: 0, refused: [] }];

/** Resolves when everything is on the server. */
const shipped = ({ spool }: SpooledStore) =>
  vi.waitFor(async () => expect(await spool.state()).toMatchObject({ events: 0, failures: 0 }), PATIENCE);

/**
 * Counts sessions anew once there are no more than that. Before a pool of the driver makes the sessions that stay it tries
 * one, which may still be open when the first of them comes (sessions.ts).
 */
async function settled({ peer }: ModelPeer, most: number): Promise<void> {
  await vi.waitFor(() => expect(peer.sessions).toBeLessThanOrEqual(most), PATIENCE);
  peer.mostSessions = peer.sessions;
}

/** Resolves when a shipment has failed. */
const failing = ({ spool }: SpooledStore) =>
  vi.waitFor(async () => expect((await spool.state()).failures).toBeGreaterThan(0), PATIENCE);

/** Something that happens to requests of one kind, so many times. */
function times(
  count: number,
  matches: (asked: Asked) => boolean,
  mishap: Mishap,
): (asked: Asked) => Mishap | undefined {
  let left = count;
  return (asked) => (matches(asked) && left-- > 0 ? mishap : undefined);
}
const isInsert = ({ text }: Asked) => text === INSERT_SKIPPING || text === INSERT_LOOKING;
const isCommit = ({ text }: Asked) => text === 'COMMIT';

/** The events are there once, in every table. */
function expectOnce({ model }: ModelPeer, count: number, more: Record<string, number> = {}): void {
  expect(model.eventCount).toBe(count);
  expect(model.rolledUp(SHOP)).toBe(count);
  expect(model.counters(SHOP)).toMatchObject({ received: count, accepted: count, duplicates: 0, ...more });
}

test('what is written is answered from the spool and comes to the server', async () => {
  const server = await startModelPeer();
  const spool = openOn(server);
  expect(await write(spool, 3)).toEqual(spooled(3));
  await shipped(spool);
  expectOnce(server, 3);
  expect(await spool.spool.state()).toMatchObject({ shipped: 3, aside: 0 });
});

test('what was deleted meanwhile is answered as accepted, counted as too old, and shipped no further', async () => {
  const server = await startModelPeer();
  const spool = openOn(server);
  await write(spool, 3);
  await shipped(spool);
  await spool.store.purge({ appId: SHOP, what: 'events', before: NOON + 1 });
  expect(await write(spool, 3)).toEqual(spooled(3));
  await shipped(spool);
  expect(server.model.eventCount).toBe(0);
  expect(server.model.rolledUp(SHOP)).toBe(3);
  expect(server.model.counters(SHOP)).toMatchObject({ received: 6, accepted: 3, duplicates: 0 });
  const apps = (await spool.store.health()).apps;
  expect(apps.find(({ name }) => name === 'shop')?.counters.rejected).toEqual({ 'too-old': 3 });
  expect(await spool.spool.state()).toMatchObject({ aside: 0 });
});

test('events sent again are answered as accepted, and counted as duplicates', async () => {
  const server = await startModelPeer();
  const spool = openOn(server);
  await write(spool, 3);
  await shipped(spool);
  expect(await write(spool, 5)).toEqual(spooled(5));
  await shipped(spool);
  expectOnce(server, 5, { received: 8, duplicates: 3 });
});

test('thousands of events come while the server is away: each is there once when it is back', async () => {
  const server = await startModelPeer();
  await server.peer.goAway();
  const spool = openOn(server);
  for (let from = 0; from < 6000; from += 500) expect(await write(spool, 500, from)).toEqual(spooled(500));
  await failing(spool);
  const away = await spool.spool.state();
  expect(away).toMatchObject({ events: 6000, shipped: 0 });
  expect(away.bytes).toBeGreaterThan(0);
  expect(away.oldest).toBeTypeOf('number');
  expect(away.lastError?.message).toContain('ECONNREFUSED');
  expect(spool.warnings).toEqual([expect.stringContaining('wait in the spool')]);
  await server.peer.listen();
  await shipped(spool);
  expectOnce(server, 6000);
});

test('a connection that is lost after the commit: the shipment is recognised, its counters too', async () => {
  const server = await startModelPeer();
  server.peer.mishap = times(1, isCommit, 'drop-after');
  const spool = openOn(server);
  await write(spool, 40);
  await shipped(spool);
  expectOnce(server, 40);
});

test('totals that are shipped, lost before or after the commit and shipped again, give what came, once', async () => {
  const server = await startModelPeer();
  const spool = openOn(server);
  const { store } = spool;
  const send = async (seconds: number, orders: number, mishap?: Mishap) => {
    server.peer.mishap = mishap === undefined ? () => undefined : times(1, isCommit, mishap);
    await store.write([submission(SHOP, [total(-60, seconds, orders, { instance: 'a' })])]);
    await shipped(spool);
  };
  await send(0, 5.5);
  await send(60, 8, 'drop-after');
  await send(120, 9.25, 'drop-before');
  await send(60, 8);
  const minute = NOON / 60_000;
  const span = { from: minute, to: minute + 3, stepMinutes: 1 };
  const [part] = (await store.readMetric({ appId: SHOP, name: 'm', unit: '', span, by: 'instance', top: 1 })).parts;
  expect(part).toMatchObject({ what: 'value', value: 'a' });
  expect(part?.steps.map(({ step, sums }) => [step, sums.sum])).toEqual([
    [0, 5.5],
    [1, 2.5],
    [2, 1.25],
  ]);
  expect(await store.listMetrics({ appId: SHOP, ...span })).toMatchObject([{ name: 'm', kind: 'sum', points: 3 }]);
});

test.each([
  ['before the commit', isCommit],
  ['in the middle of the batch', isInsert],
])('a connection that is lost %s: the shipment goes again', async (_when, matches) => {
  const server = await startModelPeer();
  server.peer.mishap = times(1, matches, 'drop-before');
  const spool = openOn(server);
  await write(spool, 40);
  await shipped(spool);
  expectOnce(server, 40);
});

test.each([
  ['deadlock', new Refused(1205, 'Transaction was deadlocked and has been chosen as the victim.', 13), true],
  ['full transaction log', new Refused(9002, 'The transaction log for database is full.', 17), false],
  ['time-out for a lock', new Refused(1222, 'Lock request time out period exceeded.', 16), true],
  ['missing permission', new Refused(229, 'The INSERT permission was denied.', 14), false],
])('a %s is tried again until it goes', async (_what, refused, severalTimes) => {
  const server = await startModelPeer();
  // What passes by itself is tried four times before it counts as a failure.
  server.peer.mishap = times(severalTimes ? 6 : 2, isInsert, refused);
  const spool = openOn(server);
  await write(spool, 40);
  await failing(spool);
  await shipped(spool);
  expectOnce(server, 40);
  expect((await spool.spool.state()).lastError?.message).toContain(refused.message);
});

test('a log-in that fails says so, and is tried again', async () => {
  const server = await startModelPeer();
  server.peer.refusesLogin = new Refused(18456, "Login failed for user 'sa'.", 14);
  const spool = openOn(server);
  await write(spool, 4);
  await failing(spool);
  expect((await spool.spool.state()).lastError?.message).toContain('Login failed');
  server.peer.refusesLogin = undefined;
  await shipped(spool);
  expectOnce(server, 4);
});

test('the events that the server refuses are found, kept aside and shown; all others are stored', async () => {
  const server = await startModelPeer();
  server.model.refuses = ({ id }) => id === '7' || id === '1311';
  await server.peer.goAway();
  const spool = openOn(server);
  for (let from = 0; from < 2000; from += 250) await write(spool, 250, from);
  await server.peer.listen();
  await shipped(spool);
  expectOnce(server, 1998, { received: 2000 });
  const aside = await spool.spool.aside();
  expect(aside.map(({ event }) => event)).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: '7' }), expect.objectContaining({ id: '1311' })]),
  );
  expect(aside).toHaveLength(2);
  expect(aside[0]).toMatchObject({ appId: SHOP, reason: 'String or binary data would be truncated.' });
  const { apps } = await spool.store.health();
  expect(apps.find(({ name }) => name === 'shop')?.counters.rejected).toEqual({ refused: 2 });
});

test('what was set aside stays aside, though the connection is lost after the commit without it', async () => {
  const server = await startModelPeer();
  server.model.refuses = ({ id }) => id === '3';
  server.peer.mishap = (asked) => {
    if (!isCommit(asked)) return undefined;
    // From now on the server would take it: it must not be both there and aside.
    server.model.refuses = () => false;
    server.peer.mishap = () => undefined;
    return 'drop-after';
  };
  const spool = openOn(server);
  await write(spool, 10);
  await shipped(spool);
  expectOnce(server, 9, { received: 10 });
  expect(await spool.spool.aside()).toHaveLength(1);
});

test.each([
  ['the catalogue says so', { says: false, skips: false }],
  ['a duplicate shows it', { says: true, skips: false }],
])('an index that does not skip duplicates is found out (%s), and told', async (_how, index) => {
  const server = await startModelPeer();
  server.model.index = index;
  const spool = openOn(server);
  await write(spool, 4);
  await shipped(spool);
  await write(spool, 6);
  await shipped(spool);
  expectOnce(server, 6, { received: 10, duplicates: 4 });
  expect(await spool.store.health()).toMatchObject({ deduplication: 'not-exists' });
  expect(spool.warnings).toEqual([expect.stringContaining('IGNORE_DUP_KEY')]);
});

test('an answer that does not come holds up no client: the spool takes what they send', async () => {
  const server = await startModelPeer();
  const asked = Promise.withResolvers<void>();
  server.peer.mishap = (request) => {
    if (!isInsert(request)) return undefined;
    asked.resolve();
    return 'silence';
  };
  const spool = openOn(server);
  await write(spool, 5);
  await asked.promise;
  for (let from = 5; from < 50; from += 5) expect(await write(spool, 5, from)).toEqual(spooled(5));
  expect(await spool.spool.state()).toMatchObject({ events: 50, shipped: 0 });
  server.peer.mishap = () => undefined;
  // The driver would wait half a minute; the end of the connection is the same to it, sooner.
  await server.peer.goAway();
  await server.peer.listen();
  await shipped(spool);
  expectOnce(server, 50);
});

test('one session writes, however much there is; questions have a few of their own', async () => {
  const server = await startModelPeer();
  const spool = openOn(server);
  await write(spool, 50);
  await shipped(spool);
  await settled(server, 1);
  await Promise.all(Array.from({ length: 19 }, (_, index) => write(spool, 50, (index + 1) * 50)));
  await shipped(spool);
  expect(server.peer.mostSessions).toBe(1);
  const span = { from: 0, to: 60, stepMinutes: 1 };
  await Promise.all([spool.store.summarizeApps(span), spool.store.health()]);
  await settled(server, 4);
  await Promise.all(Array.from({ length: 20 }, () => [spool.store.summarizeApps(span), spool.store.health()]).flat());
  expect(server.peer.mostSessions).toBeLessThanOrEqual(4);
  expectOnce(server, 1000);
});

test('a stop ships what can be shipped, and keeps the rest for the next start', async () => {
  const server = await startModelPeer();
  const folder = temporaryFolder();
  const first = openOn(server, folder);
  await write(first, 30);
  await first.store.close();
  expectOnce(server, 30);
  await server.peer.goAway();
  const second = openOn(server, folder);
  await write(second, 30, 30);
  await failing(second);
  await second.store.close();
  await server.peer.listen();
  const third = openOn(server, folder);
  await shipped(third);
  expectOnce(server, 60);
});
