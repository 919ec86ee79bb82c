import { findDistinct } from '../git/repositories.ts';
import { type SurveyRequest, surveyBranches } from './survey.ts';
import type { Survey } from './verdict.ts';

export interface SurveyAllRequest extends Omit<SurveyRequest, 'onProgress'> {
  /** Absolute paths. */
  readonly roots: readonly string[];
  readonly signal: AbortSignal;
  /** Called with how many repositories were looked at, also now and then while a large one is. */
  readonly onRepository: (done: number) => void;
}

export interface SurveyedAll {
  readonly surveys: readonly Survey[];
  /** Repositories that were looked at, those without branches among them. */
  readonly repositories: number;
  /** What could not be looked at: sentences. */
  readonly unread: readonly string[];
}

/** Surveys every repository below some folders, each once however many work trees of it there are. */
export async function surveyAll(request: SurveyAllRequest): Promise<SurveyedAll> {
  const { roots, signal, onRepository, ...each } = request;
  const surveys: Survey[] = [];
  const unread: string[] = [];
  let repositories = 0;
  for await (const found of findDistinct(roots, signal)) {
    if (found.kind === 'unreadable') {
      unread.push(found.message);
      continue;
    }
    const onProgress = () => onRepository(repositories);
    const survey = await surveyBranches(found, { ...each, onProgress, git: { ...each.git, signal } });
    if (survey.ok) surveys.push(survey.value);
    else if (survey.error.code !== 'no-branches') unread.push(survey.error.message);
    repositories += 1;
    onRepository(repositories);
  }
  return { surveys, repositories, unread };
}
