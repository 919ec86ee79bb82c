/** `branches prune` on whole repositories: which branches go, and of the others why they stay. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../../tests/support/programs.ts';
import { planPrune } from '../../../src/ops/branches/prune/prune.ts';
import { type GitFolder, makeRepository } from '../../support/git.ts';
import { scorpioxHere } from '../../support/here.ts';
import { temporaryFolder } from '../../support/scorpiox.ts';
import { branch, lines, merge, squash, started } from '../world.ts';
import { bound, snapshot } from './support.ts';

/** Ways in which a branch's work lands; each has files of its own, in two commits where they are not merged. */
const LANDINGS = {
  merge: (repository: GitFolder, name: string) => merge(repository, name),
  rebase: (repository: GitFolder, name: string) => repository.git('cherry-pick', `main..${name}`),
  squash: (repository: GitFolder, name: string) => squash(repository, name),
} as const;

function landed(repository: GitFolder, name: string, by: keyof typeof LANDINGS): void {
  const file = name.replaceAll('/', '-');
  const [first, second] = [{ [`${file}.1`]: lines(5) }, { [`${file}.2`]: lines(6) }];
  if (by === 'merge') branch(repository, name, first);
  else branch(repository, name, first, second);
  LANDINGS[by](repository, name);
}

/** Runs the tool where its journals are the test's own. */
async function runner(repository: GitFolder) {
  const env = { XDG_STATE_HOME: await temporaryFolder() };
  const run = (...args: readonly string[]) => scorpioxHere(args, { env, cwd: repository.path });
  const prune = (...args: readonly string[]) => run('branches', 'prune', ...args);
  const why = async (...args: readonly string[]) => {
    const { stdout } = await prune(
      ...args,
      '--jq',
      '.branches | map({key: .branch, value: (if .goes then "goes" else .why end)}) | from_entries',
    );
    return JSON.parse(stdout) as Record<string, string>;
  };
  const names = () => repository.git('branch', '--format=%(refname:short)').split('\n');
  return { run, prune, why, names };
}

/** Eighteen branches, of which two have a reason to stay. */
async function eighteen(): Promise<GitFolder> {
  const repository = await started();
  const of = (by: keyof typeof LANDINGS, ...names: readonly string[]) => {
    for (const name of names) landed(repository, name, by);
  };
  of('merge', 'tmux', 'feature/login', 'fix-1.2.x', 'ünïcode', 'a.b/c', 'docs');
  of('rebase', 'rebased', 'feature/deep/er', 'fix-2', 'typo');
  of('squash', 'squashed', 'feature/search', 'fix-3', 'fix-4');
  branch(repository, 'forwarded', { 'forwarded.txt': 'x' });
  repository.git('merge', '--quiet', '--ff-only', 'forwarded');
  landed(repository, 'edited', 'squash');
  repository.commit('edit', { 'edited.1': lines(5, { 2: 'changed' }) });
  branch(repository, 'wip', { 'wip.txt': 'x' });
  for (const name of ['tmux', 'a.b/c', 'squashed']) {
    repository.git('config', `branch.${name}.remote`, 'origin');
    repository.git('config', `branch.${name}.merge`, `refs/heads/${name}`);
  }
  return repository;
}

describeWith(['git'], 'branches prune', () => {
  it('brings eighteen branches down to two, and undo brings all of them back', async () => {
    const repository = await eighteen();
    const { run, prune, names } = await runner(repository);
    const before = snapshot(bound(repository));
    expect(names()).toHaveLength(18);

    const planned = await prune();
    expect(planned).toMatchObject({ code: 3 });
    expect(planned.stdout).toMatch(/^1\tyes\tDelete 16 branches of .*\n$/);
    expect(planned.stderr).toMatch(/^keep +wip +ahead +1 commit that main has not$/m);
    expect(planned.stderr).toMatch(
      /^delete +squashed +squashed +its 2 commits were squashed as [0-9a-f]{10} of 2026-/m,
    );
    const id = /plan ([0-9a-f]{12})/.exec(planned.stderr)?.[1] ?? '';
    expect(names()).toHaveLength(18);

    const done = await prune('--apply', '--yes', '--expect', id, '--json');
    expect(done).toMatchObject({ code: 0 });
    const told = JSON.parse(done.stdout);
    expect(told).toMatchObject({ command: 'branches prune', state: 'done', steps: 1, done: 1, plan: id, unread: [] });
    expect(Object.keys(told)).toEqual(['run', 'plan', 'command', 'state', 'steps', 'done', 'branches', 'unread']);
    expect(told.branches.at(-1)).toEqual({
      repository: repository.path,
      branch: 'wip',
      remote: null,
      commit: repository.git('rev-parse', 'wip'),
      verdict: 'ahead',
      evidence: '1 commit that main has not',
      goes: false,
      why: '1 commit that main has not',
    });
    expect(names()).toEqual(['main', 'wip']);
    expect(await prune()).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/There is nothing to do\.\n$/),
    });

    expect(await run('undo', told.run, '--apply', '--yes')).toMatchObject({ code: 0 });
    expect(snapshot(bound(repository))).toEqual(before);
  });

  it('takes nothing else, and says of each why', async () => {
    const repository = await started();
    landed(repository, 'reverted', 'squash');
    repository.git('revert', '--no-edit', 'HEAD');
    landed(repository, 'unmerged', 'merge');
    repository.git('revert', '--no-edit', '-m', '1', 'HEAD');
    landed(repository, 'touched', 'squash');
    repository.commit('a touch-up', { 'touched.1': lines(5, { 0: 'touched' }) });
    repository.git('reset', '-q', '--soft', 'HEAD~2');
    repository.commit('touched, squashed with a touch-up');
    landed(repository, 'one-more', 'squash');
    repository.git('switch', '-q', 'one-more');
    repository.commit('more', { 'one-more.3': 'x' });
    repository.git('switch', '-q', 'main');
    branch(repository, 'net-zero', { 'zero.txt': 'x' }, { 'zero.txt': 'y' });
    repository.git('switch', '-q', 'net-zero');
    repository.git('rm', '-q', 'zero.txt');
    repository.commit('nothing left');
    repository.git('switch', '-q', '--orphan', 'unrelated');
    repository.commit('elsewhere', { 'e.txt': 'x' });
    repository.git('switch', '-q', 'main');
    repository.git('branch', 'fresh');
    landed(repository, 'in-use', 'merge');
    repository.git('worktree', 'add', '-q', `${repository.path}-tree`, 'in-use');
    landed(repository, 'release/1', 'merge');
    landed(repository, 'mine/kept', 'merge');
    landed(repository, 'aliased', 'merge');
    repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/aliased');
    landed(repository, 'gone', 'merge');
    const latin1 = Buffer.from(join(repository.path, '.git/refs/heads/caf\xe9'), 'latin1');
    writeFileSync(latin1, `${repository.git('rev-parse', 'gone')}\n`);

    const { prune, why, names } = await runner(repository);
    const keep = ['--keep', 'mine/*'];
    expect(await why(...keep)).toEqual({
      reverted: expect.stringMatching(/; reverted by /),
      unmerged: expect.stringMatching(/; reverted by /),
      touched: expect.stringMatching(/2 commits that main has not/),
      'one-more': expect.stringMatching(/but for 1 commit$/),
      'net-zero': 'its 3 commits change nothing, taken together',
      unrelated: 'shares no commit with main',
      fresh: 'no commits of its own yet, by its reflog',
      'in-use': `checked out in ${repository.path}-tree`,
      'release/1': 'its name is kept: release/*',
      'mine/kept': 'its name is kept: mine/*',
      aliased: 'what refs/heads/alias stands for',
      gone: 'goes',
      'caf\\xe9': expect.stringContaining('no UTF-8'),
    });
    const all = names();
    expect(await prune(...keep, '--apply', '--yes')).toMatchObject({ code: 0 });
    expect(names()).toEqual(all.filter((name) => name !== 'gone'));

    // What is named is taken, but never what is in use or kept.
    const named = 'landed,reverted,partly,net-zero,fresh,unrelated,diverged';
    expect(await prune(...keep, '--verdict', named, '--apply', '--yes')).toMatchObject({ code: 0 });
    expect(names()).toEqual(['alias', 'aliased', 'caf\ufffd', 'in-use', 'main', 'mine/kept', 'release/1']);
    expect(await prune('--verdict', 'unknown')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('reverted'),
    });
  });

  it('deletes branches of a remote: what moved there, is gone there or is in use here stays', async () => {
    const repository = await started();
    const origin = makeRepository(`${repository.path}-origin`, '--bare');
    repository.git('remote', 'add', 'origin', origin.path);
    for (const name of ['done', 'moved', 'gone', 'followed', 'same', 'mine']) landed(repository, name, 'merge');
    branch(repository, 'wip', { 'wip.txt': 'x' });
    repository.git('push', '-q', '--all', 'origin');
    // Landed here alone: the remote may have the only other copy.
    merge(repository, 'wip');
    repository.git('switch', '-q', '-c', 'follower', '--track', 'origin/followed');
    repository.git('worktree', 'add', '-q', `${repository.path}-tree`, 'same');
    origin.git('branch', '-f', 'moved', 'wip');
    origin.git('branch', '-D', 'gone');
    origin.git('symbolic-ref', 'HEAD', 'refs/heads/mine');

    const { run, prune, why } = await runner(repository);
    expect(await why('--remote')).toEqual({
      done: 'goes',
      moved: 'it moved at origin since it was last fetched',
      gone: expect.stringMatching(/^origin has it no more/),
      followed: expect.stringMatching(/^follower is checked out in /),
      same: expect.stringMatching(/^same is checked out in /),
      mine: 'what HEAD names at origin',
      wip: '1 commit that origin/main has not',
    });
    const before = [origin, repository].map((each) => each.git('for-each-ref'));
    const done = await prune('--remote', '--apply', '--yes', '--jq', '.run');
    expect(done).toMatchObject({ code: 0 });
    expect(origin.git('for-each-ref', 'refs/heads/done')).toBe('');
    expect(repository.git('rev-parse', 'done')).toMatch(/^[0-9a-f]{40}$/);
    expect(await run('undo', done.stdout.trim(), '--apply', '--yes')).toMatchObject({ code: 0 });
    expect([origin, repository].map((each) => each.git('for-each-ref'))).toEqual(before);

    origin.git('branch', '-f', 'main', 'wip');
    expect(await prune('--remote')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('`git fetch origin` first'),
    });
    repository.git('remote', 'set-url', 'origin', '/nowhere/at/all');
    expect(await prune('--remote')).toMatchObject({ code: 69, stderr: expect.stringContaining('origin of') });
  });

  it('is told which branches are meant, and how old', async () => {
    const repository = await started();
    landed(repository, 'feature/old', 'merge');
    landed(repository, 'fix/old', 'merge');
    const { why, prune } = await runner(repository);
    expect(await why('--only', 'feature/*')).toEqual({ 'feature/old': 'goes' });
    expect(await prune('--only', 'feature/x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no branch feature/x'),
    });
    expect(await why('--older-than', '1d')).toEqual({ 'feature/old': 'goes', 'fix/old': 'goes' });
    expect(await why('--older-than', '9999w')).toEqual({
      'feature/old': expect.stringMatching(/^its last commit is of 2026-03-/),
      'fix/old': expect.stringMatching(/^its last commit is of 2026-03-/),
    });
    expect(await why('--into', 'fix/old')).toMatchObject({ 'feature/old': 'goes' });
  });

  it('ends in good order where it is interrupted', async () => {
    const repository = await started();
    const signal = AbortSignal.abort();
    const of = { roots: [repository.path], keep: [], only: [], isRemote: false, signal, onProgress: () => undefined };
    expect(await planPrune(of)).toMatchObject({ error: { kind: 'interrupted' } });
  });

  it('looks at many repositories at once, and says which it could not look at', async () => {
    const folder = await temporaryFolder();
    for (const name of ['one', 'two']) {
      const repository = makeRepository(join(folder, name));
      repository.commit('first', { a: 'x' });
      landed(repository, 'done', 'merge');
    }
    makeRepository(join(folder, 'empty'));
    const broken = makeRepository(join(folder, 'undecided'));
    broken.commit('first');
    broken.git('branch', '-m', 'main', 'one');
    broken.git('branch', 'two');
    mkdirSync(join(folder, 'plain'));
    const env = { XDG_STATE_HOME: await temporaryFolder() };
    const run = (...args: readonly string[]) => scorpioxHere(['branches', 'prune', folder, ...args], { env });
    const { stdout } = await run('--json');
    const plan = JSON.parse(stdout);
    expect(Object.keys(plan)).toEqual(['plan', 'command', 'confirm', 'steps', 'branches', 'unread']);
    expect(plan.steps).toHaveLength(2);
    expect(plan.branches).toHaveLength(2);
    expect(plan.unread).toEqual([expect.stringContaining('--into')]);
    const done = await run('--apply', '--yes', '--json');
    expect(done).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('1 place could not be looked at'),
    });
    expect(await run('--json')).toMatchObject({ code: 6 });
    // One of them is gone by the time it is taken back.
    renameSync(join(folder, 'two'), join(folder, 'elsewhere'));
    const undo = ['undo', JSON.parse(done.stdout).run, '--apply', '--yes'];
    expect(await scorpioxHere(undo, { env })).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('is about what cannot be looked at'),
    });
    expect(await scorpioxHere([...undo, '--partial'], { env })).toMatchObject({ code: 0 });
    expect(JSON.parse((await run('--jq', '.branches | map([.branch, .repository])')).stdout)).toEqual([
      ['done', join(folder, 'one')],
    ]);
    const moved = ['branches', 'restore', 'done', '--in', join(folder, 'elsewhere'), '--apply', '--yes'];
    expect(await scorpioxHere(moved, { env })).toMatchObject({ code: 0 });
    expect(await scorpioxHere(['branches', 'prune', join(folder, 'plain')], { env })).toMatchObject({ code: 64 });
    expect(await scorpioxHere(['branches', 'prune', broken.path], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--into'),
    });
  });
});
