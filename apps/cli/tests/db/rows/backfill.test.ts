import { hostname } from 'node:os';
import type { Console } from '@scorpiox/shared/database/console';
import { expect, test } from 'vitest';
import { beginBackfill, doBackfill, fillOf } from '../../../src/ops/db/backfill/backfill.ts';
import { claimBackfill } from '../../../src/ops/db/backfill/claim.ts';
import type { Fill } from '../../../src/ops/db/backfill/fill.ts';
import { watchLoad } from '../../../src/ops/db/backfill/load.ts';
import { runFill } from '../../../src/ops/db/backfill/run-fill.ts';
import { turnBackfill } from '../../../src/ops/db/backfill/status.ts';
import { readTable } from '../../../src/ops/db/rows/read-table.ts';
import { diesAt, killedAt, NOBODY, open, scratch, value } from './support.ts';
import { TABLES } from './tables.ts';

const ON = ['--on', 'sqlite:scratch.db', '--quiet'];
const CONFIRM = ['--apply', '--confirm', 't.c', '--json'];

const MANY = [
  'CREATE TABLE t (id INTEGER PRIMARY KEY, v INT, c INT DEFAULT 0)',
  `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2300)
    INSERT INTO t (v) SELECT i * 3 FROM n`,
];

/** A row that was set twice is told from one that was set once by `c + 1`. */
async function counting(db: Console, table = 't'): Promise<Fill> {
  return value(fillOf(await readTable(db, table), { id: 1, column: 'c', expression: 'c + 1' }));
}

/** As if the process that was at it were gone. */
const forsaken = (db: Console) =>
  db.run({ text: `UPDATE scorpiox_backfills SET worker = '${hostname()}|999999999 1 x|y' WHERE worker IS NOT NULL` });

test('sets a column of all rows, tells how far it is, and cannot be undone', async () => {
  const { run, all } = await scratch(...MANY);
  const planned = await run(['db', 'backfill', 'start', 't.C', '--from', 'v / 3', ...ON]);
  expect(planned.stdout).toBe('1\tno\tSet t.c to v / 3 in 2,300 rows, in the order of the primary key: backfill 1.\n');
  expect((await run(['db', 'backfill', 'start', 't.c', '--from', 'v / 3', ...ON, '--apply', '--yes'])).code).toBe(64);
  const done = await run(['db', 'backfill', 'start', 't.c', '--from', 'v / 3', ...ON, ...CONFIRM]);
  expect(done.code, done.stderr).toBe(0);
  const { changes, run: name } = JSON.parse(done.stdout);
  expect(changes).toEqual([
    {
      backfill: 1,
      table: 't',
      column: 'c',
      rows: 2_300,
      batches: expect.any(Number),
      waits: 0,
      differing: 0,
      untold: null,
    },
  ]);
  expect(await all('SELECT COUNT(*) FROM t WHERE c = id')).toEqual([[2_300]]);
  const status = JSON.parse((await run(['db', 'backfill', 'status', ...ON, '--json'])).stdout);
  expect(status).toEqual([
    {
      ...{ id: 1, table: 't', column: 'c', state: 'done', done: 2_300, total: 2_300, batches: changes[0].batches },
      ...{ waits: 0, waitsFor: null, leftMs: null, worker: null, expression: 'v / 3' },
    },
  ]);
  expect((await run(['undo', name, ...ON])).stderr).toContain('cannot be undone');
});

test.each(Object.keys(TABLES))('each row once, in a table %s', async (kind) => {
  const { db, all } = await scratch(
    TABLES[kind]?.replace('note', 'c INT DEFAULT 0, note') ?? '',
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1300)
      INSERT INTO "ev ents" (app, n, note) SELECT 'a', i, 'x' FROM n`,
  );
  const fill = await counting(db, 'ev ents');
  await beginBackfill(db, fill, 1_300);
  expect(await runFill(db, fill, value(await claimBackfill(db, 1)), NOBODY)).toBe('done');
  expect(await all('SELECT c, COUNT(*) FROM "ev ents" GROUP BY c')).toEqual([[1, 1_300]]);
});

test('killed before any of its statements, it goes on behind the last row that was set, and sets none twice', async () => {
  for (let number = 1; ; number += 1) {
    const { file, db, all } = await scratch(...MANY);
    const fill = await counting(db);
    const died = await diesAt(number, file, async (dying) => {
      await beginBackfill(dying, fill, 2_300);
      await runFill(dying, fill, value(await claimBackfill(dying, 1)), NOBODY);
    });
    await beginBackfill(db, fill, 2_300);
    await forsaken(db);
    const [state] = (await all('SELECT state FROM scorpiox_backfills')).flat();
    if (state === 'running') await runFill(db, fill, value(await claimBackfill(db, 1)), NOBODY);
    expect(await all('SELECT c, COUNT(*) FROM t GROUP BY c'), `killed at ${number}`).toEqual([[1, 2_300]]);
    expect(await all('SELECT state, done_rows, worker FROM scorpiox_backfills')).toEqual([['done', 2_300, null]]);
    if (!died) break;
  }
});

test('a process that is killed is gone on for by another, which is told by its number', async () => {
  const { home, run, all } = await scratch(...MANY);
  const args = ['db', 'backfill', 'start', 't.c', '--from', 'c + 1', '--on', 'sqlite:scratch.db', ...CONFIRM];
  // Of the second batch: it is done and not committed.
  expect(await killedAt('@last_key', 2, args, home)).toBe(true);
  const [before] = JSON.parse((await run(['db', 'backfill', 'status', ...ON, '--json'])).stdout);
  expect(before).toMatchObject({ id: 1, state: 'running', done: 500, worker: null });
  const [name] = JSON.parse((await run(['runs', '--jq', '.[0] | [.run, .state, .half]'])).stdout);
  expect((await run(['runs', 'show', name, '--jq', '.steps[].state'])).stdout).toBe('half-done\n');
  const resumed = await run(['db', 'backfill', 'resume', '1', ...ON, '--json']);
  // Each row is what it was and one more, so all of them differ from `c + 1`, which is said.
  expect(resumed.code, resumed.stderr).toBe(6);
  expect(JSON.parse(resumed.stdout)).toMatchObject({ backfill: 1, rows: 2_300, differing: 2_300 });
  expect(await all('SELECT c, COUNT(*) FROM t GROUP BY c')).toEqual([[1, 2_300]]);
  expect((await run(['runs', 'show', name, '--jq', '.steps[].state'])).stdout).toBe('done\n');
  expect(await run(['db', 'backfill', 'resume', '1', ...ON])).toMatchObject({ code: 5 });
});

test('paused it waits, looks now and then, and goes on when it is resumed', async () => {
  const { file, db, all, run } = await scratch(...MANY);
  const other = await open(file);
  const fill = await counting(db);
  await beginBackfill(db, fill, 2_300);
  const looks: unknown[] = [];
  const progress: number[] = [];
  const worker = value(await claimBackfill(db, 1));
  value(await turnBackfill(other, 1, 'pause'));
  const end = await runFill(db, fill, worker, {
    stop: NOBODY.stop,
    onProgress: (done) => progress.push(done),
    wait: async () => {
      const [status] = JSON.parse((await run(['db', 'backfill', 'status', ...ON, '--json'])).stdout);
      looks.push([status.state, status.done, status.worker]);
      if (looks.length === 2) value(await turnBackfill(other, 1, 'resume'));
    },
  });
  expect(end).toBe('done');
  const paused = ['paused', 0, `process ${process.pid} on ${hostname()}`];
  expect(looks).toEqual([paused, paused]);
  expect(await all('SELECT c, COUNT(*) FROM t GROUP BY c')).toEqual([[1, 2_300]]);
});

test('where only row numbers of SQLite tell rows apart, it is said what changes them', async () => {
  const { run } = await scratch('CREATE TABLE t (v INT, c INT)');
  const { stderr } = await run(['db', 'backfill', 'start', 't.c', '--from', 'v', ...ON]);
  expect(stderr).toContain('no VACUUM before it has ended');
});

test('pause, resume and cancel are a word to the process that is at it', async () => {
  const { db, run } = await scratch(...MANY);
  await beginBackfill(db, await counting(db), 2_300);
  value(await claimBackfill(db, 1)); // this process is
  const worker = `process ${process.pid} on ${hostname()}`;
  const said: unknown[] = [];
  for (const word of ['pause', 'resume', 'cancel']) {
    const { code, stdout } = await run(['db', 'backfill', word, '1', ...ON, '--json']);
    const { state, worker: who } = JSON.parse(stdout);
    said.push([word, code, state, who]);
  }
  expect(said).toEqual([
    ['pause', 0, 'paused', worker],
    ['resume', 0, 'running', worker],
    ['cancel', 0, 'cancelled', null],
  ]);
  const running = await run(['db', 'backfill', 'pause', '1', ...ON]);
  expect(running).toMatchObject({ code: 5 });
  expect(running.stderr).toContain('The backfill 1 is cancelled: there is nothing to pause.');
});

test('cancelled it ends, what is set stays so, and it cannot be resumed', async () => {
  const { file, db, all, run } = await scratch(...MANY);
  const other = await open(file);
  const fill = await counting(db);
  await beginBackfill(db, fill, 2_300);
  let batches = 0;
  const end = await runFill(db, fill, value(await claimBackfill(db, 1)), {
    stop: NOBODY.stop,
    onProgress: () => {
      batches += 1;
      if (batches === 2) db.run({ text: "UPDATE scorpiox_backfills SET state = 'cancelled'" });
    },
  });
  expect(end).toBe('cancelled');
  expect(await all('SELECT c, COUNT(*) FROM t GROUP BY c ORDER BY c')).toEqual([
    [0, 1_800],
    [1, 500],
  ]);
  expect((await run(['db', 'backfill', 'resume', '1', ...ON])).stderr).toContain('The backfill 1 is cancelled.');
  expect(await turnBackfill(other, 1, 'pause')).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect((await run(['db', 'backfill', 'pause', '7', ...ON])).stderr).toContain('has no backfill 7');
  expect(await run(['db', 'backfill', 'cancel', 'x', ...ON])).toMatchObject({ code: 64 });
});

test('Ctrl-C ends it between two batches, and nobody is at it then', async () => {
  const { db, all } = await scratch(...MANY);
  const fill = await counting(db);
  await beginBackfill(db, fill, 2_300);
  const stop = new AbortController();
  const cut = await doBackfill(db, fill, { stop: stop.signal, onProgress: (done) => done > 0 && stop.abort() });
  expect(cut).toMatchObject({ ok: false, error: { kind: 'interrupted' } });
  expect(await all('SELECT state, worker FROM scorpiox_backfills')).toEqual([['running', null]]);
  expect(await doBackfill(db, fill, NOBODY)).toMatchObject({ ok: true, value: { rows: 2_300 } });
});

test('while another process is at it nobody else is, and one that took it over is noticed by the first', async () => {
  const { file, db, all } = await scratch(...MANY);
  const fill = await counting(db);
  await beginBackfill(db, fill, 2_300);
  const worker = value(await claimBackfill(db, 1));
  const second = await claimBackfill(await open(file), 1);
  expect(second).toMatchObject({ ok: false, error: { kind: 'refused' } });
  expect(second.ok ? '' : second.error.message).toContain(`is being done by process ${process.pid}`);
  // On another machine only time tells.
  await db.run({ text: "UPDATE scorpiox_backfills SET worker = 'elsewhere|1 2 3|x'" });
  expect(await claimBackfill(db, 1)).toMatchObject({ ok: false });
  await db.run({ text: 'UPDATE scorpiox_backfills SET seen_at = seen_at - 60001' });
  expect(await claimBackfill(db, 1)).toMatchObject({ ok: true });
  expect(await runFill(db, fill, worker, NOBODY)).toBe('taken');
  expect(await all('SELECT c, COUNT(*) FROM t GROUP BY c')).toEqual([[0, 2_300]]);
});

test('while somebody else writes it waits, and says so', async () => {
  const { file, db, all, run } = await scratch('PRAGMA journal_mode = WAL', ...MANY);
  const fill = await counting(db);
  await beginBackfill(db, fill, 2_300);
  const worker = value(await claimBackfill(db, 1));
  const hasty = await open(file, undefined, 1);
  let release: (() => void) | undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begun: (() => void) | undefined;
  const writing = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const other = db.transaction(async (within) => {
    await within({ text: 'UPDATE t SET v = v WHERE id = 1' });
    begun?.();
    await released;
  });
  await writing;
  let waited = 0;
  const end = await runFill(hasty, fill, worker, {
    ...NOBODY,
    wait: async () => {
      waited += 1;
      release?.();
      await other;
    },
  });
  expect([end, waited]).toEqual(['done', 1]);
  expect(await all('SELECT c, COUNT(*) FROM t GROUP BY c')).toEqual([[1, 2_300]]);
  expect((await run(['db', 'backfill', 'status', ...ON, '--jq', '.[].state'])).stdout).toBe('done\n');
});

test('the pages of the log that a reader holds are counted', async () => {
  const { file, db } = await scratch('PRAGMA journal_mode = WAL', ...MANY);
  const load = await watchLoad(db);
  expect(await load.log()).toEqual({ pages: 0 });
  const reader = (await open(file)).rows({ text: 'SELECT id FROM t' });
  await reader[Symbol.asyncIterator]().next();
  await db.run({ text: 'UPDATE t SET v = v + 1' });
  expect((await load.log()).pages).toBeGreaterThan(0);
  await reader[Symbol.asyncIterator]().return?.(undefined);
});

test('a full disk ends it with what to do; with room it goes on', async () => {
  const { file, db, all } = await scratch('CREATE TABLE t (id INTEGER PRIMARY KEY, v INT, c TEXT)', MANY[1] ?? '');
  const fill = value(fillOf(await readTable(db, 't'), { id: 1, column: 'c', expression: "printf('%0900d', v)" }));
  await beginBackfill(db, fill, 2_300);
  const small = await open(file);
  const [pages] = await all('PRAGMA page_count');
  await small.run({ text: `PRAGMA max_page_count = ${Number(pages?.[0]) + 200}` });
  expect(await doBackfill(small, fill, NOBODY)).toMatchObject({
    ok: false,
    error: { kind: 'try-again', message: expect.stringContaining('`scorpiox db backfill resume 1` goes on.') },
  });
  await small.close();
  const [[done] = []] = await all('SELECT done_rows FROM scorpiox_backfills');
  expect(await all('SELECT COUNT(*) FROM t WHERE c IS NOT NULL')).toEqual([[done]]);
  await forsaken(db);
  expect(value(await doBackfill(db, fill, NOBODY))).toMatchObject({ rows: 2_300, differing: 0 });
});

test('rows that come behind it are found in the end', async () => {
  const { db, run } = await scratch(
    ...MANY,
    'CREATE TRIGGER late AFTER UPDATE OF c ON t WHEN NEW.id = 2300 BEGIN INSERT INTO t (id, v, c) VALUES (-1, 9, 0); END',
  );
  const done = await run(['db', 'backfill', 'start', 't.c', '--from', 'v / 3', ...ON, ...CONFIRM]);
  expect(done.code).toBe(6);
  expect(done.stderr).toContain('Triggers of t run for each row that is set: late.');
  expect(done.stderr).toContain('1 row of t came or changed behind backfill 1');
  expect((await db.run({ text: 'SELECT c FROM t WHERE id = -1' })).sets[0]).toEqual([{ c: 0 }]);
});

test.each([
  [['t.nothing', '--from', '1'], 'has no column nothing'],
  [['t.c', '--from', 'absent + 1'], 'no such column: absent'],
  [['t.c', '--from', 'v; DROP TABLE t'], 'The expression is more than one statement.'],
  [['t.c', '--from', 'MAX(v)'], 'misuse of aggregate'],
  [['t.id', '--from', 'v'], 'tells the rows apart'],
  [['t.twice', '--from', 'v'], 'is computed'],
  [['shown.c', '--from', 'v'], 'is a view'],
  [['t', '--from', 'v'], 'is no name of a column'],
])('says what is wrong with %j', async (args, message) => {
  const { run } = await scratch(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, v INT, c INT, twice INT AS (v * 2))',
    'CREATE VIEW shown AS SELECT * FROM t',
  );
  const { code, stdout, stderr } = await run(['db', 'backfill', 'start', ...args, ...ON]);
  expect([code === 64 || code === 1, stdout]).toEqual([true, '']);
  expect(stderr).toContain(message);
});

test('one that was not ended is gone on with by the same command, and is in the way of another', async () => {
  const { db, run } = await scratch(...MANY);
  const fill = value(fillOf(await readTable(db, 't'), { id: 1, column: 'c', expression: 'v / 3' }));
  await beginBackfill(db, fill, 2_300);
  const other = await run(['db', 'backfill', 'start', 't.c', '--from', 'v', ...ON]);
  expect(other).toMatchObject({ code: 5 });
  expect(other.stderr).toContain('it sets v / 3. Resume or cancel it first.');
  const same = await run(['db', 'backfill', 'start', 't.c', '--from', 'v / 3', ...ON, ...CONFIRM]);
  expect(same.code, same.stderr).toBe(0);
  expect(same.stderr).toContain('Go on with backfill 1');
});
