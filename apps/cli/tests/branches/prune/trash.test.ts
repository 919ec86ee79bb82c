/** The deeds that delete and restore branches, on real repositories. */
import { spawnSync } from 'node:child_process';
import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { describeWith } from '../../../../../tests/support/programs.ts';
import { headRef, keptRef } from '../../../src/ops/branches/trash/lot.ts';
import { changeRefs, type RefChange } from '../../../src/ops/branches/trash/refs.ts';
import { GIT_ENV, makeRepository } from '../../support/git.ts';
import { apply, bound, branchesOff, branchOff, playground, prunePlan, snapshot } from './support.ts';

const NAMES = ['a', 'feature/log.in/Ünïcode', 'x.y/z', 'dots.in.name'];
const SECTION = `[branch "NAME"]
\tremote = origin
\tmerge = refs/heads/one
\tmerge = refs/heads/two
\trebase
\tdescription = "two\\nlines = \\"with\\" #all" ; and a remark
`;
const CHILD = fileURLToPath(new URL('killed-child.ts', import.meta.url));

/** A repository with those branches, most of them configured. */
async function branches() {
  const place = await playground();
  const { shop, runs, run } = place;
  const { git } = bound(shop);
  branchesOff(shop, NAMES);
  const config = NAMES.slice(1).map((name) => SECTION.replace('NAME', name));
  await appendFile(join(shop.path, '.git/config'), config.join(''));
  return {
    ...place,
    git,
    before: snapshot({ git }),
    plan: () => prunePlan({ git }, NAMES),
    now: () => snapshot({ git }),
    log: (ref: string) => git('reflog', 'show', '--format=%H %gs', ref),
    undo: (of: string) => run(['undo', of, '--apply', '--yes']),
    states: async (of: string) => (await run(['runs', 'show', of, '--jq', '.steps[].state'])).stdout,
    hook: (script: string) =>
      writeFile(join(shop.path, '.git/hooks/reference-transaction'), `#!/bin/sh\n${script}\n`, { mode: 0o755 }),
    files: async () => {
      const all = await readdir(join(shop.path, '.git'), { recursive: true, withFileTypes: true });
      return all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    killed: async () => {
      const file = join(place.home, 'plan.json');
      await writeFile(file, JSON.stringify(await prunePlan({ git }, NAMES)));
      const child = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, file, runs], {
        env: GIT_ENV,
      });
      expect(child.signal).toBe('SIGKILL');
      return (await readdir(runs))[0]?.replace('.ndjson', '') ?? '';
    },
  };
}

describeWith(['git'], 'deleting branches', () => {
  it('keeps commits, configuration and logs, also from gc, and undo brings all back', async () => {
    const { shop, runs, git, plan, before, now, log, undo, run } = await branches();
    git('switch', '-q', 'a');
    const amended = git('rev-parse', 'HEAD');
    git('commit', '-q', '--amend', '-m', 'amended'); // only the log still knows of what was there
    git('switch', '-q', 'main');
    const whole = now();
    const [ofA, ofHead] = [log('a'), log('HEAD')];
    const done = await apply(await plan(), runs);
    expect(done).toMatchObject({ state: 'done' });
    expect(now().refs.filter((ref) => ref.startsWith('refs/heads/'))).toHaveLength(1);
    expect(now().config.filter((entry) => entry.startsWith('branch.'))).toEqual([]);
    expect(log('HEAD')).toBe(ofHead);
    git('reflog', 'expire', '--expire=now', 'HEAD');
    git('-c', 'gc.reflogExpire=never', '-c', 'gc.reflogExpireUnreachable=never', 'gc', '-q', '--prune=now');
    expect(await undo(done.run)).toMatchObject({ code: 0 });
    expect(now()).toEqual(whole);
    expect(now().config).toEqual(before.config);
    expect(log('a').split('\n').slice(2).join('\n')).toBe(ofA);
    expect(git('cat-file', '-t', amended)).toBe('commit');
    expect(await readdir(join(shop.path, '.git', 'scorpiox', 'trash'))).toEqual([]);
    // Undoing is a run as well.
    const undone = (await run(['runs', '--jq', '.[0].run'])).stdout.trim();
    expect(await undo(undone)).toMatchObject({ code: 0 });
    expect(now().refs.filter((ref) => ref.startsWith('refs/heads/'))).toHaveLength(1);
    expect(await undo(done.run)).toMatchObject({ code: 0 });
    expect(now()).toEqual(whole);
  });

  it('makes the same plan of the same repository, and nothing of a configuration stands in it', async () => {
    const { plan } = await branches();
    expect(await plan()).toEqual(await plan());
    expect(JSON.stringify(await plan())).not.toContain('refs/heads/two');
  });

  it('deletes none where one has moved since', async () => {
    const { shop, runs, git, plan, now } = await branches();
    const planned = await plan();
    git('branch', '-f', 'x.y/z', 'main');
    const moved = now();
    const { state, failure } = await apply(planned, runs);
    expect(state).toBe('stale');
    expect(failure).toEqual({
      kind: 'stale',
      message: `branch x.y/z of ${shop.path} changed since the plan was made. Nothing was changed.`,
    });
    expect(now()).toEqual(moved);
  });

  it('deletes none where one moves while it is done', async () => {
    const { shop, git, now } = await branches();
    const changes = ['a', 'x.y/z'].flatMap((name): RefChange[] => {
      const id = git('rev-parse', name);
      return [
        { does: 'create', ref: keptRef('0123456789ab', name), id },
        { does: 'delete', ref: headRef(name), id },
      ];
    });
    git('branch', '-f', 'x.y/z', 'main');
    const moved = now();
    expect(await changeRefs(join(shop.path, '.git'), changes, 'late')).toMatchObject({ error: { kind: 'stale' } });
    expect(now()).toEqual(moved);
    await writeFile(join(shop.path, '.git/refs/heads/a.lock'), '');
    expect(await changeRefs(join(shop.path, '.git'), changes, 'late')).toMatchObject({ error: { kind: 'try-again' } });
  });

  it('deletes none where what they landed in has moved since', async () => {
    const { shop, runs, git, plan, now } = await branches();
    const planned = await plan();
    git('commit', '-q', '--amend', '--allow-empty', '-m', 'rewritten');
    const { failure } = await apply(planned, runs);
    expect(failure).toEqual({
      kind: 'stale',
      message: `refs/heads/main of ${shop.path} changed since the plan was made. Nothing was changed.`,
    });
    expect(now().refs).toHaveLength(5);
  });

  it('leaves no trace where a hook of the repository forbids it', async () => {
    const { runs, plan, before, now, hook, files } = await branches();
    const planned = await plan();
    await hook('test "$1" != prepared');
    const there = await files();
    const { state, failure } = await apply(planned, runs);
    expect(state).toBe('failed');
    expect(failure?.message).toMatch(/ref updates aborted by hook\. Nothing was changed\.$/);
    expect(now()).toEqual(before);
    expect((await files()).sort()).toEqual(there.sort());
  });

  it('does not touch a branch that comes into use after the plan was made', async () => {
    const { shop, home, runs, git, plan, before, now } = await branches();
    const uses: readonly (readonly [string, () => void, () => void])[] = [
      [
        'in a worktree',
        () => git('worktree', 'add', '-q', join(home, 'tree'), 'a'),
        () => git('worktree', 'remove', join(home, 'tree')),
      ],
      ['here', () => git('switch', '-q', 'x.y/z'), () => git('switch', '-q', 'main')],
      ['in a bisection', () => bisect(git), () => git('bisect', 'reset')],
      ['in a rebase', () => rebase(git), () => git('rebase', '--abort')],
      [
        'by another name',
        () => git('symbolic-ref', 'refs/heads/alias', 'refs/heads/a'),
        () => git('symbolic-ref', '-d', 'refs/heads/alias'),
      ],
    ];
    for (const [, begin, end] of uses) {
      const planned = await plan();
      begin();
      expect(await apply(planned, runs)).toMatchObject({
        state: 'stale',
        failure: { message: expect.stringContaining(shop.path) },
      });
      end();
      git('switch', '-q', 'main');
      expect(now()).toEqual(before);
    }
  });

  it('keeps a branch of a name that is the folder of another, at another time', async () => {
    const { shop, runs, git, undo, now } = await branches();
    const first = await apply(await prunePlan({ git }, ['a']), runs);
    branchOff(shop, 'a/b');
    const second = await apply(await prunePlan({ git }, ['a/b']), runs);
    branchOff(shop, 'a');
    expect(now().refs.filter((ref) => ref.startsWith('refs/scorpiox/'))).toHaveLength(2);
    expect(await undo(second.run)).toMatchObject({ code: 5, stderr: expect.stringContaining('Nothing was changed') });
    git('branch', '-q', '-D', 'a');
    expect(await undo(second.run)).toMatchObject({ code: 0 });
    expect(await undo(first.run)).toMatchObject({ code: 5, stderr: expect.stringContaining('Nothing was changed') });
    git('branch', '-q', '-D', 'a/b');
    expect(await undo(first.run)).toMatchObject({ code: 0 });
  });

  it('restores nothing over a branch that was made meanwhile', async () => {
    const { runs, git, plan, now, undo } = await branches();
    const { run } = await apply(await plan(), runs);
    git('branch', 'x.y/z', 'main');
    const made = now();
    expect(await undo(run)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('was followed by other changes'),
    });
    expect(now()).toEqual(made);
  });

  it('works from a repository whose git directory lies elsewhere, and in a bare one', async () => {
    const { home, runs, run } = await branches();
    const bare = makeRepository(join(home, 'bare.git'), '--bare');
    const tree = bare.gitWith({ input: '' }, 'mktree');
    const commit = bare.git('commit-tree', tree, '-m', 'x');
    for (const name of ['main', 'x']) bare.git('branch', name, commit);
    const plan = await prunePlan(bound(bare), ['x']);
    expect(await apply(plan, runs)).toMatchObject({ state: 'done' });
    await expect(prunePlan(bound(bare), ['main'])).resolves.toMatchObject({
      steps: [
        { before: expect.objectContaining({ [`branch main of ${bare.path}`]: expect.stringContaining(', HEAD of ') }) },
      ],
    });
    const apart = makeRepository(join(home, 'apart'), `--separate-git-dir=${join(home, 'apart.git')}`);
    apart.commit('first');
    branchOff(apart, 'y');
    const before = snapshot(bound(apart));
    const done = await apply(await prunePlan(bound(apart), ['y']), runs);
    expect(done).toMatchObject({ state: 'done' });
    expect(await run(['undo', done.run, '--apply', '--yes'])).toMatchObject({ code: 0 });
    expect(snapshot(bound(apart))).toEqual(before);
  });
});

function bisect(git: (...args: readonly string[]) => string): void {
  git('switch', '-q', 'x.y/z');
  git('bisect', 'start', 'HEAD', 'HEAD~1');
  git('checkout', '-q', '--detach', 'main');
}

function rebase(git: (...args: readonly string[]) => string): void {
  git('switch', '-q', 'x.y/z');
  git('-c', 'sequence.editor=sed -i 1s/pick/edit/', 'rebase', '-q', '-i', '--root');
}

describeWith(['git'], 'a deletion whose process was killed', () => {
  const moments = [
    ['before git has the locks', 'test "$1" = prepared && kill -9 $DOOMED; exit 0'],
    ['with git itself', 'test "$1" = committed && kill -9 $DOOMED $PPID; exit 0'],
  ] as const;

  it.each(moments)('%s is told as half done, and undone', async (_, script) => {
    const { before, now, hook, killed, states, undo, git } = await branches();
    await hook(script);
    const run = await killed();
    await hook('exit 0');
    await vi.waitFor(() => expect(git('branch', '--format=%(refname:short)')).toBe('main'), { timeout: 20_000 });
    expect(now().config).toEqual(before.config); // which is what it did not come to
    expect(await states(run)).toBe('half-done\n');
    expect(await undo(run)).toMatchObject({ code: 0 });
    expect(now()).toEqual(before);
    expect(await states(run)).toBe('undone\n');
  });

  it('is told as not done where git was killed before it had changed anything', async () => {
    const { before, now, hook, killed, states, undo } = await branches();
    await hook('test "$1" = prepared && kill -9 $DOOMED $PPID; exit 0');
    const run = await killed();
    expect(now()).toEqual(before);
    expect(await states(run)).toBe('left\n');
    expect(await undo(run)).toMatchObject({ code: 0, stderr: 'There is nothing to do.\n' });
  });
});
