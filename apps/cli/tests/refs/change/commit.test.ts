/** The deeds of `refs replace` in repositories: a branch and a commit, and the way back. */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../../tests/support/programs.ts';
import { commitFiles } from '../../../src/ops/refs/change/commit.ts';
import { makeBranch } from '../../../src/ops/refs/change/make-branch.ts';
import { replaceInFile } from '../../../src/ops/refs/change/replace-file.ts';
import { changingPlace, digest, FROM, repositoryIn, TO, treeOf } from './support.ts';

const OLD = `cd ${FROM}/x\n`;
const NEW = `cd ${TO}/x\n`;

/** A repository with `a b` and `other`, and the deeds that change the former on a branch and commit it. */
async function repository() {
  const place = await changingPlace();
  const folder = join(place.tree, 'repo');
  const { git } = await repositoryIn(folder, { 'a b': OLD, other: 'other\n' });
  const path = join(folder, 'a b');
  const commit = git('rev-parse', 'HEAD');
  const data = { path, find: FROM, put: TO, before: digest(OLD), after: digest(NEW), originals: place.originals };
  const going = { folder, name: 'moved/paths', back: 'refs/heads/main', commit };
  const committing = { folder, ref: 'refs/heads/moved/paths', parent: commit, message: 'Replace it', paths: [path] };
  const deeds = [makeBranch.of(going), replaceInFile.of(data), commitFiles.of(committing)];
  const head = () => git('rev-parse', '--abbrev-ref', 'HEAD');
  const undoOk = async (run: string) => {
    const undone = await place.undo(run);
    expect(undone).toMatchObject({ code: 0 });
    return undone.stdout.split('\t')[0] ?? '';
  };
  return { ...place, folder, git, path, commit, going, committing, deeds, head, undoOk };
}

describeWith(['git'], 'a branch and a commit', () => {
  it('are made with these files and nothing else, and taken back; the commit is still there', async () => {
    const { folder, git, commit, deeds, head, apply, undoOk } = await repository();
    await writeFile(join(folder, 'other'), 'mine\n');
    git('add', 'other');
    const before = await treeOf(join(folder));
    const { run, state } = await apply(...deeds);
    expect(state).toBe('done');
    expect(head()).toBe('moved/paths');
    expect(git('log', '--format=%s %P', '-1')).toBe(`Replace it ${commit}`);
    expect(git('show', '--format=', '--name-only')).toBe('"a b"'.replaceAll('"', ''));
    expect(git('status', '--short')).toBe('M  other');
    const made = git('rev-parse', 'HEAD');

    const undoing = await undoOk(run);
    expect([head(), git('rev-parse', 'HEAD'), git('branch', '--format=%(refname:short)')]).toEqual([
      'main',
      commit,
      'main',
    ]);
    expect(git('status', '--short')).toBe('M  other');
    expect(git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/scorpiox')).toBe(
      `refs/scorpiox/undone/${made} ${made}`,
    );
    const worktree = (tree: Readonly<Record<string, string>>) =>
      Object.entries(tree).filter(([name]) => !name.startsWith('.git/'));
    expect(worktree(await treeOf(folder))).toEqual(worktree(before));

    await undoOk(undoing);
    expect([head(), git('rev-parse', 'HEAD'), git('status', '--short')]).toEqual(['moved/paths', made, 'M  other']);
    await undoOk(run);
    expect([head(), git('rev-parse', 'HEAD'), git('status', '--short')]).toEqual(['main', commit, 'M  other']);
  });

  it('are left where something was committed on top', async () => {
    const { git, deeds, head, apply, undo } = await repository();
    const { run } = await apply(...deeds);
    git('commit', '--quiet', '--allow-empty', '--message=on top');
    const refused = await undo(run);
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('was followed by other changes') });
    expect([head(), git('log', '--format=%s', '-1')]).toEqual(['moved/paths', 'on top']);
  });

  it('are not made where HEAD or a file is not as it was planned', async () => {
    const { git, path, deeds, planned, head } = await repository();
    const run = await planned(...deeds);
    git('commit', '--quiet', '--allow-empty', '--message=meanwhile');
    expect(await run()).toMatchObject({ state: 'stale', done: 0 });
    expect([head(), await readFile(path, 'utf8')]).toEqual(['main', OLD]);
    git('reset', '--quiet', '--soft', 'HEAD~1');
    await chmod(path, 0o755);
    expect(await run()).toMatchObject({ state: 'stale', done: 1 });
    expect(await readFile(path, 'utf8')).toBe(OLD);
  });

  it('do not keep the rest from being taken back where the repository is gone', async () => {
    const { folder, path, deeds, apply, scorpiox } = await repository();
    const { run } = await apply(...deeds);
    await rm(join(folder, '.git'), { recursive: true });
    const undone = await scorpiox(['undo', run, '--partial', '--apply', '--yes']);
    expect(undone).toMatchObject({ code: 0, stderr: expect.stringContaining('Step 3 was followed by other changes') });
    expect(await readFile(path, 'utf8')).toBe(OLD);
  });

  it('a hook that refuses the commit is told, and the files come back', async () => {
    const { folder, git, path, deeds, apply, undoOk, head } = await repository();
    await writeFile(join(folder, '.git', 'hooks', 'pre-commit'), '#!/bin/sh\necho "no paths today" >&2\nexit 1\n');
    await chmod(join(folder, '.git', 'hooks', 'pre-commit'), 0o755);
    const { run, state, failure } = await apply(...deeds);
    expect(state).toBe('failed');
    expect(failure).toMatchObject({ kind: 'partly-done', message: expect.stringContaining('no paths today') });
    expect(await readFile(path, 'utf8')).toBe(NEW);
    await undoOk(run);
    expect([await readFile(path, 'utf8'), head(), git('status', '--short')]).toEqual([OLD, 'main', '']);
  });

  it('hooks may add to the commit, and it is taken back all the same, and made again', async () => {
    const { folder, git, path, commit, deeds, apply, undoOk, head } = await repository();
    const hook = async (name: string, script: string) => {
      await writeFile(join(folder, '.git', 'hooks', name), `#!/bin/sh\n${script}\n`);
      await chmod(join(folder, '.git', 'hooks', name), 0o755);
    };
    await hook('commit-msg', `printf 'PROJ-1 %s\\n\\nChange-Id: I1\\n' "$(cat "$1")" > "$1"`);
    await hook('pre-commit', 'echo x > stamp; git add stamp');
    const { run, state } = await apply(...deeds);
    expect(state).toBe('done');
    const made = git('rev-parse', 'HEAD');
    expect(git('show', '--format=%s', '--name-only')).toBe('PROJ-1 Replace it\n\na b\nstamp');
    const undoing = await undoOk(run);
    expect([await readFile(path, 'utf8'), head(), git('rev-parse', 'HEAD')]).toEqual([OLD, 'main', commit]);
    await undoOk(undoing);
    expect([await readFile(path, 'utf8'), head(), git('rev-parse', 'HEAD')]).toEqual([NEW, 'moved/paths', made]);
  });

  it('where no branch is checked out, the way back leads there', async () => {
    const { git, commit, going, committing, deeds, head, apply, undoOk } = await repository();
    git('checkout', '--quiet', '--detach');
    const { back: _, ...detached } = going;
    const { run } = await apply(makeBranch.of(detached), ...deeds.slice(1));
    expect(head()).toBe('moved/paths');
    await undoOk(run);
    expect([head(), git('rev-parse', 'HEAD')]).toEqual(['HEAD', commit]);
    // And without a branch of its own the commit goes onto what is checked out.
    const { ref: __, ...onto } = committing;
    const again = await apply(deeds[1] ?? makeBranch.of(going), commitFiles.of(onto));
    expect([head(), git('log', '--format=%s', '-1')]).toEqual(['HEAD', 'Replace it']);
    await undoOk(again.run);
    expect([head(), git('rev-parse', 'HEAD'), git('status', '--short')]).toEqual(['HEAD', commit, '']);
  });

  it('before the first commit a branch is another name for what comes', async () => {
    const { tree, apply, undoOk } = await changingPlaceWithUndo();
    const { folder, git } = await repositoryIn(join(tree, 'new'), { a: 'a' });
    git('update-ref', '-d', 'HEAD');
    const { run } = await apply(makeBranch.of({ folder, name: 'start', back: 'refs/heads/main' }));
    expect(git('symbolic-ref', 'HEAD')).toBe('refs/heads/start');
    await undoOk(run);
    expect(git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
  });
});

async function changingPlaceWithUndo() {
  const place = await changingPlace();
  return { ...place, undoOk: async (run: string) => expect(await place.undo(run)).toMatchObject({ code: 0 }) };
}
