import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openControl } from '@scorpiox/shared/database';
import { type Console, ConsoleError, openConsole, type Statement } from '@scorpiox/shared/database/console';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Contents } from '../../src/ops/db/insights/contents.ts';
import { begin } from '../../src/ops/db/move/begin.ts';
import { cutOver } from '../../src/ops/db/move/cut-over.ts';
import { NOTES_READ } from '../../src/ops/db/move/limits.ts';
import { Holder, TakenBack, TakenOver } from '../../src/ops/db/move/marks.ts';
import { Move } from '../../src/ops/db/move/move.ts';
import { readProgress, writeProgress } from '../../src/ops/db/move/progress.ts';
import { type MoveOptions, runCancel, runMove } from '../../src/ops/db/move/run.ts';
import { verify } from '../../src/ops/db/verify/verify.ts';
import { scorpioxHere } from '../support/here.ts';
import { startScorpiox } from '../support/scorpiox.ts';
import { fillInsights, folderInMemory, makeInsights, within } from './insights-fixture.ts';

let folder: string;
let from: string;
let to: string;

beforeEach(async () => {
  folder = await folderInMemory();
  from = join(folder, 'from.db');
  to = join(folder, 'to.db');
});

const at = (file: string) => ({ kind: 'sqlite', file }) as const;

const optionsWith = (tell: (statement: Statement) => void, stop = new AbortController()): MoveOptions => ({
  tell: () => tell,
  lockTimeoutMs: 20_000,
  stop: stop.signal,
  watch: { phase: () => {}, progress: () => {}, closed: () => {} },
  now: () => 1_790_000_000_000,
});
const quiet = optionsWith(() => {});

const move = (cutOver: boolean, options = quiet) => runMove({ source: at(from), target: at(to), cutOver }, options);
const cancel = (target = true) => runCancel({ source: at(from), target: target ? at(to) : undefined }, quiet);

async function open(file: string): Promise<Console> {
  const db = await openConsole(at(file), { tell: () => {}, lockTimeoutMs: 20_000 });
  if (!db.ok) throw db.error;
  onTestFinished(() => db.value.close());
  return db.value;
}

/** How many rows differ, all of them read. */
async function differing(other = to): Promise<number> {
  const [first, second] = [new Contents(await open(from)), new Contents(await open(other))];
  return (await verify({ first, second, deep: true, stop: new AbortController().signal })).differing;
}

const objectsOf = (file: string) =>
  within(file, (db) =>
    db
      .prepare("SELECT name FROM sqlite_schema WHERE name GLOB 'move*' OR name GLOB 'closed*' ORDER BY name")
      .all()
      .map(({ name }) => String(name)),
  );

async function opened(file: string): Promise<string> {
  const control = await openControl(at(file));
  if (!control.ok) return control.error.message;
  await control.value.close();
  return 'opened';
}

/** Changes of every sort, in every table that is gone through in ranges. */
function change(round: number): void {
  within(from, (db) => {
    db.exec('BEGIN');
    for (const { name } of db
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '*rollups' AND name NOT GLOB 'moved*'",
      )
      .all()) {
      const [column] = db
        .prepare('SELECT name FROM pragma_table_info(?) WHERE type = ? AND pk = 0')
        .all(String(name), 'REAL');
      const some = `SELECT minute FROM ${name} ORDER BY minute LIMIT 3 OFFSET ${round % 20}`;
      db.exec(`UPDATE ${name} SET "${column?.name}" = "${column?.name}" + 0.1 WHERE minute IN (${some})`);
    }
    db.exec(`DELETE FROM events WHERE time IN (SELECT time FROM events ORDER BY time LIMIT 2 OFFSET ${round})`);
    db.exec(`INSERT INTO events (app_id, time, hash, kind, name, weight, received_at)
      SELECT app_id, time + 1, randomblob(16), kind, name || ' ${round}', weight, received_at FROM events LIMIT 20 OFFSET ${round * 3}`);
    db.exec(
      `INSERT INTO call_ends (stored_at, ends) VALUES (1, x'01'); DELETE FROM call_ends WHERE seq % 5 = ${round % 5}`,
    );
    db.exec(`UPDATE metric_streams SET seen_at = seen_at + 1; DELETE FROM instances WHERE last_seen = ${round}`);
    db.exec(`INSERT INTO apps (name, created_at) VALUES ('new ${round}', 1)`);
    db.exec(
      `INSERT INTO ingest_keys (key, app_id, created_at) SELECT 'new key ' || id, id, 1 FROM apps WHERE name = 'new ${round}'`,
    );
    db.exec(
      `UPDATE apps SET retention_days = ${round + 1} WHERE id = 1; DELETE FROM tokens WHERE created_at = ${round}`,
    );
    db.exec('COMMIT');
  });
}

describe('a move', () => {
  beforeEach(() => fillInsights(from, 20));

  test('brings everything over; the old one is closed, and the new one can be used', async () => {
    const { rows } = within(from, (db) => ({ rows: db.prepare('SELECT count(*) AS n FROM events').get()?.n }));
    expect(await move(true)).toMatchObject({ ok: true });
    expect(within(to, (db) => db.prepare('SELECT count(*) AS n FROM events').get()?.n)).toBe(rows);
    expect(await differing()).toBe(0);
    expect(await opened(to)).toBe('opened');
    expect(await opened(from)).toContain('its contents have moved');
    for (const text of [
      'DELETE FROM events',
      "INSERT INTO views VALUES ('x', 'y', 1, '')",
      'UPDATE app_counters SET late = 1',
      "UPDATE leases SET holder = 'an API that would hand on alerts' WHERE name = 'alerts'",
    ]) {
      expect(() => within(from, (db) => db.exec(text))).toThrow(`this database has moved to sqlite:${to}`);
    }
    expect(objectsOf(from).filter((name) => !name.startsWith('closed_'))).toEqual(['move_source']);
    expect(objectsOf(to)).toEqual(['move_target']);
    expect(await move(true)).toEqual({ ok: true, value: { rows: 0, ranges: 0, changes: 0 } });
  });

  test('without a cut-over the old one stays in use, the new one cannot be used, and what changes comes over each time', async () => {
    expect(await move(false)).toMatchObject({ ok: true, value: { changes: expect.any(Number) } });
    expect(await opened(from)).toBe('opened');
    expect(await opened(to)).toContain('is being filled from another database');
    for (const round of [1, 2, 3]) {
      change(round);
      expect(await differing()).toBeGreaterThan(0);
      expect(await move(false)).toMatchObject({ ok: true, value: { rows: 0, ranges: 0 } });
      expect(await differing()).toBe(0);
    }
    expect(await move(true)).toMatchObject({ ok: true, value: { rows: 0, ranges: 0 } });
    expect(await differing()).toBe(0);
  });

  test('that is killed again and again, in whatever it does, comes to its end, with changes in between', async () => {
    let runs = 0;
    for (let most = 250; ; most += 35) {
      let sent = 0;
      const options = optionsWith(() => {
        sent += 1;
        if (sent > most) throw new Error('killed');
      });
      const ended = await move(true, options).catch((error: Error) => error.message);
      if (typeof ended !== 'string') {
        expect(ended).toMatchObject({ ok: true });
        break;
      }
      expect(ended).toContain('killed');
      runs += 1;
      if (
        within(from, (db) => db.prepare("SELECT 1 FROM sqlite_schema WHERE name GLOB 'closed*'").get()) === undefined
      ) {
        change(runs);
      }
    }
    expect(runs).toBeGreaterThan(5);
    expect(await differing()).toBe(0);
    expect(objectsOf(from).filter((name) => !name.startsWith('closed_'))).toEqual(['move_source']);
    expect(await opened(to)).toBe('opened');
  });

  test.each([
    'closed_events_insert',
    'DELETE FROM migrations',
    'DROP TRIGGER IF EXISTS moved_',
  ])('that is killed at its end, at %s, goes on with the same command', async (statement) => {
    const options = optionsWith(({ text }) => {
      if (options.stopped === true || text.includes(statement)) {
        options.stopped = true;
        throw new Error('killed');
      }
    }) as MoveOptions & { stopped?: boolean };
    await expect(move(true, options)).rejects.toThrow('killed');
    expect(await move(true)).toMatchObject({ ok: true });
    expect(await differing()).toBe(0);
    expect(await opened(to)).toBe('opened');
    expect(await opened(from)).toContain('have moved');
  });

  test('takes what another process commits all the time, to its last transaction', async () => {
    const writer = fork(join(import.meta.dirname, 'keep-writing.ts'), [from]);
    onTestFinished(() => void writer.kill('SIGKILL'));
    const said: unknown[] = [];
    const ended = new Promise((resolve) => writer.once('close', resolve));
    await new Promise<void>((resolve) =>
      writer.on('message', (message) => {
        said.push(message);
        resolve();
      }),
    );
    expect(await move(true)).toMatchObject({ ok: true });
    await ended;
    expect(said.at(-1)).toMatchObject({ committed: expect.any(Number), why: expect.stringContaining('has moved to') });
    expect(await differing()).toBe(0);
    const { committed } = said.at(-1) as { committed: number }; // what it says, as seen above
    const received = 'SELECT sum(received) AS n FROM app_counters WHERE app_id <= 4';
    expect(within(to, (db) => db.prepare(received).get()?.n)).toBe(1 + 2 + 3 + 4 + committed);
  });

  test('ends a pass though changes come faster than they are brought over', async () => {
    await move(false);
    change(1);
    let more = 0;
    const options = optionsWith(({ text }) => {
      if (!text.includes('FROM moved_instances ORDER BY note') || more >= 10) return;
      more += 1;
      within(from, (db) =>
        db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${NOTES_READ})
          INSERT INTO moved_instances (app_id, id) SELECT 1, x'00' FROM n`),
      );
    });
    await expect(move(false, options)).resolves.toMatchObject({ ok: true });
    expect(more).toBe(1);
    expect(await move(true)).toMatchObject({ ok: true });
    expect(await differing()).toBe(0);
  });

  test('ends of calls are numbered on from the last one that there was, though it is gone', async () => {
    within(from, (db) => db.exec('UPDATE call_ends_linked SET seq = 40; DELETE FROM call_ends'));
    expect(await move(true)).toMatchObject({ ok: true });
    within(to, (db) => {
      expect(db.prepare("INSERT INTO call_ends (stored_at, ends) VALUES (1, x'') RETURNING seq").get()?.seq).toBe(41);
    });
  });

  test('stops between two ranges when it is asked to, and goes on', async () => {
    const stop = new AbortController();
    let copied = 0;
    const options = optionsWith(({ text }) => {
      if (text.startsWith('INSERT INTO events')) copied += 1;
      if (copied === 2) stop.abort();
    }, stop);
    expect(await move(true, options)).toMatchObject({ ok: false, error: { kind: 'interrupted' } });
    expect(await opened(from)).toBe('opened');
    expect(await move(true)).toMatchObject({ ok: true });
    expect(await differing()).toBe(0);
  });
});

test('a cut-over that fails and cannot open its source again says that it is closed', async () => {
  await fillInsights(from, 5);
  let isClosed = false;
  const options = optionsWith(({ text }) => {
    if (isClosed && text !== 'ROLLBACK') throw new ConsoleError('full', 'database or disk is full');
  });
  const closed = () => {
    isClosed = true;
  };
  const ended = await move(true, { ...options, watch: { ...quiet.watch, closed } });
  expect(ended).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('The old database stays closed') },
  });
  expect(await move(true)).toMatchObject({ ok: true });
  expect(await differing()).toBe(0);
});

describe('what a move needs', () => {
  beforeEach(() => fillInsights(from, 5));

  test('an empty target that nobody works on, a source of this version, and two databases', async () => {
    await fillInsights(to, 2);
    expect(await move(false)).toMatchObject({
      error: { kind: 'refused', message: expect.stringContaining('is not empty') },
    });
    const other = join(folder, 'other.db');
    await makeInsights(other);
    within(other, (db) => db.exec("INSERT INTO api_processes VALUES ('host:8080', 1)"));
    const busy = await runMove({ source: at(from), target: at(other), cutOver: false }, quiet);
    expect(busy).toMatchObject({ error: { message: expect.stringContaining('the API at host:8080 works on it') } });
    const foreign = join(folder, 'foreign.db');
    within(foreign, (db) => db.exec('CREATE TABLE x (y)'));
    const refused = await runMove({ source: at(from), target: at(foreign), cutOver: false }, quiet);
    expect(refused).toMatchObject({ error: { message: expect.stringContaining('no insights database') } });
    within(from, (db) => db.exec('DELETE FROM migrations WHERE version > 10'));
    const behind = await runMove({ source: at(from), target: at(join(folder, 'new.db')), cutOver: false }, quiet);
    expect(behind).toMatchObject({ error: { kind: 'refused', message: expect.stringContaining('version 10') } });
    expect(existsSync(join(folder, 'new.db'))).toBe(false);
    expect(objectsOf(from)).toEqual([]);
  });

  test('one move of a source at a time, to one target', async () => {
    await move(false);
    const other = await runMove({ source: at(from), target: at(join(folder, 'other.db')), cutOver: false }, quiet);
    expect(other).toMatchObject({
      error: { kind: 'refused', message: expect.stringContaining(`is being moved to sqlite:${to}`) },
    });
  });

  test('a source whose schema stays: one that a newer program has migrated meanwhile is not gone on with', async () => {
    await move(false);
    within(from, (db) => db.exec("INSERT INTO migrations VALUES (500, 'later', 1)"));
    expect(await move(true)).toMatchObject({ ok: false, error: { message: expect.stringContaining('version 500') } });
  });

  test('room: a target whose disk is full keeps what it has, and the move goes on from there', async () => {
    await fillInsights(from, 5, 8_000);
    await makeInsights(to);
    const [source, target] = [new Contents(await open(from)), new Contents(await open(to))];
    const marks = await begin(source, target, 1);
    if (!marks.ok) throw new Error(marks.error.message);
    const [pages] = (await target.db.run({ text: 'PRAGMA page_count' })).sets[0] ?? [];
    await target.db.run({ text: `PRAGMA max_page_count = ${Number(pages?.page_count) + 700}` });
    const holder = await Holder.take(target, marks.value.target);
    const full = new Move({ source, target, holder }, marks.value.target, quiet);
    await expect(full.follow()).rejects.toMatchObject({ code: 'full' });
    const before = within(to, (db) => Number(db.prepare('SELECT count(*) AS n FROM events').get()?.n));
    expect(before).toBeGreaterThan(0);
    const ended = await move(true);
    expect(ended).toMatchObject({ ok: true });
    if (ended.ok) expect(ended.value.rows).toBeLessThan(8_000 + 5 * 40 - before + 1);
    expect(await differing()).toBe(0);
  });

  test('a target that nobody has used: an older one that holds something is not migrated either', async () => {
    await fillInsights(to, 2);
    within(to, (db) => db.exec('DELETE FROM migrations WHERE version > 10'));
    expect(await move(false)).toMatchObject({
      error: { kind: 'refused', message: expect.stringContaining('is not empty: it is a database of version 10') },
    });
    expect(objectsOf(to)).toEqual([]);
  });

  test('a source that is whole: not one that is being filled itself', async () => {
    await move(false);
    const on = await runMove({ source: at(to), target: at(join(folder, 'on.db')), cutOver: true }, quiet);
    expect(on).toMatchObject({ error: { kind: 'refused', message: expect.stringContaining('is no whole database') } });
    expect(objectsOf(to)).toEqual(['move_target']);
  });

  test('one process: one that is still at a move that was taken back leaves the next one its notes', async () => {
    await makeInsights(to);
    const [source, target] = [new Contents(await open(from)), new Contents(await open(to))];
    const marks = await begin(source, target, 1);
    if (!marks.ok) throw new Error(marks.error.message);
    const holder = await Holder.take(target, marks.value.target);
    const late = new Move({ source, target, holder }, marks.value.target, quiet);
    await late.follow();
    expect(await cancel(false)).toMatchObject({ ok: true });
    const other = { source: at(from), target: at(join(folder, 'other.db')) };
    expect(await runMove({ ...other, cutOver: false }, quiet)).toMatchObject({ ok: true });
    change(1);
    await expect(late.catchUp()).rejects.toBeInstanceOf(TakenBack);
    await expect(cutOver(late, true, { now: () => 1, onClosed: () => {} })).rejects.toBeInstanceOf(TakenBack);
    expect(await opened(from)).toBe('opened');
    expect(await runMove({ ...other, cutOver: true }, quiet)).toMatchObject({ ok: true });
    expect(await differing(other.target.file)).toBe(0);
  });

  test('one process: who comes back late writes nothing any more', async () => {
    await makeInsights(to);
    const [source, target] = [new Contents(await open(from)), new Contents(await open(to))];
    const marks = await begin(source, target, 1);
    if (!marks.ok) throw new Error(marks.error.message);
    const late = await Holder.take(target, marks.value.target);
    expect(await move(false)).toMatchObject({ ok: true });
    const wrote = late.write({}, async (run) => void (await run({ text: 'DELETE FROM events' })));
    await expect(wrote).rejects.toBeInstanceOf(TakenOver);
    expect(await differing()).toBe(0);
  });
});

test('who was taken over at the end does not open the source for two', async () => {
  await fillInsights(from, 5);
  const others: ReturnType<typeof move>[] = [];
  // It has closed the source; another one goes on with the move, while this one does too.
  const watch = { ...quiet.watch, closed: () => void others.push(move(true)) };
  const first = await move(true, { ...quiet, watch });
  const [second] = await Promise.all(others);
  expect([first, second]).toContainEqual(expect.objectContaining({ ok: true }));
  const both = [await opened(from), await opened(to)];
  expect(both.filter((one) => one === 'opened')).toHaveLength(1);
  if (both[1] === 'opened') expect(await differing()).toBe(0);
});

test('a source that another holder has closed anew is not opened by the one that fails', async () => {
  await fillInsights(from, 5);
  const failing = optionsWith(({ text }) => {
    if (text.startsWith('DELETE FROM migrations WHERE version = 1000000')) throw new Error('lost');
  });
  const lateOpen = {
    ...failing,
    watch: { ...failing.watch, closed: () => within(from, (db) => db.exec('UPDATE move_source SET closed_by = 99')) },
  };
  await expect(move(true, lateOpen)).rejects.toThrow('lost');
  expect(await opened(from)).toContain('have moved');
  expect(await move(true)).toMatchObject({ ok: true });
  expect(await differing()).toBe(0);
});

test('a source whose cut-over fails is open again at once, and notes on', async () => {
  await fillInsights(from, 5);
  const failing = optionsWith(({ text }) => {
    if (text.startsWith('DELETE FROM migrations WHERE version = 1000000')) throw new Error('lost');
  });
  await expect(move(true, failing)).rejects.toThrow('lost');
  expect(await opened(from)).toBe('opened');
  change(1);
  expect(await move(true)).toMatchObject({ ok: true });
  expect(await differing()).toBe(0);
});

describe('taking a move back', () => {
  beforeEach(() => fillInsights(from, 5));

  test('before its end nothing of it is left in the source, and the target is of no use', async () => {
    await move(false);
    expect(await cancel(false)).toEqual({ ok: true, value: undefined });
    expect(objectsOf(from)).toEqual([]);
    change(1);
    expect(await opened(from)).toBe('opened');
    expect(await opened(to)).toContain('is being filled');
    expect(await move(true)).toMatchObject({ error: { message: expect.stringContaining('another move left behind') } });
    expect(await cancel(false)).toMatchObject({ error: { kind: 'refused' } });
  });

  test('after its end the old one is opened again, as long as the new one was not used', async () => {
    await move(true);
    expect(await cancel(false)).toMatchObject({ error: { kind: 'usage' } });
    within(to, (db) => db.exec("INSERT INTO views VALUES ('x', 'y', 1, '')"));
    expect(await cancel()).toMatchObject({ error: { message: expect.stringContaining('it differs from') } });
    expect(await opened(to)).toBe('opened');
    within(to, (db) => db.exec("DELETE FROM views WHERE id = 'x'; INSERT INTO size_samples VALUES (1, 1)"));
    expect(await cancel()).toMatchObject({ error: { message: expect.stringContaining('an API noted its size') } });
    within(to, (db) => db.exec('DELETE FROM size_samples'));
    expect(await cancel()).toEqual({ ok: true, value: undefined });
    change(1);
    expect([await opened(from), await opened(to)]).toEqual(['opened', expect.stringContaining('have moved')]);
    expect(() => within(to, (db) => db.exec('DELETE FROM events'))).toThrow(`has moved to sqlite:${from}`);
    expect(objectsOf(from)).toEqual([]);
  });

  test('a target that has moved on is neither taken back nor opened', async () => {
    await move(true);
    const on = { source: at(to), target: at(join(folder, 'on.db')) };
    expect(await runMove({ ...on, cutOver: true }, quiet)).toMatchObject({ ok: true });
    expect(await cancel()).toMatchObject({
      error: { message: expect.stringContaining(`is moved to sqlite:${folder}`) },
    });
    expect([await opened(from), await opened(to)]).toEqual(Array(2).fill(expect.stringContaining('have moved')));
    expect(await runCancel(on, quiet)).toMatchObject({ ok: true });
    expect(await cancel()).toMatchObject({ ok: true });
    expect(await opened(from)).toBe('opened');
  });

  test('a source that is closed by another process in that very moment is not opened under its hands', async () => {
    await move(false);
    let isClosing = false;
    const racing = {
      tell: () => (statement: Statement) => {
        if (isClosing || statement.text !== 'BEGIN IMMEDIATE') return;
        isClosing = true;
        within(from, (db) => db.exec('UPDATE move_source SET closed_at = 5, closed_by = 1'));
      },
      lockTimeoutMs: 20_000,
      stop: new AbortController().signal,
    };
    const raced = await runCancel({ source: at(from), target: undefined }, racing);
    expect(raced).toMatchObject({ ok: false, error: { message: expect.stringContaining('was closed meanwhile') } });
    expect(objectsOf(from)).toContain('moved_events');
  });

  test('a source that was closed by a process that died is opened again, and the target stays shut', async () => {
    let isDead = false;
    const options = optionsWith(({ text }) => {
      isDead ||= text.startsWith('DELETE FROM migrations WHERE version = 1000000');
      if (isDead) throw new Error('killed');
    });
    await expect(move(true, options)).rejects.toThrow('killed');
    expect(await opened(from)).toContain('have moved');
    expect(await move(false)).toMatchObject({ error: { message: expect.stringContaining('is closed') } });
    expect(await cancel()).toEqual({ ok: true, value: undefined });
    change(1);
    expect(await opened(to)).toContain('is being filled');
  });
});

test('the command that is ended by kill -9 is given again, and goes on', async () => {
  await fillInsights(from, 5, 6_000);
  const env = { XDG_STATE_HOME: join(folder, 'state'), SCORPIOX_INSIGHTS_DATABASE: `sqlite:${from}` };
  const args = ['db', 'migrate', '--to', `sqlite:${to}`, '--cutover', '--apply', '--yes', '--quiet', '--json'];
  const killed = startScorpiox(args, { cwd: folder, env });
  const ended = new Promise((resolve) => killed.once('close', resolve));
  const copied = () =>
    existsSync(to) && within(to, (db) => Number(db.prepare('SELECT count(*) AS n FROM events').get()?.n)) > 0;
  await vi.waitFor(() => expect(copied()).toBe(true), { timeout: 30_000, interval: 5 });
  killed.kill('SIGKILL');
  await ended;
  const again = await scorpioxHere(args, { cwd: folder, env });
  expect(again).toMatchObject({ code: 0 });
  expect(await differing()).toBe(0);
  expect(await opened(to)).toBe('opened');
});

test('how far it is outlives the process, whatever the keys are', () => {
  const place = { table: 'metric_series', within: [3, Buffer.from([1, 255])], from: Buffer.from([7]) };
  const unproved = [{ table: 'events', range: { within: [9007199254740993n], from: 1, to: 2 } }];
  expect(readProgress(writeProgress({ place, unproved }))).toEqual({
    place: { ...place, within: [3, Uint8Array.of(1, 255)], from: Uint8Array.of(7) },
    unproved,
  });
});

test('the command shows what it would do, does it, tells what to set, and has nothing to do then', async () => {
  await fillInsights(from, 5);
  const env = { XDG_STATE_HOME: join(folder, 'state'), SCORPIOX_INSIGHTS_DATABASE: `sqlite:${from}` };
  const run = (...args: string[]) => scorpioxHere(['db', 'migrate', ...args], { cwd: folder, env });
  expect(await run('--to', 'sqlite:to.db', '--cutover')).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('take its place'),
  });
  expect([existsSync(to), objectsOf(from)]).toEqual([false, []]);
  const apply = ['--apply', '--yes', '--json'];
  const first = await run('--to', 'sqlite:to.db', ...apply);
  expect(first.code).toBe(0);
  expect(first.stderr).toContain('CREATE TRIGGER moved_events_insert');
  expect(JSON.parse(first.stdout)).toMatchObject({ command: 'db migrate', state: 'done', closedMs: null });
  const moved = await run('--to', 'sqlite:to.db', '--cutover', ...apply);
  expect(moved.code).toBe(0);
  expect(moved.stderr).toContain(`database = "sqlite:${to}"`);
  expect(JSON.parse(moved.stdout)).toMatchObject({ rows: 0, closedMs: expect.any(Number) });
  expect(await run('--to', 'sqlite:to.db', '--cutover')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('nothing to do'),
  });
  const back = await run('--to', 'sqlite:to.db', '--cancel', ...apply);
  expect(back.code).toBe(0);
  expect(objectsOf(from)).toEqual([]);
  expect(await run('--to', `sqlite:${from}`)).toMatchObject({ code: 64 });
  expect(await run('--cutover')).toMatchObject({ code: 64 });
});
