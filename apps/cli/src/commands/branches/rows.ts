/** Branches as they are shown: what is known of each, in words. Pure. */
import { evidenceOf, tellUse } from '../../ops/branches/evidence.ts';
import { placeOf } from '../../ops/branches/trash/lot.ts';
import { type Branch, isLanded, type Survey, VERDICT_KINDS } from '../../ops/branches/verdict.ts';
import { pathText } from '../../ops/plan/actions/path.ts';
import type { Fields } from '../../output/fields.ts';

/** A branch, and where it is. */
export interface Shown {
  readonly survey: Survey;
  readonly branch: Branch;
  /** Whether its last commit is old. */
  readonly isStale: boolean;
}

/** What a branch may be besides its verdict, as `--verdict` names it. */
const ASIDE = {
  landed: ({ branch }: Shown) => isLanded(branch.verdict),
  stale: ({ isStale }: Shown) => isStale,
  gone: ({ branch }: Shown) => branch.upstream?.isGone === true,
  'in-use': ({ branch }: Shown) => branch.inUse.length > 0,
  kept: ({ branch }: Shown) => branch.keptBy !== undefined,
} as const;

/** What may be asked for. */
export const WORDS: readonly string[] = [...VERDICT_KINDS, ...Object.keys(ASIDE)];

/** Whether one of the words holds of a branch. */
export const isOneOf = (shown: Shown, words: readonly string[]): boolean =>
  words.includes(shown.branch.verdict.kind) ||
  Object.entries(ASIDE).some(([word, holds]) => words.includes(word) && holds(shown));

/** For programs: what docs/cli.md names. */
export function programFields({ survey, branch, isStale }: Shown) {
  return {
    ...lineFields({ survey, branch, isStale }),
    upstream: branch.upstream?.name ?? null,
    upstreamGone: branch.upstream?.isGone ?? null,
    keptBy: branch.keptBy ?? null,
    inUse: branch.inUse.map(({ worktree, how }) => ({ worktree, how })),
  };
}

/** For a line in a pipe. */
export function lineFields({ survey, branch, isStale }: Shown) {
  return {
    repository: placeOf(pathText(survey.repository.commonDir)),
    into: survey.trunk.name,
    branch: branch.name,
    remote: branch.remote ?? null,
    verdict: branch.verdict.kind,
    landed: isLanded(branch.verdict),
    evidence: evidenceOf(branch.verdict, survey.trunk.name),
    commit: branch.tip,
    lastCommit: branch.time === 0 ? null : new Date(branch.time * 1000).toISOString(),
    ahead: branch.ahead,
    behind: branch.behind,
    stale: isStale,
  };
}

/** For people: a row of a repository's table. The verdict stands in the first row of those that share it. */
export function rowOf(shown: Shown, before: Shown | undefined, now: number): Fields {
  const { survey, branch } = shown;
  const { kind } = branch.verdict;
  const aside = [
    ...branch.inUse.map(tellUse),
    ...(branch.upstream?.isGone === true ? [`${branch.upstream.name} is gone`] : []),
    ...(branch.keptBy === undefined ? [] : [`kept as ${branch.keptBy}`]),
    ...(shown.isStale ? ['stale'] : []),
  ];
  return {
    verdict: before?.branch.verdict.kind === kind ? '' : kind,
    branch: branch.name,
    'last commit': branch.time === 0 ? '' : tellAge(now - branch.time),
    ahead: branch.ahead,
    behind: branch.behind,
    evidence: [evidenceOf(branch.verdict, survey.trunk.name), ...aside].join('; '),
  };
}

/** A repository's heading: what its branches are compared with, and how old what it knows of its remotes is. */
export function headingOf({ repository, trunk: { name, fetched } }: Survey, now: number): string {
  const when = fetched === 'never' ? 'never since it was cloned' : fetched && `${tellAge(now - fetched)} ago`;
  return `${placeOf(pathText(repository.commonDir))}: beside ${name}${when === undefined ? '' : `; last fetched ${when}`}`;
}

/** `3 min`, `5 h`, `40 d`, of seconds. */
function tellAge(seconds: number): string {
  const minutes = Math.max(0, Math.round(seconds / 60));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
