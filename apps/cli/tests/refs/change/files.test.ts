/** The deeds of `refs replace` on files and links: nothing is lost, whoever dies when, and every octet comes back. */
import { spawnSync } from 'node:child_process';
import {
  chmod,
  chown,
  lchown,
  link,
  lstat,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/ops/plan/plan.ts';
import { exchange } from '../../../src/ops/refs/change/exchange.ts';
import { replaceInFile, restoreFile } from '../../../src/ops/refs/change/replace-file.ts';
import { retargetLink } from '../../../src/ops/refs/change/retarget-link.ts';
import { spareOf } from '../../../src/ops/refs/change/spare.ts';
import { changingPlace, digest, FROM, TO, treeOf } from './support.ts';

const CHILD = fileURLToPath(new URL('killed-child.ts', import.meta.url));
const OLD = `#!/bin/sh\r\ncd ${FROM}/scorpiox\ncaf\u00e9`;
const NEW = `#!/bin/sh\r\ncd ${TO}/scorpiox\ncaf\u00e9`;

/** A place with the file `run.sh`, and the deed that replaces the path in it. */
async function script(mode = 0o755) {
  const place = await changingPlace();
  const path = await place.write('bin/run.sh', Buffer.from(OLD, 'latin1'), mode);
  const [before, after] = [digest(Buffer.from(OLD, 'latin1')), digest(Buffer.from(NEW, 'latin1'))];
  const data = { path, find: FROM, put: TO, before, after, originals: place.originals };
  const read = async () => (await readFile(path)).toString('latin1');
  return { ...place, path, data, read };
}

describe('a file', () => {
  it('gets its new content with its mode and a date of its own, and the old one back', async () => {
    const { tree, path, data, read, apply, undo, states } = await script();
    await chmod(path, 0o4751);
    await utimes(path, 1_000_000, 1_000_000);
    const before = await treeOf(tree);
    const { run, state } = await apply(replaceInFile.of(data));
    expect(state).toBe('done');
    expect(await read()).toBe(NEW);
    const { mode, mtimeMs } = await stat(path);
    expect(mode & 0o7777).toBe(0o4751);
    expect(mtimeMs).toBeGreaterThan(1_000_000_000);
    expect(await undo(run)).toMatchObject({ code: 0 });
    expect(await treeOf(tree)).toEqual(before);
    // What was built from the other content is older than this.
    expect((await stat(path)).mtimeMs).toBeGreaterThanOrEqual(mtimeMs);
    expect(await states(run)).toEqual(['undone']);
  });

  it('is kept as it was where only its owner may read it, and is changed again when the undoing is undone', async () => {
    const { home, originals, data, read, apply, undo } = await script();
    const { run } = await apply(replaceInFile.of(data));
    expect(await readFile(join(originals, data.before), 'latin1')).toBe(OLD);
    expect((await stat(join(originals, data.before))).mode & 0o777).toBe(0o600);
    for (const folder of [originals, join(home, 'state', 'scorpiox')])
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const undoing = (await undo(run)).stdout.split('\t')[0] ?? '';
    await undo(undoing);
    expect(await read()).toBe(NEW);
    expect(await undo(run)).toMatchObject({ code: 0 });
    expect(await read()).toBe(OLD);
  });

  it('is left where it changed since the plan, and not taken back where it changed since the run', async () => {
    const { path, data, read, apply, undo } = await script();
    const { run } = await apply(replaceInFile.of(data));
    await chmod(path, 0o600);
    expect(await undo(run)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('was followed by other changes'),
    });
    await chmod(path, 0o755);
    await writeFile(path, 'somebody else');
    expect(await undo(run)).toMatchObject({ code: 5 });
    expect(await read()).toBe('somebody else');
    expect(await apply(replaceInFile.of(data))).toMatchObject({ state: 'failed', failure: { kind: 'stale' } });
  });

  it('is not touched where its content cannot be kept, and no trace stays', async () => {
    const { tree, path, data, read, apply, home } = await script();
    const before = await treeOf(tree);
    const applied = await apply(replaceInFile.of({ ...data, originals: join(path, 'nowhere') }));
    expect(applied).toMatchObject({ state: 'failed', done: 0, failure: { kind: 'error' } });
    expect(await read()).toBe(OLD);
    await apply(replaceInFile.of({ ...data, after: digest('another version of this program') }));
    expect(await treeOf(tree)).toEqual(before);
    expect(await readdir(join(home, 'state', 'scorpiox', 'originals'))).toEqual([data.before]);
  });

  it('cannot be put back once what it held is gone, and stays as it is', async () => {
    const { originals, data, read, apply, undo } = await script();
    const { run } = await apply(replaceInFile.of(data));
    await rm(originals, { recursive: true });
    expect(await undo(run)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`is not in ${originals} any more`),
    });
    expect(await read()).toBe(NEW);
  });

  it('is not put back by what somebody made of what was kept', async () => {
    const { originals, data, read, apply, undo } = await script();
    const { run } = await apply(replaceInFile.of(data));
    await truncate(join(originals, data.before), 3);
    expect(await undo(run)).toMatchObject({ code: 1 });
    expect(await read()).toBe(NEW);
  });

  it('is not parted from its other names, unless that is said', async () => {
    const { tree, path, data, read, apply, undo } = await script();
    await link(path, join(tree, 'other'));
    expect(await apply(replaceInFile.of(data))).toMatchObject({ state: 'failed', failure: { kind: 'refused' } });
    const { run } = await apply(replaceInFile.of({ ...data, hardLinks: true }));
    expect([await read(), await readFile(join(tree, 'other'), 'latin1')]).toEqual([NEW, OLD]);
    await undo(run);
    expect(await read()).toBe(OLD);
  });

  it('is on disk at each step before the next: what it held, its name there, the new content, its place', async () => {
    const { home, path, data, originals } = await script();
    const args = ['--disable-warning=ExperimentalWarning', CHILD, home, 'told', JSON.stringify(replaceInFile.of(data))];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const told = stdout.split('\n').filter((line) => line.includes(originals) || line.includes(dirname(path)));
    expect(told.map((line) => line.replace(/\.[0-9a-f]{64}-\d+$/, 'SPARE'))).toEqual([
      `sync ${originals}/SPARE`,
      `rename ${originals}/${data.before}`,
      `sync ${originals}`,
      `sync ${spareOf(path)}`,
      `rename ${path}`,
      `sync ${dirname(path)}`,
    ]);
  });

  it.skipIf(process.getuid?.() !== 0)('stays that of its owner and group', async () => {
    const { tree, path, data, apply, undo } = await script(0o2750);
    await chown(path, 12_345, 23_456);
    await chmod(path, 0o6750);
    await symlink('/old', join(tree, 'link'));
    await lchown(join(tree, 'link'), 12_345, 23_456);
    const { run } = await apply(
      replaceInFile.of(data),
      retargetLink.of({ path: join(tree, 'link'), from: '/old', to: '/new' }),
    );
    const owners = async () =>
      Promise.all([path, join(tree, 'link')].map(async (one) => [(await lstat(one)).uid, (await lstat(one)).gid]));
    const own = [12_345, 23_456];
    expect([await owners(), (await stat(path)).mode & 0o7777]).toEqual([[own, own], 0o6750]);
    await undo(run);
    expect([await owners(), (await stat(path)).mode & 0o7777]).toEqual([[own, own], 0o6750]);
  });

  it('never gets what another run has made ready in the same place', async () => {
    const { path, data, read } = await script();
    const exchanged = await exchange(
      { path, from: data.before, to: data.after, mayHaveNames: false },
      async function* () {
        yield Buffer.from(NEW, 'latin1');
        await rm(spareOf(path));
        await writeFile(spareOf(path), 'half of what the other makes');
      },
    );
    expect(exchanged).toMatchObject({ ok: false, error: { kind: 'try-again' } });
    expect(await read()).toBe(OLD);
  });

  it('that became a link meanwhile is not followed', async () => {
    const { tree, path, data, apply } = await script();
    await writeFile(join(tree, 'secret'), OLD, 'latin1');
    await rm(path);
    await symlink(join(tree, 'secret'), path);
    expect(await apply(replaceInFile.of(data))).toMatchObject({ state: 'failed', done: 0 });
    expect(await readFile(join(tree, 'secret'), 'latin1')).toBe(OLD);
  });
});

describe('a symbolic link', () => {
  it.each([
    ['a dangling one', `${FROM}/gone`, `${TO}/gone`],
    ['a relative one', '../../Volumes/GitHub', '../codebases'],
  ])('gets another target, %s, and its own back; what it points to is not touched', async (_, from, to) => {
    const { tree, apply, undo } = await changingPlace();
    const path = join(tree, 'link');
    await symlink(from, path);
    const before = await treeOf(tree);
    const { run } = await apply(retargetLink.of({ path, from, to }));
    expect(await treeOf(tree)).toEqual({ link: `777 -> ${to}` });
    const undoing = (await undo(run)).stdout.split('\t')[0] ?? '';
    expect(await treeOf(tree)).toEqual(before);
    await undo(undoing);
    expect(await treeOf(tree)).toEqual({ link: `777 -> ${to}` });
  });

  it('that points elsewhere now, or is none, is left', async () => {
    const { tree, write, apply } = await changingPlace();
    const path = await write('link', 'a file');
    expect(await apply(retargetLink.of({ path, from: FROM, to: TO }))).toMatchObject({ state: 'failed' });
    await rm(path);
    await symlink('/elsewhere', path);
    expect(await apply(retargetLink.of({ path, from: FROM, to: TO }))).toMatchObject({ failure: { kind: 'stale' } });
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await treeOf(tree)).toEqual({ link: '777 -> /elsewhere' });
  });
});

/** Does a deed in a process that kills itself at a moment of it; the run's name. */
async function die(home: string, runs: string, moment: string, action: Action): Promise<string> {
  const known = await readdir(runs).catch((): string[] => []);
  const args = ['--disable-warning=ExperimentalWarning', CHILD, home, moment, JSON.stringify(action)];
  expect(spawnSync(process.execPath, args).signal).toBe('SIGKILL');
  const file = (await readdir(runs)).find((name) => !known.includes(name));
  return file?.replace('.ndjson', '') ?? '';
}

// The order in which it goes: noted, kept, made ready, put in its place, noted.
describe('a run that was killed', () => {
  it.each([
    ['begun', 'left', OLD],
    ['keeping', 'half-done', OLD],
    ['kept', 'half-done', OLD],
    ['ready', 'half-done', OLD],
    ['replaced', 'done', NEW],
    ['performed', 'done', NEW],
  ])('when a file was %s tells the truth, and every octet comes back', async (moment, known, content) => {
    const { home, tree, runs, path, data, read, undo, states } = await script();
    const before = await treeOf(tree);
    const run = await die(home, runs, moment, replaceInFile.of(data));
    expect(await read()).toBe(content);
    expect((await stat(path)).mode & 0o777).toBe(0o755);
    expect(await states(run)).toEqual([known]);
    expect(await undo(run)).toMatchObject({ code: 0 });
    expect(await treeOf(tree)).toEqual(before);
    expect(await states(run)).toEqual([known === 'left' ? 'left' : 'undone']);
  });

  it('and was the undoing of another is done again', async () => {
    const { home, tree, runs, data, read, apply, undo, states } = await script();
    const before = await treeOf(tree);
    const { run } = await apply(replaceInFile.of(data));
    const killed = await die(home, runs, 'ready', restoreFile.of(data));
    expect([await read(), await states(killed)]).toEqual([NEW, ['half-done']]);
    expect(await undo(run)).toMatchObject({ code: 0 });
    expect(await treeOf(tree)).toEqual(before);
  });

  it.each([
    ['ready', 'half-done', '777 -> /old'],
    ['replaced', 'done', '777 -> /new'],
  ])('when a link was %s too', async (moment, known, target) => {
    const { home, tree, runs, undo, states } = await changingPlace();
    await symlink('/old', join(tree, 'link'));
    const run = await die(home, runs, moment, retargetLink.of({ path: join(tree, 'link'), from: '/old', to: '/new' }));
    expect([(await treeOf(tree)).link, await states(run)]).toEqual([target, [known]]);
    expect(await undo(run)).toMatchObject({ code: 0 });
    expect(await treeOf(tree)).toEqual({ link: '777 -> /old' });
  });
});
