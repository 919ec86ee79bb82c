import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INSIGHTS_TABLES } from '@scorpiox/shared/database/tables';
import { beforeEach, expect, test } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { fillInsights, folderInMemory, makeInsights, within } from './insights-fixture.ts';

let folder: string;
let one: string;
let other: string;

/** Two databases that hold the same. */
beforeEach(async () => {
  folder = await folderInMemory();
  one = join(folder, 'one.db');
  other = join(folder, 'other.db');
  await fillInsights(one);
  await copyFile(one, other);
});

const verify = (...options: string[]) =>
  scorpioxHere(['db', 'verify', `sqlite:${one}`, `sqlite:${other}`, ...options], { cwd: folder });

async function found(...options: string[]) {
  const ended = await verify('--json', ...options);
  return { ...ended, ...JSON.parse(ended.stdout) };
}

test('two that hold the same are said to, counted and hashed', async () => {
  const counted = await found();
  expect(counted).toMatchObject({ code: 0, deep: false, differing: 0, differences: [] });
  const hashed = await found('--deep');
  expect(hashed).toMatchObject({ code: 0, deep: true, differing: 0, rows: counted.rows });
  const sums = hashed.tables.map(({ table, first, second }: Record<string, unknown>) => ({ table, first, second }));
  expect(sums).toEqual(
    INSIGHTS_TABLES.map(({ sqlite }) => ({ table: sqlite, first: expect.any(Number), second: expect.any(Number) })),
  );
  expect(sums.every(({ first, second }: { first: number; second: number }) => first === second && first > 0)).toBe(
    true,
  );
});

test('a single cell that was changed is found and named, in whichever table', async () => {
  const expected: unknown[] = [];
  within(other, (db) => {
    db.exec('PRAGMA foreign_keys = OFF');
    for (const { sqlite: name, columns, key } of INSIGHTS_TABLES) {
      const value = columns.find((column) => !key.includes(column.name));
      if (value === undefined) continue;
      const changed =
        value.name === 'role' ? "CASE role WHEN 'admin' THEN 'viewer' ELSE 'admin' END" : CHANGED[value.type];
      const [row] = db.prepare(`SELECT * FROM ${name} LIMIT 1`).all();
      const at = key.map((column) => `"${column}" = ?`).join(' AND ');
      const values = key.map((column) => row?.[column] ?? null);
      db.prepare(`UPDATE ${name} SET "${value.name}" = ${changed} WHERE ${at}`).run(...values);
      expected.push({ table: name, key: expect.stringContaining('='), in: 'both', columns: [value.name] });
    }
  });
  expect(expected).toHaveLength(INSIGHTS_TABLES.length);
  expect(await found()).toMatchObject({ code: 0, differing: 0 });
  const { code, differences, differing } = await found('--deep');
  expect(code).toBe(3);
  expect(differing).toBe(expected.length);
  expect(differences).toEqual(expected);
});

/** Another value than the one that is there. */
const CHANGED = {
  int: '900000001',
  real: '0.1 + 0.2',
  text: "'another'",
  bytes: "x'00112233445566778899aabbccddeeff'",
};

test('rows that only one has are found by counting, in the middle, at both ends, and of an application of its own', async () => {
  within(other, (db) => {
    for (const end of ['min', 'max']) {
      db.exec(`DELETE FROM events WHERE app_id = 2 AND time = (SELECT ${end}(time) FROM events WHERE app_id = 2)`);
    }
    db.exec('DELETE FROM events WHERE app_id = 2 AND time = 1780000100000300');
    db.exec('UPDATE app_hours SET app_id = 77 WHERE app_id = 3');
  });
  within(one, (db) => db.exec('DELETE FROM instances WHERE app_id = 1'));
  const { code, differences, tables } = await found();
  expect(code).toBe(3);
  const of = (name: string) => tables.find(({ table }: { table: string }) => table === name);
  expect(of('events').differing).toBe(3);
  expect(of('instances')).toMatchObject({ first: 27, second: 40, differing: 13 });
  const ways = differences.map((difference: { table: string; in: string }) => `${difference.table} ${difference.in}`);
  expect([...new Set(ways)]).toEqual(['events first', 'app_hours first', 'app_hours second', 'instances second']);
});

test('of many differences the first hundred are named, and all are counted', async () => {
  within(other, (db) => db.exec("UPDATE events SET name = 'x'"));
  const { code, differences, differing, stderr } = await found('--deep');
  expect(code).toBe(3);
  expect(differences).toHaveLength(100);
  expect(differing).toBe(400);
  expect(stderr).toContain('400 rows differ; the first 100 are named');
});

test('of ranges that differ, halves are read until the rows are found', async () => {
  await fillInsights(one, 5, 15_600);
  await copyFile(one, other);
  within(other, (db) => {
    db.exec("UPDATE events SET code = 'x' WHERE app_id = 2 AND time = (SELECT min(time) FROM events WHERE app_id = 2)");
    db.exec('DELETE FROM events WHERE app_id = 3 AND time = (SELECT max(time) FROM events WHERE app_id = 3)');
  });
  const { differences, differing, tables, stderr } = await found('--deep');
  expect(differing).toBe(differences.length);
  const ways = differences.map(({ in: where, columns }: { in: string; columns: string[] }) => `${where} ${columns}`);
  expect([...new Set(ways)]).toEqual(['both code', 'first ']);
  expect(tables.find(({ table }: { table: string }) => table === 'events').ranges).toBe(6);
  expect(stderr).toMatch(/^events app_id=3 time=\d+ hash=[0-9a-f]{32}: only in sqlite:.*one.db$/m);
});

test('a range in which very many rows stand at one moment is not cut for ever', async () => {
  within(one, (db) => db.exec('UPDATE events SET time = 5 WHERE app_id = 1'));
  await copyFile(one, other);
  within(other, (db) => db.exec("UPDATE events SET code = 'x' WHERE app_id = 1 AND id LIKE 'id 3 %'"));
  expect(await found('--deep')).toMatchObject({ code: 3, differing: 1 });
});

test('buckets whose operation has no sums any more wait to be deleted, and count on neither side', async () => {
  within(other, (db) => db.exec('DELETE FROM rollups WHERE minute = (SELECT min(minute) FROM rollups)'));
  const { differences } = await found('--deep');
  expect(differences.map(({ table }: { table: string }) => table)).toEqual(['rollups', 'rollup_buckets']);
  within(one, (db) => db.exec('DELETE FROM rollups WHERE minute = (SELECT min(minute) FROM rollups)'));
  expect(await found('--deep')).toMatchObject({ code: 0, differing: 0 });
});

test('what is no insights database, or is at another version, is refused; nothing is made', async () => {
  within(other, (db) => db.exec('DELETE FROM migrations WHERE version > 3'));
  const behind = await verify();
  expect(behind).toMatchObject({ code: 5, stderr: expect.stringContaining('is at version 3 of the schema') });
  const empty = join(folder, 'empty.db');
  within(empty, (db) => db.exec('CREATE TABLE x (y)'));
  const args = (file: string) => ['db', 'verify', `sqlite:${one}`, `sqlite:${file}`];
  expect(await scorpioxHere(args(empty))).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('no insights database'),
  });
  expect(await scorpioxHere(args(join(folder, 'missing.db')))).toMatchObject({ code: 69 });
});

test('each statement is shown once, and none with --quiet; empty databases hold the same', async () => {
  const { stderr } = await verify();
  const shown = [...stderr.matchAll(/SELECT count\(\*\) AS n FROM events AS t WHERE t\."app_id" = @w0\n/g)];
  expect(shown).toHaveLength(2);
  await makeInsights(join(folder, 'a.db'));
  await makeInsights(join(folder, 'b.db'));
  const quiet = await scorpioxHere(['db', 'verify', 'sqlite:a.db', 'sqlite:b.db', '--deep', '--quiet'], {
    cwd: folder,
  });
  expect(quiet.code).toBe(0);
  expect(quiet.stderr).not.toContain('SELECT');
});
