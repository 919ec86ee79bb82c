import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { failureOfGit } from '../../git/failure.ts';
import { findDistinct, type Repository } from '../../git/repositories.ts';
import { pathText } from '../../plan/actions/path.ts';
import type { Plan } from '../../plan/plan.ts';
import { keptBy } from '../kept.ts';
import { type SurveyFailure, surveyBranches } from '../survey.ts';
import type { Survey } from '../verdict.ts';
import { type Judged, Pruning } from './plan.ts';
import type { Selection } from './select.ts';

export interface PruneRequest extends Selection {
  /** Absolute paths. */
  readonly roots: readonly string[];
  readonly into?: string;
  /** Patterns of names that stay. */
  readonly keep: readonly string[];
  /** Names, or patterns, of those that are meant; all where there are none. */
  readonly only: readonly string[];
  /** Whether branches of remotes are meant, rather than those of the repositories themselves. */
  readonly isRemote: boolean;
  readonly signal: AbortSignal;
  /** How many repositories were looked at. */
  readonly onProgress: (done: number) => void;
}

export interface Pruned {
  readonly plan: Plan;
  /** Every branch that was looked at, with what becomes of it. */
  readonly branches: readonly Judged[];
  /** What could not be seen: sentences. */
  readonly notes: readonly string[];
  /** What could not be looked at: sentences. */
  readonly unread: readonly string[];
}

/** Plans the deletion of branches in all repositories below some folders. */
export async function planPrune(request: PruneRequest): Promise<Result<Pruned, Failure>> {
  const { roots, only, signal, onProgress } = request;
  const pruning = new Pruning({ ...request, isMeant: (name) => only.length === 0 || keptBy(name, only) !== undefined });
  const notes: string[] = [];
  const failures: Failure[] = [];
  let repositories = 0;
  for await (const found of findDistinct(roots, signal)) {
    if (found.kind === 'unreadable') {
      failures.push({ kind: 'error', message: found.message });
      continue;
    }
    const looked = await addRepository(pruning, found, request);
    if (looked.ok) notes.push(...looked.value);
    else failures.push(looked.error);
    repositories += 1;
    onProgress(repositories);
  }
  if (signal.aborted) return err({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
  const { plan, judged: branches } = pruning;
  if (repositories === 0) return err(noRepository(roots, failures));
  const [failure] = failures;
  // Where one thing was meant and cannot be looked at, that is the answer.
  if (failure !== undefined && repositories === 1 && failures.length === 1) return err(failure);
  const absent = only.find((name) => !branches.some(({ branch }) => keptBy(branch, [name]) !== undefined));
  if (absent !== undefined)
    return err({ kind: 'error', message: `There is no branch ${absent} in ${roots.join(', ')}.` });
  return ok({ plan, branches, notes, unread: failures.map(({ message }) => message) });
}

/** What is to be told of it beside its branches. */
async function addRepository(
  pruning: Pruning,
  repository: Repository,
  request: PruneRequest,
): Promise<Result<readonly string[], Failure>> {
  const survey = request.isRemote ? await surveyRemotes(repository, request) : await surveyBy(repository, request);
  if (!survey.ok) return survey.error.code === 'no-branches' ? ok([]) : err(failureOfSurvey(survey.error));
  const added = await pruning.add(survey.value);
  return added.ok ? ok(survey.value.notes) : added;
}

function surveyBy(
  repository: Repository,
  { into, keep, isRemote, signal }: Pick<PruneRequest, 'into' | 'keep' | 'isRemote' | 'signal'>,
): Promise<Result<Survey, SurveyFailure>> {
  return surveyBranches(repository, {
    ...(into === undefined ? {} : { into }),
    keep,
    remote: isRemote,
    git: { signal },
  });
}

/**
 * What is to be deleted at a remote has to have landed at one: the trunk here may have merges that were never pushed, and the
 * remote the only other copy of what they brought.
 */
async function surveyRemotes(repository: Repository, request: PruneRequest): Promise<Result<Survey, SurveyFailure>> {
  const survey = await surveyBy(repository, request);
  if (!survey.ok || survey.value.trunk.ref.startsWith('refs/remotes/')) return survey;
  const remotes = new Set(survey.value.branches.map(({ remote }) => remote).filter((remote) => remote !== undefined));
  const [first, ...others] = remotes;
  if (first === undefined) return survey;
  const { name } = survey.value.trunk;
  if (!remotes.has('origin') && others.length > 0) {
    const message = `${pathText(repository.root)} has several remotes: say which one's ${name} with --into REMOTE/${name}.`;
    return err({ code: 'no-trunk', message });
  }
  return surveyBy(repository, { ...request, into: `refs/remotes/${remotes.has('origin') ? 'origin' : first}/${name}` });
}

function failureOfSurvey(failure: SurveyFailure): Failure {
  if (failure.code === 'no-trunk' || failure.code === 'no-branches') return { kind: 'error', message: failure.message };
  return failureOfGit(failure);
}

const noRepository = (roots: readonly string[], failures: readonly Failure[]): Failure => ({
  kind: 'usage',
  message: [`There is no repository in ${roots.join(', ')}.`, ...failures.map(({ message }) => message)].join('\n'),
});
