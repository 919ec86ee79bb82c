/** Which branches go, and of each that stays, why. Pure. */
import { pathOf } from '../../plan/actions/path.ts';
import { evidenceOf, tellUse } from '../evidence.ts';
import { headRef } from '../trash/lot.ts';
import type { RemoteBranches } from '../trash/remote.ts';
import { type Branch, isLanded, type Survey, type VerdictKind } from '../verdict.ts';

export interface Selection {
  /** Only branches of these verdicts; those that are proved to have landed where it is absent. */
  readonly verdicts?: ReadonlySet<VerdictKind>;
  /** Only branches whose last commit was made before this, seconds since 1970. */
  readonly before?: number;
}

/** Why a branch stays, as the end of `NAME stays: …`; undefined where it goes. */
export function whyStays(
  branch: Branch,
  { trunk }: Pick<Survey, 'trunk'>,
  { verdicts, before }: Selection,
): string | undefined {
  const [use] = branch.inUse;
  if (use !== undefined) return tellUse(use);
  if (branch.keptBy !== undefined) return `its name is kept: ${branch.keptBy}`;
  if (!isText(branch.ref)) return 'its name is no UTF-8, and nothing could keep its configuration';
  const { kind } = branch.verdict;
  if (verdicts === undefined ? !isLanded(branch.verdict) : !verdicts.has(kind))
    return evidenceOf(branch.verdict, trunk.name);
  if (before !== undefined && branch.time >= before) return `its last commit is of ${dayOf(branch.time)}`;
  return undefined;
}

/** Why one of a remote stays, by what the remote has now. `name` is its name there. */
export function whyStaysAtRemote(
  branch: Branch,
  name: string,
  { trunk, branches }: Survey,
  there: RemoteBranches,
): string | undefined {
  if (name === there.head) return `what HEAD names at ${branch.remote}`;
  if (name === trunk.ref.replace(/^refs\/(?:heads|remotes\/[^/]+)\//, '')) return 'the branch that others land in';
  const at = there.ids.get(name);
  if (at === undefined) return `${branch.remote} has it no more: \`git fetch --prune\` takes note of that`;
  if (at !== branch.tip) return `it moved at ${branch.remote} since it was last fetched`;
  const user = branches.find(
    ({ ref, upstream, inUse }) => inUse.length > 0 && (ref === headRef(name) || upstream?.name === branch.name),
  );
  const [use] = user?.inUse ?? [];
  return user === undefined || use === undefined ? undefined : `${user.name} is ${tellUse(use)}`;
}

/** Names are given to git as arguments where configuration is moved, and those are text. */
function isText(ref: string): boolean {
  const bytes = pathOf(ref);
  return Buffer.from(bytes.toString()).equals(bytes);
}

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
