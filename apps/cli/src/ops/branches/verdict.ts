/*
 * What is known of a branch
 *
 * The trunk is the branch that work lands in. A verdict says how a branch stands to it, and carries its evidence; what stands
 * beside it (in use, kept by a pattern, its upstream gone, stale) is told apart, since any of that goes with any verdict.
 *
 * Invariants
 * - What cannot be proved is not called landed. A proof is one of: the tip is an ancestor of the trunk; the trunk has, for
 *   each commit of the branch or for all of it at once, a commit that makes the same change to the octet at the same place
 *   (patch ids without leaving out white space, and place-of-change.ts); merging the branch would leave the trunk as it is.
 * - What landed is told from what is there still. A commit of the trunk that takes it back, by its words or by its change,
 *   makes it `reverted`, unless another brings it again; so does a trunk that has what was there before.
 */
import type { Repository } from '../git/repositories.ts';

/** A commit of the repository. */
export interface Commit {
  /** Its id in hexadecimal. */
  readonly id: string;
  /** When it was committed, seconds since 1970. */
  readonly time: number;
}

/** How a branch's work came into the trunk, where the commits that brought it are known. */
export type Landing =
  /** Its tip is an ancestor of the trunk, by a merge commit or, where none is named, by a fast-forward. */
  | { readonly kind: 'merged'; readonly merge?: Commit }
  /** For each commit of its own the trunk has one that changes the same: rebased, or cherry-picked. The first landed first. */
  | { readonly kind: 'rebased'; readonly as: readonly [Commit, ...Commit[]]; readonly own: number }
  /** One commit of the trunk changes what these commits of its own change together. */
  | { readonly kind: 'squashed'; readonly as: Commit; readonly own: number };

/** `there`: bringing it in once more would change nothing. `edited`: later commits changed it further, none took it back. */
export type Standing = 'there' | 'edited';

/** What took a branch's work out of the trunk again. */
export type Reversal =
  /** Commits that say so, or that make the reverse change, of so many that had landed. */
  | { readonly by: 'commits'; readonly commits: readonly [Commit, ...Commit[]]; readonly landed: number }
  /** No single commit, but taking it back now would change nothing: it is gone. */
  | { readonly by: 'content' }
  /** These files are again as they were before it landed. */
  | { readonly by: 'files'; readonly files: readonly [string, ...string[]] }
  /** The merge commit itself, which took none of it over (`git merge -s ours`). */
  | { readonly by: 'merge' };

export type Verdict =
  | (Landing & { readonly standing: Standing })
  /** Merging it would leave the trunk as it is, though no commit of the trunk matches its own. */
  | { readonly kind: 'contained'; readonly own: number }
  | { readonly kind: 'reverted'; readonly landing: Landing; readonly reversal: Reversal }
  /** Some of its commits landed, so many did not. */
  | { readonly kind: 'partly'; readonly landed: readonly [Commit, ...Commit[]]; readonly missing: number }
  /** Its commits change nothing, taken together. */
  | { readonly kind: 'net-zero'; readonly own: number }
  /** It has no commits of its own yet: its reflog tells of none, or there is no reflog that could tell of any. */
  | { readonly kind: 'fresh'; readonly knownBy: 'reflog' | 'history' }
  /** It has commits of its own that did not land, and the trunk has none that it lacks. */
  | { readonly kind: 'ahead'; readonly own: number }
  /** The same, and the trunk has so many that it lacks. */
  | { readonly kind: 'diverged'; readonly own: number; readonly behind: number }
  /** It shares no commit with the trunk. */
  | { readonly kind: 'unrelated'; readonly own: number }
  /** It cannot be known: the history ends too early (a shallow clone), or objects are missing. */
  | { readonly kind: 'unknown'; readonly why: 'shallow' | 'broken' };

export type VerdictKind = Verdict['kind'];

/** In the order in which they are shown: first what may go. */
export const VERDICT_KINDS = [
  'merged',
  'rebased',
  'squashed',
  'contained',
  'reverted',
  'partly',
  'net-zero',
  'fresh',
  'ahead',
  'diverged',
  'unrelated',
  'unknown',
] as const satisfies readonly VerdictKind[];

/** The order in which branches are shown: by their verdicts, the oldest first, then by name. */
export const byVerdict = (one: Branch, other: Branch): number =>
  VERDICT_KINDS.indexOf(one.verdict.kind) - VERDICT_KINDS.indexOf(other.verdict.kind) ||
  one.time - other.time ||
  (one.ref < other.ref ? -1 : 1);

/** Whether it is proved that a branch's work landed, and nothing says that it was taken back. */
export const isLanded = (verdict: Verdict): boolean => 'standing' in verdict || verdict.kind === 'contained';

/** Who has a branch in hand: a work tree in which it is checked out, or is being rebased or bisected. */
export interface InUse {
  /** The work tree's path, as text (ops/plan/actions/path.ts); that of the repository where it is bare. */
  readonly worktree: string;
  /** `head`: what HEAD of a bare repository names, which a clone of it checks out. */
  readonly how: 'checked-out' | 'rebase' | 'bisect' | 'head';
}

/** A branch, and all that is known of it. Names are texts for bytes (ops/plan/actions/path.ts). */
export interface Branch {
  /** `refs/heads/topic`, `refs/remotes/origin/topic`. */
  readonly ref: string;
  /** `topic`, `origin/topic`. */
  readonly name: string;
  /** The remote that it is a copy of, for a remote's branch. */
  readonly remote?: string;
  /** Its commit's id; the object's that the reference names, where that is no commit. */
  readonly tip: string;
  /** When its last commit was made, seconds since 1970; 0 where that cannot be read. */
  readonly time: number;
  /** Commits that only it has, and that only the trunk has. */
  readonly ahead: number;
  readonly behind: number;
  readonly verdict: Verdict;
  readonly inUse: readonly InUse[];
  /** The pattern that keeps it. */
  readonly keptBy?: string;
  /** The branch that it follows, where it follows one; gone: its remote has it no more. */
  readonly upstream?: { readonly name: string; readonly isGone: boolean };
}

/** The branch that work lands in. */
export interface Trunk {
  readonly ref: string;
  /** `main`, `origin/main`. */
  readonly name: string;
  readonly tip: string;
  /** Where a remote has it too: when something was last fetched, seconds since 1970; never since it was cloned. */
  readonly fetched?: number | 'never';
}

/** What is known of a repository's branches. */
export interface Survey {
  readonly repository: Repository;
  readonly trunk: Trunk;
  /** In the order of verdicts, the oldest first. The trunk is not among them. */
  readonly branches: readonly Branch[];
  /** Whole sentences on what could not be seen. */
  readonly notes: readonly string[];
}
