// What git keeps for itself is mended by the commands that the scan tells: they are run here.
import { appendFileSync, chmodSync, chownSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import { makeWorld, type World } from './world.ts';

const DEAD = '/Volumes/GitHub';

/** Repositories that were at the dead path, and are in `code` now. */
async function moved(): Promise<World> {
  const world = await makeWorld();
  const { code } = world;
  world.write({ 'app/a': 'x\n' });
  world.git('.', 'init', '-q', 'app');
  world.git('app', 'add', '-A');
  world.git('app', 'commit', '-qm', 'x');
  world.git('.', 'clone', '-q', 'app', 'copy');
  world.git('app', 'worktree', 'add', '-q', '../app-wt');
  world.git('.', 'init', '-q', '--bare', 'store.git');
  world.git('app', 'remote', 'add', 'origin', `${DEAD}/store.git`);
  world.git('app', 'remote', 'add', 'two', `file://${DEAD}/store.git`);
  world.git('app', 'config', '--add', 'remote.two.url', `${DEAD}/copy`);
  world.git('app', 'config', '--add', 'remote.two.url', 'https://example.org/x.git');
  world.git('app', 'config', `url.${DEAD}/.insteadOf`, 'gh:');
  world.git('app', 'config', 'core.editor', `ed --password=secret ${DEAD}/x`);
  world.git('store.git', 'config', 'remote.up.url', `${DEAD}/copy`);
  world.write({
    'app/.git/hooks/pre-commit': `#!/bin/sh\ntrue || cd ${DEAD}/app # ${DEAD}\n`,
    'copy/.git/objects/info/alternates': `${DEAD}/app/.git/objects\n`,
    'app-wt/.git': readFileSync(join(code, 'app-wt/.git'), 'utf8').replace(code, DEAD),
    'app/.git/worktrees/app-wt/gitdir': `${DEAD}/app-wt/.git\n`,
  });
  chmodSync(join(code, 'app/.git/hooks/pre-commit'), 0o755);
  appendFileSync(
    join(world.folder, 'gitconfig'),
    `[safe]\n\tdirectory = ${DEAD}/app\n\tdirectory = /other\n[includeIf "gitdir:${DEAD}/"]\n\tpath = x\n`,
  );
  // Last: git does not start here any more.
  world.write({
    'app/.git/config': readFileSync(join(code, 'app/.git/config'), 'utf8').replace(
      '[core]',
      `[core]\n\tworktree = ${DEAD}/app`,
    ),
  });
  return world;
}

describeWith(['git'], 'what git keeps for itself', () => {
  it('is told with commands that mend it, and after them git works and nothing is said any more', async () => {
    const world = await moved();
    const { code } = world;
    const found = await world.json(['--to', code]);
    expect(
      found.map(({ standing, repository, file }) => `${standing} ${join(repository, file).replace(code, '')}`),
    ).toEqual([
      `user-config ${world.folder}/gitconfig`,
      `user-config ${world.folder}/gitconfig`,
      'git /app/.git/config',
      'git /app/.git/hooks/pre-commit',
      'git /app/.git/worktrees/app-wt/gitdir',
      'git /app-wt/.git',
      'git /copy/.git/objects/info/alternates',
      'git /store.git/config',
    ]);
    const commands = found.flatMap(({ mend }) => mend);
    expect(commands.join('\n').replaceAll(code, 'CODE')).toBe(
      [
        `git config --global --fixed-value --replace-all safe.directory CODE/app ${DEAD}/app`,
        `git config --global --rename-section includeIf.gitdir:${DEAD}/ includeIf.gitdir:CODE/`,
        'git config --file CODE/app/.git/config core.worktree CODE/app',
        'git config --file CODE/app/.git/config --edit',
        'git config --file CODE/app/.git/config remote.origin.url CODE/store.git',
        `git config --file CODE/app/.git/config --fixed-value --replace-all remote.two.url file://CODE/store.git file://${DEAD}/store.git`,
        `git config --file CODE/app/.git/config --fixed-value --replace-all remote.two.url CODE/copy ${DEAD}/copy`,
        `git config --file CODE/app/.git/config --rename-section url.${DEAD}/ url.CODE/`,
        `sed -i -e '2s|${DEAD}|CODE|g' CODE/app/.git/hooks/pre-commit`,
        'git -C CODE/app worktree repair CODE/app-wt',
        'git -C CODE/app worktree repair CODE/app-wt',
        `sed -i -e '1s|${DEAD}|CODE|g' CODE/copy/.git/objects/info/alternates`,
        'git config --file CODE/store.git/config remote.up.url CODE/copy',
      ].join('\n'),
    );
    expect(commands.join('\n')).not.toContain('secret');
    for (const command of commands.filter((line) => !line.endsWith('--edit'))) world.shell(command);
    expect(await world.told()).toEqual(['hit git app/.git/config plain×1']); // what only a person can tell
    expect(world.git('app', 'worktree', 'list', '--porcelain')).toContain(`worktree ${code}/app-wt\n`);
    expect(world.git('app-wt', 'status', '--short')).toBe('');
    expect(world.git('copy', 'fsck')).toBe('');
    expect(world.git('app', 'remote', 'get-url', '--all', 'two')).toBe(
      `file://${code}/store.git\n${code}/copy\nhttps://example.org/x.git\n`,
    );
  });

  it('never shows the password in a URL that is a key', async () => {
    const world = await makeWorld();
    world.git('.', 'init', '-q', 'app');
    world.git('app', 'config', 'url.https://ada:hunter2@example.org/.insteadOf', `${DEAD}/`);
    const { stdout, stderr } = await world.scan(['--json']);
    expect(stdout + stderr).not.toContain('hunter2');
    const config = join(world.code, 'app/.git/config');
    expect((await world.json()).map(({ mend }) => mend)).toEqual([[`git config --file ${config} --edit`]]);
  });

  it('links among it get a command too, which mends them', async () => {
    const world = await makeWorld();
    world.git('.', 'init', '-q', 'app');
    rmSync(join(world.code, 'app/.git/hooks'), { recursive: true });
    symlinkSync(`${DEAD}/hooks`, join(world.code, 'app/.git/hooks'));
    const [found] = await world.json(['--to', '/codebases']);
    expect(found).toMatchObject({ standing: 'git', content: 'link', mend: [expect.stringMatching(/^ln /)] });
    world.shell(found?.mend[0] ?? '');
    expect(readlinkSync(join(world.code, 'app/.git/hooks'))).toBe('/codebases/hooks');
  });

  it('without --to, /NEW stands for the new path', async () => {
    const world = await moved();
    const { stdout, stderr } = await world.scan();
    expect(stdout).toContain('core.worktree /NEW/app');
    expect(stderr).toContain('--to names it');
  });

  it('tells files of a repository whose core.worktree is dead apart', async () => {
    const world = await moved();
    world.write({ 'app/a': DEAD, 'app/new': DEAD });
    const own = (await world.told()).filter((line) => !line.includes('.git') && line.includes(' app/'));
    expect(own).toEqual(['hit tracked app/a plain×1', 'hit untracked app/new plain×1']);
  });

  it('asks git in linked worktrees and submodules too', async () => {
    const world = await makeWorld();
    world.write({ 'app/a': DEAD, 'app/.gitignore': 'b\n', 'part/p': DEAD });
    for (const each of ['app', 'part']) {
      world.git('.', 'init', '-q', each);
      world.git(each, 'add', '-A');
      world.git(each, 'commit', '-qm', 'x');
    }
    world.git('app', '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '../part', 'sub');
    world.git('app', 'worktree', 'add', '-q', '../app-wt');
    world.write({ 'app-wt/b': DEAD, 'app/sub/q': DEAD });
    expect(await world.told(['--exclude', 'part'])).toEqual([
      'hit tracked app/a plain×1',
      'hit tracked app-wt/a plain×1',
      'hit ignored app-wt/b plain×1',
      'hit tracked app/sub/p plain×1',
      'hit untracked app/sub/q plain×1',
    ]);
  });

  it.runIf(process.getuid?.() === 0)('where git does not trust a repository, says so with what to do', async () => {
    const world = await makeWorld();
    world.write({ 'app/a': DEAD });
    world.git('.', 'init', '-q', 'app');
    chownSync(join(world.code, 'app'), 65_534, 65_534);
    expect(await world.told()).toEqual(['hit unknown app/a plain×1']);
    expect((await world.scan()).stderr).toContain('git config --global --add safe.directory');
  });

  it('does not look into objects, and finds nothing to mend in what was', async () => {
    const world = await makeWorld();
    world.write({ 'app/a': 'x' });
    world.git('.', 'init', '-q', 'app');
    world.git('app', 'add', '-A');
    world.git('app', 'commit', '-qm', `moved from ${DEAD}`);
    world.write({ 'app/.git/objects/aa/x': DEAD, 'app/.git/objects/pack/y': DEAD });
    const found = await world.json();
    expect(found.map(({ file, mend }) => `${file} ${mend.length}`)).toEqual([
      '.git/COMMIT_EDITMSG 0',
      '.git/logs/HEAD 0',
      '.git/logs/refs/heads/main 0',
    ]);
  });

  it('in a work tree whose repository is gone, says that git cannot be asked', async () => {
    const world = await makeWorld();
    world.write({ 'wt/.git': `gitdir: ${DEAD}/app/.git/worktrees/wt\n`, 'wt/a': DEAD });
    expect(await world.told()).toEqual(['hit git wt/.git plain×1', 'hit unknown wt/a plain×1']);
    expect((await world.scan()).stderr).toContain(`names ${DEAD}/app/.git/worktrees/wt, which is no repository`);
  });

  it('a submodule that names its repository from the root gets a line of its own', async () => {
    const world = await makeWorld();
    world.write({ "it's/.git": `gitdir: ${DEAD}/super/.git/modules/sub\n` });
    const [found] = await world.json(['--to', '/new place']);
    world.shell(found?.mend[0] ?? 'false');
    expect(readFileSync(join(world.code, "it's/.git"), 'utf8')).toBe('gitdir: /new place/super/.git/modules/sub\n');
  });
});
