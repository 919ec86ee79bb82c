// What becomes of branches, row by row: each a repository that git makes, as people make them.
import { expect, it } from 'vitest';
import { describeWith } from '../../../../tests/support/programs.ts';
import type { GitFolder } from '../support/git.ts';
import { branch, lines, merge, squash, started, verdictOn } from './world.ts';

const idOf = (repository: GitFolder, name = 'HEAD') => repository.git('rev-parse', name);
const commit = (id: string) => expect.objectContaining({ id });

/** Two commits that change a file and add another. */
const TWO = [{ 'a.txt': lines(40, { 0: 'top', 20: 'changed' }) }, { 'new.txt': lines(5) }] as const;
/** Somebody else's work, elsewhere. */
const OTHER = { 'b.txt': lines(40, { 30: 'other' }) };

describeWith(['git'], 'what became of a branch', () => {
  it('merged by a merge commit', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', OTHER);
    const by = merge(repository, 'topic');
    repository.commit('more', { 'b.txt': lines(40, { 1: 'more', 30: 'other' }) });
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'merged', merge: commit(by), standing: 'there' });
  });

  it('merged by a fast-forward', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.git('merge', '--quiet', '--ff-only', 'topic');
    repository.commit('more', OTHER);
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'merged', standing: 'there' });
  });

  it('merged, its lines edited since', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', OTHER);
    merge(repository, 'topic');
    repository.commit('edit', { 'a.txt': lines(40, { 0: 'top', 20: 'changed again' }) });
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'merged', standing: 'edited' });
  });

  it('rebased and merged', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', OTHER);
    repository.git('checkout', '--quiet', '-b', 'rebased', 'topic');
    repository.git('rebase', '--quiet', 'main');
    repository.git('checkout', '--quiet', 'main');
    repository.git('merge', '--quiet', '--ff-only', 'rebased');
    const as = [commit(idOf(repository, 'main~1')), commit(idOf(repository))];
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'rebased', as, own: 2, standing: 'there' });
    expect(await verdictOn(repository, 'rebased')).toEqual({ kind: 'merged', standing: 'there' });
  });

  it('squashed', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', OTHER);
    const as = squash(repository, 'topic');
    expect(await verdictOn(repository, 'topic')).toEqual({
      kind: 'squashed',
      as: commit(as),
      own: 2,
      standing: 'there',
    });
  });

  it('squashed, then main edits the same lines: merging it would be a conflict, and nothing took it back', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    const as = squash(repository, 'topic');
    repository.commit('edit', { 'a.txt': lines(40, { 0: 'top', 20: 'changed again' }) });
    expect(await verdictOn(repository, 'topic')).toEqual({
      kind: 'squashed',
      as: commit(as),
      own: 2,
      standing: 'edited',
    });
  });

  it('squashed, then the file that it added renamed', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    squash(repository, 'topic');
    repository.git('mv', 'new.txt', 'renamed.txt');
    repository.commit('rename', { 'a.txt': lines(40, { 0: 'top', 20: 'changed again' }) });
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'squashed', standing: 'edited' });
  });

  it('squashed, then another file that it changed renamed: it is there still', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    squash(repository, 'topic');
    repository.git('mv', 'a.txt', 'renamed.txt');
    repository.commit('rename', OTHER);
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'squashed', standing: 'there' });
  });

  it('squashed, then its files edited elsewhere: it is there still', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    squash(repository, 'topic');
    repository.commit('elsewhere', {
      'a.txt': lines(40, { 0: 'top', 5: 'elsewhere', 20: 'changed' }),
      'new.txt': lines(9),
    });
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'squashed', standing: 'edited' });
    repository.commit('back', { 'new.txt': lines(5) });
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'squashed', standing: 'there' });
  });

  it('a submodule that was moved on', async () => {
    const repository = await started();
    const link = (name: string, digit: string) => {
      repository.git('update-index', '--add', '--cacheinfo', `160000,${digit.repeat(40)},${name}`);
      repository.git('commit', '--quiet', '-m', `${name} to ${digit}`);
    };
    link('sub', '1');
    repository.git('checkout', '--quiet', '-b', 'topic');
    link('sub', '2');
    repository.git('checkout', '--quiet', 'main');
    link('sub', '3');
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'diverged', own: 1, behind: 1 });
    link('sub', '2');
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'contained', own: 1 });
  });

  it('squashed, then reverted', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    const as = squash(repository, 'topic');
    repository.commit('other', OTHER);
    repository.git('revert', '--no-edit', as);
    expect(await verdictOn(repository, 'topic')).toEqual({
      kind: 'reverted',
      landing: { kind: 'squashed', as: commit(as), own: 2 },
      reversal: { by: 'commits', commits: [commit(idOf(repository))], landed: 1 },
    });
  });

  it('squashed, then reverted by a commit that does not say so', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    const as = squash(repository, 'topic');
    repository.git('revert', '--no-commit', as);
    const by = repository.commit('this was too early');
    repository.commit('other', OTHER);
    expect(await verdictOn(repository, 'topic')).toMatchObject({
      kind: 'reverted',
      reversal: { by: 'commits', commits: [commit(by)] },
    });
  });

  it('squashed, then reverted in words, with other changes in the same commit', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    const as = squash(repository, 'topic');
    const reverting = `Away with it\n\nThis reverts commit ${as.slice(0, 10)}, and mends more.`;
    const by = repository.commit(reverting, { 'a.txt': lines(40, { 0: 'top', 20: 'not that', 39: 'more' }) });
    expect(await verdictOn(repository, 'topic')).toMatchObject({
      kind: 'reverted',
      reversal: { by: 'commits', commits: [commit(by)] },
    });
  });

  it('squashed, then taken out by hand, in two commits with other things', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    squash(repository, 'topic');
    repository.git('rm', '--quiet', 'new.txt');
    repository.commit('one', OTHER);
    repository.commit('two', { 'a.txt': lines(40, { 0: 'top', 39: 'another end' }) });
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'reverted', reversal: { by: 'content' } });
  });

  it('squashed, then one of its files made as it was before', async () => {
    const repository = await started();
    branch(repository, 'topic', { ...TWO[0], 'b.txt': lines(40, { 5: 'mine' }) }, TWO[1]);
    squash(repository, 'topic');
    repository.commit('one', { 'b.txt': lines(40), 'new.txt': lines(6) });
    expect(await verdictOn(repository, 'topic')).toMatchObject({
      kind: 'reverted',
      reversal: { by: 'files', files: ['b.txt'] },
    });
  });

  it('squashed, reverted, and landed again', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    const as = squash(repository, 'topic');
    repository.git('revert', '--no-edit', as);
    repository.git('revert', '--no-edit', 'HEAD');
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'squashed', standing: 'there' });
    repository.commit('edit', { 'a.txt': lines(40, { 0: 'top', 20: 'changed again' }) });
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'squashed', standing: 'edited' });
  });

  it('merged, then reverted', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', OTHER);
    const by = merge(repository, 'topic');
    repository.git('revert', '--no-edit', '-m', '1', 'HEAD');
    expect(await verdictOn(repository, 'topic')).toEqual({
      kind: 'reverted',
      landing: { kind: 'merged', merge: commit(by) },
      reversal: { by: 'commits', commits: [commit(idOf(repository))], landed: 1 },
    });
    repository.git('revert', '--no-edit', 'HEAD');
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'merged', standing: 'there' });
  });

  it('merged, then reverted with an edited message', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', OTHER);
    merge(repository, 'topic');
    repository.git('revert', '--no-commit', '-m', '1', 'HEAD');
    const by = repository.commit('too early');
    expect(await verdictOn(repository, 'topic')).toMatchObject({
      kind: 'reverted',
      reversal: { by: 'commits', commits: [commit(by)] },
    });
  });

  it('merged by a fast-forward, then one of its commits reverted', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.git('merge', '--quiet', '--ff-only', 'topic');
    repository.git('revert', '--no-edit', 'HEAD~1');
    expect(await verdictOn(repository, 'topic')).toEqual({
      kind: 'reverted',
      landing: { kind: 'merged' },
      reversal: { by: 'commits', commits: [commit(idOf(repository))], landed: 2 },
    });
  });

  it('rebased, then one of its commits reverted', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', OTHER);
    repository.git('cherry-pick', 'topic~1', 'topic');
    repository.git('revert', '--no-edit', 'HEAD');
    expect(await verdictOn(repository, 'topic')).toMatchObject({
      kind: 'reverted',
      landing: { kind: 'rebased', own: 2 },
      reversal: { by: 'commits', landed: 2 },
    });
  });

  it('merged by "ours", which took nothing of it over', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', OTHER);
    merge(repository, 'topic', '--strategy=ours');
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'reverted', reversal: { by: 'merge' } });
  });

  it('merged with a conflict that was resolved', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', { 'a.txt': lines(40, { 0: 'top', 20: 'theirs' }) });
    expect(() => merge(repository, 'topic')).toThrow('git merge');
    repository.commit('resolved', { 'a.txt': lines(40, { 0: 'top', 20: 'theirs and changed' }) });
    repository.commit('more', OTHER);
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'merged', standing: 'there' });
  });

  it('squashed with a touch-up is not called squashed', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.git('merge', '--quiet', '--squash', 'topic');
    repository.commit('topic', { 'new.txt': lines(5, { 2: 'better' }) });
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'diverged', own: 2, behind: 1 });
    const another = await started();
    branch(
      another,
      'topic',
      { 'a.txt': lines(40, { 0: 'top', 20: 'x' }) },
      { 'a.txt': lines(40, { 0: 'top', 20: 'y' }) },
    );
    another.commit('topic', { 'a.txt': lines(40, { 0: 'top', 20: 'z' }) });
    expect(await verdictOn(another, 'topic')).toEqual({ kind: 'diverged', own: 2, behind: 1 });
  });

  it('squashed with only white space touched up is not called squashed', async () => {
    const repository = await started();
    branch(repository, 'topic', { 'a.py': 'if a:\n    b()\nc()\n' }, { 'b.py': 'x\n' });
    repository.commit('topic', { 'a.py': 'if a:\n    b()\n    c()\n', 'b.py': 'x\n' });
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'diverged', own: 2, behind: 1 });
  });

  it('squashed, then one more commit on the branch', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    const as = squash(repository, 'topic');
    repository.git('checkout', '--quiet', 'topic');
    repository.commit('one more', { 'new.txt': lines(6) });
    repository.git('checkout', '--quiet', 'main');
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'partly', landed: [commit(as)], missing: 1 });
  });

  it('rebased, then one more commit on the branch', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO, { 'b.txt': lines(41) });
    repository.commit('other', { 'c.txt': '' });
    repository.git('cherry-pick', 'topic~2');
    repository.commit('between', { 'd.txt': 'd' });
    repository.git('cherry-pick', 'topic~1');
    const landed = [commit(idOf(repository, 'HEAD~2')), commit(idOf(repository))];
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'partly', landed, missing: 1 });
  });

  it('a branch that comes to nothing', async () => {
    const repository = await started();
    branch(repository, 'topic', { 'new.txt': 'x' });
    repository.git('checkout', '--quiet', 'topic');
    repository.git('revert', '--no-edit', 'HEAD');
    repository.git('checkout', '--quiet', 'main');
    repository.commit('other', OTHER);
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'net-zero', own: 2 });
  });

  it('a fresh branch, at the trunk and behind it', async () => {
    const repository = await started();
    repository.git('branch', 'topic');
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'fresh', knownBy: 'reflog' });
    repository.commit('other', OTHER);
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'fresh', knownBy: 'reflog' });
    repository.git('checkout', '--quiet', 'topic');
    repository.git('merge', '--quiet', '--ff-only', 'main');
    repository.git('checkout', '--quiet', 'main');
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'fresh', knownBy: 'reflog' });
  });

  it('a fresh branch made of what was merged before', async () => {
    const repository = await started();
    branch(repository, 'old', ...TWO);
    repository.commit('other', OTHER);
    merge(repository, 'old');
    repository.git('branch', 'topic', 'old');
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'fresh', knownBy: 'reflog' });
    expect(await verdictOn(repository, 'old')).toMatchObject({ kind: 'merged' });
  });

  it('a copy of somebody’s branch, taken before that was merged', async () => {
    const repository = await started();
    branch(repository, 'theirs', ...TWO);
    repository.git('branch', 'topic', 'theirs');
    repository.commit('other', OTHER);
    merge(repository, 'theirs');
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'merged', standing: 'there' });
  });

  it('a branch of which no reflog tells: fresh where the trunk’s line is its own, else merged', async () => {
    const repository = await started();
    branch(repository, 'forwarded', ...TWO);
    repository.git('merge', '--quiet', '--ff-only', 'forwarded');
    branch(repository, 'topic', { 'c.txt': 'c' });
    repository.commit('other', OTHER);
    merge(repository, 'topic');
    repository.git('reflog', 'expire', '--expire=now', '--all');
    expect(await verdictOn(repository, 'forwarded')).toEqual({ kind: 'fresh', knownBy: 'history' });
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'merged', standing: 'there' });
  });

  it('a branch rebased onto the trunk after it had landed is merged or fresh, and loses nothing', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    repository.commit('other', OTHER);
    merge(repository, 'topic');
    repository.git('checkout', '--quiet', 'topic');
    repository.git('rebase', '--quiet', 'main');
    repository.git('checkout', '--quiet', 'main');
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'merged', standing: 'there' });
  });

  it('commits of its own, with and without others on the trunk', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'ahead', own: 2 });
    repository.commit('other', OTHER);
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'diverged', own: 2, behind: 1 });
  });

  it('unrelated history', async () => {
    const repository = await started();
    repository.git('checkout', '--quiet', '--orphan', 'pages');
    repository.commit('pages', { 'index.html': '' });
    repository.git('checkout', '--quiet', 'main');
    expect(await verdictOn(repository, 'pages')).toEqual({ kind: 'unrelated', own: 1 });
  });

  it('landed in one commit together with another branch: no commit matches, and merging it would change nothing', async () => {
    const repository = await started();
    branch(repository, 'topic', ...TWO);
    branch(repository, 'another', { 'c.txt': 'c' });
    repository.git('merge', '--quiet', '--squash', 'topic');
    repository.git('cherry-pick', '--no-commit', 'another');
    repository.commit('both');
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'contained', own: 2 });
  });

  it('squashed beside lines that the trunk had changed: the context is another, so no patch id matches', async () => {
    const repository = await started();
    branch(repository, 'topic', { 'a.txt': lines(40, { 0: 'top', 20: 'changed' }) });
    repository.commit('near', { 'a.txt': lines(40, { 0: 'top', 17: 'near' }) });
    squash(repository, 'topic');
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'contained', own: 1 });
  });

  it('a branch that merged the trunk into itself, then squashed', async () => {
    const repository = await started();
    branch(repository, 'topic', TWO[0]);
    repository.commit('other', OTHER);
    repository.git('checkout', '--quiet', 'topic');
    repository.git('merge', '--quiet', '--no-edit', 'main');
    repository.commit('more', TWO[1]);
    repository.git('checkout', '--quiet', 'main');
    const as = squash(repository, 'topic');
    repository.commit('edit', { 'a.txt': lines(40, { 0: 'top', 20: 'changed again' }) });
    expect(await verdictOn(repository, 'topic')).toEqual({
      kind: 'squashed',
      as: commit(as),
      own: 2,
      standing: 'edited',
    });
  });

  it('a merge on the branch that changed something of its own is not taken for rebased', async () => {
    const repository = await started();
    branch(repository, 'topic', { 'c.txt': 'c' });
    repository.commit('other', OTHER);
    repository.git('checkout', '--quiet', 'topic');
    repository.git('merge', '--quiet', '--no-commit', '--no-ff', 'main');
    repository.commit('merge, and a change', { 'evil.txt': 'only here' });
    repository.git('checkout', '--quiet', 'main');
    repository.git('cherry-pick', 'topic^1');
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'diverged', own: 2, behind: 1 });
  });

  it('the same change before the branch was made is no landing of it', async () => {
    const repository = await started();
    const change = { 'a.txt': lines(40, { 0: 'top', 20: 'changed' }) };
    repository.commit('too early', change);
    repository.git('revert', '--no-edit', 'HEAD');
    branch(repository, 'topic', change);
    repository.commit('other', OTHER);
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'diverged', own: 1, behind: 1 });
  });

  it('binary files count by what is in them, modes and links by what they are', async () => {
    const repository = await started();
    const binary = (last: string) => `\0\0${'x'.repeat(100)}\0${last}`;
    branch(repository, 'topic', { 'p.bin': binary('a') });
    repository.commit('another picture', { 'p.bin': binary('b') });
    expect(await verdictOn(repository, 'topic')).toMatchObject({ kind: 'diverged' });
    branch(repository, 'second', { 'q.bin': binary('a') }, { 'q.bin': binary('b') });
    const as = squash(repository, 'second');
    repository.commit('other', OTHER);
    expect(await verdictOn(repository, 'second')).toMatchObject({ kind: 'squashed', as: commit(as) });
    repository.git('checkout', '--quiet', '-b', 'mode');
    repository.git('update-index', '--chmod=+x', 'a.txt');
    repository.git('commit', '--quiet', '-m', 'mode');
    repository.git('checkout', '--quiet', '--force', 'main');
    repository.commit('other yet', { 'c.txt': '' });
    expect(await verdictOn(repository, 'mode')).toMatchObject({ kind: 'diverged' });
  });

  it('a merge driver that always keeps ours makes nothing look landed', async () => {
    const repository = await started();
    repository.git('config', 'merge.ours.driver', 'true');
    repository.commit('attributes', { '.gitattributes': '*.txt merge=ours\n' });
    branch(repository, 'topic', { 'a.txt': lines(40, { 0: 'top', 20: 'mine' }) });
    repository.commit('theirs', { 'a.txt': lines(40, { 0: 'top', 30: 'theirs' }) });
    repository.git('checkout', '--quiet', 'main');
    expect(repository.git('merge-tree', '--write-tree', 'main', 'topic')).toBe(
      repository.git('rev-parse', 'main^{tree}'),
    );
    expect(await verdictOn(repository, 'topic')).toEqual({ kind: 'diverged', own: 1, behind: 1 });
  });
});
