import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Console } from '@scorpiox/shared/database/console';
import { expect, onTestFinished, test } from 'vitest';
import { columnOf } from '../../../src/ops/db/catalog/table.ts';
import { conversionIn } from '../../../src/ops/db/decompute/action.ts';
import type { Conversion } from '../../../src/ops/db/decompute/conversion.ts';
import { decompute, recompute } from '../../../src/ops/db/decompute/decompute.ts';
import { readTable } from '../../../src/ops/db/rows/read-table.ts';
import { diesAt, killedAt, NOBODY, scratch, value } from './support.ts';

const ON = ['--on', 'sqlite:scratch.db', '--quiet'];
const APPLY = ['--apply', '--yes', '--json'];
const DECOMPUTE = ['db', 'decompute', 'requests.ms', '--type', 'int'];

/** The journal's: hours, minutes, seconds with seven digits behind the point, as milliseconds. */
const MS =
  'CAST(substr(duration, 1, 2) AS INT) * 3600000 + CAST(substr(duration, 4, 2) AS INT) * 60000 + CAST(round(CAST(substr(duration, 7) AS REAL) * 1000) AS INT)';
const TABLE = `CREATE TABLE requests (id INTEGER PRIMARY KEY, duration TEXT, ms INT GENERATED ALWAYS AS (${MS}) VIRTUAL, note TEXT)`;
const rows = (count: number) => `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
  INSERT INTO requests (duration, note) SELECT printf('%02d:%02d:%02d.1083441', i % 3, i % 60, (i * 7) % 60), i FROM n`;

const SCHEMA = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'scorpiox_%' ORDER BY name";

test('a computed column becomes a real one, keeps its values, and comes back as it was', async () => {
  const { run, all, db } = await scratch(TABLE, rows(1_300));
  const before = await all('SELECT id, duration, ms, note FROM requests ORDER BY id');
  const planned = await run([...DECOMPUTE, ...ON]);
  expect(planned.code).toBe(3);
  expect(planned.stdout).toContain(`which is computed from ${MS}, a real column of int: set it in 1,300 rows`);
  expect(planned.stderr).toContain('INSERT without a list of columns has one more value to give from then on');
  const done = await run([...DECOMPUTE, ...ON, ...APPLY]);
  expect(done.code, done.stderr).toBe(0);
  const { run: name, changes } = JSON.parse(done.stdout);
  expect(changes).toEqual([
    {
      ...{
        backfill: 1,
        table: 'requests',
        column: 'ms',
        rows: 1_300,
        batches: expect.any(Number),
        waits: 0,
        untold: null,
      },
      ...{ differingBefore: 0, differingAfter: 0 },
    },
  ]);
  expect(await all('SELECT id, duration, ms, note FROM requests ORDER BY id')).toEqual(before);
  expect(columnOf(await readTable(db, 'requests'), 'ms')).toMatchObject({ isComputed: false, type: 'INT' });
  expect((await run([...DECOMPUTE, ...ON])).stderr).toContain('requests.ms is a real column already.');

  expect(await run(['undo', name, ...APPLY, '--quiet'])).toMatchObject({ code: 0 });
  expect(await all('SELECT id, duration, ms, note FROM requests ORDER BY id')).toEqual(before);
  expect(columnOf(await readTable(db, 'requests'), 'ms')).toMatchObject({ isComputed: true, expression: MS });
  expect((await all(SCHEMA)).map(([type]) => type)).toEqual(['table']);
  expect(await all('SELECT * FROM scorpiox_backfills')).toEqual([]);
  // And once more: what was noted of the first time is gone.
  expect(await run([...DECOMPUTE, ...ON, ...APPLY])).toMatchObject({ code: 0 });
  expect(await all('SELECT id, duration, ms, note FROM requests ORDER BY id')).toEqual(before);
});

test('afterwards rows that are written the old way have their value, and who writes it keeps it', async () => {
  const { run, all } = await scratch(TABLE, rows(3));
  expect(await run([...DECOMPUTE, ...ON, ...APPLY])).toMatchObject({ code: 0 });
  await all("INSERT INTO requests (id, duration) VALUES (10, '00:00:02.5')");
  await all("INSERT INTO requests (id, duration, ms) VALUES (11, '00:00:02.5', 7)");
  await all("UPDATE requests SET duration = '00:01:00' WHERE id = 1");
  await all("UPDATE requests SET note = 'other' WHERE id = 11");
  expect(await all('SELECT id, ms FROM requests WHERE id IN (1, 10, 11) ORDER BY id')).toEqual([
    [1, 60_000],
    [10, 2_500],
    [11, 7],
  ]);
});

test.each([
  [
    'WITHOUT ROWID',
    TABLE.replace('id INTEGER PRIMARY KEY', 'id INTEGER, b TEXT DEFAULT (hex(randomblob(4)))')
      .replace('note TEXT)', 'note TEXT, PRIMARY KEY (b, id)) WITHOUT ROWID')
      .replace('id INTEGER,', 'id INTEGER DEFAULT 1,'),
  ],
  ['without a primary key', TABLE.replace('id INTEGER PRIMARY KEY, ', '')],
  ['STRICT', `${TABLE} STRICT`],
  ['with names that need quotes', TABLE.replace('requests', '"re ""quests"').replace('ms INT', '"m""s" INT')],
])('a table %s', async (kind, create) => {
  const quoted = kind.startsWith('with names');
  const [name, column] = quoted ? ['"re ""quests"', '"m""s"'] : ['requests', 'ms'];
  const { run, all } = await scratch(create, rows(700).replace('requests', name));
  const look = `SELECT ${column}, note FROM ${name} ORDER BY note`;
  const before = await all(look);
  const done = await run(['db', 'decompute', `${name}.${column}`, '--type', 'INT', ...ON, ...APPLY]);
  expect(done.code, done.stderr).toBe(0);
  expect(await all(look)).toEqual(before);
  await all(`INSERT INTO ${name} (duration, note) VALUES ('00:00:01', 'new')`);
  expect(await all(`SELECT ${column} FROM ${name} WHERE note = 'new'`)).toEqual([[1_000]]);
  expect(await run(['undo', JSON.parse(done.stdout).run, ...APPLY, '--quiet'])).toMatchObject({ code: 0 });
  expect(await all(look.replace('ORDER', "WHERE note <> 'new' ORDER"))).toEqual(before);
});

async function conversion(db: Console): Promise<Conversion> {
  return value(conversionIn(await readTable(db, 'requests'), { column: 'ms', type: 'int', expression: MS }));
}

const COMPUTED = { type: 'INT', expression: MS, isPersisted: false, nullable: true };

test('killed before any of its statements, the computed column is right until the real one is; done again it ends, or is taken back', async () => {
  for (let number = 1; ; number += 1) {
    const { file, run, all, db } = await scratch(TABLE, rows(700));
    const before = await all('SELECT id, duration, ms, note FROM requests ORDER BY id');
    const of = await conversion(db);
    const died = await diesAt(number, file, (dying) => decompute(dying, of, { id: 1, rows: 700 }, NOBODY));
    expect(await all('SELECT id, duration, ms, note FROM requests ORDER BY id'), `killed at ${number}`).toEqual(before);
    await forsaken(db);
    const isReal = columnOf(await readTable(db, 'requests'), 'ms')?.isComputed === false;
    if (number % 2 === 0) {
      await recompute(db, await conversion(db), COMPUTED, 1);
      expect((await all(SCHEMA)).map(([type]) => type)).toEqual(['table']);
      expect(columnOf(await readTable(db, 'requests'), 'ms')).toMatchObject({ isComputed: true, expression: MS });
    }
    if (number % 2 === 0 || !isReal) {
      // By the command now and then, else by what it does: it is the same.
      const done = number % 5 > 0 ? { code: await again(db), stderr: '' } : await run([...DECOMPUTE, ...ON, ...APPLY]);
      expect(done.code, `killed at ${number}: ${done.stderr}`).toBe(0);
    }
    expect(await all('SELECT id, duration, ms, note FROM requests ORDER BY id')).toEqual(before);
    expect((await all(SCHEMA)).map(([type]) => type).sort()).toEqual(['table', 'trigger', 'trigger']);
    if (!died) break;
  }
});

async function again(db: Console): Promise<number> {
  value(await decompute(db, await conversion(db), { id: 1, rows: 700 }, NOBODY));
  return 0;
}

/** As if the process that was at it were gone. */
async function forsaken(db: Console): Promise<void> {
  const [there] = (await db.run({ text: "SELECT 1 AS one FROM sqlite_schema WHERE name = 'scorpiox_backfills'" })).sets;
  if (there?.[0] === undefined) return;
  await db.run({
    text: `UPDATE scorpiox_backfills SET worker = '${hostname()}|999999999 1 x|y' WHERE worker IS NOT NULL`,
  });
}

test('a process that is killed while it fills leaves a run that is half done, and is taken back', async () => {
  const { home, run, all } = await scratch(TABLE, rows(1_300));
  const before = await all('SELECT id, duration, ms, note FROM requests ORDER BY id');
  expect(await killedAt('@last_key', 2, [...DECOMPUTE, '--on', 'sqlite:scratch.db', ...APPLY], home)).toBe(true);
  const [name, half] = JSON.parse((await run(['runs', '--jq', '.[0] | [.run, .half]'])).stdout);
  expect(half).toBe(1);
  const undone = await run(['undo', name, ...APPLY, '--quiet']);
  expect(undone.code, undone.stderr).toBe(0);
  expect(await all('SELECT id, duration, ms, note FROM requests ORDER BY id')).toEqual(before);
  expect((await all(SCHEMA)).map(([type]) => type)).toEqual(['table']);
});

const CHILD = fileURLToPath(new URL('writing-child.ts', import.meta.url));

test('while another process inserts and changes rows the old way, each of them has its value in the end', async () => {
  const { file, run, all } = await scratch('PRAGMA journal_mode = WAL', TABLE, rows(6_000));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, file]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const done = await run([...DECOMPUTE, ...ON, ...APPLY]);
  expect(done.code, done.stderr).toBe(0);
  child.stdin.end();
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(JSON.parse(done.stdout).changes[0]).toMatchObject({ differingBefore: 0, differingAfter: 0 });
  expect(await all(`SELECT COUNT(*) FROM requests WHERE ms IS NOT (${MS})`)).toEqual([[0]]);
  expect(Number((await all("SELECT COUNT(*) FROM requests WHERE note = 'late'"))[0]?.[0])).toBeGreaterThan(0);
});

test.each([
  ['index by_ms', 'CREATE INDEX by_ms ON requests (ms)'],
  ['index slow', 'CREATE INDEX slow ON requests (id) WHERE ms > 5'],
  ['view slow', 'CREATE VIEW slow AS SELECT id FROM requests WHERE "ms" > 5'],
  ['trigger noted', 'CREATE TRIGGER noted AFTER INSERT ON requests WHEN NEW.ms > 5 BEGIN SELECT 1; END'],
  ['computed column twice', 'ALTER TABLE requests ADD COLUMN twice INT AS (ms * 2)'],
])('what uses the column is named, and nothing is done: %s', async (user, create) => {
  const { run, all } = await scratch(TABLE, rows(3), create);
  const before = await all(SCHEMA);
  const refused = await run([...DECOMPUTE, ...ON, ...APPLY]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain(`requests.ms is used by ${user}, and cannot go before they do.`);
  expect(await all(SCHEMA)).toEqual(before);
});

test('what else keeps it from going shows before anything is made', async () => {
  const { run, all } = await scratch(TABLE.replace('note TEXT)', 'note TEXT, CHECK (ms >= 0))'), rows(3));
  const before = await all(SCHEMA);
  const refused = await run([...DECOMPUTE, ...ON, ...APPLY]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('no such column: ms');
  expect(await all(SCHEMA)).toEqual(before);
});

test('values that the type does not hold as they are are counted, and it is refused', async () => {
  const { run } = await scratch(
    TABLE.replace(MS, 'CAST(substr(duration, 7) AS REAL) * 1000'),
    "INSERT INTO requests (duration) VALUES ('00:00:00.1083441'), ('00:00:02'), (NULL)",
  );
  const refused = await run([...DECOMPUTE, ...ON]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toMatch(
    /1 of the rows of requests have a value of ms that int does not hold as it is \(they are 108\.3441\d* to 2000\)/,
  );
  const rounded = await run([...DECOMPUTE, '--from', 'round(substr(duration, 7) * 1000)', ...ON, ...APPLY]);
  expect(rounded.code, rounded.stderr).toBe(0);
});

test('a stored column cannot come back as it was, so its name has to be said', async () => {
  const { run, all } = await scratch(TABLE.replace('VIRTUAL', 'STORED'), rows(700));
  const before = await all('SELECT id, duration, ms, note FROM requests ORDER BY id');
  const unsaid = await run([...DECOMPUTE, ...ON, ...APPLY]);
  expect(unsaid).toMatchObject({ code: 64 });
  expect(unsaid.stderr).toContain('This cannot be undone. Say --confirm=requests.ms');
  expect(await run([...DECOMPUTE, ...ON, '--apply', '--confirm', 'requests.ms'])).toMatchObject({ code: 0 });
  expect(await all('SELECT id, duration, ms, note FROM requests ORDER BY id')).toEqual(before);
});

test.each([
  [['requests.note', '--type', 'int'], 64, 'requests.note is a real column already.'],
  [['requests.nothing', '--type', 'int'], 64, 'requests has no column nothing.'],
  [['requests.ms', '--type', 'int; DROP TABLE requests'], 64, 'is no type of a column'],
  [['requests.ms', '--type', 'int', '--from', 'ms + 1'], 64, 'The expression uses ms itself, which goes.'],
  [['requests.ms', '--type', 'int', '--from', 'absent'], 1, 'no such column: absent'],
  [['shown.ms', '--type', 'int'], 64, 'shown is a view'],
])('says what is wrong with %j', async (args, code, message) => {
  const { run } = await scratch(TABLE, 'CREATE VIEW shown AS SELECT 1 AS ms');
  const ended = await run(['db', 'decompute', ...args, ...ON]);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toContain(message);
});

test.each([
  ['CHECK', 'ms INT CHECK (ms >= 0) AS (n * 2)'],
  ['COLLATE', '"ms" TEXT AS (upper(n)) COLLATE NOCASE'],
])('a column with a %s of its own is left as it is: a real one would not have it', async (clause, definition) => {
  const { run } = await scratch(`CREATE TABLE requests (id INTEGER PRIMARY KEY, n CHECK (n > 0), ${definition})`);
  const refused = await run(['db', 'decompute', 'requests.ms', '--type', 'int', ...ON]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain(`requests.ms is declared with ${clause}, which a real column`);
});
