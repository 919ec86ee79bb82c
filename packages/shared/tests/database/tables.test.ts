import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../src/database/sqlite/schema.ts';
import { MIGRATIONS as SERVER_MIGRATIONS } from '../../src/database/sqlserver/schema.ts';
import { INSIGHTS_TABLES } from '../../src/database/tables/index.ts';

/** What a database has for itself, which does not move with it. */
const OWN = ['migrations', 'leases', 'api_processes', 'size_samples'];
const OWN_ON_SERVER = ['ingest_key', 'lease', 'api_process', 'size_sample', 'spool'];

function embedded(): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  for (const { sql, move } of MIGRATIONS) {
    db.exec(sql);
    move?.(db, () => {});
  }
  return db;
}

const strings = (rows: readonly Record<string, unknown>[], column: string) => rows.map((row) => String(row[column]));

describe('the tables as they are told of are those that the migrations of SQLite make', () => {
  const db = embedded();

  test('all of them', () => {
    const there = strings(
      db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all(),
      'name',
    );
    const told = INSIGHTS_TABLES.map(({ sqlite }) => sqlite);
    expect([...told, ...OWN].toSorted()).toEqual([...there, 'migrations'].toSorted());
  });

  test.each(INSIGHTS_TABLES.map((table) => [table.sqlite, table] as const))('%s', (name, {
    columns,
    key,
    ...table
  }) => {
    const there = db.prepare('SELECT name, type, pk FROM pragma_table_info(?)').all(name);
    const types = { INTEGER: 'int', REAL: 'real', TEXT: 'text', BLOB: 'bytes' } as const;
    const told = columns.map((column) => ({ name: column.name, type: column.type }));
    const order = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(told.toSorted(order)).toEqual(
      there
        .map((row) => ({ name: String(row.name), type: types[String(row.type) as keyof typeof types] }))
        .toSorted(order),
    );
    const keyed = there.filter((row) => Number(row.pk) > 0).toSorted((a, b) => Number(a.pk) - Number(b.pk));
    expect(key).toEqual(strings(keyed, 'name'));
    const leading = [...table.within, ...(table.along === undefined ? [] : [table.along])];
    expect(key.slice(0, leading.length)).toEqual(leading);
  });
});

describe('and of SQL Server', () => {
  const texts = SERVER_MIGRATIONS.flatMap(({ statements }) =>
    statements.map((statement) => (typeof statement === 'string' ? statement : statement.text)),
  );

  /** Columns with their types, by table, as CREATE TABLE and ALTER TABLE … ADD say; computed ones are none of ours. */
  const there = new Map<string, Map<string, string>>();
  for (const text of texts) {
    const made = /^CREATE TABLE (dbo\.\w+) \(\n([\s\S]*)\n\);$/.exec(text);
    const columns = new Map<string, string>();
    for (const [, column, type] of (made?.[2] ?? '').matchAll(/^ {2}\[?(\w+)\]? ([a-z]+(?:\([\w]+\))?)/gm)) {
      if (column !== undefined && type !== undefined && column !== 'PRIMARY') columns.set(column, type);
    }
    if (made?.[1] !== undefined) there.set(made[1], columns);
    const added = /^ALTER TABLE (dbo\.\w+) ADD (\w+) ([a-z]+(?:\([\w]+\))?) N?/.exec(text);
    if (added?.[1] !== undefined && added[2] !== undefined && added[3] !== undefined) {
      there.get(added[1])?.set(added[2], added[3]);
    }
  }

  test('all of them', () => {
    const told = INSIGHTS_TABLES.map(({ server }) => server);
    expect([...told, ...OWN_ON_SERVER.map((name) => `dbo.scorpiox_${name}`)].toSorted()).toEqual(
      [...there.keys()].toSorted(),
    );
  });

  test.each(INSIGHTS_TABLES.map((table) => [table.server, table] as const))('%s', (name, {
    columns,
    standIn,
    namedBy,
  }) => {
    const told = new Map(columns.map(({ server, serverType }) => [server, serverType]));
    if (standIn !== undefined) told.set(standIn.server, standIn.serverType);
    if (namedBy !== undefined && standIn !== undefined) told.delete(standIn.for);
    expect([...told].toSorted()).toEqual([...(there.get(name) ?? [])].toSorted());
  });
});
