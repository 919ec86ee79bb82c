import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginRemoval,
  putBack,
  removeDuplicates,
  removeInRounds,
  removeSpan,
  writeDoomed,
} from '../../../src/ops/db/dedupe/dedupe.ts';
import { diesAt, killedAt, NOBODY, open, removalOf, scratch, value } from './support.ts';
import { TABLES } from './tables.ts';

const ON = ['--on', 'sqlite:scratch.db', '--quiet'];
const APPLY = ['--apply', '--yes', '--json'];

const ROWS = `INSERT INTO "ev ents" (app, n, note) VALUES ('shop', 1, 'first'), ('shop', 1, 'second'), ('mail', 1, '007'),
  ('shop', 2, 'other'), (NULL, 1, 'no key'), (NULL, 1, 'no key either'), ('shop', 1, 'third'), ('mail', 1, NULL)`;

/** The rows by what they hold, also hidden numbers. */
const rowsOf = (table: string, text: string) =>
  `SELECT ${text.includes('WITHOUT ROWID') ? '' : '_rowid_, '}* FROM "${table}" ORDER BY app, n, note`;

test.each(
  Object.keys(TABLES),
)('a table %s: the earliest stays, the others are archived, and come back', async (kind) => {
  const create = TABLES[kind] ?? '';
  const { run, all } = await scratch(create, ROWS);
  const before = await all(rowsOf('ev ents', create));
  const planned = await run(['db', 'dedupe', 'ev ents', '--key', 'app,n', ...ON]);
  expect(planned).toMatchObject({ code: 3 });
  expect(planned.stdout).toContain('Remove 3 of 8 rows of ev ents that have the app, n of another');
  expect(await all(rowsOf('ev ents', create))).toEqual(before);

  const done = await run(['db', 'dedupe', 'ev ents', '--key', 'app,n', ...ON, ...APPLY]);
  expect(done.code, done.stderr).toBe(0);
  const { run: name, changes } = JSON.parse(done.stdout);
  expect(changes).toEqual([
    {
      ...{ table: 'ev ents', key: 'app, n', archive: 'ev ents_duplicates_1', removed: 3, archived: 3 },
      ...{ rowsBefore: 8, distinctBefore: 5, excessBefore: 3, rowsAfter: 5, distinctAfter: 5, excessAfter: 0 },
    },
  ]);
  expect(await all('SELECT app, n, COUNT(*) FROM "ev ents" WHERE app NOT NULL GROUP BY app, n')).toEqual([
    ['mail', 1, 1],
    ['shop', 1, 1],
    ['shop', 2, 1],
  ]);
  expect(await all('SELECT COUNT(*) FROM "ev ents" WHERE app IS NULL')).toEqual([[2]]);
  expect((await all("SELECT name FROM sqlite_schema WHERE name LIKE '%doomed%'")).length).toBe(0);

  expect(await run(['undo', name, ...APPLY, '--quiet'])).toMatchObject({ code: 0 });
  expect(await all(rowsOf('ev ents', create))).toEqual(before);
  expect(await all("SELECT name FROM sqlite_schema WHERE name LIKE '%duplicates%'")).toEqual([]);
});

test('the earliest is told by the column that is named, and one without a time is not it', async () => {
  const { run, all } = await scratch(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, k INT, seen INT)',
    'INSERT INTO t (k, seen) VALUES (1, NULL), (1, 30), (1, 20), (1, 40)',
  );
  const { stdout } = await run(['db', 'dedupe', 't', '--key', 'k', '--by', 'seen', ...ON]);
  expect(stdout).toContain('the earliest stays (by seen, then by the primary key)');
  expect(await run(['db', 'dedupe', 't', '--key', 'k', '--by', 'seen', ...ON, ...APPLY])).toMatchObject({ code: 0 });
  expect(await all('SELECT id, seen FROM t')).toEqual([[3, 20]]);
});

test('values come back as they were, to the type', async () => {
  const { run, all } = await scratch(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, k INT, v, w NUMERIC, x ANY)',
    `INSERT INTO t (k, v, w, x) VALUES (1, 'a', 1, 1), (1, '007', '1e3', x'00ff'), (1, 9007199254740993, 'x', 2.5), (1, -0.0, NULL, '0')`,
  );
  const look = 'SELECT id, v, typeof(v), w, typeof(w), x, typeof(x) FROM t ORDER BY id';
  const before = await all(look);
  const done = await run(['db', 'dedupe', 't', '--key', 'k', ...ON, ...APPLY]);
  expect(await all('SELECT COUNT(*) FROM t')).toEqual([[1]]);
  expect(await run(['undo', JSON.parse(done.stdout).run, ...APPLY, '--quiet'])).toMatchObject({ code: 0 });
  expect(await all(look)).toEqual(before);
});

test('a row number that somebody has got since is not taken from them', async () => {
  const { run, all } = await scratch('CREATE TABLE t (k, v)', "INSERT INTO t VALUES (1, 'a'), (1, 'b'), (1, 'c')");
  const done = await run(['db', 'dedupe', 't', '--key', 'k', ...ON, ...APPLY]);
  await all("INSERT INTO t (rowid, k, v) VALUES (2, 9, 'new')");
  expect(await run(['undo', JSON.parse(done.stdout).run, ...APPLY, '--quiet'])).toMatchObject({ code: 0 });
  expect(await all('SELECT rowid, v FROM t ORDER BY rowid')).toEqual([
    [1, 'a'],
    [2, 'new'],
    [3, 'c'],
    [4, 'b'],
  ]);
});

const MANY = [
  'CREATE TABLE t (id INTEGER PRIMARY KEY, k INT, v TEXT)',
  `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 470)
    INSERT INTO t (k, v) SELECT i % 100, 'row ' || i FROM n`,
];
const SEEN = { rows: 470, planned: 370 };
/** All that there is, wherever it is. */
const EVERYWHERE = 'SELECT id, k, v FROM t UNION ALL SELECT id, k, v FROM t_duplicates_1 ORDER BY id';

test('killed before any of its statements, no row is lost or there twice, and done again it goes on to the same end', async () => {
  for (let number = 1; ; number += 1) {
    const { file, db, all, run } = await scratch(...MANY);
    const before = await all('SELECT id, k, v FROM t ORDER BY id');
    const removal = await removalOf(db, 't', ['k']);
    const died = await diesAt(number, file, (dying) => removeDuplicates(dying, removal, SEEN, NOBODY));
    const isBegun = (await all("SELECT name FROM sqlite_schema WHERE name = 't_duplicates_1'")).length > 0;
    if (isBegun) expect(await all(EVERYWHERE), `killed at ${number}`).toEqual(before);
    else expect(await all('SELECT id, k, v FROM t ORDER BY id')).toEqual(before);
    if (number % 12 === 0 || !died) {
      // The whole way through the command now and then, else the work itself: it is the same.
      const done = await run(['db', 'dedupe', 't', '--key', 'k', ...ON, ...APPLY]);
      expect(done.code, done.stderr).toBe(0);
    } else value(await removeDuplicates(db, removal, SEEN, NOBODY));
    expect(await all('SELECT COUNT(*), COUNT(DISTINCT k), MAX(id) FROM t')).toEqual([[100, 100, 100]]);
    expect(await all(EVERYWHERE)).toEqual(before);
    expect(await all('SELECT id, archive, state FROM scorpiox_dedupes')).toEqual([[1, 't_duplicates_1', 'whole']]);
    if (!died) break;
  }
});

test('putting back is killed as well, and goes on', async () => {
  for (let number = 1; ; number += 1) {
    const { file, db, all } = await scratch(...MANY);
    const before = await all('SELECT id, k, v FROM t ORDER BY id');
    const removal = await removalOf(db, 't', ['k']);
    value(await removeDuplicates(db, removal, SEEN, NOBODY));
    const died = await diesAt(number, file, (dying) => putBack(dying, removal, NOBODY));
    if (!died) break;
    const isDone = (await all("SELECT name FROM sqlite_schema WHERE name = 't_duplicates_1'")).length === 0;
    if (!isDone) {
      expect(await all(EVERYWHERE), `killed at ${number}`).toEqual(before);
      value(await putBack(db, removal, NOBODY));
    }
    expect(await all('SELECT id, k, v FROM t ORDER BY id')).toEqual(before);
    expect(await all('SELECT * FROM scorpiox_dedupes')).toEqual([]);
  }
});

test('a run that was killed is half done, and is taken back as far as it came', async () => {
  const { file, db, all, run } = await scratch(...MANY);
  const before = await all('SELECT id, k, v FROM t ORDER BY id');
  const removal = await removalOf(db, 't', ['k']);
  await beginRemoval(db, removal);
  await db.transaction((within) => writeDoomed(within, removal));
  await db.transaction((within) => removeSpan(within, removal, 0, 200));
  const planned = await run(['db', 'dedupe', 't', '--key', 'k', '--on', `sqlite:${file}`, '--quiet']);
  expect(planned.stdout).toContain('Go on and remove 170 of 270 rows of t');
  const done = await run(['db', 'dedupe', 't', '--key', 'k', ...ON, ...APPLY]);
  expect(JSON.parse(done.stdout).changes[0]).toMatchObject({ removed: 170, archived: 370, excessAfter: 0 });
  expect(await run(['undo', JSON.parse(done.stdout).run, ...APPLY, '--quiet'])).toMatchObject({ code: 0 });
  expect(await all('SELECT id, k, v FROM t ORDER BY id')).toEqual(before);
});

test('a process that is killed leaves a run that is half done; it is taken back, and done again it ends', async () => {
  const { home, all, run } = await scratch(...MANY.map((text) => text.replace('i < 470', 'i < 4470')));
  const before = await all('SELECT id, k, v FROM t ORDER BY id');
  const args = ['db', 'dedupe', 't', '--key', 'k', '--on', 'sqlite:scratch.db', ...APPLY];
  // The second of the batches: archived, and not removed yet.
  expect(await killedAt('@above = 2000', 2, args, home)).toBe(true);
  const [name, state, half] = JSON.parse((await run(['runs', '--jq', '.[0] | [.run, .state, .half]'])).stdout);
  expect([state, half]).toEqual(['died', 1]);
  expect(await all(EVERYWHERE)).toEqual(before);
  expect(await run(['undo', name, ...APPLY, '--quiet'])).toMatchObject({ code: 0 });
  expect(await all('SELECT id, k, v FROM t ORDER BY id')).toEqual(before);
  expect(await run(['db', 'dedupe', 't', '--key', 'k', ...ON, ...APPLY])).toMatchObject({ code: 0 });
  expect(await all('SELECT COUNT(*) FROM t')).toEqual([[100]]);
});

test('a doomed row that got another key meanwhile stays, and so does one whose keeper went', async () => {
  const { db, all } = await scratch(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, k INT)',
    'INSERT INTO t (id, k) VALUES (1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3)',
  );
  const removal = await removalOf(db, 't', ['k']);
  await beginRemoval(db, removal);
  expect(await db.transaction((run) => writeDoomed(run, removal))).toBe(3);
  await all('UPDATE t SET k = 9 WHERE id = 2');
  await all('DELETE FROM t WHERE id = 3');
  expect(await db.transaction((run) => removeSpan(run, removal, 0, 10))).toBe(1);
  expect(await all('SELECT id FROM t ORDER BY id')).toEqual([[1], [2], [4], [5]]);
});

test('a full disk ends it with what to do, and nothing is lost; with room it goes on', async () => {
  const { file, db, all } = await scratch(...MANY.map((text) => text.replace("'row '", "printf('%05000d', 0)")));
  const removal = await removalOf(db, 't', ['k']);
  const count = async () => (await all('SELECT COUNT(*), SUM(id) FROM t'))[0];
  const before = await count();
  const small = await open(file);
  const [pages] = await all('PRAGMA page_count');
  await small.run({ text: `PRAGMA max_page_count = ${Number(pages?.[0]) + 30}` });
  await expect(removeDuplicates(small, removal, SEEN, NOBODY)).rejects.toMatchObject({ code: 'full' });
  await small.close();
  expect(await count()).toEqual(before);
  expect(value(await removeDuplicates(db, removal, SEEN, NOBODY))).toMatchObject({
    removed: 370,
    after: { excess: 0 },
  });
});

test('it does not touch a table whose rows take others with them, and names what runs for each', async () => {
  const { run } = await scratch(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, k INT)',
    'INSERT INTO t (k) VALUES (1), (1)',
    'CREATE TABLE child (t INT REFERENCES t (id) ON DELETE CASCADE)',
  );
  const refused = await run(['db', 'dedupe', 't', '--key', 'k', ...ON]);
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain('Rows of child (cascade) would go or change with those of t');
  const other = await scratch(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, k INT)',
    'INSERT INTO t (k) VALUES (1), (1)',
    'CREATE TABLE log (id)',
    'CREATE TRIGGER noted AFTER DELETE ON t BEGIN INSERT INTO log VALUES (OLD.id); END',
  );
  const { stderr } = await other.run(['db', 'dedupe', 't', '--key', 'k', ...ON]);
  expect(stderr).toContain('Triggers of t run for each row that goes: noted.');
});

test('a row that another table refers to keeps the batch from being done, as the database says', async () => {
  const { run, all } = await scratch(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, k INT)',
    'INSERT INTO t (k) VALUES (1), (1), (2), (2)',
    'CREATE TABLE child (t INT REFERENCES t (id))',
    'INSERT INTO child VALUES (2)',
  );
  const done = await run(['db', 'dedupe', 't', '--key', 'k', ...ON, ...APPLY]);
  expect(done.code).toBe(6);
  expect(done.stderr).toContain('FOREIGN KEY constraint failed');
  expect(await all('SELECT COUNT(*) FROM t')).toEqual([[4]]);
});

test('where much more came than was planned, nothing is removed', async () => {
  const { db, all } = await scratch(...MANY);
  const stale = await removeDuplicates(db, await removalOf(db, 't', ['k']), { rows: 470, planned: 3 }, NOBODY);
  expect(stale).toMatchObject({ ok: false, error: { kind: 'stale' } });
  expect(await all('SELECT COUNT(*) FROM t')).toEqual([[470]]);
});

test('an archive that somebody has dropped is made again by what goes on, and cannot be put back', async () => {
  const { db, all, run } = await scratch(...MANY);
  const removal = await removalOf(db, 't', ['k']);
  await beginRemoval(db, removal);
  await all('DROP TABLE t_duplicates_1');
  value(await removeDuplicates(db, removal, SEEN, NOBODY));
  expect(await all('SELECT COUNT(*) FROM t_duplicates_1')).toEqual([[370]]);
  await all('DROP TABLE t_duplicates_1');
  expect(await putBack(db, removal, NOBODY)).toMatchObject({ ok: false, error: { kind: 'refused' } });
  // It is not left half taken back: the next removal is not kept from anything.
  expect(await run(['db', 'dedupe', 't', '--key', 'k', ...ON])).toMatchObject({ code: 0 });
});

/** Rows by what decides which one stays: the key (NULL is equal to nothing), and the time (none is not the earliest). */
const ROW = fc.record({
  app: fc.option(fc.constantFrom('a', 'A', 'b', ''), { freq: 5 }),
  n: fc.option(fc.constantFrom(1, 2, 1.5), { freq: 5 }),
  seen: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 3 }),
});

/** What has to stay, told by hand. */
function kept(rows: readonly { app: string | null; n: number | null; seen: number | null }[]): readonly number[] {
  const earliest = new Map<string, number>();
  const alone: number[] = [];
  for (const [at, { app, n, seen }] of rows.entries()) {
    const key = `${app?.toLowerCase()} ${n}`;
    const best = earliest.get(key);
    const time = seen ?? Number.POSITIVE_INFINITY;
    if (app === null || n === null) alone.push(at + 1);
    else if (best === undefined || time < (rows[best - 1]?.seen ?? Number.POSITIVE_INFINITY)) earliest.set(key, at + 1);
  }
  return [...alone, ...earliest.values()].sort((a, b) => a - b);
}

test('whatever the rows are, those stay that should, and all come back', async () => {
  const { db, all } = await scratch(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, app TEXT COLLATE NOCASE, n, seen TIMESTAMP)',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(ROW, { maxLength: 12 }), async (rows) => {
      await all('DELETE FROM t');
      for (const [at, row] of rows.entries()) {
        const text = 'INSERT INTO t (id, app, n, seen) VALUES (@id, @app, @n, @seen)';
        await db.run({ text, parameters: { id: at + 1, ...row } });
      }
      const before = await all('SELECT * FROM t ORDER BY id');
      const removal = { ...(await removalOf(db, 't', ['app', 'n'])), batch: 3 };
      value(await removeDuplicates(db, removal, { rows: rows.length, planned: rows.length }, NOBODY));
      expect((await all('SELECT id FROM t ORDER BY id')).flat()).toEqual(kept(rows));
      value(await putBack(db, removal, NOBODY));
      expect(await all('SELECT * FROM t ORDER BY id')).toEqual(before);
    }),
    { numRuns: 60 },
  );
});

test('a batch that others are in the way of is tried again', async () => {
  const { file, db, all } = await scratch('PRAGMA journal_mode = WAL', ...MANY);
  const removal = await removalOf(db, 't', ['k']);
  await beginRemoval(db, removal);
  const [locked, release] = [gate(), gate()];
  const other = db.transaction(async (run) => {
    await run({ text: 'UPDATE t SET v = v WHERE id = 1' });
    locked.open();
    await release.opened;
  });
  await locked.opened;
  let begun = 0;
  const hasty = await open(
    file,
    ({ text }) => {
      if (text.startsWith('BEGIN')) begun += 1;
      if (begun === 2) release.open();
    },
    1,
  );
  expect(value(await removeInRounds(hasty, removal, NOBODY))).toBe(370);
  await other;
  expect(await all('SELECT COUNT(*) FROM t')).toEqual([[100]]);
});

test('a step that others are in the way of ends with 75: nothing was changed, try again', async () => {
  const { db, run } = await scratch(...MANY);
  await db.run({ text: 'BEGIN IMMEDIATE' });
  const { code, stderr } = await run([
    'db',
    'dedupe',
    't',
    '--key',
    'k',
    '--apply',
    '--yes',
    ...ON,
    '--lock-timeout',
    '1ms',
  ]);
  await db.run({ text: 'ROLLBACK' });
  expect(code).toBe(75);
  expect(stderr).toContain('`scorpiox db blocking` shows who. Nothing was changed.');
});

test('of two that are at the same duplicates, one says so and stops', async () => {
  const { db, file, all } = await scratch(...MANY);
  const removal = await removalOf(db, 't', ['k']);
  await beginRemoval(db, removal);
  const onProgress = () => {
    const other = new DatabaseSync(file);
    other.exec(`DROP TABLE IF EXISTS ${removal.doomed}`); // as one that came to its end
    other.close();
  };
  const stopped = await removeInRounds(db, removal, { ...NOBODY, onProgress });
  expect(stopped).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(stopped.ok ? '' : stopped.error.message).toContain('Another process is at the same duplicates of t');
  expect(await all('SELECT (SELECT COUNT(*) FROM t) + (SELECT COUNT(*) FROM t_duplicates_1)')).toEqual([[470]]);
});

test('what another process archives while rows are put back comes back too', async () => {
  const { db, file, all } = await scratch(...MANY);
  const removal = await removalOf(db, 't', ['k']);
  const before = await all('SELECT rowid, * FROM t ORDER BY rowid');
  value(await removeDuplicates(db, removal, SEEN, NOBODY));
  let isArchived = false;
  const onProgress = (done: number, total: number) => {
    if (done < total || isArchived) return;
    isArchived = true;
    const other = new DatabaseSync(file); // between two of its transactions, as a batch of another process
    other.exec(`BEGIN IMMEDIATE;
      INSERT INTO t_duplicates_1 (scorpiox_at, id, k, v) SELECT '', id, k, v FROM t WHERE id = 1;
      DELETE FROM t WHERE id = 1;
      COMMIT`);
    other.close();
  };
  value(await putBack(db, removal, { ...NOBODY, onProgress }));
  expect(await all('SELECT rowid, * FROM t ORDER BY rowid')).toEqual(before);
});

test('where a row that came has the primary key of one that went, it says so, and keeps what cannot come back', async () => {
  const { run, db, all } = await scratch(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, k)',
    'INSERT INTO t VALUES (1, 1), (2, 1), (3, 1)',
  );
  const done = await run(['db', 'dedupe', 't', '--key', 'k', ...ON, ...APPLY]);
  await db.run({ text: 'INSERT INTO t (k) VALUES (9)' }); // which SQLite gives the 2
  const undo = ['undo', JSON.parse(done.stdout).run, '--apply', '--yes', '--quiet'];
  const refused = await run(undo);
  expect(refused.stderr).toContain('(UNIQUE constraint failed: t.id)');
  expect(refused.stderr).toContain('they are kept in t_duplicates_1. Give those that came other values');
  expect(await all('SELECT id FROM t_duplicates_1')).toEqual([[2], [3]]);
  await db.run({ text: 'UPDATE t SET id = 4 WHERE k = 9' });
  expect(await run(undo)).toMatchObject({ code: 0 });
  expect(await all('SELECT id, k FROM t')).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 9],
  ]);
});

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test('Ctrl-C ends it between two batches, and it goes on', async () => {
  const { db, all } = await scratch(...MANY);
  const stop = new AbortController();
  const removal = await removalOf(db, 't', ['k']);
  const cut = await removeDuplicates(db, removal, SEEN, { stop: stop.signal, onProgress: () => stop.abort() });
  expect(cut).toMatchObject({ ok: false, error: { kind: 'interrupted' } });
  expect(await all('SELECT COUNT(*) FROM t_duplicates_1')).toEqual([[200]]);
  expect(value(await removeDuplicates(db, removal, SEEN, NOBODY))).toMatchObject({ removed: 170, archived: 370 });
});

test('the same database has the same plan, and a table without duplicates none', async () => {
  const { run } = await scratch(...MANY);
  const plan = async () => (await run(['db', 'dedupe', 't', '--key', 'k', ...ON, '--jq', '.plan'])).stdout;
  expect(await plan()).toBe(await plan());
  const none = await run(['db', 'dedupe', 't', '--key', 'id', ...ON]);
  expect(none).toMatchObject({ code: 0 });
  expect(none.stderr).toContain('There is nothing to do.');
});
