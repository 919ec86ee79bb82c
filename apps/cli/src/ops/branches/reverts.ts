/** Commits of the trunk that take others back. */
import type { Arrival, Trunked } from './arrivals.ts';
import type { Change, Compared } from './compare.ts';
import type { TrunkChanges } from './matches.ts';

export interface Reverts {
  /** The commits in force that take an arrival back, or some of it, in the order in which they came. */
  of(arrival: Arrival): readonly number[];
  /** Of how many commits of the trunk an arrival is made of, by which its reverts can be counted. */
  landed(arrival: Arrival): number;
}

interface Sources extends Trunked, Compared {
  readonly changes: TrunkChanges;
  readonly trunk: readonly number[];
}

/** Reads what takes any of the arrivals back: by words, and by making the reverse change. */
export async function readReverts(by: Sources, arrivals: readonly Arrival[]): Promise<Reverts> {
  const { history, mainline } = by;
  const saying = await readSaying(by);
  const commits = [...new Set(arrivals.flatMap((arrival) => arrival.commits))];
  const backwards = new Map(commits.flatMap((commit) => backOf(by, commit)));
  const matches = await by.changes.find([...backwards.values()], by.trunk);
  const doing = (commit: number): readonly number[] => {
    const change = backwards.get(commit);
    return change === undefined || matches.isEmpty(change) ? [] : matches.of(change);
  };
  /** What takes a commit back and was not taken back itself. */
  const inForce = (commit: number, seen: ReadonlySet<number> = new Set()): readonly number[] =>
    [...new Set([...(saying.get(commit) ?? []), ...doing(commit)])].filter(
      (revert) =>
        !seen.has(revert) &&
        mainline.order(revert, commit) > 0 &&
        inForce(revert, new Set([...seen, commit, revert])).length === 0,
    );
  return {
    of: ({ commits: brought }) => {
      // What the branch took back of its own, and did not bring again, is no revert of it.
      const isOwn = (revert: number, commit: number) => brought.lastIndexOf(revert) > brought.lastIndexOf(commit);
      const found = [...new Set(brought)].flatMap((commit) => inForce(commit).filter((each) => !isOwn(each, commit)));
      return [...new Set(found)].sort((one, other) => mainline.order(one, other));
    },
    landed: ({ commits: brought, merge }) =>
      merge !== undefined && inForce(merge).length > 0
        ? 1
        : new Set(brought.filter((commit) => !history.isMerge(commit))).size,
  };
}

/** The change of a commit, the other way round: of its first parent against itself. */
function backOf({ history }: Trunked, commit: number): readonly (readonly [number, Change])[] {
  const parent = history.firstParent(commit);
  return parent === undefined ? [] : [[commit, { commit: parent, against: commit }]];
}

/** By what each takes back: the commits of the trunk that say so. `git revert` writes these words; people edit around them. */
async function readSaying({ asking, history, mainline }: Sources): Promise<ReadonlyMap<number, readonly number[]>> {
  const saying = new Map<number, number[]>();
  const args = [
    'log',
    '-z',
    '--no-show-signature',
    '--format=%H %B',
    '-i',
    '-E',
    '--grep=reverts? commit [0-9a-f]{7,64}',
  ];
  await asking.records([[...args, history.idOf(mainline.tip)]], {}, (record) => {
    const text = record.toString('latin1');
    const revert = history.find(text.slice(0, text.indexOf(' ')));
    if (revert === undefined) return;
    for (const [, id = ''] of text.matchAll(/reverts?\s+commit\s+([0-9a-f]{7,64})/gi)) {
      const commit = history.find(id) ?? history.startingWith(id);
      if (commit !== undefined) saying.set(commit, [...(saying.get(commit) ?? []), revert]);
    }
  });
  return saying;
}
