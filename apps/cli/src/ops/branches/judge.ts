/*
 * From commits to verdicts
 *
 * What is known of a branch is put together from four kinds of evidence, the cheapest first: its tip is an ancestor of the trunk
 * (history.ts tells without git); the trunk has commits that change the same (matches.ts); merging it would change nothing
 * (trial-merges.ts); a reflog tells whether it ever had a commit. git is asked about all branches at once: some thirty processes,
 * however many branches there are.
 */
import { stat } from 'node:fs/promises';
import type { Repository } from '../git/repositories.ts';
import { type Arrival, commitOf, merged, rebased, squashed, type Trunked } from './arrivals.ts';
import type { Asking } from './asking.ts';
import type { Fork, History } from './history.ts';
import type { Mainline } from './mainline.ts';
import { TrunkChanges } from './matches.ts';
import { atTheirPlace } from './place-of-change.ts';
import type { ReflogEntry } from './reflogs.ts';
import { type Stand, standingsOf } from './standing.ts';
import { changesOf, type Found, findTopic, type Topic, topicOf } from './topics.ts';
import { TrialMerges } from './trial-merges.ts';
import type { Verdict } from './verdict.ts';

/** A branch to be judged. */
export interface Tip {
  readonly ref: string;
  readonly commit: number;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly ahead: number;
  readonly behind: number;
}

export interface Court {
  readonly asking: Asking;
  readonly repository: Repository;
  readonly history: History;
  readonly mainline: Mainline;
  readonly isShallow: boolean;
  /** The reflogs of branches that are ancestors of the trunk, by reference. */
  readonly reflogs: ReadonlyMap<string, readonly ReflogEntry[]>;
  readonly onProgress: (done: number, total: number) => void;
}

/** The verdict on each, by reference. */
export async function judge(court: Court, tips: readonly Tip[]): Promise<ReadonlyMap<string, Judged>> {
  const { history, mainline } = court;
  const forks = new Map(tips.map(({ commit }) => [commit, history.fork(commit, (each) => mainline.has(each))]));
  const trials = await TrialMerges.open(court);
  try {
    const inquiry = {
      ...court,
      trials,
      pasts: new Pasts(court),
      changes: new TrunkChanges(court, mainline, court.onProgress),
    };
    const topics = await judgeTopics(inquiry, forks);
    const known = tips.map((tip) => [tip, topics.get(tip.commit) ?? judgeMerged(inquiry, tip)] as const);
    const verdicts = await settle(
      inquiry,
      known.map(([, judged]) => judged),
    );
    return new Map(
      known.map(([{ ref, commit }], at) => {
        const { own, bases } = forks.get(commit) ?? NOTHING;
        const verdict = verdicts[at] ?? BROKEN;
        return [ref, { verdict, ahead: own.length, behind: inquiry.pasts.behind(bases) }];
      }),
    );
  } finally {
    await trials.close();
  }
}

interface Inquiry extends Court {
  readonly trials: TrialMerges;
  readonly pasts: Pasts;
  readonly changes: TrunkChanges;
}

const NOTHING: Fork = { own: [], bases: [] };
const BROKEN: Verdict = { kind: 'unknown', why: 'broken' };

const judgeMerged = (court: Court, { ref, commit }: Tip): Arrival | Verdict =>
  merged(court, commit, court.reflogs.get(ref));

/** What became of the branches that are no ancestors of the trunk, by their tips. */
async function judgeTopics(court: Inquiry, forks: ReadonlyMap<number, Fork>): Promise<Map<number, Arrival | Verdict>> {
  const { history, mainline, pasts } = court;
  const outside = [...forks].filter(([tip]) => !mainline.has(tip));
  const topics = outside.filter(([, { bases }]) => bases.length > 0).map(([tip, fork]) => topicOf(history, tip, fork));
  for (const { bases } of topics) pasts.behind(bases);
  const changes = topics.flatMap((topic) => changesOf(history, topic));
  const matches = await atTheirPlace(court, changes, await court.changes.find(changes, pasts.since()));
  const found = topics.map((topic) => [topic, findTopic(history, topic, matches)] as const);
  const contained = await containedAmong(
    court,
    found.filter(([topic, kind]) => isOpen(topic, kind)).map(([topic]) => topic),
  );
  return new Map([
    ...outside.map(([tip, { own }]) => [tip, unrelated(court, own.length)] as const),
    ...found.map(([topic, kind]) => [topic.tip, verdictOn(court, topic, kind, contained.has(topic.tip))] as const),
  ]);
}

const unrelated = ({ isShallow }: Court, own: number): Verdict =>
  isShallow ? { kind: 'unknown', why: 'shallow' } : { kind: 'unrelated', own };

/** Whether patch ids leave open that all of it is on the trunk. A merge may hold changes that no other commit has. */
const isOpen = ({ hasMerges }: Topic, { kind }: Found): boolean =>
  kind === 'some' || kind === 'none' || (kind === 'each' && hasMerges);

async function containedAmong(court: Inquiry, topics: readonly Topic[]): Promise<ReadonlySet<number>> {
  // What the trunk has not gone on from would be a fast-forward, to another state.
  const tried = topics.filter(({ bases }) => court.pasts.behind(bases) > 0);
  const results = await court.trials.changeNothing(tried.map(({ tip, bases }) => ({ theirs: tip, bases })));
  return new Set(tried.filter((_, at) => results[at] === true).map(({ tip }) => tip));
}

function verdictOn(court: Inquiry, topic: Topic, found: Found, isContained: boolean): Arrival | Verdict {
  const own = topic.own.length;
  if (found.kind === 'net-zero') return { kind: 'net-zero', own };
  if (found.kind === 'whole') return squashed(court, topic, found.as);
  if (found.kind === 'each' && (isContained || !topic.hasMerges)) return rebased(court, topic, found.as);
  if (isContained) return { kind: 'contained', own };
  if (found.kind === 'some') {
    const [first, ...rest] = found.as.map((commit) => commitOf(court.history, commit));
    if (first !== undefined) return { kind: 'partly', landed: [first, ...rest], missing: found.missing };
  }
  const behind = court.pasts.behind(topic.bases);
  return behind === 0 ? { kind: 'ahead', own } : { kind: 'diverged', own, behind };
}

/** Arrivals become verdicts by how they stand; what is a verdict stays one. */
async function settle(court: Inquiry, judged: readonly (Arrival | Verdict)[]): Promise<readonly Verdict[]> {
  const arrivals = judged.filter((one) => 'landing' in one && 'proofs' in one);
  const stands = await standingsOf({ ...court, trunk: trunkSince(court, arrivals) }, arrivals);
  const byArrival = new Map(arrivals.map((arrival, at) => [arrival, stands[at] ?? 'edited']));
  return judged.map((one) => ('proofs' in one ? verdictBy(one, byArrival.get(one) ?? 'edited') : one));
}

const verdictBy = ({ landing }: Arrival, stand: Stand): Verdict =>
  typeof stand === 'string' ? { ...landing, standing: stand } : { kind: 'reverted', landing, reversal: stand };

/** The trunk's commits that may have come after any of these: children have higher numbers. */
function trunkSince({ history, mainline }: Court, arrivals: readonly Arrival[]): readonly number[] {
  const first = arrivals
    .flatMap(({ commits }) => commits)
    .reduce((least, commit) => Math.min(least, commit), history.count);
  return Array.from({ length: history.count - first }, (_, at) => first + at).filter((commit) => mainline.has(commit));
}

/** What of the trunk lies before commits of it: looked up once for each place where branches left it. */
class Pasts {
  readonly #court: Trunked;
  readonly #counts = new Map<string, number>();
  /** By commit: in the past of how many such places it is. */
  readonly #covered: Int32Array;
  #places = 0;

  constructor(court: Trunked) {
    this.#court = court;
    this.#covered = new Int32Array(court.history.count);
  }

  /** How many commits the trunk has that these have not in their past. */
  behind(bases: readonly number[]): number {
    const key = bases.join(' ');
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    let past = 0;
    this.#court.history.walk(bases, (commit) => {
      past += 1;
      this.#covered[commit] = (this.#covered[commit] ?? 0) + 1;
      return true;
    });
    this.#places += 1;
    const behind = this.#court.mainline.count - past;
    this.#counts.set(key, behind);
    return behind;
  }

  /** Commits of the trunk that came after one of the places at least. */
  since(): readonly number[] {
    const { history, mainline } = this.#court;
    const found: number[] = [];
    for (let commit = 0; commit < history.count; commit += 1) {
      if (mainline.has(commit) && (this.#covered[commit] ?? 0) < this.#places) found.push(commit);
    }
    return found;
  }
}

/** Whether a repository's history was cut off when it was cloned (gitrepository-layout(5), `shallow`). */
export async function isShallowAt({ commonDir }: Repository): Promise<boolean> {
  const found = await stat(Buffer.concat([commonDir, Buffer.from('/shallow')])).catch(() => undefined);
  return found !== undefined && found.size > 0;
}
