/** What a person does with branches that were deleted: looks at them, restores them, gives them up. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../../tests/support/programs.ts';
import { apply, bound, branchOff, playground, prunePlan, snapshot } from './support.ts';

/** A repository whose branches were deleted, one by one. */
async function deleted(...names: readonly string[]) {
  const place = await playground();
  const { shop, runs, run } = place;
  const ids: string[] = [];
  for (const name of names) {
    ids.push(branchOff(shop, name));
    shop.git('config', `branch.${name}.remote`, 'origin');
  }
  const before = snapshot(bound(shop));
  for (const name of names) await apply(await prunePlan(bound(shop), [name]), runs);
  const branches = async (...args: readonly string[]) => run(['branches', ...args]);
  return { ...place, ids, before, branches, now: () => snapshot(bound(shop)) };
}

describeWith(['git'], 'what was deleted', () => {
  it('is shown, from anywhere in the repository and from above it', async () => {
    const { shop, home, ids, branches } = await deleted('a', 'feature/b');
    const shown = await branches('trash', '--json');
    const kept = {
      repository: shop.path,
      remote: null,
      why: 'for a test',
      deleted: expect.stringMatching(/^2\d{3}-.*Z$/),
    };
    expect(JSON.parse(shown.stdout)).toEqual(
      expect.arrayContaining([
        { ...kept, branch: 'feature/b', commit: ids[1] },
        { ...kept, branch: 'a', commit: ids[0] },
      ]),
    );
    expect(await branches('trash', 'list', home, '--jq', 'map(.branch) | sort')).toMatchObject({
      stdout: '["a","feature/b"]\n',
    });
    expect((await branches('restore')).stdout.split('\n')).toHaveLength(3);
    expect(await branches('restore', '--apply', '--yes')).toMatchObject({ code: 64 });
    expect(await branches('trash', '/nowhere/at/all')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('is not there'),
    });
  });

  it('is restored by its name, without any journal', async () => {
    const { shop, before, branches, now } = await deleted('a', 'feature/b');
    const planned = await branches('restore', 'feature/b', '--json');
    expect(planned).toMatchObject({ code: 3 });
    expect(JSON.parse(planned.stdout)).toMatchObject({
      command: 'branches restore',
      confirm: null,
      steps: [{ step: 1, does: `Restore the branch feature/b of ${shop.path}.`, canUndo: true }],
    });
    expect(await branches('restore', 'feature/b', '--apply', '--yes')).toMatchObject({ code: 0 });
    expect(await branches('restore', 'feature/b')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no such branch'),
    });
    expect(await branches('restore', '--all', '--apply', '--yes')).toMatchObject({ code: 0 });
    expect(now()).toEqual(before);
    expect(await branches('trash')).toEqual({ code: 0, stdout: '', stderr: 'There is nothing in the trash.\n' });
  });

  it('is not restored over what is there again', async () => {
    const { shop, branches, now, ids } = await deleted('a', 'b');
    shop.git('branch', 'a', 'main');
    const [id = ''] = ids;
    const there = now();
    expect(await branches('restore', 'a', '--apply', '--yes')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('again'),
    });
    expect(now()).toEqual(there);
    // The same branch again, with a configuration of its own.
    shop.git('branch', '-f', 'a', id);
    shop.git('config', 'branch.a.remote', 'elsewhere');
    expect(await branches('restore', 'a', '--apply', '--yes')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('git config --remove-section branch.a'),
    });
    shop.git('config', '--remove-section', 'branch.a');
    expect(await branches('restore', 'a', '--apply', '--yes')).toMatchObject({ code: 0 });
    expect(shop.git('config', 'branch.a.remote')).toBe('origin');
    expect(shop.git('rev-parse', 'a')).toBe(id);
  });

  it('is told apart by its commit where a name was deleted more than once', async () => {
    const { shop, runs, branches, ids } = await deleted('a');
    const [first = ''] = ids;
    shop.commit('more');
    const second = branchOff(shop, 'a');
    await apply(await prunePlan(bound(shop), ['a']), runs);
    const refused = await branches('restore', 'a');
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining(second.slice(0, 12)) });
    expect(refused.stderr).toContain(first.slice(0, 12));
    expect(await branches('restore', 'a', '--commit', first.slice(0, 8), '--apply', '--yes')).toMatchObject({
      code: 0,
    });
    expect(shop.git('rev-parse', 'a')).toBe(first);
  });

  it('is restored as far as refs alone tell, where the note of it is lost', async () => {
    const { shop, branches, before, now } = await deleted('x/y');
    const trash = join(shop.path, '.git/scorpiox/trash');
    await rm(trash, { recursive: true });
    expect(JSON.parse((await branches('trash', '--json')).stdout)).toMatchObject([
      { branch: 'x/y', deleted: null, why: '' },
    ]);
    expect(await branches('restore', 'x/y', '--apply', '--yes')).toMatchObject({ code: 0 });
    expect(now()).toEqual(before);
  });

  it('is given up only by name, and then nothing of it is left', async () => {
    const { shop, branches, now, ids } = await deleted('a', 'b/c');
    expect(await branches('trash', 'empty', '--older-than', '1h')).toMatchObject({
      code: 0,
      stderr: 'There is nothing to do.\n',
    });
    const planned = await branches('trash', 'empty', '--json');
    expect(JSON.parse(planned.stdout)).toMatchObject({
      confirm: 'trash',
      steps: [{ canUndo: false }, { canUndo: false }],
    });
    expect(await branches('trash', 'empty', '--apply', '--yes')).toMatchObject({ code: 64 });
    expect(now().refs).toHaveLength(3);
    expect(await branches('trash', 'empty', '--apply', '--confirm=trash')).toMatchObject({ code: 0 });
    expect(now().refs).toEqual([`refs/heads/main ${shop.git('rev-parse', 'main')}`]);
    expect(now().config).toEqual([]);
    expect(await readdir(join(shop.path, '.git/scorpiox/trash'))).toEqual([]);
    shop.git('reflog', 'expire', '--expire=now', '--all');
    shop.git('gc', '-q', '--prune=now');
    for (const id of ids) expect(() => shop.git('cat-file', '-e', id)).toThrow();
  });
});
