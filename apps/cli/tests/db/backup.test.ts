import { existsSync } from 'node:fs';
import { copyFile, link, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, test } from 'vitest';
import { restoreDatabase } from '../../src/ops/db/restore/actions.ts';
import { planRestoreDatabase } from '../../src/ops/db/restore/plan.ts';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';
import { makeInsights, within } from './insights-fixture.ts';

let folder: string;
let file: string;
let backup: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'insights.db');
  backup = join(folder, 'backup.db');
  await makeInsights(file);
  add('first');
});

const run = (...args: string[]) =>
  scorpioxHere(['db', ...args, '--data-dir', folder], { cwd: folder, env: { XDG_STATE_HOME: join(folder, 'state') } });
const undo = (run: string) =>
  scorpioxHere(['undo', run, '--apply', '--yes', '--json'], {
    cwd: folder,
    env: { XDG_STATE_HOME: join(folder, 'state') },
  });
const restore = () => run('restore', 'backup.db', '--apply', '--yes', '--json');

const add = (name: string) =>
  within(file, (db) => db.prepare('INSERT INTO apps (name, created_at) VALUES (?, 1)').run(name));
const appsIn = (path: string) =>
  within(path, (db) =>
    db
      .prepare('SELECT name FROM apps ORDER BY id')
      .all()
      .map(({ name }) => name),
  );
const kept = async () => (await readdir(folder)).filter((name) => name.includes('before-restore'));

test('a backup is made while the database is in use, and never over a file', async () => {
  const db = new DatabaseSync(file);
  db.exec("BEGIN IMMEDIATE; INSERT INTO apps (name, created_at) VALUES ('uncommitted', 1)");
  const made = await run('backup', 'backup.db', '--json');
  expect(made.code).toBe(0);
  expect(JSON.parse(made.stdout)).toEqual({ file: backup, bytes: expect.any(Number), version: expect.any(Number) });
  db.exec('ROLLBACK');
  db.close();
  expect(appsIn(backup)).toEqual(['first']);
  expect(await run('backup', 'backup.db')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('is there already'),
  });
});

test('a backup takes the place of the database, which is kept; undo puts it back, and undoing that once more', async () => {
  await run('backup', 'backup.db');
  add('second');
  const shown = await run('restore', 'backup.db');
  expect(shown).toMatchObject({ code: 3, stdout: expect.stringContaining('Check') });
  expect(appsIn(file)).toEqual(['first', 'second']);
  const restored = await restore();
  expect(restored.code).toBe(0);
  expect(appsIn(file)).toEqual(['first']);
  add('later');
  const [old = ''] = await kept();
  expect(appsIn(join(folder, old))).toEqual(['first', 'second']);
  const undone = await undo(JSON.parse(restored.stdout).run);
  expect(undone.code).toBe(0);
  expect(appsIn(file)).toEqual(['first', 'second']);
  const [aside = ''] = (await readdir(folder)).filter((name) => name.includes('.restored-'));
  expect(appsIn(join(folder, aside))).toEqual(['first', 'later']);
  expect(await undo(JSON.parse(undone.stdout).run)).toMatchObject({ code: 0 });
  expect(appsIn(file)).toEqual(['first', 'later']);
});

test('nothing is replaced while anybody has the database open', async () => {
  await run('backup', 'backup.db');
  const db = new DatabaseSync(file);
  db.prepare('SELECT 1 FROM apps').get();
  const refused = await restore();
  db.close();
  expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('Stop what works on it first') });
  expect(await kept()).toEqual([]);
  expect((await readdir(folder)).filter((name) => name.includes('.restored-'))).toEqual([]);
  expect((await restore()).code).toBe(0);
});

test('a restore that was killed between the two names is half done, and is taken back', async () => {
  await run('backup', 'backup.db');
  add('second');
  const plan = await planRestoreDatabase({ file, backup });
  const action = plan.ok ? plan.value.steps[0]?.action : undefined;
  const data = action?.data as { file: string; aside: string; incoming: string }; // what restoreDatabase.of was given
  await copyFile(backup, data.incoming);
  await link(file, data.aside);
  const deed = restoreDatabase.bind(data);
  expect(await deed?.half()).toBeDefined();
  const back = deed?.inverse;
  expect(back).toBeDefined();
  const { ACTIONS } = await import('../../src/ops/plan/actions/actions.ts');
  if (back !== undefined) expect(await ACTIONS.bind(back.action)?.perform()).toMatchObject({ ok: true });
  expect(appsIn(file)).toEqual(['first', 'second']);
  expect(existsSync(data.aside)).toBe(false);
});

test('where nothing was, it is there then; what is no backup is refused', async () => {
  await run('backup', 'backup.db');
  await rm(file);
  expect((await restore()).code).toBe(0);
  expect(appsIn(file)).toEqual(['first']);
  await writeFile(join(folder, 'text'), 'no database');
  expect(await run('restore', 'text')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('no insights database'),
  });
  expect(await run('restore', 'missing')).toMatchObject({ code: 1 });
  expect(await run('restore', 'insights.db')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('the database itself'),
  });
});

test('a backup that changed since the plan was made is not taken', async () => {
  await run('backup', 'backup.db');
  const plan = await planRestoreDatabase({ file, backup });
  within(backup, (db) => db.exec("INSERT INTO apps (name, created_at) VALUES ('other', 1)"));
  const action = plan.ok ? plan.value.steps[0]?.action : undefined;
  expect(await restoreDatabase.bind(action?.data)?.perform()).toMatchObject({ ok: false, error: { kind: 'stale' } });
});

test('on a SQL Server its own statements are named, and nothing of the password is told', async () => {
  const env = { SCORPIOX_INSIGHTS_DATABASE: 'mssql://sa:s3cret@127.0.0.1:1/insights' };
  for (const [command, statement] of [
    ['backup', 'COPY_ONLY, CHECKSUM, COMPRESSION'],
    ['restore', 'DBCC CHECKDB ([insights])'],
  ] as const) {
    const ended = await scorpioxHere(['db', command, 'x.db'], { cwd: folder, env });
    expect(ended).toMatchObject({ code: 5, stderr: expect.stringContaining(statement) });
    expect(ended.stderr).not.toContain('s3cret');
  }
});
