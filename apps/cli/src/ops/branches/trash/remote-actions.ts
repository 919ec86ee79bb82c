/** Deleting branches of a remote, and pushing them back. What was there is kept here. The essay is in lot.ts. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { defineAction } from '../../plan/action.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { keptRef, type LotBranch, placeOf, RemoteLot, TRASH } from './lot.ts';
import { forgetWhenEmpty } from './move.ts';
import { noteDeleted } from './record.ts';
import { changeRefs, type RefChange, readRefs } from './refs.ts';
import { push, remoteBranches } from './remote.ts';
import { tellBranches } from './tell.ts';
import { hereName, keptName } from './world.ts';

/** Where a branch is: at the remote, here in the trash, at both, or what else is in its place. */
interface Seen {
  readonly there: string;
  readonly kept: string;
}
type See = (branch: LotBranch) => Seen;

export const pruneRemoteBranches = defineAction({
  kind: 'prune-remote-branches',
  data: RemoteLot,
  look,
  half,
  foresee: (lot) => worldOf(lot, ({ id }) => ({ there: ABSENT, kept: id })),
  perform: async (lot) => {
    const seen = await seeUnchanged(lot);
    if (!seen.ok) return seen;
    await noteDeleted(lot, lot.remote);
    const kept = await changeRefs(lot.repository, keep(lot, seen.value), 'branches prune: moved into the trash');
    if (!kept.ok) return kept;
    const pushed = await push(lot, lot.branches.filter((branch) => seen.value(branch).there !== ABSENT).map(deletion));
    if (!pushed.ok) await dropWhatIsThere(lot);
    return pushed;
  },
  inverse: (lot) => ({
    does: `Push ${tellBranches(lot)} back from the trash.`,
    action: { kind: 'restore-remote-branches', data: lot },
  }),
});

export const restoreRemoteBranches = defineAction({
  kind: 'restore-remote-branches',
  data: RemoteLot,
  look,
  half,
  foresee: (lot) => worldOf(lot, ({ id }) => ({ there: id, kept: ABSENT })),
  perform: async (lot) => {
    const seen = await seeUnchanged(lot);
    if (!seen.ok) return seen;
    const pushed = await push(lot, lot.branches.filter((branch) => seen.value(branch).there === ABSENT).map(creation));
    return pushed.ok
      ? drop(
          lot,
          lot.branches.filter((branch) => seen.value(branch).kept !== ABSENT),
        )
      : pushed;
  },
  inverse: (lot) => ({
    does: `Delete ${tellBranches(lot)} again.`,
    action: { kind: 'prune-remote-branches', data: lot },
  }),
});

const deletion = ({ name, id }: LotBranch) => ({ name, from: id, to: undefined });
const creation = ({ name, id }: LotBranch) => ({ name, from: undefined, to: id });

const keep = (lot: RemoteLot, see: See): readonly RefChange[] =>
  lot.branches
    .filter((branch) => see(branch).kept === ABSENT)
    .map(({ name, id }) => ({ does: 'create', ref: keptRef(lot.lot, name, lot.remote), id }));

/** Keeps these no longer. */
async function drop(lot: RemoteLot, branches: readonly LotBranch[]): Promise<Result<void, Failure>> {
  const changes = branches.map(
    ({ name, id }): RefChange => ({ does: 'delete', ref: keptRef(lot.lot, name, lot.remote), id }),
  );
  const dropped = await changeRefs(lot.repository, changes, 'branches restore: moved out of the trash');
  return dropped.ok ? forgetWhenEmpty(lot) : dropped;
}

/** After a push that failed: a remote that cannot tell may have deleted them, so what it is not seen to have is kept. */
async function dropWhatIsThere(lot: RemoteLot): Promise<void> {
  const seen = await see(lot);
  if (!seen.ok) return;
  const untouched = ({ there, kept }: Seen) => there !== ABSENT && kept !== ABSENT;
  await drop(
    lot,
    lot.branches.filter((branch) => untouched(seen.value(branch))),
  );
}

async function see(lot: RemoteLot): Promise<Result<See, Failure>> {
  const there = await remoteBranches(lot);
  if (!there.ok) return there;
  const kept = await readRefs(lot.repository, `${TRASH}${lot.lot}/`);
  if (!kept.ok) return kept;
  return ok(({ name }) => ({
    there: there.value.ids.get(name) ?? ABSENT,
    kept: kept.value.get(keptRef(lot.lot, name, lot.remote)) ?? ABSENT,
  }));
}

/** Whether a branch is where it was, in the trash, on the way, or neither. */
function standingOf({ id }: LotBranch, { there, kept }: Seen): 'there' | 'in trash' | 'on the way' | 'changed' {
  const isKnown = [there, kept].every((state) => state === id || state === ABSENT);
  if (!isKnown || (there === ABSENT && kept === ABSENT)) return 'changed';
  if (kept === ABSENT) return 'there';
  return there === ABSENT ? 'in trash' : 'on the way';
}

async function seeUnchanged(lot: RemoteLot): Promise<Result<See, Failure>> {
  const seen = await see(lot);
  if (!seen.ok) return seen;
  const changed = lot.branches.find((branch) => standingOf(branch, seen.value(branch)) === 'changed');
  if (changed === undefined) return seen;
  const message = `The branch ${changed.name} at ${lot.remote} of ${placeOf(lot.repository)} is not as it was seen.`;
  return err({ kind: 'stale', message });
}

async function look(lot: RemoteLot): Promise<World> {
  const seen = await see(lot);
  // The message becomes a sentence where it is caught.
  if (!seen.ok) throw new Error(seen.error.message.replace(/\.$/, ''));
  return worldOf(lot, seen.value);
}

async function half(lot: RemoteLot): Promise<World | undefined> {
  const seen = await see(lot);
  if (!seen.ok) return undefined;
  const standings = new Set(lot.branches.map((branch) => standingOf(branch, seen.value(branch))));
  const isOne = standings.size === 1 && !standings.has('on the way');
  return isOne || standings.has('changed') ? undefined : worldOf(lot, seen.value);
}

function worldOf(lot: RemoteLot, seen: See): World {
  return Object.fromEntries(
    lot.branches.flatMap((branch) => [
      [hereName(lot, branch.name), seen(branch).there],
      [keptName(lot, branch.name), seen(branch).kept],
    ]),
  );
}
