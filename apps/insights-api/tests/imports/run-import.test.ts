import type { ImportState } from '@scorpiox/shared/contract';
import { expect, test } from 'vitest';
import { mapColumns } from '../../src/imports/columns.ts';
import { readRow } from '../../src/imports/read-row.ts';
import { type RunDeps, runImport } from '../../src/imports/run-import.ts';
import { FIRST_KEY, type ImportSource, LAST_KEY, type SourceRow } from '../../src/imports/source.ts';
import { makeSqlServerStore } from '../../src/store/sqlserver/store.ts';
import { WorkBoard } from '../../src/work/board.ts';
import { NOON } from '../helpers/events.ts';
import { ModelServer } from '../store/sqlserver/model.ts';

const REQUEST = { source: 'old.db', table: 'Requests', app: 'shop' };

function mapOf(columns: readonly string[], request = {}) {
  const map = mapColumns({ ...REQUEST, ...request }, columns, 'Id');
  if (!map.ok) throw new Error(map.error.message);
  return map.value;
}

test('usual names are found whatever their case, the best one of several; the number of a row is nobody’s id', () => {
  const map = mapOf(['ID', 'DURATIONMS', 'duration', 'TimeStamp', 'Operation', 'Name', 'AppName', 'Success']);
  const named = Object.fromEntries(Object.entries(map.fields).map(([field, place]) => [field, map.columns[place]]));
  expect(named).toEqual({ time: 'TimeStamp', name: 'Name', duration: 'duration', success: 'Success' });
  expect(map.ignored).toEqual(['DURATIONMS', 'Operation', 'AppName']);
});

test('a column that is named goes before a usual one, also for what has no usual name', () => {
  const map = mapOf(['Id', 'Time', 'Name', 'Elapsed', 'Duration', 'ItemId', 'Host'], {
    columns: { duration: 'elapsed', id: 'ItemId' },
    properties: ['host'],
  });
  const read = readRow(map, 'dependency', ['2026-03-21 10:00:00.1234567', 'sql', 1500n, 'abc', 'web1']);
  expect(map.columns).toEqual(['Time', 'Name', 'Elapsed', 'ItemId', 'Host']);
  expect(read).toMatchObject({
    ok: true,
    value: {
      event: {
        kind: 'dependency',
        id: 'abc',
        durationMs: 1500,
        timeUs: 456,
        timeNs: 700,
        properties: { Host: 'web1' },
      },
    },
  });
});

test('values are taken as databases write them', () => {
  const map = mapOf(['Time', 'Name', 'Kind', 'Success', 'Severity', 'Value', 'ItemCount', 'Duration']);
  const row = (values: Record<string, string | number | bigint>) =>
    readRow(
      map,
      'request',
      map.columns.map((name) => ({ Time: '2026-03-21T10:00:00+02:00', Name: 'x', ...values })[name] ?? null),
    );
  expect(row({ Kind: 'PageView', Success: 'False', Severity: '3', Value: '1.5', ItemCount: 10n })).toMatchObject({
    value: { event: { kind: 'pageView', success: false, severity: 'error', value: 1.5, weight: 10 } },
  });
  expect(row({ Duration: '-00:00:01', Success: 1n })).toMatchObject({
    value: { event: { durationMs: 0, success: true, adjustments: [{ what: 'negative' }] } },
  });
  expect(row({ Kind: 'constructor' })).toMatchObject({ error: { reason: 'unknown-kind' } });
  expect(row({ Success: 'constructor' })).toMatchObject({ error: { reason: 'wrong-type' } });
  expect(row({ Kind: 'metric' })).toMatchObject({ error: { reason: 'missing-field' } });
});

/** A run over rows with these keys, one a page, into a store that takes everything. */
function setUp(keys: readonly bigint[], onWrite: () => void = () => {}) {
  const rows: SourceRow[] = keys.map((key) => ({ key, cells: ['2026-11-20T11:00:00Z', `row ${key}`] }));
  const asked: bigint[] = [];
  const source: ImportSource = {
    describe: () => Promise.reject(new Error('not asked for')),
    async page(from) {
      asked.push(from);
      return rows.filter(({ key }) => key >= from).slice(0, 1);
    },
    count: async () => rows.length,
    close: async () => {},
  };
  const states: ImportState[] = [];
  const stop = new AbortController();
  const board = new WorkBoard(() => NOON);
  const deps: RunDeps = {
    source,
    reading: {
      map: mapOf(['Time', 'Name']),
      kind: 'request',
      app: 'shop',
      owners: new Map([['shop', { id: 1, keptMs: 1e10 }]]),
    },
    store: {
      async write(submissions) {
        onWrite();
        if (states.length === 1) stop.abort();
        return submissions.map(({ events }) => ({
          kind: 'stored',
          accepted: events.length,
          duplicates: 0,
          refused: [],
        }));
      },
    },
    work: board.begin('import'),
    save: (state) => states.push(state),
    now: () => NOON,
    pause: async () => {},
    signal: stop.signal,
  };
  return { deps, states, asked };
}

const BEGUN: ImportState = {
  id: 'x',
  source: 'old.db',
  table: 'Requests',
  key: 'Id',
  next: String(FIRST_KEY),
  columns: {},
  ignored: [],
  rows: { before: 3, after: null },
  stored: { before: 0, after: null },
  read: 0,
  accepted: 0,
  duplicates: 0,
  leftOut: {},
  examples: [],
  starts: 1,
  startedAt: '',
  finishedAt: null,
  problem: null,
};

test('told to stop, it notes the page under way; the next start goes on behind it, to the highest key there is', async () => {
  const keys = [FIRST_KEY, 7n, LAST_KEY];
  const first = setUp(keys);
  expect(await runImport(BEGUN, first.deps)).toBe(false);
  expect(first.states.map(({ next, read }) => [next, read])).toEqual([
    [String(FIRST_KEY + 1n), 1],
    ['8', 2],
  ]);
  const second = setUp(keys);
  expect(await runImport(first.states.at(-1) ?? BEGUN, second.deps)).toBe(true);
  expect(second.asked).toEqual([8n]);
  expect(second.states.at(-1)).toMatchObject({ read: 3, accepted: 3 });
});

test('into a SQL Server (a model of one, that runs no SQL): rows that are one event count once, across pages too', async () => {
  const server = new ModelServer();
  const store = makeSqlServerStore({
    sessions: server.sessions(),
    readers: server.sessions(),
    watcher: server.sessions(),
    raw: server.sessions(),
    warn: () => {},
    pause: async () => {},
  });
  const { deps, states } = setUp([1n, 2n, 3n]);
  // The second row says what the first did.
  const page: ImportSource['page'] = async (from, columns) =>
    (await deps.source.page(from, columns)).map(({ key, cells }) =>
      key === 2n ? { key, cells: [cells[0] ?? null, 'row 1'] } : { key, cells },
    );
  expect(await runImport(BEGUN, { ...deps, source: { ...deps.source, page }, store })).toBe(true);
  expect(states.at(-1)).toMatchObject({ read: 3, accepted: 2, duplicates: 1 });
  expect(server.eventCount).toBe(2);
  await store.close();
});

test('what is left takes as long as the part that this process did, not as what another did before it', () => {
  let now = NOON;
  const board = new WorkBoard(() => now);
  const work = board.begin('import', undefined, 0.8);
  now += 10_000;
  work.progress(0.8);
  expect(board.states()[0]).toMatchObject({ percent: 80, secondsLeft: null });
  work.progress(0.9);
  expect(board.states()[0]).toMatchObject({ percent: 90, secondsLeft: 10 });
});
