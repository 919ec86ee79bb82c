import { makeSessions, SqlServerError, type Statement } from '@scorpiox/shared/database/sqlserver';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BULK_ROWS } from '../../../src/limits.ts';
import type { Store } from '../../../src/store/port.ts';
import { CREATE_BATCH, INSERT_LOADED, loadOf } from '../../../src/store/sqlserver/insert-loaded.ts';
import { prepareBatch } from '../../../src/store/sqlserver/prepare-batch.ts';
import { openSqlServerStore } from '../../../src/store/sqlserver/store.ts';
import { identified, NOON, submission } from '../../helpers/events.ts';
import { type ModelPeer, SHOP, startModelPeer } from '../../tds/model-backend.ts';
import { Refused } from '../../tds/peer.ts';

// The real driver's bulk load over the wire, against a peer that takes it apart and runs no SQL.

vi.setConfig({ testTimeout: 120_000 });

const MANY = BULK_ROWS + 100;
const some = (count: number) => Array.from({ length: count }, (_, index) => identified({ id: String(index) }));

function openOn({ location }: ModelPeer): { readonly store: Store; readonly warnings: string[] } {
  const warnings: string[] = [];
  const store = openSqlServerStore(location, (message) => void warnings.push(message));
  onTestFinished(() => store.close());
  return { store, warnings };
}

const stored = (accepted: number, duplicates = 0, refused: number[] = []) => [
  { kind: 'stored', accepted, duplicates, refused },
];

/** Everything that went in is rolled up, once. */
function expectOnce({ model }: ModelPeer, count: number): void {
  expect([model.eventCount, model.rolledUp(SHOP)]).toEqual([count, count]);
}

test('many events go in bulk, few do not; both count what really went in', async () => {
  const server = await startModelPeer();
  const { store, warnings } = openOn(server);
  expect(await store.write([submission(SHOP, some(10))])).toEqual(stored(10));
  expect(server.peer.loads).toEqual([]);
  expect(await store.write([submission(SHOP, some(MANY))])).toEqual(stored(MANY - 10, 10));
  expect(server.peer.loads.map(({ rows }) => rows.length)).toEqual([MANY]);
  expectOnce(server, MANY);
  // The table of the session is gone: the next one can be made.
  expect(await store.write([submission(SHOP, some(MANY))])).toEqual(stored(0, MANY));
  expect([server.peer.loads.length, warnings]).toEqual([2, []]);
});

test('what is announced has each type named, what follows describes itself likewise, and the values are whole', async () => {
  const server = await startModelPeer();
  const { store } = openOn(server);
  const rich = identified({
    id: 'rich',
    time: '2026-11-20T11:59:00.123456789Z',
    durationMs: 12.5,
    success: false,
    message: `ünïcode "quoted" \u{1F600} ${'long '.repeat(3_000)}`,
    severity: 'warning',
    value: -0.1,
    properties: { b: '2' },
  });
  await store.write([submission(SHOP, [rich, ...some(MANY)])]);
  const [announced = ''] = server.peer.announced;
  // The text that makes the table is pinned in statements.sql.
  const made = [...CREATE_BATCH.matchAll(/^ {2}(\[.*?) (?:NOT )?NULL/gm)].map(([, column]) => column);
  expect(announced).toBe(`insert bulk [#scorpiox_batch](${made.join(', ')})`);
  const [{ columns, rows } = { columns: [], rows: [] }] = server.peer.loads;
  expect(columns.map(({ name, type }) => `[${name}] ${type}`).join(', ')).toBe(made.join(', '));
  expect(columns.filter(({ nullable }) => !nullable).map(({ name }) => name)).toEqual([
    'n',
    'app_id',
    'hash',
    'received_at',
  ]);
  const first = Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]?.[index]]));
  expect(first).toMatchObject({
    n: 0, // the earliest: the batch is sorted
    app_id: SHOP,
    hash: Buffer.from(rich.hash),
    received_at: NOON,
    time: (NOON - 60_000) * 1000 + 123_456,
    time_ns: 789,
    kind: 'request',
    duration_ms: 13,
    duration_us: 12_500,
    success: 0,
    message: rich.event.message,
    severity: 'warning',
    value: -0.1,
    properties: '{"b":"2"}',
    code: null,
    measurements: null,
  });
});

test.each([
  ['in the middle of the rows', (peer: ModelPeer['peer']) => peer.cutBulkOnce()],
  ['before the rows are taken', (peer: ModelPeer['peer']) => dropOnce(peer, 'drop-before')],
  ['by a deadlock', (peer: ModelPeer['peer']) => dropOnce(peer, new Refused(1205, 'Deadlock.', 13))],
])('a load that is cut off %s goes again, and is there once', async (_when, cut) => {
  const server = await startModelPeer();
  cut(server.peer);
  const { store, warnings } = openOn(server);
  expect(await store.write([submission(SHOP, some(MANY))])).toEqual(stored(MANY));
  expectOnce(server, MANY);
  expect([server.peer.loads.length, warnings]).toEqual([1, []]);
});

function dropOnce(peer: ModelPeer['peer'], mishap: 'drop-before' | Refused): void {
  let left = 1;
  peer.mishap = ({ text }) => (text === 'BULK' && left-- > 0 ? mishap : undefined);
}

test('a server that says nothing to the rows is given up after the time of any statement', async () => {
  const { location, peer } = await startModelPeer();
  peer.mishap = ({ text }) => (text === 'BULK' ? 'silence' : undefined);
  const sessions = makeSessions(location, { size: 1, requestTimeoutMs: 1_000 });
  onTestFinished(() => sessions.close());
  const [event] = prepareBatch([submission(SHOP, some(1))]);
  const statement: Statement = { text: INSERT_LOADED.index, load: loadOf(event === undefined ? [] : [event]) };
  await expect(sessions.transaction((run) => run(statement))).rejects.toMatchObject({ kind: 'transient' });
});

test('a value that only the bulk load refuses costs no event: they go as JSON', async () => {
  const server = await startModelPeer();
  dropOnce(server.peer, new Refused(4815, 'Received an invalid column length from the bcp client.'));
  const { store, warnings } = openOn(server);
  expect(await store.write([submission(SHOP, some(MANY))])).toEqual(stored(MANY));
  expectOnce(server, MANY);
  // The next batch has other values.
  await store.write([submission(SHOP, some(MANY))]);
  expect([server.peer.loads.length, warnings]).toEqual([1, []]);
});

test('a server that takes no bulk loads gets JSON from then on, and the operator is told once', async () => {
  const server = await startModelPeer();
  server.model.refusesBulk = new SqlServerError('unavailable', 'INSERT BULK is not supported.');
  const { store, warnings } = openOn(server);
  expect(await store.write([submission(SHOP, some(MANY))])).toEqual(stored(MANY));
  expect(await store.write([submission(SHOP, some(MANY + 5))])).toEqual(stored(5, MANY));
  expectOnce(server, MANY + 5);
  expect(server.peer.loads).toHaveLength(1);
  expect(warnings).toEqual([expect.stringMatching(/takes no bulk load \(INSERT BULK is not supported\.\)/)]);
});

test('a server that takes nothing for a while takes bulk loads afterwards', async () => {
  const server = await startModelPeer();
  const full = new Refused(9002, 'The transaction log is full.', 17);
  server.peer.mishap = ({ text }) => (text === 'BULK' || text.includes('OPENJSON(@events)') ? full : undefined);
  const { store, warnings } = openOn(server);
  expect(await store.write([submission(SHOP, some(MANY))])).toMatchObject([{ kind: 'failed' }]);
  server.peer.mishap = () => undefined;
  expect(await store.write([submission(SHOP, some(MANY))])).toEqual(stored(MANY));
  expectOnce(server, MANY);
  expect([server.peer.loads.length, warnings]).toEqual([1, []]);
});

test('values that the server refuses are found among many, and the others are stored', async () => {
  const server = await startModelPeer();
  server.model.refuses = ({ id }) => id === '7' || id === '3050';
  const { store, warnings } = openOn(server);
  expect(await store.write([submission(SHOP, some(MANY))])).toEqual(stored(MANY - 2, 0, [7, 3050]));
  expectOnce(server, MANY - 2);
  expect(warnings).toEqual([]);
});

test('an index that does not skip is looked at by the statement that takes what was loaded', async () => {
  const server = await startModelPeer();
  server.model.index = { says: true, skips: false };
  const { store, warnings } = openOn(server);
  await store.write([submission(SHOP, some(5))]);
  expect(await store.write([submission(SHOP, some(MANY))])).toEqual(stored(MANY - 5, 5));
  expectOnce(server, MANY);
  expect(warnings).toEqual([expect.stringContaining('IGNORE_DUP_KEY')]);
});
