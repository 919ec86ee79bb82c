/*
 * Whether the same change was made at the same place
 *
 * A patch id knows no line numbers: where a file says the same in two places, a change of the one has the patch id of a change
 * of the other. Nor does it see what stands in a line behind a NUL, as in UTF-16. So a commit of the trunk has made a branch's
 * change only where making it once more, right then, would have changed nothing.
 */
import { type Change, type Compared, readTouched, type Touched } from './compare.ts';
import { keyOf, type Matches } from './matches.ts';
import { type Sides, sidesOf, type TrialMerges } from './trial-merges.ts';

interface Place extends Compared {
  readonly trials: TrialMerges;
}

/** Of matches by patch id, those at the same place. */
export async function atTheirPlace(place: Place, changes: readonly Change[], matches: Matches): Promise<Matches> {
  const unique = [...new Map(changes.map((change) => [keyOf(change), change])).values()];
  const pairs = unique.flatMap((change) => matches.of(change).map((commit) => ({ change, commit })));
  const files = await filesOf(place, pairs);
  const isSame = await place.trials.changeNoFile(files.map((sides) => sides ?? []));
  const found = new Map<string, number[]>();
  for (const [at, { change, commit }] of pairs.entries()) {
    if (files[at] === undefined || isSame[at] !== true) continue;
    const others = found.get(keyOf(change));
    if (others === undefined) found.set(keyOf(change), [commit]);
    else others.push(commit);
  }
  return { isEmpty: matches.isEmpty, of: (change) => found.get(keyOf(change)) ?? [] };
}

interface Pair {
  readonly change: Change;
  readonly commit: number;
}

/** Of each pair, the files whose content tells; undefined where one tells already that they are not the same. */
async function filesOf(place: Place, pairs: readonly Pair[]): Promise<readonly (readonly Sides[] | undefined)[]> {
  const files: (readonly Sides[] | undefined)[] = [];
  let own: readonly Touched[] = [];
  const both = pairs.flatMap(({ change, commit }): readonly Change[] => [change, { commit }]);
  await readTouched(place, both, (at, touched) => {
    if (at % 2 === 0) own = touched;
    else files.push(differing(own, touched));
  });
  return files;
}

function differing(own: readonly Touched[], landed: readonly Touched[]): readonly Sides[] | undefined {
  if (own.length !== landed.length) return undefined;
  const files: Sides[] = [];
  for (const [at, { path, before, after }] of own.entries()) {
    const there = landed[at];
    if (there?.path !== path) return undefined;
    if (there.after === after) continue;
    const sides = sidesOf(before, there.after, after);
    if (sides === undefined) return undefined;
    files.push(sides);
  }
  return files;
}
