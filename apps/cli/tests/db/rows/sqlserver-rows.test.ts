// The statements of `db dupes`, `dedupe`, `unique`, `backfill` and `decompute` as a SQL Server gets them, word for word, and how the commands go
// along with what such a server answers. None has run on one yet.
import { ConsoleError, type Row } from '@scorpiox/shared/database/console';
import { expect, test } from 'vitest';
import { type Fill, keyText } from '../../../src/ops/db/backfill/fill.ts';
import { watchLoad } from '../../../src/ops/db/backfill/load.ts';
import { COUNT_BLOCKED, LOG_USED } from '../../../src/ops/db/backfill/sqlserver.ts';
import { textsOf as fillTextsOf } from '../../../src/ops/db/backfill/texts.ts';
import type { Conversion } from '../../../src/ops/db/decompute/conversion.ts';
import { widened } from '../../../src/ops/db/decompute/sqlserver.ts';
import { textsOf as conversionTextsOf } from '../../../src/ops/db/decompute/texts.ts';
import { removalIn } from '../../../src/ops/db/dedupe/action.ts';
import { textsOf } from '../../../src/ops/db/dedupe/texts.ts';
import { countKeys, countRows, worstKeys } from '../../../src/ops/db/dupes/texts.ts';
import { referrers, triggersOf } from '../../../src/ops/db/rows/dependents.ts';
import { rowIdentity } from '../../../src/ops/db/rows/identity.ts';
import type { Column, Table } from '../../../src/ops/db/rows/table.ts';
import { makeUniqueIndex } from '../../../src/ops/db/unique/action.ts';
import { planUnique } from '../../../src/ops/db/unique/plan.ts';
import {
  addHash,
  createIndex,
  dropColumn,
  dropIndex,
  ENGINE_EDITION,
  lockTable,
} from '../../../src/ops/db/unique/texts.ts';
import { makeUnique } from '../../../src/ops/db/unique/unique.ts';
import { Actions } from '../../../src/ops/plan/action.ts';
import { type Answers, fakeServer } from '../fake-server.ts';
import { NOBODY, value } from './support.ts';

const columnOf = (name: string, type: string, more: Partial<Column> = {}): Column => ({
  ...{ name, type, nullable: true, isComputed: false, isIdentity: false },
  ...more,
});

const TABLE: Table = {
  ...{ dialect: 'sqlserver', schema: 'dbo', name: 'App]Requests', quoted: '[dbo].[App]]Requests]' },
  columns: [
    columnOf('Id', 'bigint', { nullable: false, isIdentity: true }),
    columnOf('AppId', 'nvarchar(64)', { nullable: false }),
    columnOf('RequestId', 'uniqueidentifier'),
    columnOf('ReceivedAt', 'datetime2(7)'),
    columnOf('DurationMs', 'int', { isComputed: true, expression: 'x', isPersisted: false }),
    columnOf('Version', 'timestamp', { nullable: false }),
  ],
  primaryKey: ['Id'],
  indexes: [],
  ...{ rows: 900_000, isRowsExact: false, hasRowid: false },
};

const DATA = { key: ['AppId', 'RequestId'], by: null, id: 3, archive: 'App]Requests_duplicates_3' };
const removal = value(removalIn(TABLE, DATA));
const SPAN = { above: 0, upTo: 2_000 };
const INDEX = {
  ...{ table: TABLE, name: 'ux', columns: ['AppId', 'RequestId'] },
  ...{ ignoresDuplicates: true, isOnline: true },
};

const fillTexts = fillTextsOf(TABLE);
const conversionTexts = conversionTextsOf(TABLE);
const KEY = keyText(['2026-03-21 02:00:00.1234567', 42]);
const FILL: Fill = {
  ...{ id: 1, table: TABLE, column: columnOf('Copied', 'int'), expression: 'DATEDIFF(ms, 0, [Duration])' },
  identity: { columns: ['ReceivedAt', 'Id'], told: 'the primary key', isHidden: false },
};
const CONVERSION: Conversion = {
  ...{ table: TABLE, column: 'DurationMs', type: 'int', identity: rowIdentity(TABLE) ?? FILL.identity },
  expression: "DATEDIFF(millisecond, '00:00:00', [ReceivedAt])",
};

test('statements for SQL Server', async () => {
  const texts = textsOf(TABLE);
  const all = {
    'rows of a table': [countRows(TABLE)],
    'duplicates by a key': [countKeys(removal)],
    'the worst keys': [worstKeys(removal, 3, 30)],
    'foreign keys to the table': [referrers(TABLE)],
    'triggers on DELETE': [triggersOf(TABLE, 'DELETE')],
    'the table of removals': [texts.makeNotes('[dbo].[scorpiox_dedupes]')],
    'an archive': texts.makeArchive(removal),
    'the doomed': texts.makeDoomed(removal),
    'a batch goes': texts.remove(removal, SPAN),
    'a batch comes back': texts.putBack(removal, SPAN),
    'a table is dropped': [texts.dropTable('[dbo].[App]]Requests_doomed_3]')],
    'the edition': [ENGINE_EDITION],
    'the index': [createIndex(INDEX), createIndex({ ...INDEX, ignoresDuplicates: false, isOnline: false })],
    'the index is dropped': [dropIndex(INDEX)],
    'nobody else writes': lockTable(TABLE),
    'a hash of a long key': [
      addHash(TABLE, 'scorpiox_hash', TABLE.columns.slice(1, 4)),
      dropColumn(TABLE, 'scorpiox_hash'),
    ],
    'notes of backfills': [fillTexts.makeNotes, { text: fillTexts.now }],
    'the next batch': [fillTexts.upper(FILL, { last: undefined }, 500), fillTexts.upper(FILL, { last: KEY }, 500)],
    'a batch is set': [
      fillTexts.set(FILL, { last: undefined, upper: KEY }),
      fillTexts.set(FILL, { last: KEY, upper: KEY }),
      fillTexts.set({ ...FILL, identity: rowIdentity(TABLE) ?? FILL.identity }, { last: KEY, upper: KEY }),
    ],
    'rows that differ': [fillTexts.differing(FILL), fillTexts.tryOut(FILL)],
    'who waits': [{ text: COUNT_BLOCKED }, { text: LOG_USED }],
    'values that do not fit': [conversionTexts.misfits(CONVERSION)],
    'what uses a column': [conversionTexts.users(CONVERSION)],
    'the real column': [conversionTexts.addColumn(CONVERSION, 'DurationMs_scorpiox')],
    'rows that others write': conversionTexts.writers(CONVERSION, 'DurationMs_scorpiox'),
    'the swap': conversionTexts.swap(CONVERSION, 'DurationMs_scorpiox'),
    'computed again': [
      ...conversionTexts.dropWriters(CONVERSION),
      conversionTexts.dropColumn(CONVERSION, 'DurationMs'),
      conversionTexts.addComputed(CONVERSION, { type: 'int', expression: 'x', isPersisted: false, nullable: true }),
      conversionTexts.addComputed(CONVERSION, { type: 'int', expression: 'x', isPersisted: true, nullable: false }),
    ],
  };
  const file = Object.entries(all).map(([name, some]) => `-- ${name}\n${some.map(({ text }) => text).join('\n')}\n`);
  await expect(file.join('\n')).toMatchFileSnapshot('sqlserver-rows.sql');
});

test('rows are told apart by the primary key, else by a unique index without NULLs, else by an identity, else not at all', () => {
  const heap = { ...TABLE, primaryKey: [] };
  const index = { name: 'u', isUnique: true, ignoresDuplicates: false, isPrimaryKey: false, isDisabled: false };
  expect(rowIdentity(TABLE)?.told).toBe('the primary key');
  const unique = [
    { ...index, columns: ['RequestId'] }, // may be NULL
    { ...index, name: 'some', columns: ['AppId'], filter: '([AppId]>5)' },
    { ...index, name: 'off', columns: ['AppId'], isDisabled: true },
    { ...index, name: 'good', columns: ['AppId'] },
  ];
  expect(rowIdentity({ ...heap, indexes: unique })?.told).toBe('the unique index good');
  expect(rowIdentity(heap)?.told).toBe('the identity column Id');
  expect(rowIdentity({ ...heap, columns: TABLE.columns.slice(1) })).toBeUndefined();
  const refused = removalIn({ ...heap, columns: TABLE.columns.slice(1) }, DATA);
  expect(refused).toMatchObject({ ok: false, error: { kind: 'refused' } });
});

test('what SQL Server cannot compare is no part of a key', () => {
  const table = { ...TABLE, columns: [...TABLE.columns, columnOf('Body', 'xml')] };
  expect(removalIn(table, { ...DATA, key: ['Body'] })).toMatchObject({ ok: false, error: { kind: 'usage' } });
});

const ran = (rows: readonly Row[] = [], affected = 0) => ({ sets: [rows], affected, messages: [] });
const DUPLICATE = new ConsoleError('duplicate', 'The CREATE UNIQUE INDEX statement terminated', 1505);

/** Answers of a server that has this many duplicates left when it is looked. */
const removing = (doomed: number): Answers => [
  ['SELECT 1 AS one', ran([{ one: 1 }])],
  ['sys.foreign_keys', ran()],
  ['SELECT id, archive', ran([{ id: 3, archive: DATA.archive, state: 'removing' }])],
  ['COALESCE(MAX(n)', ran([{ last: doomed }])],
  ['DELETE x', ran([], doomed)],
  [/^(DROP|IF OBJECT_ID|SELECT ISNULL|CREATE UNIQUE CLUSTERED|UPDATE|SELECT TOP \(1\))/, ran()],
];

test('an edition that says it can build online and does not is asked again', async () => {
  const db = fakeServer([
    ['ONLINE = ON', new ConsoleError('refused', 'not in this edition', 1712)],
    ['CREATE UNIQUE NONCLUSTERED', ran()],
    ['SELECT id, archive', ran()],
  ]);
  expect(value(await makeUnique(db, INDEX, removal, NOBODY))).toEqual({ attempts: 1, late: 0 });
  expect(db.ran.map(({ text }) => text).filter((text) => text.startsWith('CREATE'))).toEqual([
    createIndex(INDEX).text,
    createIndex({ ...INDEX, isOnline: false }).text,
  ]);
});

test('after 1505, late duplicates go and the index is made where nobody else can write', async () => {
  let tries = 0;
  const db = fakeServer([
    [
      'CREATE UNIQUE NONCLUSTERED',
      () => {
        tries += 1;
        if (tries === 1) throw DUPLICATE;
        return [];
      },
    ],
    ...removing(7),
  ]);
  expect(value(await makeUnique(db, { ...INDEX, isOnline: false }, removal, NOBODY))).toEqual({
    attempts: 2,
    late: 28,
  });
  const texts = db.ran.map(({ text }) => text);
  const locked = texts.findIndex((text) => text.includes('WITH (TABLOCKX, HOLDLOCK)'));
  const [last = ''] = texts.filter((text) => text.startsWith('CREATE UNIQUE NONCLUSTERED')).slice(-1);
  expect(last).not.toContain('ONLINE');
  expect(locked).toBeGreaterThan(0);
  expect(texts.lastIndexOf(last)).toBeGreaterThan(locked);
});

test('it gives up where more duplicates than a batch come each time, and says so', async () => {
  const db = fakeServer([['CREATE UNIQUE NONCLUSTERED', DUPLICATE], ...removing(5_000)]);
  const made = await makeUnique(db, { ...INDEX, isOnline: false }, removal, NOBODY);
  expect(made).toMatchObject({ ok: false, error: { kind: 'try-again' } });
});

/** What the catalog and the counts say of a table of two columns, one of them long. */
const CATALOG = (indexes: readonly Row[], edition: number): Answers => {
  const shared = { scale: 0, precision: 0, is_nullable: 0, is_computed: 0, definition: null, is_persisted: null };
  const listed = { schema_name: 'dbo', name: 'Requests', type: 'U', is_ms_shipped: 0, own_schema: 'dbo' };
  return [
    ['FROM sys.objects', ran([listed])],
    [
      'FROM sys.columns',
      ran([
        { ...shared, name: 'Id', type_name: 'bigint', max_length: 8, is_identity: 1 },
        { ...shared, name: 'Url', type_name: 'nvarchar', max_length: -1, is_identity: 0 },
      ]),
    ],
    ['FROM sys.indexes', ran(indexes)],
    ['FROM sys.partitions', ran([{ n: 5 }])],
    ['AS "rows"', ran([{ rows: 5, groups: 0, excess: 0 }])],
    ['scorpiox_dedupes', new ConsoleError('no-such-object', 'Invalid object name', 208)],
    ['OBJECT_ID(', ran()],
    ['EngineEdition', ran([{ edition }])],
  ];
};

const means = (answers: Answers) => {
  const db = fakeServer(answers);
  return { db, actions: new Actions([makeUniqueIndex.with({ open: (_, use) => use(db) })]) };
};
const REQUEST = { table: 'Requests', key: ['Url'], by: undefined, index: undefined, ignoresDuplicates: true };

test('a key that is too long goes through a hash, and on an edition that can, others go on writing', async () => {
  const { db, actions } = means(CATALOG([], 3));
  const { plan, notes } = value(await planUnique(db, REQUEST, actions));
  expect(plan.steps.map(({ does }) => does)).toEqual([
    'Make the unique index ux_Requests_Url of dbo.Requests by scorpiox_hash_Url, a hash of Url, which skips inserts of a key that is there; others go on writing while it is made. Duplicates that come before it go into Requests_duplicates_1.',
  ]);
  expect(notes).toHaveLength(2);
  const { db: express, actions: its } = means(CATALOG([], 4));
  const [step] = value(await planUnique(express, { ...REQUEST, key: ['Id'] }, its)).plan.steps;
  expect(step?.does).toContain('by Id, which skips inserts of a key that is there; nobody else writes');
});

test('an index that is there without IGNORE_DUP_KEY is named with the statement that gives it that', async () => {
  const index = { is_unique: 1, ignore_dup_key: 0, is_primary_key: 0, is_disabled: 0, filter_definition: null };
  const { db, actions } = means(CATALOG([{ ...index, name: 'ux_id', column_name: 'Id' }], 4));
  const refused = await planUnique(db, { ...REQUEST, key: ['Id'] }, actions);
  expect(refused).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(refused.ok ? '' : refused.error.message).toContain('SET (IGNORE_DUP_KEY = ON)');
});

test('a server that takes IGNORE_DUP_KEY and forgets it is found out', async () => {
  const index = { is_unique: 1, ignore_dup_key: 0, is_primary_key: 0, is_disabled: 0, filter_definition: null };
  let isMade = false;
  const made = [{ ...index, name: 'ux_id', column_name: 'Id' }];
  const answers: Answers = [
    [
      'CREATE UNIQUE NONCLUSTERED',
      () => {
        isMade = true;
        return [];
      },
    ],
    ['FROM sys.indexes', () => (isMade ? made : [])],
    ...CATALOG([], 4),
  ];
  const { db, actions } = means(answers);
  const { plan } = value(await planUnique(db, { ...REQUEST, key: ['Id'], index: 'ux_id' }, actions));
  const action = plan.steps[0]?.action;
  const outcome = await (action === undefined ? undefined : actions.bind(action)?.perform());
  expect(outcome).toMatchObject({ ok: false, error: { kind: 'error' } });
  expect(outcome?.ok === false && outcome.error.message).toContain('without IGNORE_DUP_KEY');
});

test('what a server does not tell about its load is said, and nothing waits for it', async () => {
  const telling = fakeServer([
    ['dm_db_log_space_usage', ran([{ used: 71.5 }])],
    ['dm_exec_requests', ran([{ blocked: 2 }])],
  ]);
  const told = await watchLoad(telling);
  const silent = fakeServer([[/./, new ConsoleError('not-permitted', 'VIEW SERVER STATE', 300)]]);
  const untold = await watchLoad(silent);
  expect([await told.log(), await told.blocked(telling.run), told.untold]).toEqual([{ percent: 71.5 }, 2, []]);
  expect([await untold.log(), await untold.blocked(silent.run), untold.untold.length]).toEqual([{}, 0, 2]);
});

test('DATEDIFF is looked at by the one that does not overflow', () => {
  expect(widened("DATEDIFF(ms, '00:00', a) + datediff (ms, 0, b)")).toBe(
    "DATEDIFF_BIG(ms, '00:00', a) + DATEDIFF_BIG(ms, 0, b)",
  );
  expect(widened('MYDATEDIFF(1)')).toBe('MYDATEDIFF(1)');
});
