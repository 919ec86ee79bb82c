// What stands beside verdicts, where they are made, and that nothing is written.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { GIT_ENV, GitFolder, makeRepository } from '../support/git.ts';
import { temporaryFolder } from '../support/scorpiox.ts';
import { branch, branchOf, lines, merge, squash, started, surveyed } from './world.ts';

const clone = (from: string, to: string, ...options: readonly string[]): GitFolder => {
  execFileSync('git', ['clone', '--quiet', ...options, from, to], { env: { ...process.env, ...GIT_ENV } });
  return new GitFolder(to, Date.parse('2026-04-01T09:00:00Z') / 1000);
};

/** Every file below a folder, with its bytes. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map(({ parentPath, name }) => [
      join(parentPath, name),
      execFileSync('cat', [join(parentPath, name)]).toString('base64'),
    ]),
  );
}

const kinds = async (path: string, request = {}) =>
  Object.fromEntries((await surveyed(path, request)).branches.map(({ name, verdict }) => [name, verdict.kind]));

describeWith(['git'], 'a survey of branches', () => {
  it('writes nothing into the repository: no object, no file', async () => {
    const repository = await started();
    branch(repository, 'squashed', { 'c.txt': 'c' }, { 'd.txt': 'd' });
    branch(repository, 'conflict', { 'a.txt': lines(40, { 0: 'mine' }) });
    branch(repository, 'merged', { 'e.txt': 'e' });
    branch(repository, 'open', { 'f.txt': 'f' });
    squash(repository, 'squashed');
    merge(repository, 'merged');
    repository.commit('edit', { 'c.txt': 'edited', 'a.txt': lines(40, { 0: 'theirs' }) });
    // A merge of `open` makes a tree that is nowhere yet.
    const before = contents(repository.path);
    const temporary = await temporaryFolder();
    vi.stubEnv('TMPDIR', temporary);
    const survey = await surveyed(repository.path).finally(() => vi.unstubAllEnvs());
    expect(survey.branches.map(({ verdict }) => verdict.kind)).toEqual(['merged', 'squashed', 'diverged', 'diverged']);
    expect(contents(repository.path)).toEqual(before);
    expect(readdirSync(temporary)).toEqual([]);
    repository.git('merge-tree', '--write-tree', 'main', 'open');
    expect(contents(repository.path)).not.toEqual(before);
  });

  it('tells ahead and behind, when, and what a branch follows', async () => {
    const origin = await started();
    const repository = clone(origin.path, join(await temporaryFolder(), 'clone'));
    branch(repository, 'topic', { 'c.txt': 'c' }, { 'd.txt': 'd' });
    repository.git('push', '--quiet', '--set-upstream', 'origin', 'topic');
    const tip = repository.git('rev-parse', 'topic');
    repository.commit('other', { 'e.txt': 'e' });
    const time = Number(repository.git('log', '-1', '--format=%ct', 'topic'));
    const found = { ref: 'refs/heads/topic', name: 'topic', tip, time, ahead: 2, behind: 1, inUse: [] };
    expect(await branchOf(repository, 'topic')).toMatchObject({
      ...found,
      upstream: { name: 'origin/topic', isGone: false },
    });
    origin.git('branch', '-D', 'topic');
    repository.git('fetch', '--quiet', '--prune');
    expect(await branchOf(repository, 'topic')).toMatchObject({
      ...found,
      upstream: { name: 'origin/topic', isGone: true },
    });
  });

  it('tells who has a branch in hand', async () => {
    const repository = await started();
    for (const name of ['tree', 'rebased', 'bisected', 'here']) branch(repository, name, { [`${name}.txt`]: name });
    branch(repository, 'conflict', { 'rebased.txt': 'other' });
    const folder = join(repository.path, '../w é\nx');
    repository.git('worktree', 'add', '--quiet', folder, 'tree');
    const second = join(repository.path, '../second');
    repository.git('worktree', 'add', '--quiet', second, 'rebased');
    expect(() => new GitFolder(second).git('rebase', 'conflict')).toThrow('git rebase');
    repository.git('checkout', '--quiet', 'bisected');
    repository.git('bisect', 'start', 'HEAD', 'HEAD~2');
    const { branches } = await surveyed(repository.path);
    const uses = Object.fromEntries(branches.map(({ name, inUse }) => [name, inUse]));
    expect(uses).toEqual({
      here: [],
      conflict: [],
      tree: [{ worktree: `${join(repository.path, '../w é')}\\x0ax`, how: 'checked-out' }],
      rebased: [{ worktree: second, how: 'rebase' }],
      bisected: [{ worktree: repository.path, how: 'bisect' }],
    });
  });

  it('keeps branches by their names: usual ones, those of git’s configuration, and those that are asked for', async () => {
    const repository = await started();
    for (const name of ['release/1.0', 'develop', 'demo/x', 'wip-1', 'wip', 'topic']) repository.git('branch', name);
    repository.git('config', '--add', 'scorpiox.keep', 'demo/*');
    const { branches } = await surveyed(repository.path, { keep: ['wip-?'] });
    expect(Object.fromEntries(branches.map(({ name, keptBy }) => [name, keptBy]))).toEqual({
      'release/1.0': 'release/*',
      develop: 'develop',
      'demo/x': 'demo/*',
      'wip-1': 'wip-?',
      wip: undefined,
      topic: undefined,
    });
  });

  it('finds the trunk: the remote’s HEAD, the configured name, main or master, the only branch; or is told', async () => {
    const origin = makeRepository(join(await temporaryFolder(), 'origin'));
    origin.commit('first');
    origin.git('branch', '-m', 'main', 'work');
    origin.git('branch', 'main');
    const repository = clone(origin.path, join(await temporaryFolder(), 'clone'));
    expect((await surveyed(repository.path)).trunk).toMatchObject({ name: 'work', ref: 'refs/heads/work' });
    expect((await surveyed(repository.path, { into: 'origin/main' })).trunk.name).toBe('origin/main');
    expect((await surveyed(repository.path, { into: 'main' })).trunk.ref).toBe('refs/remotes/origin/main');
    await expect(surveyed(repository.path, { into: 'gone' })).rejects.toThrow('has no branch gone.');
    expect((await surveyed(origin.path)).trunk.name).toBe('main');
    origin.git('config', 'init.defaultBranch', 'work');
    expect((await surveyed(origin.path)).trunk.name).toBe('work');
    origin.git('config', 'init.defaultBranch', 'gone');
    origin.git('branch', '-m', 'main', 'x');
    await expect(surveyed(origin.path)).rejects.toThrow('name it with --into');
    origin.git('checkout', '--quiet', 'x');
    origin.git('branch', '-D', 'work');
    expect(await surveyed(origin.path)).toMatchObject({ trunk: { name: 'x' }, branches: [] });
  });

  it('compares with the trunk that is further, here or at its remote, and says how old that is', async () => {
    const origin = await started();
    const repository = clone(origin.path, join(await temporaryFolder(), 'clone'));
    branch(repository, 'topic', { 'c.txt': 'c' }, { 'd.txt': 'd' });
    expect((await surveyed(repository.path)).trunk).toEqual({
      ref: 'refs/heads/main',
      name: 'main',
      tip: repository.git('rev-parse', 'main'),
      fetched: 'never',
    });
    repository.git('push', '--quiet', 'origin', 'topic');
    squash(origin, 'topic');
    repository.git('fetch', '--quiet');
    const { trunk, branches } = await surveyed(repository.path);
    expect(trunk).toMatchObject({ ref: 'refs/remotes/origin/main', name: 'origin/main', fetched: expect.any(Number) });
    expect(branches.map(({ name, verdict }) => [name, verdict.kind])).toEqual([['topic', 'squashed']]);
    repository.commit('mine', { 'e.txt': 'e' });
    const { trunk: own, notes, branches: unsure } = await surveyed(repository.path);
    expect(own.ref).toBe('refs/heads/main');
    expect(notes).toEqual([expect.stringContaining('main and origin/main in')]);
    expect(unsure.map(({ verdict }) => verdict.kind)).toEqual(['diverged']);
  });

  it('looks at branches of remotes where it is told to', async () => {
    const origin = await started();
    const repository = clone(origin.path, join(await temporaryFolder(), 'clone'));
    branch(repository, 'topic', { 'c.txt': 'c' }, { 'd.txt': 'd' });
    repository.git('push', '--quiet', 'origin', 'topic', 'main:release/2');
    squash(repository, 'topic');
    const { branches } = await surveyed(repository.path, { remote: true });
    expect(branches.map(({ name, remote, keptBy, verdict }) => [name, remote, keptBy, verdict.kind])).toEqual([
      ['topic', undefined, undefined, 'squashed'],
      ['origin/topic', 'origin', undefined, 'squashed'],
      ['origin/release/2', 'origin', 'release/*', 'fresh'],
    ]);
  });

  it('works in bare repositories, linked worktrees, with a detached HEAD, and with packed references', async () => {
    const repository = await started();
    branch(repository, 'topic', { 'c.txt': 'c' }, { 'd.txt': 'd' });
    branch(repository, 'open', { 'e.txt': 'e' });
    squash(repository, 'topic');
    repository.git('pack-refs', '--all');
    repository.git('checkout', '--quiet', '--detach');
    const expected = { topic: 'squashed', open: 'diverged' };
    expect(await kinds(repository.path)).toEqual(expected);
    const tree = join(repository.path, '../tree');
    repository.git('worktree', 'add', '--quiet', '--detach', tree);
    expect(await kinds(tree)).toEqual(expected);
    const bare = clone(repository.path, join(repository.path, '../bare.git'), '--bare');
    bare.git('symbolic-ref', 'HEAD', 'refs/heads/main');
    expect(await kinds(bare.path)).toEqual(expected);
    bare.git('symbolic-ref', 'HEAD', 'refs/heads/open');
    const { trunk, branches } = await surveyed(bare.path, { into: 'main' });
    expect(trunk.name).toBe('main');
    expect(branches.map(({ name, inUse }) => [name, inUse.map(({ how }) => how)])).toEqual([
      ['topic', []],
      ['open', ['head']],
    ]);
  });

  it('says what a shallow clone cannot know', async () => {
    const origin = await started();
    branch(origin, 'topic', { 'c.txt': 'c' }, { 'd.txt': 'd' });
    for (const at of [1, 2, 3, 4]) origin.commit(`main ${at}`, { 'm.txt': String(at) });
    const options = ['--depth=2', '--no-single-branch', '--no-local'];
    const repository = clone(`file://${origin.path}`, join(origin.path, '../shallow'), ...options);
    repository.git('branch', 'topic', 'origin/topic');
    const { branches, notes } = await surveyed(repository.path);
    expect(branches.map(({ verdict }) => verdict)).toEqual([{ kind: 'unknown', why: 'shallow' }]);
    expect(notes).toEqual([
      `${repository.path} is a shallow clone: what landed before its history begins is not seen.`,
    ]);
  });

  it('tells of repositories without branches or commits', async () => {
    const repository = makeRepository(join(await temporaryFolder(), 'empty'));
    await expect(surveyed(repository.path)).rejects.toThrow('has no branches yet.');
    repository.commit('first');
    expect((await surveyed(repository.path)).branches).toEqual([]);
  });

  it('takes names as they are', async () => {
    const repository = await started();
    const names = ['feature/a/b', 'ümläut/✓', '-dash', 'with"quote', "it's", '日本', '#1', 'a;b', '$(x)'];
    for (const name of names) repository.git('update-ref', `refs/heads/${name}`, 'main');
    const bytes = Buffer.concat([Buffer.from('create refs/heads/'), Buffer.of(0x61, 0xff), Buffer.from(' HEAD\n')]);
    execFileSync('git', ['update-ref', '--stdin'], { cwd: repository.path, input: bytes });
    const { branches } = await surveyed(repository.path);
    expect(branches.map(({ name }) => name).sort()).toEqual([...names, 'a\\xff'].sort());
    expect(new Set(branches.map(({ verdict }) => verdict.kind))).toEqual(new Set(['fresh']));
  });

  it('goes on where references are broken or name what is no commit, and says so', async () => {
    const repository = await started();
    branch(repository, 'topic', { 'c.txt': 'c' });
    repository.write('.git/refs/heads/broken', 'nonsense\n');
    repository.write('.git/refs/heads/missing', `${'1'.repeat(40)}\n`);
    repository.write('.git/refs/heads/blob', `${repository.git('rev-parse', 'HEAD:a.txt')}\n`);
    repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/topic');
    const { branches, notes } = await surveyed(repository.path);
    expect(branches.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['topic', { kind: 'ahead', own: 1 }],
      ['blob', { kind: 'unknown', why: 'broken' }],
      ['missing', { kind: 'unknown', why: 'broken' }],
    ]);
    expect(notes).toEqual([expect.stringContaining('refs/heads/alias'), expect.stringContaining('refs/heads/broken')]);
  });

  it('works in folders of any name', async () => {
    const repository = await started();
    branch(repository, 'topic', { 'c.txt': 'c' }, { 'd.txt': 'd' });
    repository.commit('other', { 'e.txt': 'e' });
    const name = Buffer.concat([
      Buffer.from(join(repository.path, '..')),
      Buffer.from('/a:b "q\\'),
      Buffer.of(0xff, 0x0a),
    ]);
    renameSync(repository.path, name);
    const { branches } = await surveyed(name);
    expect(branches.map(({ verdict }) => verdict)).toEqual([{ kind: 'diverged', own: 2, behind: 1 }]);
  });

  it('works with SHA-256, and where objects lie in another repository', async () => {
    const folder = await temporaryFolder();
    const origin = makeRepository(join(folder, 'origin'), '--object-format=sha256');
    origin.commit('first', { 'a.txt': lines(20) });
    branch(origin, 'topic', { 'a.txt': lines(20, { 10: 'changed' }) }, { 'b.txt': 'b' });
    squash(origin, 'topic');
    origin.commit('elsewhere', { 'a.txt': lines(20, { 0: 'elsewhere', 10: 'changed' }) });
    origin.git('mv', 'a.txt', 'renamed.txt');
    origin.commit('rename');
    const repository = clone(origin.path, join(folder, 'clone'), '--shared', '--no-local');
    repository.git('branch', 'topic', 'origin/topic');
    for (const { path } of [origin, repository]) {
      const { branches } = await surveyed(path);
      expect(branches.map(({ verdict }) => verdict)).toMatchObject([{ kind: 'squashed', standing: 'there' }]);
    }
  });

  it('is not deceived by replaced commits', async () => {
    const repository = await started();
    branch(repository, 'topic', { 'c.txt': 'c' });
    const other = repository.commit('other', { 'd.txt': 'd' });
    const fake = repository.git('commit-tree', '-p', other, '-p', 'topic', '-m', 'fake', `${other}^{tree}`);
    repository.commit('tip', { 'e.txt': 'e' });
    repository.git('replace', other, fake);
    expect(await kinds(repository.path)).toEqual({ topic: 'diverged' });
  });

  it('asks for nothing over the network, not even for what a partial clone lacks', async () => {
    const origin = await started();
    branch(origin, 'topic', { 'c.txt': 'c' }, { 'd.txt': 'd' });
    squash(origin, 'topic');
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const repository = clone(
      `file://${origin.path}`,
      join(origin.path, '../partial'),
      '--filter=blob:none',
      '--no-checkout',
    );
    repository.git('update-ref', 'refs/heads/topic', 'origin/topic');
    rmSync(join(origin.path, '.git/HEAD'));
    await expect(surveyed(repository.path)).rejects.toThrow('git diff-tree');
  });

  it('comes out the same for the same world', async () => {
    const repository = await started();
    for (const name of ['c', 'a', 'b']) branch(repository, name, { [`${name}.txt`]: name });
    merge(repository, 'b');
    mkdirSync(join(repository.path, 'x'));
    writeFileSync(join(repository.path, 'x/untracked'), '');
    expect(await surveyed(repository.path)).toEqual(await surveyed(repository.path));
  });
});
