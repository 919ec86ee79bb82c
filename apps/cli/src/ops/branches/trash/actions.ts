/** Deleting the branches of a lot, and restoring them. The essay is in lot.ts. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Static, Type } from 'typebox';
import type { Failure } from '../../failure.ts';
import { defineAction } from '../../plan/action.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { gitText } from './git-text.ts';
import { Lot, placeOf } from './lot.ts';
import { moveIntoTrash, moveOutOfTrash, type See } from './move.ts';
import { type SeenBranch, seeLot } from './see.ts';
import { tellBranches } from './tell.ts';
import { seenIn, standingOf, whenDeleted, whenRestored, worldOf } from './world.ts';

const Prune = Type.Object({
  ...Lot.properties,
  /** What the branches are known to have landed in, as it was then. */
  into: Type.Array(Type.Object({ ref: Type.String(), id: Type.String() })),
});

/** Deletes branches: all of them, or none where one is not as it was seen. */
export const pruneBranches = defineAction({
  kind: 'prune-branches',
  data: Prune,
  look,
  half,
  foresee: (lot, before) => worldOf(lot, (branch) => whenDeleted(branch, seenIn(lot, before, branch))),
  perform: async (lot) => {
    const moved = await movedSince(lot);
    if (moved !== undefined) return err(moved);
    const seen = await seeUnchanged(lot);
    return seen.ok ? moveIntoTrash(lot, seen.value) : seen;
  },
  inverse: ({ into: _, ...lot }) => ({
    does: `Restore ${tellBranches(lot)} from the trash.`,
    action: { kind: 'restore-branches', data: lot },
  }),
});

/** Restores branches that were deleted: all of them, or none where one cannot be. */
export const restoreBranches = defineAction({
  kind: 'restore-branches',
  data: Lot,
  look,
  half,
  foresee: (lot, before) => worldOf(lot, (branch) => whenRestored(branch, seenIn(lot, before, branch))),
  perform: async (lot) => {
    const seen = await seeUnchanged(lot);
    return seen.ok ? moveOutOfTrash(lot, seen.value) : seen;
  },
  inverse: (lot) => ({
    does: `Delete ${tellBranches(lot)} again.`,
    action: { kind: 'prune-branches', data: { ...lot, into: [] } },
  }),
});

async function look(lot: Lot): Promise<World> {
  const seen = await see(lot);
  // The message becomes a sentence where it is caught.
  if (!seen.ok) throw new Error(seen.error.message.replace(/\.$/, ''));
  return worldOf(lot, seen.value);
}

async function half(lot: Lot): Promise<World | undefined> {
  const world = await look(lot);
  const standings = new Set(lot.branches.map((branch) => standingOf(branch, seenIn(lot, world, branch))));
  const isOne = standings.size === 1 && !standings.has('on the way');
  return isOne || standings.has('changed') ? undefined : world;
}

const NOTHING: SeenBranch = { branch: ABSENT, configuration: ABSENT, kept: ABSENT, keptConfiguration: ABSENT };

async function see(lot: Lot): Promise<Result<See, Failure>> {
  const seen = await seeLot(lot);
  return seen.ok ? ok(({ name }) => seen.value.get(name) ?? NOTHING) : seen;
}

async function seeUnchanged(lot: Lot): Promise<Result<See, Failure>> {
  const seen = await see(lot);
  if (!seen.ok) return seen;
  const changed = lot.branches.find((branch) => standingOf(branch, seen.value(branch)) === 'changed');
  return changed === undefined ? seen : err(changedSince(`The branch ${changed.name}`, lot.repository));
}

const changedSince = (what: string, repository: string): Failure => ({
  kind: 'stale',
  message: `${what} of ${placeOf(repository)} changed since the plan was made.`,
});

/** Tells where what the branches landed in is no longer as it was. */
async function movedSince({ repository, into }: Static<typeof Prune>): Promise<Failure | undefined> {
  for (const { ref, id } of into) {
    const now = await gitText(repository, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], { okCodes: [1] });
    if (!now.ok) return now.error;
    if (now.value.trimEnd() !== id) return changedSince(ref, repository);
  }
  return undefined;
}
