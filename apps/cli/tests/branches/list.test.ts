import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { makeRepository } from '../support/git.ts';
import { scorpioxHere } from '../support/here.ts';
import { isAlive } from '../support/processes.ts';
import { startScorpiox, temporaryFolder } from '../support/scorpiox.ts';
import { branch, squash, started } from './world.ts';

const list = (cwd: string, args: readonly string[], options = {}) =>
  scorpioxHere(['branches', 'list', ...args], { cwd, ...options });

/** A repository with branches of several kinds; those of `old` are from March, others of now. */
async function shop() {
  const repository = await started();
  branch(repository, 'login', { 'login.txt': '1' }, { 'login.txt': '2' });
  const as = squash(repository, 'login');
  branch(repository, 'wip', { 'wip.txt': '1' });
  repository.git('branch', 'release/1');
  repository.commit('other', { 'other.txt': '' });
  const now = `${Math.floor(Date.now() / 1000)} +0000`;
  repository.git('checkout', '--quiet', '-b', 'today');
  repository.write('today.txt', '');
  repository.git('add', '--all');
  repository.gitWith({ env: { GIT_COMMITTER_DATE: now } }, 'commit', '--quiet', '-m', 'today');
  repository.git('checkout', '--quiet', 'main');
  return { repository, as: as.slice(0, 10) };
}

const names = (stdout: string) => JSON.parse(stdout).map(({ branch: name }: { branch: string }) => name);

describeWith(['git'], 'scorpiox branches list', () => {
  it('tells people of each repository, by verdict', async () => {
    const { repository, as } = await shop();
    repository.git('worktree', 'add', '--quiet', '../tree', 'wip');
    const { code, stdout, stderr } = await list(repository.path, [], { atTerminal: true, env: { NO_COLOR: '1' } });
    const rows = stdout.split('\n').map((line) => line.replace(/ {2,}\d+ d/, '  AGE').replace(/ {2,}/g, ' | '));
    expect(rows).toEqual([
      `${repository.path}: beside main`,
      'verdict | branch | last commit | ahead | behind | evidence',
      `squashed | login | AGE | 2 | 2 | its 2 commits were squashed as ${as} of 2026-03-01; stale`,
      'fresh | release/1 | AGE | 0 | 1 | no commits of its own yet, by its reflog; kept as release/*; stale',
      'ahead | today | 0 min | 1 | 0 | 1 commit that main has not',
      `diverged | wip | AGE | 1 | 1 | 1 commit that main has not; it lacks 1 of main; checked out in ${join(repository.path, '../tree')}; stale`,
      '',
    ]);
    expect([code, stderr]).toEqual([0, 'Looked at 1 repository: 4 branches, 1 landed.\n']);
  });

  it('prints lines in a pipe, and for programs what docs/cli.md names', async () => {
    const { repository } = await shop();
    const { stdout } = await list(repository.path, ['--verdict', 'squashed']);
    expect(stdout.split('\t').slice(0, 6)).toEqual([repository.path, 'main', 'login', '', 'squashed', 'true']);
    const { stdout: json } = await list(repository.path, ['--json', '--limit', '1']);
    const [first] = JSON.parse(json);
    const cli = readFileSync(join(import.meta.dirname, '../../../../docs/cli.md'), 'utf8');
    const shape = /\| `branches list` \| array of `\{(.*)\}` \|/.exec(cli)?.[1] ?? '';
    expect(Object.keys(first)).toEqual(shape.replace(/: \[\{[^}]*\}\]/, '').split(', '));
    expect(first).toMatchObject({
      branch: 'login',
      landed: true,
      stale: true,
      upstream: null,
      keptBy: null,
      inUse: [],
    });
  });

  it('shows what is asked for: by verdict, by what a branch is besides, by age', async () => {
    const { repository } = await shop();
    const shown = async (...args: readonly string[]) =>
      names((await list(repository.path, [...args, '--json'])).stdout);
    expect(await shown('--verdict', 'landed')).toEqual(['login']);
    expect(await shown('--verdict', 'ahead,kept')).toEqual(['release/1', 'today']);
    expect(await shown('--verdict', 'stale', '--stale', '20000d')).toEqual([]);
    expect(await shown('--older-than', '7d')).toEqual(['login', 'release/1', 'wip']);
    expect(await shown('--keep', 'wi*', '--verdict', 'kept')).toEqual(['release/1', 'wip']);
    const wrong = await list(repository.path, ['--verdict', 'nonsense']);
    expect([wrong.code, wrong.stderr]).toEqual([64, expect.stringContaining('It must be some of merged, rebased,')]);
  });

  it('goes over many repositories, each once, and ends with 6 where one could not be looked at', async () => {
    const folder = await temporaryFolder();
    for (const name of ['b', 'a']) {
      const repository = makeRepository(join(folder, name));
      repository.commit('first', { 'a.txt': 'a' });
      branch(repository, `of-${name}`, { 'b.txt': 'b' });
    }
    execFileSync('git', ['worktree', 'add', '--quiet', '--detach', '../tree'], { cwd: join(folder, 'a') });
    makeRepository(join(folder, 'empty'));
    const { code, stdout, stderr } = await list('/', [folder, join(folder, 'a'), '--json']);
    expect([code, names(stdout)]).toEqual([0, ['of-a', 'of-b']]);
    expect(stderr).toBe('Looked at 3 repositories: 2 branches, 0 landed.\n');
    const odd = makeRepository(join(folder, 'odd'));
    odd.commit('first');
    odd.git('branch', '-m', 'main', 'x');
    odd.git('branch', 'y');
    mkdirSync(join(folder, 'moved'));
    writeFileSync(join(folder, 'moved/.git'), 'gitdir: /gone\n');
    const partly = await list('/', [folder, '--json']);
    expect([partly.code, names(partly.stdout)]).toEqual([6, ['of-a', 'of-b']]);
    expect(partly.stderr).toContain(
      `Not looked at: ${join(folder, 'moved/.git')} names /gone, which is no repository.`,
    );
    expect(partly.stderr).toContain(`Not looked at: ${join(folder, 'odd')} has no main, master`);
    expect(partly.stderr).toContain('2 branches, 0 landed; 2 places could not be looked at.');
  });

  it('ends at Ctrl-C, and git with it', async () => {
    const { repository } = await shop();
    const bin = await temporaryFolder();
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho $$ > '${bin}/pid'\nexec sleep 600\n`, { mode: 0o755 });
    const path = `${bin}:${process.env.PATH}`;
    const child = startScorpiox(['branches', 'list'], { cwd: repository.path, env: { PATH: path } });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const pid = await vi.waitUntil(() => existsSync(join(bin, 'pid')) && Number(readFileSync(join(bin, 'pid'))), {
      timeout: 30_000,
    });
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(isAlive(pid)).toBe(false);
  });

  it('says that there is no git', async () => {
    const { repository } = await shop();
    const { code, stderr } = await list(repository.path, [], { env: { PATH: '/nowhere' } });
    expect([code, stderr]).toEqual([6, expect.stringContaining('There is no git on this machine: install it')]);
  });

  it('refuses a git that is too old to prove anything', async () => {
    const { repository } = await shop();
    const bin = await temporaryFolder();
    writeFileSync(join(bin, 'git'), '#!/bin/sh\necho git version 2.34.1\n', { mode: 0o755 });
    const { stderr } = await list(repository.path, [], { env: { PATH: bin } });
    expect(stderr).toContain('Branches are looked at with git 2.39 or newer; this is 2.34.');
  });
});
