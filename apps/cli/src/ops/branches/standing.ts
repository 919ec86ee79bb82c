/*
 * Whether what landed is there still
 *
 * Asked in this order, each only of what the one before left open:
 * 1. Would bringing it in once more change nothing? Then it is there, whatever happened to it in between.
 * 2. Did its merge take nothing of it over? Then it never was there.
 * 3. Does a commit of the trunk take it back, by its words (`This reverts commit …`) or by making the reverse change? Then it
 *    is reverted, unless that one was reverted in turn.
 * 4. Would taking it back now change nothing, or is a file of it again as it was before it? Then it is gone, or some of it.
 * 5. Else it was changed further, as code is.
 */
import { pathText } from '../plan/actions/path.ts';
import { type Arrival, commitOf, type Trunked } from './arrivals.ts';
import { type Change, type Compared, readTouched, type Touched } from './compare.ts';
import type { TrunkChanges } from './matches.ts';
import { readReverts } from './reverts.ts';
import type { Trial, TrialMerges } from './trial-merges.ts';
import type { Reversal, Standing } from './verdict.ts';

export type Stand = Standing | Reversal;

export interface Standings extends Trunked, Compared {
  readonly trials: TrialMerges;
  readonly changes: TrunkChanges;
  /** Commits of the trunk that may take something back. */
  readonly trunk: readonly number[];
}

/** How each arrival stands, in order. */
export async function standingsOf(by: Standings, arrivals: readonly Arrival[]): Promise<readonly Stand[]> {
  const stands = new Map<Arrival, Stand>();
  const open = () => arrivals.filter((arrival) => !stands.has(arrival));
  const settle = (found: readonly (readonly [Arrival, Stand | undefined])[]) => {
    for (const [arrival, stand] of found) if (stand !== undefined) stands.set(arrival, stand);
  };
  settle(await proved(by, open(), ({ proofs }) => proofs[0], 'there'));
  settle(await leftOut(by, open()));
  settle(await proved(by, open(), ({ proofs }) => proofs[1], 'there'));
  settle(await takenBack(by, open()));
  settle(await proved(by, open(), undoing, { by: 'content' }));
  settle(await asBefore(by, open()));
  return arrivals.map((arrival) => stands.get(arrival) ?? 'edited');
}

type Settled = readonly (readonly [Arrival, Stand | undefined])[];

/** Those of which a merge on trial leaves the trunk as it is stand as told. */
async function proved(
  { trials }: Standings,
  arrivals: readonly Arrival[],
  trial: (arrival: Arrival) => Trial | undefined,
  stand: Stand,
): Promise<Settled> {
  const tried = arrivals.flatMap((arrival) => {
    const asked = trial(arrival);
    return asked === undefined ? [] : [{ arrival, asked }];
  });
  const results = await trials.changeNothing(tried.map(({ asked }) => asked));
  return tried.map(({ arrival }, at) => [arrival, results[at] === true ? stand : undefined]);
}

/** `git merge -s ours`: the merge commit is as its first parent. */
async function leftOut(by: Standings, arrivals: readonly Arrival[]): Promise<Settled> {
  const merges = arrivals.filter(({ merge, before }) => merge !== undefined && before !== undefined);
  const files = await touchedBy(
    by,
    merges.map(({ merge = 0, before = 0 }) => ({ commit: merge, against: before })),
  );
  return merges.map((arrival, at) => [arrival, files[at]?.length === 0 ? { by: 'merge' } : undefined]);
}

async function takenBack(by: Standings, arrivals: readonly Arrival[]): Promise<Settled> {
  if (arrivals.length === 0) return [];
  const reverts = await readReverts(by, arrivals);
  return arrivals.map((arrival) => {
    const [first, ...rest] = reverts.of(arrival).map((commit) => commitOf(by.history, commit));
    if (first === undefined) return [arrival, undefined];
    return [arrival, { by: 'commits', commits: [first, ...rest], landed: reverts.landed(arrival) }];
  });
}

/** From the state after it back to the state before it; where it came in pieces, the branch's own change backwards. */
function undoing({ before, after, change }: Arrival): Trial | undefined {
  if (before !== undefined && after !== undefined) return { theirs: before, bases: [after] };
  return change?.against === undefined ? undefined : { theirs: change.against, bases: [change.commit] };
}

/** Files that were there before it came, that it changed, and that the trunk has as they were before. */
async function asBefore(by: Standings, arrivals: readonly Arrival[]): Promise<Settled> {
  const known = arrivals.flatMap((arrival) => {
    const { before, after } = arrival;
    const change = before === undefined || after === undefined ? arrival.change : { commit: after, against: before };
    return change === undefined ? [] : [{ arrival, change }];
  });
  const touched = await touchedBy(
    by,
    known.map(({ change }) => change),
  );
  const trunk = await by.trials.files();
  return known.map(({ arrival }, at) => {
    const again = (touched[at] ?? []).filter(({ path, before }) => before !== '' && trunk.get(path) === before);
    const [first, ...rest] = again.map(({ path }) => pathText(Buffer.from(path, 'latin1')));
    return [arrival, first === undefined ? undefined : { by: 'files', files: [first, ...rest] }];
  });
}

async function touchedBy(by: Compared, changes: readonly Change[]) {
  const touched: (readonly Touched[])[] = [];
  await readTouched(by, changes, (_, files) => touched.push(files));
  return touched;
}
