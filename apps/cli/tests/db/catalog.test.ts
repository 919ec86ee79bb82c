import { join } from 'node:path';
import { type Console, openConsole } from '@scorpiox/shared/database/console';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { columnsOf, describeTable } from '../../src/ops/db/catalog/describe.ts';
import { generatedExpressions } from '../../src/ops/db/catalog/generated.ts';
import { parseColumns, parseTableName, quoteName, quoteText } from '../../src/ops/db/catalog/names.ts';
import { uniqueIndexOn } from '../../src/ops/db/catalog/table.ts';
import { temporaryFolder } from '../support/scorpiox.ts';
import { fakeServer } from './fake-server.ts';

async function scratch(...texts: readonly string[]): Promise<Console> {
  const file = join(await temporaryFolder(), 'scratch.db');
  const opened = await openConsole(
    { kind: 'sqlite', file },
    { tell: () => undefined, lockTimeoutMs: 100, create: true },
  );
  if (!opened.ok) throw opened.error;
  onTestFinished(() => opened.value.close());
  for (const text of texts) await opened.value.run({ text });
  return opened.value;
}

async function described(db: Console, name: string) {
  const table = await describeTable(db, name);
  if (!table.ok) throw new Error(table.error.message);
  return table.value;
}

test('a table of SQLite: columns, keys, indexes, rows', async () => {
  const db = await scratch(
    `CREATE TABLE event (
      id INTEGER PRIMARY KEY, app TEXT NOT NULL, "a ""b, c" TEXT, duration TEXT,
      ms INT GENERATED ALWAYS AS (CAST(substr(duration, 1, (2)) AS int) * 1000) STORED, -- a comment, with a comma
      [half] REAL AS (ms / 2.0), CHECK (app <> ')'))`,
    'CREATE UNIQUE INDEX event_key ON event (app, duration)',
    'CREATE INDEX event_some ON event (lower(app), ms) WHERE ms > 5',
    "INSERT INTO event (app, duration) VALUES ('shop', '01'), ('shop', '02')",
  );
  const table = await described(db, 'EVENT');
  expect(table).toMatchObject({ name: 'event', quoted: '"event"', rows: 2, isRowsExact: true, hasRowid: true });
  expect(table.primaryKey).toEqual(['id']);
  expect(table.columns).toEqual([
    { name: 'id', type: 'INTEGER', nullable: false, isComputed: false, isIdentity: true },
    { name: 'app', type: 'TEXT', nullable: false, isComputed: false, isIdentity: false },
    { name: 'a "b, c', type: 'TEXT', nullable: true, isComputed: false, isIdentity: false },
    { name: 'duration', type: 'TEXT', nullable: true, isComputed: false, isIdentity: false },
    {
      name: 'ms',
      type: 'INT',
      nullable: true,
      isComputed: true,
      isPersisted: true,
      expression: 'CAST(substr(duration, 1, (2)) AS int) * 1000',
      isIdentity: false,
    },
    {
      name: 'half',
      type: 'REAL',
      nullable: true,
      isComputed: true,
      isPersisted: false,
      expression: 'ms / 2.0',
      isIdentity: false,
    },
  ]);
  const plain = { ignoresDuplicates: false, isPrimaryKey: false, isDisabled: false };
  expect(table.indexes).toEqual([
    { ...plain, name: 'event_key', isUnique: true, columns: ['app', 'duration'] },
    { ...plain, name: 'event_some', isUnique: false, columns: ['', 'ms'], filter: 'ms > 5' },
    { ...plain, name: 'PRIMARY KEY', isUnique: true, isPrimaryKey: true, columns: ['id'] },
  ]);
  expect(uniqueIndexOn(table, ['Duration', 'app'])?.name).toBe('event_key');
  expect(uniqueIndexOn(table, ['app'])).toBeUndefined();
});

test('a table of SQLite without row ids', async () => {
  const db = await scratch('CREATE TABLE kv (b TEXT, a TEXT, v, PRIMARY KEY (a, b)) WITHOUT ROWID');
  const table = await described(db, 'kv');
  expect(table).toMatchObject({ primaryKey: ['a', 'b'], hasRowid: false });
  expect(table.indexes).toMatchObject([{ isPrimaryKey: true, isUnique: true, columns: ['a', 'b'] }]);
});

test('what is no table is told, with the one that was probably meant', async () => {
  const db = await scratch('CREATE TABLE requests (a)', 'CREATE VIEW slow AS SELECT * FROM requests');
  const failure = async (name: string) => {
    const table = await describeTable(db, name);
    return table.ok ? undefined : table.error.message;
  };
  expect(await failure('reqests')).toBe(`There is no table reqests in ${db.name}. Did you mean requests?`);
  expect(await failure('unlike')).toBe(`There is no table unlike in ${db.name}.`);
  expect(await failure('slow')).toContain('is a view');
  expect(await failure('sqlite_schema')).toContain("the database's own");
  expect(await failure('dbo.requests')).toBe('SQLite has no schemas: say requests.');
  expect(await failure('a.b.c')).toContain('is no name of a table');
  const table = await described(db, 'requests');
  expect(columnsOf(table, ['a', 'b'])).toMatchObject({
    ok: false,
    error: { message: 'requests has no column b. It has a.' },
  });
  expect(columnsOf(table, ['a', 'A'])).toMatchObject({ ok: false, error: { message: 'a is named twice.' } });
  expect(columnsOf(table, ['A'])).toMatchObject({ ok: true, value: [{ name: 'a' }] });
});

test('a table of SQL Server', async () => {
  const column = {
    max_length: 4,
    precision: 10,
    scale: 0,
    is_nullable: 0,
    is_identity: 0,
    is_computed: 0,
    definition: null,
    is_persisted: null,
  };
  const index = { is_unique: 1, ignore_dup_key: 0, is_primary_key: 0, is_disabled: 0, filter_definition: null };
  const db = fakeServer([
    [
      'FROM sys.objects',
      [
        { schema_name: 'dbo', name: 'Requests', type: 'U', is_ms_shipped: 0, own_schema: 'dbo' },
        { schema_name: 'app', name: 'Requests', type: 'U', is_ms_shipped: 0, own_schema: 'dbo' },
      ],
    ],
    [
      'FROM sys.columns',
      [
        { ...column, name: 'Id', type_name: 'bigint', is_identity: 1 },
        { ...column, name: 'Name', type_name: 'nvarchar', max_length: 128, is_nullable: 1 },
        { ...column, name: 'Body', type_name: 'varbinary', max_length: -1 },
        { ...column, name: 'At', type_name: 'datetime2', scale: 3 },
        {
          ...column,
          name: 'DurationMs',
          type_name: 'int',
          is_computed: 1,
          definition: '(datediff(a)+(b))',
          is_persisted: 0,
        },
      ],
    ],
    [
      'FROM sys.indexes',
      [
        { ...index, name: 'PK_Requests', is_primary_key: 1, column_name: 'Id' },
        { ...index, name: 'UX', ignore_dup_key: 1, column_name: 'At' },
        { ...index, name: 'UX', ignore_dup_key: 1, column_name: 'Name' },
      ],
    ],
    ['FROM sys.partitions', [{ n: 900_000 }]],
  ]);
  const table = await described(db, 'requests');
  expect(table).toMatchObject({
    schema: 'dbo',
    name: 'Requests',
    quoted: '[dbo].[Requests]',
    primaryKey: ['Id'],
    rows: 900_000,
    isRowsExact: false,
  });
  expect(table.columns.map(({ type }) => type)).toEqual([
    'bigint',
    'nvarchar(64)',
    'varbinary(max)',
    'datetime2(3)',
    'int',
  ]);
  expect(table.columns.at(-1)).toMatchObject({ isComputed: true, expression: 'datediff(a)+(b)', isPersisted: false });
  expect(uniqueIndexOn(table, ['name', 'at'])).toMatchObject({ name: 'UX', ignoresDuplicates: true });
  expect(db.ran.slice(1).map(({ parameters }) => parameters)).toEqual(Array(3).fill({ table: '[dbo].[Requests]' }));
});

test('names go into statements quoted, whatever is in them', () => {
  expect(quoteName('sqlite', 'a"; DROP TABLE b; --')).toBe('"a""; DROP TABLE b; --"');
  expect(quoteName('sqlserver', 'a]; DROP TABLE b; --')).toBe('[a]]; DROP TABLE b; --]');
  expect(quoteText('sqlserver', "o'x")).toBe("N'o''x'");
  expect(parseColumns(' time, user,')).toEqual(['time', 'user']);
  expect(parseTableName('[a.b].[c]]d]')).toEqual({ ok: true, value: { schema: 'a.b', name: 'c]d' } });
  expect(parseTableName('"a ""x"".y"')).toEqual({ ok: true, value: { name: 'a "x".y' } });
  for (const wrong of ['', '.', 'a.', '.a', 'a..b', '[a', 'a]b', '[a]b'])
    expect(parseTableName(wrong).ok, wrong).toBe(false);
});

test('every name comes back out of its quotes', () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(name, name, (schema, table) => {
      const written = `${quoteName('sqlserver', schema)}.${quoteName('sqlite', table)}`;
      expect(parseTableName(written)).toEqual({ ok: true, value: { schema, name: table } });
    }),
  );
});

test('expressions are read out of a definition however it is written', () => {
  const sql = `CREATE TABLE "t (x" (a TEXT DEFAULT ')', b AS (a || ',' /* ) */ || '(') VIRTUAL NOT NULL, \`c\` INT GENERATED ALWAYS AS(length(a)),
    d TEXT CHECK (d AS_NOT (1)), PRIMARY KEY (a))`;
  expect(Object.fromEntries(generatedExpressions(sql))).toEqual({ b: "a || ',' /* ) */ || '('", c: 'length(a)' });
});
