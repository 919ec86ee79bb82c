/**
 * A working tree goes to a new branch at the commit that it is on, and back. No file is touched by it, nothing of the index,
 * and no hook runs.
 */
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { defineAction } from '../../plan/action.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { gitText, orThrow } from './git-text.ts';
import { commitOf, headName, headOf, headState, lookAtHead, refName } from './head.ts';

const Going = Type.Object({
  /** The working tree, as `pathText` writes it. */
  folder: Type.String(),
  /** The new branch's name, without `refs/heads/`. */
  name: Type.String(),
  /** The branch that is checked out before, in full; without it, none is. */
  back: Type.Optional(Type.String()),
  /** Where both are; without it, before the first commit. */
  commit: Type.Optional(Type.String()),
});

type Going = Static<typeof Going>;

const refOf = ({ name }: Going): string => `refs/heads/${name}`;

/** HEAD, the new branch, and the one before: whoever goes back has to find that where it was. */
const look = (data: Going): Promise<World> =>
  lookAtHead(data.folder, [refOf(data), ...(data.back === undefined ? [] : [data.back])]);

const worldWith = (data: Going, before: World, ref: string | undefined, branch: string): World => ({
  ...before,
  [headName(data.folder)]: headState({ ref, commit: data.commit }),
  [refName(data.folder, refOf(data))]: branch,
});

/** The one is there, and the other was not yet done. */
async function half(data: Going): Promise<World | undefined> {
  const head = orThrow(await headOf(data.folder));
  const branch = orThrow(await commitOf(data.folder, refOf(data)));
  return head.ref === data.back && branch !== undefined && branch === data.commit ? look(data) : undefined;
}

export const makeBranch = defineAction({
  kind: 'make-branch',
  data: Going,
  look,
  foresee: (data, before) => worldWith(data, before, refOf(data), data.commit ?? ABSENT),
  half,
  perform: async (data) => {
    const branch = orThrow(await commitOf(data.folder, refOf(data)));
    if (branch === undefined && data.commit !== undefined) {
      const made = await git(data, ['update-ref', '-m', CREATED, refOf(data), data.commit, '']);
      if (!made.ok) return made;
    }
    return git(data, ['symbolic-ref', '-m', `${MOVED} to ${data.name}`, 'HEAD', refOf(data)]);
  },
  inverse: (data) => ({
    does: `Go back from the branch ${data.name} to ${backName(data)} in ${data.folder}, and remove it.`,
    action: { kind: 'leave-branch', data },
  }),
});

export const leaveBranch = defineAction({
  kind: 'leave-branch',
  data: Going,
  look,
  foresee: (data, before) => worldWith(data, before, data.back, ABSENT),
  half,
  perform: async (data) => {
    const left = await goBack(data);
    if (!left.ok || data.commit === undefined) return left;
    return git(data, ['update-ref', '-d', refOf(data), data.commit]);
  },
  inverse: (data) => ({
    does: `Go to the branch ${data.name} in ${data.folder} again.`,
    action: { kind: 'make-branch', data },
  }),
});

const CREATED = 'branch: Created by scorpiox refs replace';
const MOVED = 'scorpiox refs replace: moving';

function goBack(data: Going): Promise<Result<void, Failure>> {
  const { back, commit } = data;
  if (back !== undefined) return git(data, ['symbolic-ref', '-m', `${MOVED} back to ${backName(data)}`, 'HEAD', back]);
  if (commit !== undefined) return git(data, ['update-ref', '--no-deref', '-m', `${MOVED} back`, 'HEAD', commit]);
  return Promise.resolve(err({ kind: 'error', message: `There is nothing to go back to in ${data.folder}.` }));
}

export const backName = ({ back, commit }: Pick<Going, 'back' | 'commit'>): string =>
  back?.replace(/^refs\/heads\//, '') ?? `commit ${commit?.slice(0, 12)}`;

async function git({ folder }: Going, args: readonly string[]): Promise<Result<void, Failure>> {
  const done = await gitText(folder, args);
  return done.ok ? ok(undefined) : done;
}
