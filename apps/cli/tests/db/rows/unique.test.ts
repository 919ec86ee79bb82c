import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Console } from '@scorpiox/shared/database/console';
import { expect, onTestFinished, test } from 'vitest';
import { withDatabases } from '../../../src/ops/db/actions/with-databases.ts';
import { makeUniqueIndex } from '../../../src/ops/db/unique/action.ts';
import { bytesOf, keyBytes } from '../../../src/ops/db/unique/key-bytes.ts';
import type { NewIndex } from '../../../src/ops/db/unique/texts.ts';
import { makeUnique } from '../../../src/ops/db/unique/unique.ts';
import type { Action } from '../../../src/ops/plan/plan.ts';
import { diesAt, NOBODY, open, removalOf, scratch, value } from './support.ts';

const CHILD = fileURLToPath(new URL('inserting-child.ts', import.meta.url));
const ON = ['--on', 'sqlite:scratch.db', '--quiet'];
const APPLY = ['--apply', '--yes', '--json'];
const TABLE = 'CREATE TABLE t (id INTEGER PRIMARY KEY, k INT, v TEXT)';
const FIFTY = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 49)
  INSERT INTO t (k, v) SELECT i, 'first' FROM n`;

test('removes what stands in its way, makes the index, and takes both back', async () => {
  const { run, all } = await scratch(TABLE, FIFTY, "INSERT INTO t (k, v) VALUES (1, 'again'), (2, 'again')");
  const planned = await run(['db', 'unique', 't', '--key', 'k', ...ON, '--jq', '.steps[].does']);
  expect(planned).toMatchObject({ code: 3 });
  expect(planned.stdout.split('\n')).toEqual([
    'Remove 2 of 52 rows of t that have the k of another: the earliest stays (by the primary key), the others go into t_duplicates_1.',
    'Make the unique index ux_t_k of t by k; nobody else writes while it is made. Duplicates that come before it go into t_duplicates_2.',
    '',
  ]);
  const done = await run(['db', 'unique', 't', '--key', 'k', ...ON, ...APPLY]);
  expect(done.code, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({
    ...{ state: 'done', steps: 2, done: 2 },
    changes: [
      { removed: 2, archived: 2 },
      { index: 'ux_t_k', attempts: 1, late: 0, archive: null, rowsAfter: 50, excessAfter: 0 },
    ],
  });
  await expect(all('INSERT INTO t (k) VALUES (7)')).rejects.toMatchObject({ code: 'duplicate' });

  const again = await run(['db', 'unique', 't', '--key', 'k', ...ON]);
  expect(again).toMatchObject({ code: 0 });
  expect(again.stderr).toContain('t has a unique index by k: ux_t_k.');

  expect(await run(['undo', JSON.parse(done.stdout).run, ...APPLY, '--quiet'])).toMatchObject({ code: 0 });
  expect(await all('SELECT COUNT(*), COUNT(DISTINCT k) FROM t')).toEqual([[52, 50]]);
  expect(await all("SELECT name FROM sqlite_schema WHERE name LIKE 'ux%' OR name LIKE '%duplicates%'")).toEqual([]);
});

test('rows that went are put back before the index only, and it is said which run is in the way', async () => {
  const { run } = await scratch(TABLE, FIFTY, 'INSERT INTO t (k) VALUES (1), (2)');
  const removed = JSON.parse((await run(['db', 'dedupe', 't', '--key', 'k', ...ON, ...APPLY])).stdout).run;
  const made = JSON.parse((await run(['db', 'unique', 't', '--key', 'k', ...ON, ...APPLY])).stdout).run;
  const refused = await run(['undo', removed, ...APPLY, '--quiet']);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain(`was followed by other changes (undo the run ${made} first)`);
});

test('an index by the same columns is good in any order, also that of the primary key; one over some rows is not', async () => {
  const { run } = await scratch(
    'CREATE TABLE t (a INT, b INT, c INT, PRIMARY KEY (b, a))',
    'CREATE UNIQUE INDEX some ON t (c) WHERE a > 5',
  );
  expect(await run(['db', 'unique', 't', '--key', 'a,b', ...ON])).toMatchObject({ code: 0 });
  const partial = await run(['db', 'unique', 't', '--key', 'c', '--name', 'all_of_c', ...ON]);
  expect(partial).toMatchObject({ code: 3 });
  const taken = await run(['db', 'unique', 't', '--key', 'c', '--name', 'SOME', ...ON]);
  expect(taken).toMatchObject({ code: 5, stdout: '' });
  expect(taken.stderr).toContain('There is something else by the name SOME: say --name.');
});

test('NULLs in the key are no duplicates in SQLite, and skipping is the business of its statements', async () => {
  const { run, all } = await scratch(TABLE, 'INSERT INTO t (k) VALUES (NULL), (NULL)');
  const done = await run(['db', 'unique', 't', '--key', 'k', '--ignore-dup-key', ...ON, ...APPLY]);
  expect(done).toMatchObject({ code: 0 });
  expect(done.stderr).toContain('INSERT … ON CONFLICT DO NOTHING');
  expect(await all('SELECT COUNT(*) FROM t')).toEqual([[2]]);
});

/** A process that inserts duplicates all the while; what it has inserted when the index refuses one. */
async function inserting(file: string) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, file]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return { refused: async () => Number((await lines.next()).value) };
}

test('while another process inserts duplicates without a pause, the index is made, and no row of it is lost', async () => {
  const { file, run, all } = await scratch('PRAGMA journal_mode = WAL', TABLE, FIFTY);
  const other = await inserting(file);
  const done = await run(['db', 'unique', 't', '--key', 'k', ...ON, ...APPLY]);
  expect(done.code, done.stderr).toBe(0);
  const inserted = await other.refused();
  const last = JSON.parse(done.stdout).changes.at(-1);
  expect(last).toMatchObject({ index: 'ux_t_k', excessAfter: 0, rowsAfter: 50 });
  const archives = (await all("SELECT name FROM sqlite_schema WHERE name LIKE 't_duplicates_%'")).flat();
  const counts = await Promise.all(archives.map((name) => all(`SELECT COUNT(*) FROM "${name}" WHERE v = 'late'`)));
  expect(counts.flat(2).reduce<number>((sum, one) => sum + Number(one), 0)).toBe(inserted);
  expect(await all("SELECT COUNT(*) FROM t WHERE v = 'first'")).toEqual([[50]]);
});

test('killed before any of its statements, it goes on, and taken back it leaves the table as it was', async () => {
  for (let number = 1; ; number += 1) {
    const { file, run, all, db } = await scratch(TABLE, FIFTY, 'INSERT INTO t (k) SELECT k FROM t');
    const late = await removalOf(db, 't', ['k']);
    const index: NewIndex = {
      table: late.table,
      name: 'ux_t_k',
      columns: ['k'],
      ignoresDuplicates: false,
      isOnline: false,
    };
    if (!(await diesAt(number, file, (dying) => makeUnique(dying, index, late, NOBODY)))) break;
    const isBegun = (await all("SELECT name FROM sqlite_schema WHERE name = 't_duplicates_1'")).length > 0;
    const rest = isBegun ? ' UNION ALL SELECT id, k, v FROM t_duplicates_1' : '';
    expect((await all(`SELECT id, k, v FROM t${rest}`)).length, `killed at ${number}`).toBe(100);
    const isThere = (await all("SELECT name FROM sqlite_schema WHERE name = 'ux_t_k'")).length > 0;
    if (isThere || number % 4 === 0) {
      const done = await run(['db', 'unique', 't', '--key', 'k', ...ON, ...APPLY]);
      expect(done.code, done.stderr).toBe(0);
    } else value(await makeUnique(db, index, late, NOBODY));
    expect(
      await all(
        "SELECT COUNT(*), COUNT(DISTINCT k), (SELECT COUNT(*) FROM sqlite_schema WHERE name = 'ux_t_k') FROM t",
      ),
    ).toEqual([[50, 50, 1]]);
  }
});

test('what came on the way goes at the second attempt, in the transaction that makes the index', async () => {
  const { file, all } = await scratch(TABLE, FIFTY, 'INSERT INTO t (k) SELECT k FROM t WHERE k < 7');
  const told: string[] = [];
  const db = await open(file, ({ text }) => told.push(text));
  const late = await removalOf(db, 't', ['k']);
  const index: NewIndex = {
    ...{ table: late.table, name: 'ux_t_k', columns: ['k'] },
    ...{ ignoresDuplicates: false, isOnline: false },
  };
  expect(value(await makeUnique(db, index, late, NOBODY))).toEqual({ attempts: 2, late: 7 });
  const [made = '', committed = ''] = told.slice(told.findLastIndex((text) => text.startsWith('CREATE UNIQUE')));
  expect([made, committed]).toEqual(['CREATE UNIQUE INDEX "ux_t_k"\nON "t" ("k")', 'COMMIT']);
  expect(await all('SELECT state FROM scorpiox_dedupes')).toEqual([['whole']]);
});

test('an index whose process was killed after late duplicates went is half made, and those come back', async () => {
  const { file, db, all } = await scratch(TABLE, FIFTY, 'INSERT INTO t (k) SELECT k FROM t WHERE k < 7');
  const before = await all('SELECT * FROM t ORDER BY id');
  const removal = { key: ['k'], by: null, id: 1, archive: 't_duplicates_1', planned: 0, rows: 57 };
  const action = makeUniqueIndex.of({
    ...{ database: db.name, schema: null, table: 't', ...removal },
    ...{ index: 'ux_t_k', ignoresDuplicates: false, isOnline: false, hash: null },
  });
  const bound = (console: Console, of: Action = action) => withDatabases({ open: (_, use) => use(console) }).bind(of);
  let isGone = false;
  const dying = await open(file, ({ text }) => {
    if (text.startsWith('DROP TABLE IF EXISTS') && isGone) throw new Error('killed');
    isGone ||= text.startsWith('DELETE FROM');
  });
  const planned = await bound(db)?.look();
  await expect(bound(dying)?.perform()).rejects.toThrow('killed');
  await dying.close();
  const half = await bound(db)?.half();
  expect(Object.values(half ?? {})).toEqual(['absent', 'half made']);
  expect(await all('SELECT COUNT(*) FROM t_duplicates_1')).toEqual([[7]]);
  expect(await bound(db, bound(db)?.inverse?.action)?.perform()).toEqual({ ok: true, value: undefined });
  expect(await all('SELECT * FROM t ORDER BY id')).toEqual(before);
  expect([await bound(db)?.look(), await bound(db)?.half()]).toEqual([planned, undefined]);
});

test('late duplicates are not removed where they would take rows of others with them', async () => {
  const { db, all } = await scratch(
    TABLE,
    FIFTY,
    'INSERT INTO t (k) VALUES (7)',
    'CREATE TABLE child (t INT REFERENCES t (id) ON DELETE CASCADE)',
  );
  const late = await removalOf(db, 't', ['k']);
  const index: NewIndex = {
    ...{ table: late.table, name: 'ux_t_k', columns: ['k'] },
    ...{ ignoresDuplicates: false, isOnline: false },
  };
  expect(await makeUnique(db, index, late, NOBODY)).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(await all('SELECT COUNT(*) FROM t')).toEqual([[51]]);
});

test('what fails for other reasons is told as it is, and there is no index', async () => {
  const { db, all } = await scratch(TABLE, FIFTY);
  const late = await removalOf(db, 't', ['k']);
  const index: NewIndex = {
    table: late.table,
    name: 'ux',
    columns: ['nothing'],
    ignoresDuplicates: false,
    isOnline: false,
  };
  await expect(makeUnique(db, index, late, NOBODY)).rejects.toMatchObject({ code: 'no-such-object' });
  const stopped = await makeUnique(db, { ...index, columns: ['k'] }, late, { ...NOBODY, stop: AbortSignal.abort() });
  expect(stopped).toMatchObject({ ok: false, error: { kind: 'interrupted' } });
  expect(await all("SELECT name FROM sqlite_schema WHERE type = 'index'")).toEqual([]);
  expect(value(await makeUnique(db, { ...index, columns: ['k'] }, late, NOBODY))).toEqual({ attempts: 1, late: 0 });
});

test.each([
  ['int', 4],
  ['nvarchar(64)', 128],
  ['varchar(900)', 900],
  ['datetime2(7)', 8],
  ['decimal(38,10)', 17],
  ['nvarchar(max)', Number.POSITIVE_INFINITY],
  ['xml', Number.POSITIVE_INFINITY],
])('a value of %s takes at most %d bytes in an index', (type, bytes) => {
  expect(bytesOf(type)).toBe(bytes);
});

test('a key is as long as its parts', () => {
  expect(keyBytes([{ type: 'nvarchar(800)' }, { type: 'int' }, { type: 'varbinary(96)' }])).toBe(1_700);
});
