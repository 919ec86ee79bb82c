/** The branches of a lot as a plan's step sees them: four things each, that a deletion moves and a restoration moves back. */
import { ABSENT } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { type Lot, type LotBranch, placeOf, type RemoteLot } from './lot.ts';
import type { SeenBranch } from './see.ts';

const FIELDS = ['branch', 'configuration', 'kept', 'keptConfiguration'] as const;

type Whose = Pick<RemoteLot, 'repository' | 'lot'> & { readonly remote?: string };

/** What a plan calls the branch that is in the trash. */
export const keptName = ({ repository, lot, remote }: Whose, name: string): string =>
  `branch ${name}${remote === undefined ? '' : ` of ${remote}`} in the trash ${lot} of ${placeOf(repository)}`;

/** What a plan calls the branch where it was. */
export const hereName = ({ repository, remote }: Omit<Whose, 'lot'>, name: string): string =>
  `branch ${name} ${remote === undefined ? '' : `at ${remote} `}of ${placeOf(repository)}`;

/** What a plan calls the branch's configuration, in its place and in the trash. */
export const configurationNames = (lot: Whose, name: string) =>
  [`configuration of ${hereName(lot, name)}`, `configuration of ${keptName(lot, name)}`] as const;

function nameOf(field: (typeof FIELDS)[number], lot: Lot, { name }: LotBranch): string {
  const [configuration, keptConfiguration] = configurationNames(lot, name);
  return { branch: hereName(lot, name), configuration, kept: keptName(lot, name), keptConfiguration }[field];
}

/** What is seen, as a world. */
export function worldOf(lot: Lot, seen: (branch: LotBranch) => SeenBranch): World {
  const things = lot.branches.flatMap((branch) =>
    FIELDS.map((field) => [nameOf(field, lot, branch), seen(branch)[field]]),
  );
  return Object.fromEntries(things);
}

/** The other way round. */
export function seenIn(lot: Lot, world: World, branch: LotBranch): SeenBranch {
  const state = (field: (typeof FIELDS)[number]) => world[nameOf(field, lot, branch)] ?? ABSENT;
  return {
    branch: state('branch'),
    configuration: state('configuration'),
    kept: state('kept'),
    keptConfiguration: state('keptConfiguration'),
  };
}

/** What deleting makes of a branch: all of it goes into the trash. */
export const whenDeleted = ({ id }: LotBranch, { configuration, keptConfiguration }: SeenBranch): SeenBranch => ({
  branch: ABSENT,
  configuration: ABSENT,
  kept: id,
  keptConfiguration: configuration === ABSENT ? keptConfiguration : configuration,
});

/** What restoring makes of it. */
export const whenRestored = ({ id }: LotBranch, { configuration, keptConfiguration }: SeenBranch): SeenBranch => ({
  branch: id,
  configuration: keptConfiguration === ABSENT ? configuration : keptConfiguration,
  kept: ABSENT,
  keptConfiguration: ABSENT,
});

/** Whether a branch is here as it was, in the trash, or on the way: only then can it be moved on, or back. */
export function standingOf({ id }: LotBranch, seen: SeenBranch): 'here' | 'in trash' | 'on the way' | 'changed' {
  const isKnown = [seen.branch, seen.kept].every((state) => state === id || state === ABSENT);
  const hasTwo = seen.configuration !== ABSENT && seen.keptConfiguration !== ABSENT;
  if (!isKnown || hasTwo || (seen.branch === ABSENT && seen.kept === ABSENT)) return 'changed';
  if (seen.kept === ABSENT && seen.keptConfiguration === ABSENT) return 'here';
  return seen.branch === ABSENT && seen.configuration === ABSENT ? 'in trash' : 'on the way';
}
