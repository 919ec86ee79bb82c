import { findRepositories } from '../git/repositories.ts';
import { pathText } from '../plan/actions/path.ts';
import { type SurveyRequest, surveyBranches } from './survey.ts';
import type { Survey } from './verdict.ts';

export interface SurveyAllRequest extends SurveyRequest {
  /** Absolute paths. */
  readonly roots: readonly string[];
  readonly signal: AbortSignal;
  /** Called with how many repositories were looked at. */
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
  const seen = new Set<string>();
  const surveys: Survey[] = [];
  const unread: string[] = [];
  for await (const found of findRepositories(roots, signal)) {
    if (found.kind === 'unreadable') {
      unread.push(found.message);
      continue;
    }
    if (seen.size === seen.add(pathText(found.commonDir)).size) continue;
    const survey = await surveyBranches(found, { ...each, git: { ...each.git, signal } });
    if (survey.ok) surveys.push(survey.value);
    else if (survey.error.code !== 'no-branches') unread.push(survey.error.message);
    onRepository(seen.size);
  }
  return { surveys, repositories: seen.size, unread };
}
