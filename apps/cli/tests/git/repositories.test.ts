import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { type Found, findRepositories, type Repository } from '../../src/ops/git/repositories.ts';
import { makeRepository } from '../support/git.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

async function find(...roots: readonly (string | Buffer)[]): Promise<Found[]> {
  const found: Found[] = [];
  for await (const one of findRepositories(roots)) found.push(one);
  return found;
}

/** Their roots below a folder, or what is wrong. */
const told = (folder: string, found: readonly Found[]): string[] =>
  found.map((one) => (one.kind === 'repository' ? one.root.toString() : one.message).replaceAll(folder, ''));

describeWith(['git'], 'finding repositories', () => {
  it('finds them in the order of names, those within others as well', async () => {
    const folder = await temporaryFolder();
    for (const name of ['b', 'a/deep/er', 'a/deep/er/vendor/inner']) makeRepository(join(folder, name));
    makeRepository(join(folder, 'c.git'), '--bare');
    mkdirSync(join(folder, 'd/plain'), { recursive: true });
    const found = await find(folder);
    expect(told(folder, found)).toEqual(['/a/deep/er', '/a/deep/er/vendor/inner', '/b', '/c.git']);
    expect(found.map((one) => one.kind === 'repository' && one.isBare)).toEqual([false, false, false, true]);
  });

  it('takes a folder inside a repository, or its .git, for the repository', async () => {
    const folder = await temporaryFolder();
    const { path } = makeRepository(join(folder, 'a'));
    mkdirSync(join(path, 'src/deep'), { recursive: true });
    makeRepository(join(path, 'src/inner'));
    expect(told(folder, await find(join(path, 'src')))).toEqual(['/a', '/a/src/inner']);
    expect(told(folder, await find(join(path, '.git')))).toEqual(['/a']);
    expect(told(folder, await find(join(path, '.git/refs')))).toEqual(['/a']);
    mkdirSync(join(path, '.git/modules'));
    makeRepository(join(path, '.git/modules/sub'), '--bare');
    expect(told(folder, await find(join(path, '.git/modules/sub/refs')))).toEqual(['/a']);
    expect(told(folder, await find(join(path, 'src/inner')))).toEqual(['/a/src/inner']);
  });

  it('tells what is reached twice once, and follows no links', async () => {
    const folder = await temporaryFolder();
    makeRepository(join(folder, 'a'));
    mkdirSync(join(folder, 'links'));
    symlinkSync(join(folder, 'a'), join(folder, 'links/a'));
    symlinkSync(folder, join(folder, 'links/round'));
    expect(told(folder, await find(folder, join(folder, 'a'), `${folder}/links/../a/`))).toEqual(['/a']);
    expect(told(folder, await find(join(folder, 'links')))).toEqual([]);
    expect(told(folder, await find(join(folder, 'links/a')))).toEqual(['/a']);
  });

  it('knows linked worktrees, and what they share', async () => {
    const folder = await temporaryFolder();
    const main = makeRepository(join(folder, 'main'));
    main.commit('one');
    main.git('worktree', 'add', '--quiet', join(folder, 'tree'), '-b', 'x');
    const [first, second] = (await find(folder)) as Repository[];
    expect(first).toMatchObject({ isLinkedWorktree: false, isBare: false });
    expect(second).toMatchObject({ isLinkedWorktree: true, isBare: false, commonDir: first?.gitDir });
    expect(second?.gitDir.toString()).toBe(join(folder, 'main/.git/worktrees/tree'));
  });

  it('knows a bare repository that a .git file names, and its worktrees', async () => {
    const folder = await temporaryFolder();
    makeRepository(join(folder, 'made')).commit('one');
    execFileSync('git', ['clone', '--quiet', '--bare', join(folder, 'made'), join(folder, 'p/.bare')]);
    rmSync(join(folder, 'made'), { recursive: true });
    writeFileSync(join(folder, 'p/.git'), 'gitdir: ./.bare\n');
    execFileSync('git', ['worktree', 'add', '--quiet', 'tree', 'main'], { cwd: join(folder, 'p') });
    const found = (await find(folder)) as Repository[];
    expect(told(folder, found)).toEqual(['/p', '/p/tree']);
    expect(found.map(({ isBare, isLinkedWorktree }) => [isBare, isLinkedWorktree])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('finds submodules as repositories of their own', async () => {
    const folder = await temporaryFolder();
    makeRepository(join(folder, 'lib')).commit('one', { a: '1' });
    const outer = makeRepository(join(folder, 'outer'));
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(folder, 'lib'), 'sub');
    const found = (await find(outer.path)) as Repository[];
    expect(told(folder, found)).toEqual(['/outer', '/outer/sub']);
    expect(found[1]?.gitDir.toString()).toBe(join(outer.path, '.git/modules/sub'));
    expect(found[1]).toMatchObject({ isBare: false, isLinkedWorktree: false });
  });

  it('goes along with names of any bytes', async () => {
    const folder = await temporaryFolder();
    const { path } = makeRepository(join(folder, 'made'));
    const name = Buffer.concat([Buffer.from(`${folder}/a\n`), Buffer.of(0xff, 0x20)]);
    renameSync(path, name);
    const [found] = (await find(folder)) as Repository[];
    expect(found?.root.equals(name)).toBe(true);
    expect(found?.gitDir.equals(Buffer.concat([name, Buffer.from('/.git')]))).toBe(true);
  });

  it('tells what cannot be found or read, and goes on', async () => {
    const folder = await temporaryFolder();
    makeRepository(join(folder, 'z'));
    mkdirSync(join(folder, 'moved'));
    writeFileSync(join(folder, 'moved/.git'), 'gitdir: /gone/.git/worktrees/moved\n');
    mkdirSync(join(folder, 'odd'));
    writeFileSync(join(folder, 'odd/.git'), 'something else\n');
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'nothing/.git'), { recursive: true });
    execFileSync('mkfifo', [join(folder, 'nothing/.git/HEAD')]);
    const found = await find(folder, join(folder, 'gone'), join(folder, 'file'));
    expect(told(folder, found)).toEqual([
      '/moved/.git names /gone/.git/worktrees/moved, which is no repository. If it was moved, `git worktree repair` in its repository mends a worktree.',
      '/odd/.git is no folder and names none.',
      '/z',
      '/gone is not there.',
      '/file is no folder.',
    ]);
  });

  it('stops when it is told to', async () => {
    const folder = await temporaryFolder();
    for (const name of ['a', 'b']) makeRepository(join(folder, name));
    const stop = new AbortController();
    const found: Found[] = [];
    for await (const one of findRepositories([folder], stop.signal)) {
      found.push(one);
      stop.abort();
    }
    expect(told(folder, found)).toEqual(['/a']);
  });
});
