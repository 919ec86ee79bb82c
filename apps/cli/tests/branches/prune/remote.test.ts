/** Branches at a remote: deleted with a lease, kept here, pushed back. The remote is a bare repository over a path. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../../../tests/support/programs.ts';
import { lotName } from '../../../src/ops/branches/trash/lot.ts';
import { pruneRemoteBranches } from '../../../src/ops/branches/trash/remote-actions.ts';
import { ACTIONS } from '../../../src/ops/plan/actions/actions.ts';
import { Planner } from '../../../src/ops/plan/planner.ts';
import { makeRepository } from '../../support/git.ts';
import { apply, branchesOff, playground } from './support.ts';

/** A repository whose remote has two branches more; and the plan that deletes them there. */
async function withRemote() {
  const place = await playground();
  const { shop, home, runs, run } = place;
  const origin = makeRepository(join(home, 'origin.git'), '--bare');
  shop.git('remote', 'add', 'origin', origin.path);
  const names = ['a', 'feature/b'];
  branchesOff(shop, names);
  const branches = names.map((name) => ({ name, id: shop.git('rev-parse', name), why: 'for a test' }));
  shop.git('push', '-q', 'origin', 'main', ...names);
  shop.git('branch', '-q', '-D', ...names);
  const plan = async () => {
    const of = { repository: join(shop.path, '.git'), remote: 'origin', branches };
    const planner = new Planner(ACTIONS);
    await planner.add('Delete them there.', pruneRemoteBranches.of({ ...of, lot: lotName(of, 1) }));
    return { title: 'branches prune', steps: planner.steps };
  };
  const refs = (of: typeof origin) => of.git('for-each-ref', '--format=%(refname) %(objectname)').split('\n');
  const undo = (of: string) => run(['undo', of, '--apply', '--yes']);
  return {
    ...place,
    origin,
    plan,
    branches,
    undo,
    there: () => refs(origin),
    here: () => refs(shop),
    apply: async () => apply(await plan(), runs),
  };
}

describeWith(['git'], 'branches at a remote', () => {
  it('are deleted there and kept here, and are pushed back', async () => {
    const { shop, origin, there, here, apply, undo, branches } = await withRemote();
    const before = [there(), here()];
    const done = await apply();
    expect(done).toMatchObject({ state: 'done' });
    expect(there()).toEqual([`refs/heads/main ${shop.git('rev-parse', 'main')}`]);
    expect(here().filter((ref) => ref.startsWith('refs/scorpiox/'))).toEqual(
      branches.map(({ name, id }) => expect.stringMatching(`/remotes/origin/${name} ${id}$`)),
    );
    shop.git('gc', '-q', '--prune=now');
    origin.git('gc', '-q', '--prune=now');
    expect(await undo(done.run)).toMatchObject({ code: 0 });
    expect([there(), here()]).toEqual(before);
  });

  it('are restored by their names', async () => {
    const { run, there, here, apply } = await withRemote();
    const before = [there(), here()];
    await apply();
    expect(await run(['branches', 'restore', 'a'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--remote'),
    });
    expect(await run(['branches', 'restore', 'a', 'feature/b', '--remote', '--apply', '--yes'])).toMatchObject({
      code: 0,
    });
    expect([there(), here()]).toEqual(before);
  });

  it('stay, all of them, where somebody pushed to one since', async () => {
    const { shop, home, runs, origin, plan, there, here } = await withRemote();
    const planned = await plan();
    const other = makeRepository(join(home, 'other'));
    other.git('pull', '-q', origin.path, 'feature/b');
    other.commit('more', { more: 'more' });
    other.git('push', '-q', origin.path, 'HEAD:feature/b');
    const before = [there(), here()];
    expect(await apply(planned, runs)).toMatchObject({ state: 'stale' });
    // The same where it happens after that look: the remote itself refuses.
    const { push } = await import('../../../src/ops/branches/trash/remote.ts');
    const of = { repository: join(shop.path, '.git'), remote: 'origin' };
    const changes = ['a', 'feature/b'].map((name) => ({
      name,
      from: shop.git('rev-parse', `origin/${name}`),
      to: undefined,
    }));
    expect(await push(of, changes)).toMatchObject({
      error: { kind: 'stale', message: `The branch feature/b at origin of ${shop.path} is not as it was seen.` },
    });
    expect([there(), here()]).toEqual(before);
  });

  it('stay where the remote refuses, and nothing of them is kept', async () => {
    const { shop, origin, there, here, apply } = await withRemote();
    origin.git('config', 'receive.denyDeletes', 'true');
    const before = [there(), here()];
    const { failure } = await apply();
    expect(failure).toMatchObject({ kind: 'refused' });
    expect(failure?.message).toContain(
      `origin of ${shop.path} did not take it, for a: [remote rejected] (deletion prohibited)`,
    );
    expect([there(), here()]).toEqual(before);
  });

  it('are not pushed over what is there again', async () => {
    const { shop, apply, undo, there, run } = await withRemote();
    const { run: done } = await apply();
    shop.git('push', '-q', 'origin', 'main:feature/b');
    const before = there();
    expect(await undo(done)).toMatchObject({ code: 5 });
    expect(await run(['branches', 'restore', '--all', '--remote', '--apply', '--yes'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining(`There is a branch feature/b at origin of ${shop.path} again`),
    });
    expect(there()).toEqual(before);
  });

  it('are a clear failure where the remote cannot be reached, without the password of its address', async () => {
    const { shop, plan, runs, here, run, apply: prune } = await withRemote();
    await prune();
    shop.git('remote', 'set-url', 'origin', 'https://ada:secret@127.0.0.1:1/shop.git');
    const before = here();
    const failed = await run(['branches', 'restore', 'a', '--remote', '--apply', '--yes']);
    expect(failed).toMatchObject({
      code: 69,
      stderr: expect.stringContaining(`origin of ${shop.path} cannot be reached`),
    });
    expect(failed.stderr).not.toContain('secret');
    expect(here()).toEqual(before);
    await expect(plan()).rejects.toThrow('cannot be reached');
    void runs;
  });

  it('are kept where the connection ended after the remote had deleted them', async () => {
    const { origin, there, apply, undo, shop } = await withRemote();
    await writeFile(join(origin.path, 'hooks/post-receive'), '#!/bin/sh\nkill -9 $PPID\n', { mode: 0o755 });
    const { run, failure } = await apply();
    expect(failure?.kind).toBe('partly-done');
    expect(there()).toEqual([`refs/heads/main ${shop.git('rev-parse', 'main')}`]);
    await writeFile(join(origin.path, 'hooks/post-receive'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    expect(await undo(run)).toMatchObject({ code: 0 });
    expect(there()).toHaveLength(3);
  });
});
