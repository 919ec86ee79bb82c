/** How the work of a branch came into the trunk, with all that is needed to see whether it is there still. */
import type { Change } from './compare.ts';
import type { History } from './history.ts';
import type { Mainline } from './mainline.ts';
import { isCreation, isMadeThere, type ReflogEntry } from './reflogs.ts';
import type { Topic } from './topics.ts';
import type { Trial } from './trial-merges.ts';
import type { Commit, Landing, Verdict } from './verdict.ts';

/** Work that came into the trunk. */
export interface Arrival {
  readonly landing: Landing;
  /**
   * The commits of the trunk that brought it, in the branch's order: one that takes any of them back takes some of it back,
   * unless it is one of them and the branch did so too.
   */
  readonly commits: readonly number[];
  /** What would change nothing if it is there, the best proof first. */
  readonly proofs: readonly Trial[];
  /** The trunk's state before it came, and after, where it came at once. */
  readonly before?: number;
  readonly after?: number;
  /** The branch's own change. */
  readonly change?: Change;
  /** The merge commit that may have left it all out. */
  readonly merge?: number;
}

/** The trunk and all commits. */
export interface Trunked {
  readonly history: History;
  readonly mainline: Mainline;
}

export const commitOf = (history: History, commit: number): Commit => ({
  id: history.idOf(commit),
  time: history.timeOf(commit),
});

const inTrunk = (theirs: number, bases: readonly number[]): Trial => ({ theirs, bases, hasLanded: true });

/** A branch whose tip is an ancestor of the trunk: work that was merged, or none yet. `log`: its reflog, the newest first. */
export function merged(trunked: Trunked, tip: number, log: readonly ReflogEntry[] | undefined): Arrival | Verdict {
  const { history, mainline } = trunked;
  const made = (log ?? []).filter(isMadeThere).flatMap(({ id }) => {
    const commit = history.find(id);
    return commit !== undefined && mainline.has(commit) ? [commit] : [];
  });
  const [newest] = made;
  if (newest !== undefined) return arrived(trunked, newest, made);
  const born = log?.at(-1);
  const isWholeLog = born !== undefined && isCreation(born);
  const fresh: Verdict = { kind: 'fresh', knownBy: isWholeLog ? 'reflog' : 'history' };
  const by = mainline.broughtBy(tip);
  // On the trunk's own line it may be old, or a fast-forward; beside that line somebody's commits were merged.
  if (by === undefined || mainline.isOnLine(tip)) return fresh;
  // It was made of what had been merged already.
  if (isWholeLog && born.time >= history.timeOf(by)) return fresh;
  return arrived(trunked, tip, []);
}

/** `made`: commits that were made on the branch, the newest first. */
function arrived(trunked: Trunked, tip: number, made: readonly number[]): Arrival {
  const { history, mainline } = trunked;
  const by = mainline.broughtBy(tip) ?? tip;
  if (mainline.isOnLine(tip)) return forwarded(trunked, tip, made);
  const turns = new Set(made.map((commit) => mainline.broughtBy(commit) ?? commit));
  if (turns.size > 1) return arrivedInTurns(trunked, tip, [...turns], made);
  const fork = history.fork(tip, (commit) => mainline.isBefore(commit, by));
  const before = history.firstParent(by);
  const [base] = fork.bases;
  const proof = fork.bases.length === 0 ? [] : [inTrunk(tip, fork.bases)];
  return {
    landing: { kind: 'merged', merge: commitOf(history, by) },
    commits: [by, ...fork.own.filter((commit) => !history.isMerge(commit))],
    proofs: [...proof, ...(before === undefined ? [] : [inTrunk(by, [before])])],
    after: by,
    merge: by,
    ...(before === undefined ? {} : { before }),
    ...(base === undefined ? {} : { change: { commit: tip, against: base } }),
  };
}

/**
 * Work that came in several times, as the branch went on: what came first may have been reverted, and merging the rest brings
 * nothing of it again. `turns`: the commits of the trunk's line that brought it.
 */
function arrivedInTurns(
  { history, mainline }: Trunked,
  tip: number,
  turns: readonly number[],
  made: readonly number[],
): Arrival {
  const [first = tip, ...rest] = turns.toSorted((one, other) => mainline.order(one, other));
  const { bases } = history.fork(tip, (commit) => mainline.isBefore(commit, first));
  const [base] = bases;
  return {
    landing: { kind: 'merged', merge: commitOf(history, rest.at(-1) ?? first) },
    commits: [first, ...rest, ...made.toReversed().filter((commit) => !history.isMerge(commit))],
    proofs: bases.length === 0 ? [] : [inTrunk(tip, bases)],
    ...(base === undefined ? {} : { change: { commit: tip, against: base } }),
  };
}

/** A fast-forward: the trunk's line is the branch's own. What was made there tells where it began. */
function forwarded({ history }: Trunked, tip: number, made: readonly number[]): Arrival {
  const before = history.firstParent(made.at(-1) ?? tip);
  const landing = { kind: 'merged' } as const;
  if (before === undefined) return { landing, commits: [tip], proofs: [], after: tip };
  const past = new Set<number>();
  history.walk([before], (commit) => past.size !== past.add(commit).size);
  const { own } = history.fork(tip, (commit) => past.has(commit));
  return {
    landing,
    commits: own.filter((commit) => !history.isMerge(commit)),
    proofs: [inTrunk(tip, [before])],
    before,
    after: tip,
    change: { commit: tip, against: before },
  };
}

/** A topic each of whose commits the trunk has by another name. */
export function rebased({ history, mainline }: Trunked, topic: Topic, landed: readonly number[]): Arrival {
  const as = [...new Set(landed)].sort((one, other) => mainline.order(one, other));
  const [first = topic.tip, ...rest] = as;
  const [before, after] = [history.firstParent(first), rest.at(-1) ?? first];
  const isAtOnce = rest.every((commit, at) => history.firstParent(commit) === as[at]);
  return {
    ...ofTopic(topic),
    landing: {
      kind: 'rebased',
      as: [commitOf(history, first), ...rest.map((commit) => commitOf(history, commit))],
      own: topic.plain.length,
    },
    commits: landed,
    ...(before === undefined ? {} : { before }),
    ...(isAtOnce ? { after } : {}),
  };
}

/** A topic that one commit of the trunk brought. */
export function squashed({ history }: Trunked, topic: Topic, as: number): Arrival {
  const before = history.firstParent(as);
  return {
    ...ofTopic(topic),
    landing: { kind: 'squashed', as: commitOf(history, as), own: topic.plain.length },
    commits: [as],
    after: as,
    ...(before === undefined ? {} : { before }),
  };
}

function ofTopic({ tip, bases }: Topic): Pick<Arrival, 'proofs' | 'change'> {
  const [base] = bases;
  return {
    proofs: [inTrunk(tip, bases)],
    ...(base === undefined ? {} : { change: { commit: tip, against: base } }),
  };
}
