/** `refs replace`: what the scan finds, made into a plan; and a look at what was changed when that is done. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import type { Environment } from '../../git/environment.ts';
import { ACTIONS } from '../../plan/actions/actions.ts';
import { type AbsolutePath, parseAbsolutePath } from '../absolute-path.ts';
import { searchFor } from '../match.ts';
import { excludesOf } from '../scan/glob.ts';
import { scan } from '../scan/scan.ts';
import { changeOf } from './change.ts';
import { gitText } from './git-text.ts';
import { type PlannedReplace, ReplacePlanner, type ReplaceRequest } from './plan-replace.ts';
import { type Sorted, sortOut } from './sort-out.ts';

export interface RootsRequest extends Omit<ReplaceRequest, 'find' | 'put'> {
  /** Absolute paths of folders. */
  readonly roots: readonly string[];
  /** As they were written. */
  readonly from: string;
  readonly to: string;
  /** Patterns of what is left out. */
  readonly excludes: readonly string[];
  /** Whether only files are changed that git tracks. */
  readonly onlyTracked: boolean;
}

interface Watched {
  /** For git. */
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Files that were looked through. */
  readonly onProgress: (files: number) => void;
}

export interface Replacing extends PlannedReplace, Pick<Sorted, 'mends' | 'notes'> {}

export async function planReplace(request: RootsRequest & Watched): Promise<Result<Replacing, Failure>> {
  const rewriting = parseRewriting(request);
  if (!rewriting.ok) return rewriting;
  const { find, put } = rewriting.value;
  const named = await checkBranch(request);
  if (!named.ok) return named;
  const excludes = excludesOf(request.excludes);
  if (!excludes.ok) return err({ kind: 'usage', message: `--exclude: ${excludes.error}` });
  const found = await scan({ ...request, from: find, to: put, excludes: excludes.value });
  if (!found.ok) return found;
  const { groups, left, mends, notes } = sortOut(found.value, { ...request, put });
  const planner = new ReplacePlanner(ACTIONS, { ...request, ...rewriting.value });
  for (const group of groups) {
    await planner.add(group);
    if (request.signal.aborted) return err({ kind: 'interrupted', message: 'Interrupted; nothing was changed.' });
  }
  const planned = planner.planned('refs replace');
  const isCut = planned.isCut || found.value.counts.dropped > 0;
  return ok({ ...planned, left: [...left, ...planned.left], mends, notes, isCut });
}

function parseRewriting({
  from,
  to,
}: Pick<RootsRequest, 'from' | 'to'>): Result<{ readonly find: AbsolutePath; readonly put: AbsolutePath }, Failure> {
  const [find, put] = [parseAbsolutePath(from), parseAbsolutePath(to)];
  if (!find.ok) return err({ kind: 'usage', message: `--from: ${find.error}` });
  if (!put.ok) return err({ kind: 'usage', message: `--to: ${put.error}` });
  if (`${put.value.text}/`.startsWith(`${find.value.text}/`)) {
    const message = `--to is ${find.value.text} or lies below it: what is replaced would be found again.`;
    return err({ kind: 'usage', message });
  }
  if (searchFor(find.value).inFile(Buffer.from(put.value.text)).hits.length > 0) {
    return err({
      kind: 'usage',
      message: `--to says ${find.value.text} in it: what is replaced would be found again.`,
    });
  }
  return ok({ find: find.value, put: put.value });
}

/** What git takes for a branch's name, asked of git; no repository is needed for that. */
async function checkBranch({ branch }: Pick<RootsRequest, 'branch'>): Promise<Result<void, Failure>> {
  if (branch === undefined) return ok(undefined);
  const checked = await gitText('/', ['check-ref-format', `refs/heads/${branch}`]);
  if (checked.ok && !branch.startsWith('-') && branch !== 'HEAD') return ok(undefined);
  if (!checked.ok && checked.error.kind === 'unavailable') return checked;
  return err({ kind: 'usage', message: `--branch: ${JSON.stringify(branch)} is no name for a branch.` });
}

/** Which of these (as `pathText` writes them) say the path still, or again. */
export async function stillSaying(request: RootsRequest, paths: readonly string[]): Promise<readonly string[]> {
  const rewriting = parseRewriting(request);
  if (!rewriting.ok) return [];
  const saying: string[] = [];
  for (const path of paths) {
    const change = await changeOf(path, { ...request, ...rewriting.value });
    if (!change.ok || change.value !== undefined) saying.push(path);
  }
  return saying;
}
