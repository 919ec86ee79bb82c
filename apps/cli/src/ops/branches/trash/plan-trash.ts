/** Plans about what is in the trash: what of it is restored, and what is given up. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import type { Plan, World } from '../../plan/plan.ts';
import { Planner } from '../../plan/planner.ts';
import { restoreBranches } from './actions.ts';
import { sectionOf } from './configuration.ts';
import { emptyTrash } from './empty.ts';
import { type Kept, type LotBranch, placeOf } from './lot.ts';
import { remoteBranches } from './remote.ts';
import { restoreRemoteBranches } from './remote-actions.ts';
import { tellBranches } from './tell.ts';
import { configurationNames, hereName } from './world.ts';

/** Which branches are meant: all of them, or those of these names; of some remote, or of the repositories themselves. */
export interface Wanted {
  readonly names: readonly string[];
  readonly isAll: boolean;
  readonly isRemote: boolean;
  /** How their commit's id begins, where one name is in the trash more than once. */
  readonly commit?: string;
}

/** Makes the plan that restores branches. */
export async function planRestore(kept: readonly Kept[], wanted: Wanted): Promise<Result<Plan, Failure>> {
  const chosen = choose(kept, wanted);
  if (!chosen.ok) return chosen;
  const planner = new Planner(ACTIONS);
  for (const lot of lotsOf(chosen.value)) {
    const { remote, ...here } = lot;
    const there = remote === undefined ? ok(undefined) : await remoteBranches({ repository: lot.repository, remote });
    if (!there.ok) return there;
    const action = remote === undefined ? restoreBranches.of(here) : restoreRemoteBranches.of({ ...here, remote });
    const taken = firstTaken(lot, await planner.look(action));
    if (taken !== undefined) return err(taken);
    await planner.add(`Restore ${tellBranches(lot)}.`, action);
  }
  return ok({ title: 'branches restore', steps: planner.steps });
}

/** Makes the plan that gives up what is in the trash. It cannot be undone, so that it has to be named. */
export async function planEmpty(kept: readonly Kept[]): Promise<Plan> {
  const planner = new Planner(ACTIONS);
  for (const lot of lotsOf(kept)) {
    const what = tellBranches({ repository: lot.repository, branches: lot.branches }, 'in the trash of');
    await planner.add(`Give up ${what}.`, emptyTrash.of(lot));
  }
  const confirm = planner.steps.length === 0 ? {} : { confirm: 'trash' };
  return { title: 'branches trash empty', ...confirm, steps: planner.steps };
}

function choose(
  kept: readonly Kept[],
  { names, isAll, isRemote, commit = '' }: Wanted,
): Result<readonly Kept[], Failure> {
  const there = kept.filter(({ remote, id }) => (remote !== undefined) === isRemote && id.startsWith(commit));
  const chosen = isAll ? there : there.filter(({ name }) => names.includes(name));
  const absent = names.find((name) => !chosen.some((branch) => branch.name === name));
  if (absent !== undefined) return err(notThere(absent, kept));
  const twice = chosen.find((branch, at) => chosen.findIndex((other) => isSameName(branch, other)) < at);
  if (twice === undefined) return ok(chosen);
  const ids = chosen.filter((branch) => isSameName(branch, twice)).map(tellKept);
  const message = `${twice.name} is in the trash of ${placeOf(twice.repository)} more than once: ${ids.join(', ')}. Say which with --commit.`;
  return err({ kind: 'refused', message });
}

function notThere(name: string, kept: readonly Kept[]): Failure {
  const elsewhere = kept.some((branch) => branch.name === name && branch.remote !== undefined);
  const hint = elsewhere ? 'One that was at a remote is: say --remote.' : 'See `scorpiox branches trash`.';
  return { kind: 'error', message: `There is no such branch ${name} in the trash. ${hint}` };
}

const isSameName = (one: Kept, other: Kept): boolean =>
  one.name === other.name && one.repository === other.repository && one.remote === other.remote;

const tellKept = ({ id, deleted }: Kept): string =>
  `${id.slice(0, 12)}${deleted === undefined ? '' : `, deleted ${deleted}`}`;

interface KeptLot {
  readonly repository: string;
  readonly lot: string;
  readonly remote?: string;
  readonly branches: LotBranch[];
}

/** Branches by the lots that they are in, in the order of repositories, lots and names. */
function lotsOf(kept: readonly Kept[]): readonly KeptLot[] {
  const lots = new Map<string, KeptLot>();
  const key = ({ repository, lot, remote, name }: Kept) => [repository, lot, remote ?? '', name].join('\0');
  for (const branch of kept.toSorted((one, other) => (key(one) < key(other) ? -1 : 1))) {
    const { repository, lot, remote, name, id, why } = branch;
    const of = lots.get(`${repository}\0${lot}`) ?? { repository, lot, ...(remote && { remote }), branches: [] };
    lots.set(`${repository}\0${lot}`, of);
    of.branches.push({ name, id, why });
  }
  return [...lots.values()];
}

/** Why one of these cannot be restored as things are. */
function firstTaken(lot: KeptLot, world: World): Failure | undefined {
  for (const { name, id } of lot.branches) {
    const there = world[hereName(lot, name)] ?? ABSENT;
    const again = there !== ABSENT && there !== id;
    const isConfigured = configurationNames(lot, name).every((one) => (world[one] ?? ABSENT) !== ABSENT);
    if (!again && !isConfigured) continue;
    const what = again
      ? `There is a ${hereName(lot, name)} again: ${there}`
      : `The ${hereName(lot, name)} has a configuration again`;
    const mend = again ? 'Rename it first.' : `\`git config --remove-section ${sectionOf(name)}\` takes that out.`;
    return { kind: 'refused', message: `${what}. ${mend}` };
  }
  return undefined;
}
