/** `refs replace` as its user runs it, on repositories and trees with every trap that is known. */
import { chmod, chown, link, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../../tests/support/programs.ts';
import { scorpiox } from '../../support/scorpiox.ts';
import { changingPlace, FROM, repositoryIn, TO, treeOf } from './support.ts';

const APPLY = ['--apply', '--yes'];

/** A place with a repository, and the command on all of its tree. */
async function place(files: Readonly<Record<string, string>> = { 'run.sh': `cd ${FROM}/x\n` }) {
  const base = await changingPlace();
  const { folder, git } = await repositoryIn(join(base.tree, 'repo'), files);
  const replace = (...args: readonly string[]) =>
    base.scorpiox(['refs', 'replace', base.tree, '--from', FROM, '--to', TO, ...args]);
  const read = async (name: string) => (await readFile(join(folder, name))).toString('latin1');
  const latestRun = async () => (await base.scorpiox(['runs', '--jq', '.[0].run'])).stdout.trim();
  return { ...base, folder, git, replace, read, latestRun };
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Each with what it is to be; the same where it is to be left alone. */
const TRAPS: Readonly<Record<string, readonly [before: Buffer | string, after?: Buffer | string]>> = {
  plain: ['cd /Volumes/GitHub/x\n', 'cd /codebases/x\n'],
  'no line end': ['/Volumes/GitHub', '/codebases'],
  crlf: ['a\r\n/Volumes/GitHub\r\nb\r\n', 'a\r\n/codebases\r\nb\r\n'],
  'latin-1': [latin1('caf\u00e9 /Volumes/GitHub \u00e9'), latin1('caf\u00e9 /codebases \u00e9')],
  bom: ['\ufeff/Volumes/GitHub\n', '\ufeff/codebases\n'],
  'utf-16le': [Buffer.from('\ufeff/Volumes/GitHub\r\n', 'utf16le'), Buffer.from('\ufeff/codebases\r\n', 'utf16le')],
  'utf-16be': [utf16be('\ufeff\u4e2d /Volumes/GitHub'), utf16be('\ufeff\u4e2d /codebases')],
  json: ['{"a":"\\/Volumes\\/GitHub\\/x"}', '{"a":"\\/codebases\\/x"}'],
  url: ['x=%2FVolumes%2FGitHub%2Fx', 'x=%2Fcodebases%2Fx'],
  'url twice': ['x=%252FVolumes%252FGitHub', 'x=%252Fcodebases'],
  backslash: ['"\\\\Volumes\\\\GitHub\\\\x"', '"\\\\codebases\\\\x"'],
  unicode: ['"\\u002FVolumes\\u002FGitHub"', '"\\u002Fcodebases"'],
  sentence: ['It was in /Volumes/GitHub.', 'It was in /codebases.'],
  flag: ['cc -I/Volumes/GitHub/include', 'cc -I/codebases/include'],
  doubled: ['/Volumes//GitHub//x', '/codebases//x'],
  '.env': ['ROOT=/Volumes/GitHub\n', 'ROOT=/codebases\n'],
  '.github/workflow.yml': ['run: /Volumes/GitHub/x', 'run: /codebases/x'],
  GitHubOld: ['/Volumes/GitHubOld /Volumes/GitHub-2 /Volumes/GitHub.bak /mnt/Volumes/GitHub'],
  'near misses': ['/volumes/github "/Volumes/GitHub Copy/x" smb://server/Volumes/GitHub'],
  binary: [Buffer.from('\0\u0001/Volumes/GitHub\0')],
};

describeWith(['git'], 'refs replace', () => {
  it('answers each spelling in kind, keeps all other octets, and undo gives every octet back', async () => {
    const { tree, folder, git, replace, latestRun, undo } = await place();
    for (const [name, [before]] of Object.entries(TRAPS)) {
      await mkdir(join(folder, '.github'), { recursive: true });
      await writeFile(join(folder, name), before, { mode: name === 'plain' ? 0o755 : 0o640 });
    }
    git('add', '--all');
    git('commit', '--quiet', '--message=traps');
    const before = await treeOf(tree);
    const { code, stderr } = await replace(...APPLY);
    expect(stderr).toContain(`${join(folder, 'binary')} is binary.`);
    expect(code).toBe(3);
    for (const [name, [old, now = old]] of Object.entries(TRAPS)) {
      expect((await readFile(join(folder, name))).toString('latin1'), name).toBe(Buffer.from(now).toString('latin1'));
    }
    const modes = (of: Readonly<Record<string, string>>) =>
      Object.entries(of).map(([name, told]) => [name, told.split(' ')[0]]);
    expect(modes(await treeOf(tree))).toEqual(modes(before));
    expect(await undo(await latestRun())).toMatchObject({ code: 0 });
    expect(await treeOf(tree)).toEqual(before);
  });

  it('shows a plan that is the same for the same world, and does only that', async () => {
    const { replace, read, folder } = await place();
    const shown = await replace('--json');
    expect(shown.code).toBe(3);
    const { plan, command, confirm, steps } = JSON.parse(shown.stdout);
    const path = join(folder, 'run.sh');
    expect({ command, confirm, steps }).toEqual({
      command: 'refs replace',
      confirm: null,
      steps: [{ step: 1, does: `Write ${TO} for ${FROM} in ${path}: 1 plain.`, canUndo: true, touches: [path] }],
    });
    expect(JSON.parse((await replace('--json')).stdout).plan).toBe(plan);
    expect(await replace(...APPLY, '--expect', '000000000000')).toMatchObject({ code: 5 });
    expect(await replace('--apply')).toMatchObject({ code: 64, stderr: expect.stringContaining('--yes') });
    expect(await read('run.sh')).toContain(FROM);
    const done = await replace(...APPLY, '--expect', plan);
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('none of them says') });
    expect(await replace(...APPLY)).toMatchObject({ code: 0, stderr: 'There is nothing to do.\n' });
  });

  it('retargets symbolic links, and leaves alone what they point to', async () => {
    const { home, tree, folder, git, replace, latestRun, undo } = await place({ a: 'a' });
    await writeFile(join(home, 'elsewhere'), `${FROM}/secret`);
    await symlink(`${FROM}/lib`, join(folder, 'dangling'));
    await symlink(join(home, 'elsewhere'), join(folder, 'out'));
    git('add', '--all');
    git('commit', '--quiet', '--message=links');
    const before = await treeOf(tree);
    expect(await replace(...APPLY, '--commit')).toMatchObject({ code: 0 });
    expect((await treeOf(folder)).dangling).toBe(`777 -> ${TO}/lib`);
    expect(await readFile(join(home, 'elsewhere'), 'utf8')).toBe(`${FROM}/secret`);
    expect(git('show', '--format=', '--name-only')).toBe('dangling');
    await undo(await latestRun());
    expect((await treeOf(tree))['repo/dangling']).toEqual(before['repo/dangling']);
  });

  it('takes names with line ends, blanks, quotes, and octets that are no UTF-8', async () => {
    const { folder, git, replace, latestRun, undo, tree } = await place({ 'a\nb "c" \\ d': FROM });
    await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xff, 0xfe)]), FROM);
    git('add', '--all');
    git('commit', '--quiet', '--message=names');
    const before = await treeOf(tree);
    expect(await replace(...APPLY, '--branch', 'n\u00e4me', '--commit')).toMatchObject({ code: 0 });
    expect(git('show', '--format=', '--name-only', '-z').split('\0').filter(Boolean)).toHaveLength(2);
    expect(git('status', '--short')).toBe('');
    await undo(await latestRun());
    const inTree = (of: Readonly<Record<string, string>>) =>
      Object.entries(of).filter(([name]) => !name.includes('.git'));
    expect(inTree(await treeOf(tree))).toEqual(inTree(before));
    expect([git('rev-parse', '--abbrev-ref', 'HEAD'), git('status', '--short')]).toEqual(['main', '']);
  });

  it('leaves files that have other names, unless it may part them', async () => {
    const { folder, home, replace, read } = await place();
    await link(join(folder, 'run.sh'), join(home, 'other name'));
    const left = await replace(...APPLY);
    expect(left).toMatchObject({ code: 3, stderr: expect.stringContaining('has 1 more names (hard links)') });
    expect(await read('run.sh')).toContain(FROM);
    expect(await replace(...APPLY, '--hard-links')).toMatchObject({ code: 0 });
    expect([await read('run.sh'), await readFile(join(home, 'other name'), 'utf8')]).toEqual([
      `cd ${TO}/x\n`,
      `cd ${FROM}/x\n`,
    ]);
  });

  it('changes ignored files too, but not with --only-tracked', async () => {
    const { folder, replace, read } = await place({ 'run.sh': FROM, '.gitignore': 'venv/\n' });
    await mkdir(join(folder, 'venv'));
    await writeFile(join(folder, 'venv', 'pip'), `#!${FROM}/venv/bin/python\n`);
    expect(await replace(...APPLY, '--only-tracked')).toMatchObject({ code: 0 });
    expect([await read('run.sh'), await read('venv/pip')]).toEqual([TO, `#!${FROM}/venv/bin/python\n`]);
    // An ignored file is nobody's work under way; the tracked one is changed and not committed now.
    expect(await replace(...APPLY)).toMatchObject({ code: 0 });
    expect(await read('venv/pip')).toBe(`#!${TO}/venv/bin/python\n`);
  });
});

describeWith(['git'], 'a working tree', () => {
  it.each([
    [
      'a change',
      async (folder: string) => writeFile(join(folder, 'other'), 'mine'),
      'has changes that are not committed: other.',
    ],
    [
      'a new file that says it',
      async (folder: string) => writeFile(join(folder, 'new'), FROM),
      'git does not know yet and that would be changed: new.',
    ],
  ])('with %s is left, unless --dirty', async (_, change, why) => {
    const { folder, replace, read } = await place({ 'run.sh': FROM, other: 'x' });
    await change(folder);
    const left = await replace(...APPLY);
    expect(left).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining(why) });
    expect(await read('run.sh')).toBe(FROM);
    expect(await replace(...APPLY, '--dirty')).toMatchObject({ code: 0 });
    expect(await read('run.sh')).toBe(TO);
  });

  it('with staged changes is left too; --dirty --commit leaves what is staged out of the commit', async () => {
    const { folder, git, replace } = await place({ 'run.sh': FROM, other: 'x' });
    await writeFile(join(folder, 'other'), 'mine');
    git('add', 'other');
    expect(await replace(...APPLY, '--commit')).toMatchObject({ code: 5 });
    expect(await replace(...APPLY, '--commit', '--dirty')).toMatchObject({ code: 0 });
    expect([git('show', '--format=%s', '--name-only'), git('status', '--short')]).toEqual([
      `Let references point to ${TO}\n\nrun.sh`,
      'M  other',
    ]);
  });

  it('never has somebody’s own changes committed', async () => {
    const { folder, replace, read } = await place({ 'run.sh': FROM });
    await writeFile(join(folder, 'run.sh'), `mine ${FROM}`);
    const left = await replace(...APPLY, '--commit', '--dirty');
    expect(left).toMatchObject({ code: 5, stderr: expect.stringContaining('would get into the commit: run.sh.') });
    expect(await read('run.sh')).toBe(`mine ${FROM}`);
  });

  it('never has what git was told to look away from committed: it may hold somebody’s own', async () => {
    const { folder, git, replace, read, latestRun, undo } = await place({ a: FROM, assumed: FROM, skipped: FROM });
    git('update-index', '--assume-unchanged', 'assumed');
    git('update-index', '--skip-worktree', 'skipped');
    await writeFile(join(folder, 'assumed'), `${FROM} password`);
    expect(await replace(...APPLY, '--commit')).toMatchObject({ code: 0 });
    expect([git('show', '--format=', '--name-only'), await read('assumed')]).toEqual(['a', `${TO} password`]);
    await undo(await latestRun());
    expect([await read('assumed'), await read('skipped'), await read('a')]).toEqual([`${FROM} password`, FROM, FROM]);
    expect(git('ls-files', '-v')).toBe('H a\nh assumed\nS skipped');
  });

  it('that is new to git only in part is committed without what git does not know', async () => {
    const { folder, git, replace, read } = await place({ 'run.sh': FROM });
    await writeFile(join(folder, 'new'), FROM);
    expect(await replace(...APPLY, '--commit', '--dirty')).toMatchObject({ code: 0 });
    expect([git('show', '--format=', '--name-only'), git('status', '--short'), await read('new')]).toEqual([
      'run.sh',
      '?? new',
      TO,
    ]);
  });

  it.each([
    ['a merge', async (git: Git) => void git('merge', '--quiet', '--no-commit', '--no-ff', 'side')],
    ['a rebase', async (_: Git, folder: string) => mkdir(join(folder, '.git', 'rebase-merge'))],
    ['a rebase', async (_: Git, folder: string) => mkdir(join(folder, '.git', 'rebase-apply'))],
    [
      'a cherry-pick',
      async (git: Git, folder: string) => writeFile(join(folder, '.git', 'CHERRY_PICK_HEAD'), git('rev-parse', 'HEAD')),
    ],
    ['a bisection', async (git: Git) => void git('bisect', 'start')],
  ])('in the middle of %s is left, also with --dirty', async (what, begin) => {
    const { folder, git, replace, read } = await place({ 'run.sh': FROM });
    git('checkout', '--quiet', '-b', 'side');
    await writeFile(join(folder, 'side'), 'side');
    git('add', 'side');
    git('commit', '--quiet', '--message=side');
    git('checkout', '--quiet', 'main');
    await begin(git, folder);
    expect(await replace(...APPLY, '--dirty')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining(`in the middle of ${what}.`),
    });
    expect(await read('run.sh')).toBe(FROM);
  });

  it('that is left keeps no other from being changed: 6 tells that not all was done', async () => {
    const { tree, folder, replace } = await place({ 'run.sh': FROM, other: 'x' });
    const second = await repositoryIn(join(tree, 'second'), { a: FROM });
    await writeFile(join(folder, 'other'), 'mine');
    expect(await replace()).toMatchObject({ code: 3, stderr: expect.stringContaining('Left as it is') });
    expect(await replace(...APPLY)).toMatchObject({ code: 6, stderr: expect.stringContaining('1 working tree left') });
    expect(second.git('status', '--short')).toBe(' M a');
  });

  it('goes to a branch first and gets a commit of what was changed, and undo leads back', async () => {
    const { tree, folder, git, replace, read, latestRun, undo } = await place({ 'run.sh': FROM, b: `b ${FROM}` });
    const plain = join(tree, 'notes.txt');
    await writeFile(plain, FROM);
    expect(await replace(...APPLY, '--branch', 'fix/paths', '--commit', 'Say it anew')).toMatchObject({ code: 0 });
    expect(git('log', '--format=%D %s', '-1')).toBe('HEAD -> fix/paths Say it anew');
    expect([git('show', '--format=', '--name-only'), git('status', '--short')]).toEqual(['b\nrun.sh', '']);
    expect(await undo(await latestRun())).toMatchObject({ code: 0 });
    expect([git('branch', '--format=%(refname:short)'), git('status', '--short'), await read('run.sh')]).toEqual([
      'main',
      '',
      FROM,
    ]);
    expect(git('for-each-ref', '--format=%(contents:subject)', 'refs/scorpiox/undone')).toBe('Say it anew');
    expect(await readFile(plain, 'utf8')).toBe(FROM);
    expect(folder).toContain('repo');
  });

  it('that has the branch already, or whose user git does not know, is left before anything is changed', async () => {
    const { git, replace, read } = await place({ 'run.sh': FROM });
    git('branch', 'fix/paths');
    for (const name of ['fix/paths', 'fix', 'fix/paths/more']) {
      expect(await replace(...APPLY, '--branch', name)).toMatchObject({
        code: 5,
        stderr: expect.stringContaining('has the branch fix/paths already.'),
      });
    }
    expect(await replace(...APPLY, '--branch', 'no..name')).toMatchObject({ code: 64 });
    git('config', 'user.name', '');
    const unknown = await replace(...APPLY, '--commit');
    expect(unknown).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('git config --global user.email ADDRESS'),
    });
    expect(await read('run.sh')).toBe(FROM);
  });

  it('of a hook that refuses commits gets none, or one without that hook', async () => {
    const { folder, git, replace, read, latestRun, undo } = await place({ 'run.sh': FROM });
    const hook = join(folder, '.git', 'hooks', 'pre-commit');
    await writeFile(hook, '#!/bin/sh\necho "no paths today" >&2\nexit 1\n');
    await chmod(hook, 0o755);
    expect(await replace(...APPLY, '--commit')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('no paths today'),
    });
    await undo(await latestRun());
    expect(await read('run.sh')).toBe(FROM);
    expect(await replace(...APPLY, '--commit', '--no-verify')).toMatchObject({ code: 0 });
    expect(git('status', '--short')).toBe('');
  });

  it('of a submodule, and one that is linked, are each their own', async () => {
    const { tree, folder, git, replace } = await place({ 'run.sh': FROM });
    const { folder: library } = await repositoryIn(join(tree, 'library'), { 'lib.sh': FROM });
    git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib');
    git('commit', '--quiet', '--message=submodule');
    git('-C', 'lib', 'config', 'user.name', 'Ada');
    git('-C', 'lib', 'config', 'user.email', 'ada@example.org');
    git('worktree', 'add', '--quiet', '-b', 'side', join(tree, 'side'));
    expect(await replace(...APPLY, '--commit')).toMatchObject({ code: 0 });
    for (const [where, name] of [
      ['.', 'run.sh'],
      ['lib', 'lib.sh'],
      ['../side', 'run.sh'],
      ['../library', 'lib.sh'],
    ] as const) {
      expect(git('-C', where, 'show', '--format=', '--name-only'), where).toBe(name);
    }
    // That the submodule is at another commit is for its user to record.
    expect(git('status', '--short')).toBe(' M lib');
    expect(folder).toContain('repo');
  });

  it('that shares its branches with another cannot have the same new branch', async () => {
    const { tree, git, replace } = await place({ 'run.sh': FROM });
    git('worktree', 'add', '--quiet', '-b', 'side', join(tree, 'side'));
    const done = await replace(...APPLY, '--branch', 'fix');
    expect(done).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('shares its branches with another working tree'),
    });
    expect([
      git('rev-parse', '--abbrev-ref', 'HEAD'),
      git('-C', '../side', 'rev-parse', '--abbrev-ref', 'HEAD'),
    ]).toEqual(['fix', 'side']);
  });
});

it.skipIf(process.getuid?.() !== 0)('what this user may not change is left before anything is changed', async () => {
  const { home, tree } = await changingPlace();
  await chmod(home, 0o777);
  const me = 54_321;
  const files = [
    ['theirs/theirs', 0, 0],
    ['theirs/mine', me, me],
    ['mine/mine', me, me],
    ['mine/theirs', 0, 0],
    ['mine/of another group', me, 1],
  ] as const;
  for (const [name, user, group] of files) {
    await mkdir(dirname(join(tree, name)), { recursive: true });
    await writeFile(join(tree, name), FROM);
    await chown(join(tree, name), user, group);
  }
  await chown(join(tree, 'mine'), me, me);
  const args = ['refs', 'replace', tree, '--from', FROM, '--to', TO, ...APPLY];
  const env = { XDG_STATE_HOME: join(home, 'state'), HOME: home };
  const { code, stderr } = await scorpiox(args, { env, uid: me });
  expect(code).toBe(3);
  for (const [name, why] of [
    ['theirs/theirs', 'is user 0'],
    ['mine/theirs', 'is user 0'],
    ['mine/of another group', 'is of group 1,'],
    ['theirs/mine', 'lies in a folder that this user may not write to'],
  ] as const) {
    expect(stderr).toContain(`${join(tree, name)} ${why}`);
    expect(await readFile(join(tree, name), 'utf8')).toBe(FROM);
  }
  expect(await readFile(join(tree, 'mine/mine'), 'utf8')).toBe(TO);
});

describeWith(['git'], 'git’s own files', () => {
  it('that people write are changed too, and come back', async () => {
    const { tree, folder, git, replace, read, latestRun, undo } = await place({ a: 'a' });
    git('remote', 'add', 'origin', `${FROM}/shop.git`);
    git('config', `includeIf.gitdir:${FROM}/.path`, `${FROM}/git.ini`);
    await writeFile(join(folder, '.git', 'hooks', 'post-commit'), `${FROM}/hook`, { mode: 0o755 });
    const before = await treeOf(tree);
    expect(await replace(...APPLY)).toMatchObject({ code: 0 });
    expect(git('remote', 'get-url', 'origin')).toBe(`${TO}/shop.git`);
    expect(git('config', '--get', `includeIf.gitdir:${TO}/.path`)).toBe(`${TO}/git.ini`);
    expect(await read('.git/hooks/post-commit')).toBe(`${TO}/hook`);
    await undo(await latestRun());
    expect(await treeOf(tree)).toEqual(before);
  });

  it.each([
    ['--only-tracked', 3],
    ['--exclude=.git', 0],
    ['--to=/code#bases', 3],
  ])('stay as they are with %s, and are told where they were seen', async (option, code) => {
    const { git, replace } = await place({ a: 'a' });
    git('remote', 'add', 'origin', `${FROM}/shop.git`);
    const left = await replace(...APPLY, option);
    expect(left).toMatchObject({ code, stderr: expect.stringContaining('There is nothing to do.') });
    expect(left.stderr.includes('remote.origin.url')).toBe(code === 3);
    expect(git('remote', 'get-url', 'origin')).toBe(`${FROM}/shop.git`);
  });

  it.each([
    ['objects/info/alternates', (path: string) => `${path}/objects\n`],
    ['config', (path: string) => `[core]\n\tworktree = ${path}\n`],
  ])('do not send git to where nothing is: %s', async (name, content) => {
    const { home, folder, scorpiox } = await place({ a: 'a' });
    const [from, to] = [join(home, 'old'), join(home, 'new')];
    await mkdir(join(from, 'objects'), { recursive: true });
    const path = join(folder, '.git', name);
    const kept = name === 'config' ? await readFile(path, 'utf8') : '';
    await writeFile(path, kept + content(from));
    const replace = () => scorpiox(['refs', 'replace', folder, '--from', from, '--to', to, ...APPLY]);
    expect(await replace()).toMatchObject({ code: 3, stderr: expect.stringContaining(`would send git to ${to}`) });
    expect(await readFile(path, 'utf8')).toBe(kept + content(from));
    await mkdir(join(to, 'objects'), { recursive: true });
    expect(await replace()).toMatchObject({ code: 0 });
    expect(await readFile(path, 'utf8')).toBe(kept + content(to));
  });

  it('by which worktrees and their repository find each other are never edited: the command is named', async () => {
    const { home, tree, folder, git } = await place({ 'run.sh': 'a' });
    const [from, to] = [join(home, 'gone'), tree];
    git('worktree', 'add', '--quiet', '-b', 'side', join(tree, 'side'));
    const gitdir = join(folder, '.git', 'worktrees', 'side', 'gitdir');
    await writeFile(gitdir, `${from}/side/.git\n`);
    await writeFile(join(tree, 'side', '.git'), `gitdir: ${from}/repo/.git/worktrees/side\n`);
    await writeFile(join(tree, 'side', 'run.sh'), from);
    const { scorpiox } = await changingPlace();
    const replace = () => scorpiox(['refs', 'replace', tree, '--from', from, '--to', to, ...APPLY]);
    const left = await replace();
    const command = `git -C ${folder} worktree repair ${join(tree, 'side')}`;
    expect(left).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`For git to change: ${gitdir}: ${command}`),
    });
    // Whether there is work under way in it, nobody can tell.
    expect(left.stderr).toContain(`${join(tree, 'side', 'run.sh')} is in a working tree that git knows nothing of`);
    expect(await readFile(gitdir, 'utf8')).toBe(`${from}/side/.git\n`);
    git('worktree', 'repair', join(tree, 'side'));
    expect((await replace()).stderr).toContain('has changes that are not committed: run.sh.');
  });
});

type Git = (...args: readonly string[]) => string;

it('wants paths that can be replaced by each other', async () => {
  const { scorpiox, tree } = await changingPlace();
  for (const [from, to] of [
    ['relative', '/b'],
    ['/a', 'b'],
    ['/a', '/a/b'],
    ['/a', '/a'],
    ['/', '/b'],
    // Behind a blank or a plus it would be found again, and again.
    ['/a', '/x /a'],
    ['/a', '/x+/a/b'],
  ] as const) {
    expect(await scorpiox(['refs', 'replace', tree, '--from', from, '--to', to])).toMatchObject({
      code: 64,
      stdout: '',
    });
  }
});

it('random trees come back octet for octet', async () => {
  const parts = Object.values(TRAPS).map(([before]) => Buffer.from(before));
  const content = fc
    .array(
      fc.oneof(
        fc.constantFrom(...parts),
        fc.uint8Array({ maxLength: 8 }).map((octets) => Buffer.from(octets)),
      ),
      { maxLength: 8 },
    )
    .map((chunks) => Buffer.concat(chunks));
  const name = fc.constantFrom('a', 'b/c', 'b/d e', 'b/.f', '\u00fc');
  const mode = fc.constantFrom(0o644, 0o755, 0o400, 0o600);
  const file = fc.record({ name, content, mode, isLink: fc.boolean() });
  const { tree, scorpiox, undo } = await changingPlace();
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(file, { selector: ({ name }) => name, minLength: 1 }), async (files) => {
      await rm(tree, { recursive: true });
      await mkdir(join(tree, 'b'), { recursive: true });
      for (const { name, content, mode, isLink } of files) {
        const path = join(tree, name);
        if (isLink)
          await symlink(
            Buffer.concat([Buffer.from('x'), content.filter((octet) => octet !== 0).subarray(0, 200)]),
            path,
          );
        else await writeFile(path, content, { mode });
      }
      const before = await treeOf(tree);
      const done = await scorpiox(['refs', 'replace', tree, '--from', FROM, '--to', TO, ...APPLY, '--jq', '.run']);
      const run = done.stdout.trim();
      if (run !== '') expect(await undo(run)).toMatchObject({ code: 0 });
      expect(await treeOf(tree)).toEqual(before);
    }),
    { numRuns: 30 },
  );
});
