import { SqlServerError } from '@scorpiox/shared/database/sqlserver';
import { expect, test } from 'vitest';
import type { Store, SubmissionOutcome } from '../../../src/store/port.ts';
import type { Slice } from '../../../src/store/raw/raw-port.ts';
import { INSERT_LOOKING, INSERT_SKIPPING } from '../../../src/store/sqlserver/insert-events.ts';
import { REMOVE_METRICS } from '../../../src/store/sqlserver/purge.ts';
import { makeSqlServerStore } from '../../../src/store/sqlserver/store.ts';
import { identified, NOON, submission } from '../../helpers/events.ts';
import { total } from '../../helpers/metric-events.ts';
import { type StoreFixture, storeContract } from '../contract.ts';
import { metricsContract } from '../metrics-contract.ts';
import { overviewContract } from '../overview-contract.ts';
import { rawContract } from '../raw-contract.ts';
import { ModelServer } from './model.ts';

const SHOP = 2;
const BLOG = 1;

function openOn(server: ModelServer, warnings: string[] = []): Store {
  return makeSqlServerStore({
    sessions: server.sessions(),
    readers: server.sessions(),
    watcher: server.sessions(),
    raw: server.sessions(),
    warn: (message) => void warnings.push(message),
    pause: async () => {},
  });
}

const MODEL = "SQL Server's adapter, over a model that runs no SQL,";
async function openModel(): Promise<StoreFixture> {
  const server = new ModelServer();
  const store = openOn(server);
  const asking =
    <A extends unknown[], R>(ask: (slice: Slice, ...more: A) => R) =>
    (slice: Slice, ...more: A) => {
      server.query = slice.query;
      return ask(slice, ...more);
    };
  const { page, tally, values, ...raw } = store.raw;
  return {
    store: { ...store, raw: { ...raw, page: asking(page), tally: asking(tally), values: asking(values) } },
    shop: SHOP,
    blog: BLOG,
    openAnother: async () => openOn(server),
    addApp: async (name) => {
      const id = server.apps.size + 1;
      server.apps.set(id, name);
      return id;
    },
    countEvents: async () => server.eventCount,
    close: () => store.close(),
  };
}
storeContract(MODEL, openModel);
metricsContract(MODEL, openModel);
overviewContract(MODEL, openModel);
rawContract("SQL Server's adapter, over a model that reads no conditions,", openModel);

const stored = (accepted: number, duplicates = 0, refused: number[] = []): SubmissionOutcome => ({
  kind: 'stored',
  accepted,
  duplicates,
  refused,
});

async function requests(store: Store): Promise<number | undefined> {
  const span = { from: NOON / 60_000, to: NOON / 60_000 + 1, stepMinutes: 1 };
  return (await store.summarizeApps(span)).find(({ appId }) => appId === SHOP)?.requests;
}

const some = (count: number) => Array.from({ length: count }, (_, index) => identified({ id: String(index) }));

/** Throws that many times, then nothing. */
function times(count: number, error: Error): () => void {
  let left = count;
  return () => {
    if (left-- > 0) throw error;
  };
}

const deadlock = new SqlServerError('transient', 'chosen as the deadlock victim');
const lost = new SqlServerError('transient', 'Connection lost', true);

test('a deadlock is tried again, and counts once', async () => {
  const server = new ModelServer();
  server.beforeCommit = times(2, deadlock);
  const store = openOn(server);
  expect(await store.write([submission(SHOP, some(3))])).toEqual([stored(3)]);
  expect(await requests(store)).toBe(3);
});

test('a commit whose answer is lost is tried again, and nothing is there twice', async () => {
  const server = new ModelServer();
  server.afterCommit = times(1, lost);
  const store = openOn(server);
  expect(await store.write([submission(SHOP, some(3))])).toEqual([stored(0, 3)]);
  expect(server.eventCount).toBe(3);
  expect(await requests(store)).toBe(3);
});

test('a transaction that is tried again, committed or not, gives a total once', async () => {
  const server = new ModelServer();
  const store = openOn(server);
  const sum = async () => {
    const span = { from: NOON / 60_000, to: NOON / 60_000 + 5, stepMinutes: 5 };
    const { parts } = await store.readMetric({ appId: SHOP, name: 'm', unit: '', span, top: 1 });
    return parts[0]?.steps[0]?.sums.sum;
  };
  await store.write([submission(SHOP, [total(-60, 0, 5)])]);
  server.beforeCommit = times(2, deadlock);
  await store.write([submission(SHOP, [total(-60, 60, 9)])]);
  expect(await sum()).toBe(9);
  server.beforeCommit = () => {};
  server.afterCommit = times(1, lost);
  await store.write([submission(SHOP, [total(-60, 120, 20)])]);
  expect(await sum()).toBe(20);
});

test('a server that stays away is a failure that names the reason; nothing is refused', async () => {
  const server = new ModelServer();
  server.beforeCommit = times(Number.POSITIVE_INFINITY, lost);
  const store = openOn(server);
  const outcomes = await store.write([submission(SHOP, some(2)), submission(BLOG, some(1))]);
  const failed = { kind: 'failed', error: { name: 'StoreUnavailable', message: 'Connection lost' } };
  expect(outcomes).toMatchObject([failed, failed]);
  server.beforeCommit = () => {};
  expect(await store.write([submission(SHOP, some(2))])).toEqual([stored(2)]);
});

test.each([
  'missing table',
  'permission denied',
])('trouble of the server (%s) never costs an event', async (message) => {
  const server = new ModelServer();
  server.beforeCommit = times(1, new SqlServerError('unavailable', message));
  const store = openOn(server);
  expect(await store.write([submission(SHOP, some(2))])).toMatchObject([{ kind: 'failed', error: { message } }]);
  expect(server.eventCount).toBe(0);
});

test('values that the server refuses are found and named; the others are stored, once', async () => {
  const server = new ModelServer();
  server.refuses = ({ id }) => id === '7' || id === '31' || id === '32';
  const store = openOn(server);
  const outcomes = await store.write([submission(BLOG, some(3)), submission(SHOP, some(50))]);
  expect(outcomes).toEqual([stored(3), stored(47, 0, [7, 31, 32])]);
  expect(server.eventCount).toBe(50);
  expect(await requests(store)).toBe(47);
});

test('where the catalogue says that the index does not skip, statements look first, and the operator is told', async () => {
  const server = new ModelServer();
  server.index = { says: false, skips: false };
  const warnings: string[] = [];
  const store = openOn(server, warnings);
  await store.write([submission(SHOP, some(2))]);
  expect(await store.write([submission(SHOP, some(3))])).toEqual([stored(1, 2)]);
  expect(server.log).not.toContain(INSERT_SKIPPING);
  expect(warnings).toEqual([expect.stringContaining('IGNORE_DUP_KEY')]);
  expect(await store.health()).toMatchObject({ deduplication: 'not-exists' });
});

test('where the index stops skipping, the first duplicate shows it, and nothing fails', async () => {
  const server = new ModelServer();
  const warnings: string[] = [];
  const store = openOn(server, warnings);
  await store.write([submission(SHOP, some(2))]);
  expect(await store.health()).toMatchObject({ deduplication: 'index' });
  server.index = { says: true, skips: false };
  expect(await store.write([submission(SHOP, some(5))])).toEqual([stored(3, 2)]);
  expect(await requests(store)).toBe(5);
  expect(warnings).toHaveLength(1);
  expect(await store.health()).toMatchObject({ deduplication: 'not-exists' });
  await store.write([submission(SHOP, some(6))]);
  expect(server.log.filter((text) => text === INSERT_LOOKING).length).toBeGreaterThan(1);
});

test('rows that OUTPUT and the row count disagree on are not rolled up', async () => {
  const server = new ModelServer();
  server.outputLies = true;
  const store = openOn(server);
  expect(await store.write([submission(SHOP, some(2))])).toMatchObject([{ kind: 'failed' }]);
  expect(server.eventCount).toBe(0);
});

test('metrics without series are removed only while nobody writes some', async () => {
  const server = new ModelServer();
  const store = openOn(server);
  await store.write([submission(SHOP, [total(-60, 0, 5)])]);
  const purge = (before: number) => store.purge({ appId: SHOP, what: 'days', before });
  await purge(NOON - 1);
  expect(server.log).not.toContain(REMOVE_METRICS);
  await purge(NOON + 2 * 86_400_000);
  const at = server.log.lastIndexOf(REMOVE_METRICS);
  expect(server.log.slice(at - 1, at)).toEqual([expect.stringContaining('sp_getapplock')]);
});

test('health says what it can where the server tells no size', async () => {
  const server = new ModelServer();
  const sessions = server.sessions();
  const watcher = {
    ...sessions,
    run: async (statement: Parameters<typeof sessions.run>[0]) => {
      if (statement.text.includes('database_files')) throw new SqlServerError('unavailable', 'no such view');
      return sessions.run(statement);
    },
  };
  const store = makeSqlServerStore({
    sessions,
    readers: sessions,
    watcher,
    raw: sessions,
    warn: () => {},
    pause: async () => {},
  });
  expect(await store.health()).toMatchObject({ bytes: 0, deduplication: 'index' });
});

test.each([
  'beforeCommit',
  'afterCommit',
] as const)('a call is on the map once when its linking is lost %s', async (when) => {
  const server = new ModelServer();
  const store = openOn(server);
  const ids = { operationId: 'operation', name: 'call' };
  const caller = identified({ ...ids, kind: 'dependency', id: 'span' });
  const callee = identified({ ...ids, id: 'request', parentId: 'span' });
  await store.write([submission(SHOP, [caller]), submission(BLOG, [callee])]);
  server[when] = times(1, lost);
  while ((await store.linkCalls()) > 0);
  const edges = await store.askOverview('edges', { from: NOON / 60_000, to: NOON / 60_000 + 1 });
  expect(edges).toMatchObject([{ fromAppId: SHOP, toAppId: BLOG, count: 1 }]);
});
