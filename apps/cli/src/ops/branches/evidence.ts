/** A verdict's evidence in words: which commit, how many, since when. Pure. */
import type { Commit, InUse, Landing, Reversal, Verdict } from './verdict.ts';

/** Characters of an id that are shown: git shows seven or some more, in large repositories. */
const ID_SHOWN = 10;

/** Commits, or files, that are named; of more it is said how many. */
const NAMED = 3;

/** What speaks for a verdict, as half a sentence: `squashed as 0123456789 of 2026-03-01 (3 commits)`. `trunk` is its name. */
export function evidenceOf(verdict: Verdict, trunk: string): string {
  switch (verdict.kind) {
    case 'merged':
    case 'rebased':
    case 'squashed':
      return `${tellLanding(verdict, trunk)}${verdict.standing === 'there' ? '' : '; changed further since'}`;
    case 'contained':
      return `merging it would leave ${trunk} as it is; no commit there matches ${verdict.own === 1 ? 'its only one' : `its ${commits(verdict.own)}`}`;
    case 'reverted':
      return `${tellLanding(verdict.landing, trunk)}; ${tellReversal(verdict.reversal)}`;
    case 'partly':
      return `landed as ${list(verdict.landed.map(tell))}, but for ${commits(verdict.missing)}`;
    case 'net-zero':
      return verdict.own === 1
        ? 'its only commit changes nothing'
        : `its ${commits(verdict.own)} change nothing, taken together`;
    case 'fresh':
      return verdict.knownBy === 'reflog'
        ? 'no commits of its own yet, by its reflog'
        : 'no commits of its own are to be seen, and no reflog tells of any';
    case 'ahead':
      return `${commits(verdict.own)} that ${trunk} has not`;
    case 'diverged':
      return `${commits(verdict.own)} that ${trunk} has not; it lacks ${verdict.behind.toLocaleString('en')} of ${trunk}`;
    case 'unrelated':
      return `shares no commit with ${trunk}`;
    case 'unknown':
      return verdict.why === 'shallow'
        ? 'the history at hand ends before it meets the trunk (a shallow clone): `git fetch --unshallow` tells'
        : 'its commit cannot be read: `git fsck` tells what is missing';
  }
}

function tellLanding(landing: Landing, trunk: string): string {
  switch (landing.kind) {
    case 'merged':
      return landing.merge === undefined ? `part of ${trunk}, by a fast-forward` : `merged by ${tell(landing.merge)}`;
    case 'rebased':
      return landing.own === 1
        ? `its only commit landed as ${tell(landing.as[0])}`
        : `its ${commits(landing.own)} landed as ${list(landing.as.map(tell))}`;
    case 'squashed':
      return `its ${commits(landing.own)} were squashed as ${tell(landing.as)}`;
  }
}

function tellReversal(reversal: Reversal): string {
  switch (reversal.by) {
    case 'commits': {
      const part =
        reversal.landed > reversal.commits.length ? ` (${reversal.commits.length} of ${commits(reversal.landed)})` : '';
      return `reverted by ${list(reversal.commits.map(tell))}${part}`;
    }
    case 'content':
      return 'taken out again since, by no single commit';
    case 'files':
      return `${list(reversal.files)} ${reversal.files.length === 1 ? 'is' : 'are'} again as before`;
    case 'merge':
      return 'which took nothing of it over';
  }
}

/** Who has a branch in hand: `checked out in /codebases/shop`. */
export const tellUse = ({ worktree, how }: InUse): string => `${USES[how]} ${worktree}`;

const USES: Readonly<Record<InUse['how'], string>> = {
  'checked-out': 'checked out in',
  rebase: 'being rebased in',
  bisect: 'being bisected in',
  head: 'HEAD of',
};

const tell = ({ id, time }: Commit): string =>
  `${id.slice(0, ID_SHOWN)} of ${new Date(time * 1000).toISOString().slice(0, 10)}`;

const commits = (number: number): string => `${number.toLocaleString('en')} ${number === 1 ? 'commit' : 'commits'}`;

function list(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}
