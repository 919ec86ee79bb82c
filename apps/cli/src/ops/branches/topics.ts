/** Branches that are no ancestors of the trunk: what of them is on it by another name. */
import type { Change } from './compare.ts';
import type { Fork, History } from './history.ts';
import { PREFIXES_MAX } from './limits.ts';
import type { Matches } from './matches.ts';

/** The tip of such a branch, and what it has alone. */
export interface Topic extends Fork {
  readonly tip: number;
  /** Its own commits that are no merges. */
  readonly plain: readonly number[];
  readonly hasMerges: boolean;
}

/** What of a topic is on the trunk, by patch ids. Commits of the trunk are in the order in which they came. */
export type Found =
  | { readonly kind: 'net-zero' }
  /** Each of its commits that changes something. */
  | { readonly kind: 'each'; readonly as: readonly number[] }
  | { readonly kind: 'whole'; readonly as: number }
  | { readonly kind: 'some'; readonly as: readonly number[]; readonly missing: number }
  | { readonly kind: 'none' };

export function topicOf(history: History, tip: number, fork: Fork): Topic {
  const plain = fork.own.filter((commit) => !history.isMerge(commit));
  return { ...fork, tip, plain, hasMerges: plain.length < fork.own.length };
}

/** The changes of a topic that are worth looking for: of each commit, of all at once, and of all up to one of them. */
export function changesOf(history: History, topic: Topic): readonly Change[] {
  const upTo = earlier(history, topic).map((commit) => wholeOf(history, topic, commit));
  return [...topic.plain.map((commit) => ({ commit })), ...wholesOf(history, topic), ...upTo];
}

/** All of it at once, against each of the commits where it left the trunk. */
const wholesOf = (history: History, { tip, bases }: Topic): readonly Change[] =>
  bases.map((base) => simplest(history, { commit: tip, against: base }));

const wholeOf = (history: History, { bases: [base = 0] }: Topic, commit: number): Change =>
  simplest(history, { commit, against: base });

/** A change against the first parent goes without naming it. */
const simplest = (history: History, { commit, against }: Required<Change>): Change =>
  history.firstParent(commit) === against && !history.isMerge(commit) ? { commit } : { commit, against };

/** The branch's states before its tip, the latest first. */
function earlier(history: History, { tip, own }: Topic): readonly number[] {
  const mine = new Set(own);
  const states: number[] = [];
  let at = history.firstParent(tip);
  while (at !== undefined && mine.has(at) && states.length < PREFIXES_MAX) {
    states.push(at);
    at = history.firstParent(at);
  }
  return states;
}

/** What of it is on the trunk since it left it: the same change before that is no landing of this one. */
export function findTopic(history: History, topic: Topic, matches: Matches): Found {
  const since = (change: Change) => matches.of(change).filter((commit) => !history.isAncestor(commit, topic.bases));
  const wholes = wholesOf(history, topic);
  if (topic.bases.length === 1 && wholes.every(matches.isEmpty)) return { kind: 'net-zero' };
  const changing = topic.plain.filter((commit) => !matches.isEmpty({ commit }));
  const each = changing.map((commit) => ({ commit, as: since({ commit }).at(-1) }));
  const landed = each.flatMap(({ as }) => as ?? []);
  if (landed.length > 0 && landed.length === changing.length) return { kind: 'each', as: landed };
  const whole = wholes.flatMap(since).at(-1);
  if (whole !== undefined) return { kind: 'whole', as: whole };
  return some(history, topic, each, since);
}

/** The latest state that landed at once, and beside it commits that landed for themselves. */
function some(
  history: History,
  topic: Topic,
  each: readonly { readonly commit: number; readonly as: number | undefined }[],
  since: (change: Change) => readonly number[],
): Found {
  const landed = earlier(history, topic).map((commit) => ({
    commit,
    as: since(wholeOf(history, topic, commit)).at(-1),
  }));
  const state = landed.find(({ as }) => as !== undefined);
  const covered = (commit: number) => state !== undefined && history.isAncestor(commit, [state.commit]);
  const rest = each.filter(({ commit }) => !covered(commit));
  const as = [...(state?.as === undefined ? [] : [state.as]), ...rest.flatMap((one) => one.as ?? [])];
  if (as.length === 0) return { kind: 'none' };
  const missing = rest.filter((one) => one.as === undefined).length;
  return missing === 0 ? { kind: 'each', as } : { kind: 'some', as, missing };
}
