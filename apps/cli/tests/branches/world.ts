/** Repositories in which things become of branches. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type SurveyRequest, surveyBranches } from '../../src/ops/branches/survey.ts';
import type { Branch, Survey, Verdict } from '../../src/ops/branches/verdict.ts';
import { findRepositories } from '../../src/ops/git/repositories.ts';
import { GIT_ENV, GitFolder, makeRepository } from '../support/git.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

/** Lines of a file, one for each number. */
export const lines = (count: number, change: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: count }, (_, at) => `${change[at] ?? `line ${at}`}\n`).join('');

let first: string | undefined;

/** A repository with some commits on main: made once, and copied. */
export async function started(): Promise<GitFolder> {
  const path = join(await temporaryFolder(), 'r');
  if (first === undefined) {
    first = mkdtempSync(join(tmpdir(), 'scorpiox-cli-'));
    const repository = makeRepository(first);
    repository.commit('first', { 'a.txt': lines(40), 'b.txt': lines(40), 'old.txt': lines(10) });
    repository.commit('second', { 'a.txt': lines(40, { 0: 'top' }) });
  }
  cpSync(first, path, { recursive: true });
  return new GitFolder(path, Date.parse('2026-03-01T10:00:00Z') / 1000);
}

afterAll(() => {
  if (first !== undefined) rmSync(first, { recursive: true, force: true });
});

/** Makes a branch off main with commits, each of these files; and goes back to main. */
export function branch(
  repository: GitFolder,
  name: string,
  ...commits: readonly Readonly<Record<string, string>>[]
): void {
  repository.git('checkout', '--quiet', '-b', name, 'main');
  for (const [at, files] of commits.entries()) repository.commit(`${name} ${at + 1}`, files);
  repository.git('checkout', '--quiet', 'main');
}

/** Squashes a branch into main, as forges do; the commit's id. */
export function squash(repository: GitFolder, name: string): string {
  repository.git('merge', '--quiet', '--squash', name);
  return repository.commit(`${name}, squashed`);
}

/** Merges it by a merge commit; its id. */
export function merge(repository: GitFolder, name: string, ...options: readonly string[]): string {
  repository.git('merge', '--quiet', '--no-ff', '--no-edit', ...options, name);
  return repository.git('rev-parse', 'HEAD');
}

/** What is known of a repository's branches; a survey that fails is its message. */
export async function surveyed(path: string | Buffer, request: SurveyRequest = {}): Promise<Survey> {
  for await (const found of findRepositories([path])) {
    if (found.kind !== 'repository') throw new Error(found.message);
    const survey = await surveyBranches(found, { git: { base: GIT_ENV }, ...request });
    if (!survey.ok) throw new Error(survey.error.message);
    return survey.value;
  }
  throw new Error('There is no repository.');
}

/** What is known of one of them. */
export async function branchOf(repository: GitFolder, name: string, request: SurveyRequest = {}): Promise<Branch> {
  const { branches } = await surveyed(repository.path, request);
  const found = branches.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

export const verdictOn = async (repository: GitFolder, name: string): Promise<Verdict> =>
  (await branchOf(repository, name)).verdict;
