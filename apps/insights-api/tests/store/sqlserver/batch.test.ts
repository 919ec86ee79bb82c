import { expect, test } from 'vitest';
import { RESOLUTIONS } from '../../../src/rollup/resolutions.ts';
import { APP_ROLLUPS } from '../../../src/store/overview/tables.ts';
import { addSumsText, type SumTable } from '../../../src/store/sqlserver/add-sums.ts';
import { PURGE_EVENTS, READ_DELETED } from '../../../src/store/sqlserver/deleted-events.ts';
import {
  countOldKeys,
  countOldRows,
  READ_OLD_COLUMNS,
  readOldRows,
} from '../../../src/store/sqlserver/import-source.ts';
import { INSERT_LOOKING, INSERT_SKIPPING, READ_DEDUPLICATION } from '../../../src/store/sqlserver/insert-events.ts';
import { CREATE_BATCH, INSERT_LOADED } from '../../../src/store/sqlserver/insert-loaded.ts';
import { FORGET_MARKS, READ_MARK, WRITE_MARK } from '../../../src/store/sqlserver/mark.ts';
import { READ_ACTIVE, READ_MEMORY } from '../../../src/store/sqlserver/metrics/memory.ts';
import { READ_METRICS } from '../../../src/store/sqlserver/metrics/read.ts';
import { METRIC_SUMS, METRIC_TABLES } from '../../../src/store/sqlserver/metrics/tables.ts';
import { READ_ENDS, READ_NEWEST_ENDS, WRITE_LINKED } from '../../../src/store/sqlserver/overview/link-calls.ts';
import { NAME_TEXTS } from '../../../src/store/sqlserver/overview/names.ts';
import {
  countText,
  NEW_GROUPS,
  OPERATION_TEXTS,
  READ_NEWEST,
  rangeText,
  TABLE_TEXTS,
} from '../../../src/store/sqlserver/overview/read.ts';
import { ADD_ENDS, WRITE_TEXTS } from '../../../src/store/sqlserver/overview/write.ts';
import { cutIntoRuns, place, prepareBatch, toJson } from '../../../src/store/sqlserver/prepare-batch.ts';
import { PURGE, PURGE_METRICS, PURGE_OVERVIEW, REMOVE_METRICS } from '../../../src/store/sqlserver/purge.ts';
import { READ_COUNTERS } from '../../../src/store/sqlserver/read-counters.ts';
import { READ_SIZE } from '../../../src/store/sqlserver/read-health.ts';
import { SUM_TABLES } from '../../../src/store/sqlserver/sums.ts';
import { identified, NOON, submission } from '../../helpers/events.ts';

/** Those of the pages of applications and the map. */
function overviewTexts(): Readonly<Record<string, string>> {
  const named = (prefix: string, texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([name, text]) => [`${prefix} ${name}`, text] as const);
  return Object.fromEntries([
    ...[...WRITE_TEXTS].flatMap(([table, texts]) => named(table, texts)),
    ...TABLE_TEXTS,
    ['app_rollup of one kind of all', rangeText({ table: APP_ROLLUPS, resolution: 1, kind: 'request' })],
    [
      'app_rollup of one kind, plain',
      rangeText({ table: APP_ROLLUPS, resolution: 1, appId: 1, kind: 'request', isPlain: true }),
    ],
    ...RESOLUTIONS.flatMap((resolution) => [
      ...named(`names by ${resolution} min,`, NAME_TEXTS[resolution]),
      [`events by step and ${resolution} min`, countText(resolution)] as const,
      ...named(`operations by ${resolution} min,`, OPERATION_TEXTS[resolution]),
    ]),
    ...Object.entries(PURGE_OVERVIEW).flatMap(([what, purged]) =>
      purged.map(({ text, table: { sqlserver } }) => [`purge ${what} of ${sqlserver}`, text] as const),
    ),
    ...Object.entries({ NEW_GROUPS, READ_NEWEST, ADD_ENDS, READ_NEWEST_ENDS, READ_ENDS, WRITE_LINKED }),
  ]);
}

// What a server gets to see changes only on purpose: docs/sql-server.md says which texts have run where.
test('the statements of the store are these', async () => {
  const texts = {
    READ_DEDUPLICATION,
    INSERT_SKIPPING,
    INSERT_LOOKING,
    CREATE_BATCH,
    'insert what was loaded, index skips': INSERT_LOADED.index,
    'insert what was loaded, statement looks': INSERT_LOADED['not-exists'],
    ...Object.fromEntries(
      Object.entries<SumTable>(SUM_TABLES).map(([name, table]) => [`add to ${name}`, addSumsText(table)]),
    ),
    READ_COUNTERS,
    READ_MEMORY,
    READ_ACTIVE,
    ...Object.fromEntries(
      [
        ...Object.values<SumTable>(METRIC_TABLES),
        ...Object.values(METRIC_SUMS).flatMap((tables) => Object.values(tables)),
      ].map((table) => [`add to ${table.table}`, addSumsText(table)]),
    ),
    ...Object.fromEntries(
      RESOLUTIONS.flatMap((resolution) =>
        Object.entries(READ_METRICS[resolution]).map(([name, text]) => [
          `read metrics: ${name}, ${resolution} min`,
          text,
        ]),
      ),
    ),
    ...overviewTexts(),
    READ_SIZE,
    ...Object.fromEntries(
      Object.entries(PURGE_METRICS).flatMap(([name, { sums, unseen }]) =>
        [...sums, ...unseen].map((text, index) => [`purge metrics: ${name} ${index + 1}`, text]),
      ),
    ),
    REMOVE_METRICS,
    PURGE_EVENTS,
    READ_DELETED,
    ...Object.fromEntries(
      Object.entries(PURGE).flatMap(([name, texts]) =>
        [texts].flat().map((text, index) => [`purge ${name} ${index + 1}`, text]),
      ),
    ),
    READ_MARK,
    WRITE_MARK,
    FORGET_MARKS,
    READ_OLD_COLUMNS,
    'count rows to be imported': countOldRows('dbo.Requests'),
    'count keys to be imported': countOldKeys('dbo.Requests', 'Id'),
    'read rows to be imported': readOldRows('dbo.Requests', 'Id', ['Timestamp', 'odd]name']),
  };
  const all = Object.entries(texts).map(([name, text]) => `-- ${name}\n${text.trim()}\n`);
  await expect(all.join('\n')).toMatchFileSnapshot('statements.sql');
});

const at = (milliseconds: number, id: string) => identified({ id, time: new Date(NOON + milliseconds).toISOString() });

test('a batch has each identity once, the first, and is sorted as the index is', () => {
  const batch = prepareBatch([
    submission(9, [at(5, 'late'), at(0, 'early'), at(5, 'late')]),
    submission(3, [at(7, 'other'), at(0, 'early')]),
    submission(9, [at(0, 'early')]),
  ]);
  expect(batch.map(({ submission: from, index }) => place(from, index))).toEqual(['1/1', '1/0', '0/1', '0/0']);
  expect(new Set(batch.map(({ key }) => key)).size).toBe(4);
});

test('events of one moment are sorted by the bytes of their hash', () => {
  const batch = prepareBatch([
    submission(
      1,
      Array.from({ length: 50 }, (_, index) => at(0, String(index))),
    ),
  ]);
  const hashes = batch.map(({ row }) => row.hash);
  expect(hashes).toEqual(hashes.toSorted());
  expect(hashes[0]).toMatch(/^[0-9a-f]{32}$/);
});

test('events that are to be left out, or have no whole hash, are left out', () => {
  const short = { ...at(0, 'short'), hash: new Uint8Array(15) };
  const batch = prepareBatch([submission(1, [at(0, 'a'), short, at(0, 'b')])], new Set(['0/2']));
  expect(batch.map(({ index }) => index)).toEqual([0]);
});

test('a row has its times in microseconds, maps as JSON, and nothing that is absent', () => {
  const event = identified({
    time: '2026-11-20T12:00:00.123456789Z',
    durationMs: 12,
    success: false,
    message: 'ünïcode "quoted" \u{1F600}',
    properties: { b: '2', a: '1' },
  });
  const [first] = prepareBatch([submission(4, [event])]);
  expect(first && JSON.parse(toJson(first.row))).toEqual({
    app_id: 4,
    hash: Buffer.from(event.hash).toString('hex'),
    received_at: NOON,
    time: NOON * 1000 + 123_456,
    time_ns: 789,
    kind: 'request',
    name: 'GET /',
    weight: 1,
    duration_ms: 12,
    duration_us: 12_000,
    success: 0,
    message: 'ünïcode "quoted" \u{1F600}',
    properties: '{"a":"1","b":"2"}',
  });
});

test('runs keep to both limits, and a row that is too long by itself still goes', () => {
  const lengths = (sizes: number[], rows: number, characters: number) =>
    cutIntoRuns(
      sizes.map((size) => 'x'.repeat(size)),
      { rows, characters },
    ).map((run) => run.map((text) => text.length));
  expect(lengths([1, 1, 1, 1, 1], 2, 100)).toEqual([[1, 1], [1, 1], [1]]);
  expect(lengths([4, 4, 4, 50, 1, 9], 10, 10)).toEqual([[4, 4], [4], [50], [1, 9]]);
  expect(lengths([], 10, 10)).toEqual([]);
});
