/**
 * Whether a working tree may be changed as it is.
 *
 * What is replaced should not mix with somebody's own work: neither in what `git diff` shows nor in a commit. So a working
 * tree with changes of tracked files is left, staged ones or not, and one where a file is to be changed that git does not
 * know yet. Ignored files do not count: they are in no diff. With `dirty` such a tree is taken; then only a commit is
 * refused that would have somebody's own changes in it.
 */
import { lstat } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../../failure.ts';
import { failureOfGit } from '../../git/failure.ts';
import type { Repository } from '../../git/repositories.ts';
import { gitRecords } from '../../git/run.ts';
import { pathText } from '../../plan/actions/path.ts';
import { gitText } from './git-text.ts';
import { type Head, headOf } from './head.ts';

export interface Wishes {
  readonly dirty: boolean;
  /** A branch to be made, without `refs/heads/`. */
  readonly branch: string | undefined;
  /** Repositories that get it, by their common folder (Latin-1). */
  readonly branched: ReadonlySet<string>;
  readonly commit: boolean;
}

/** Files that are to be changed, by their paths below the working tree (Latin-1: each octet a character). */
export interface Touched {
  readonly tracked: readonly string[];
  readonly untracked: readonly string[];
}

/** HEAD of a working tree that may be changed; the error is the reason why it may not. */
export async function readiness(
  repository: Repository,
  touched: Touched,
  wishes: Wishes,
): Promise<Result<Head, Failure>> {
  const folder = pathText(repository.root);
  const busy = await whatIsUnderWay(repository.gitDir);
  if (busy !== undefined) return refuse(`${folder} is in the middle of ${busy}.`);
  const head = await headOf(folder);
  if (!head.ok) return head;
  const clean = await whyDirty(repository, touched, wishes);
  if (!clean.ok) return clean;
  if (wishes.commit && touched.tracked.length > 0) {
    const can = await canCommit(folder, head.value);
    if (!can.ok) return can;
  }
  const free = wishes.branch === undefined ? ok(undefined) : await isFree(repository, wishes.branch, wishes.branched);
  return free.ok ? head : free;
}

const refuse = (message: string): Result<never, Failure> => err({ kind: 'refused', message });

/** By what git leaves in its folder meanwhile (gitrepository-layout(5), git.git's `wt-status.c`). */
const UNDER_WAY: readonly (readonly [file: string, what: string])[] = [
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['MERGE_HEAD', 'a merge'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['sequencer', 'a cherry-pick or a revert'],
  ['BISECT_LOG', 'a bisection'],
  ['index.lock', 'something else: another git works in it, or one was killed'],
];

async function whatIsUnderWay(gitDir: Buffer): Promise<string | undefined> {
  for (const [file, what] of UNDER_WAY) {
    if (await isThere(Buffer.concat([gitDir, Buffer.from(`/${file}`)]))) return what;
  }
  return undefined;
}

async function isThere(path: Buffer): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

const STATUS = ['status', '--porcelain', '-z', '--untracked-files=no', '--ignore-submodules=all', '--no-renames'];

async function whyDirty(
  { root }: Repository,
  { tracked, untracked }: Touched,
  { dirty, commit }: Wishes,
): Promise<Result<void, Failure>> {
  const folder = pathText(root);
  const [first] = untracked;
  if (first !== undefined && !dirty) {
    return refuse(`${folder} has files that git does not know yet and that would be changed: ${tell(first)}.`);
  }
  const wanted = new Set(tracked);
  let [changed, mixed]: [string | undefined, string | undefined] = [undefined, undefined];
  const read = await gitRecords({ root }, [STATUS], {}, (record) => {
    const name = record.toString('latin1').slice('XY '.length);
    changed ??= name;
    if (wanted.has(name)) mixed ??= name;
  });
  if (!read.ok) return err(failureOfGit(read.error));
  if (changed !== undefined && !dirty) return refuse(`${folder} has changes that are not committed: ${tell(changed)}.`);
  if (mixed === undefined || !commit) return ok(undefined);
  return refuse(`${folder} has changes of yours that would get into the commit: ${tell(mixed)}.`);
}

const tell = (name: string): string => pathText(Buffer.from(name, 'latin1'));

/** git finds out only when it commits that it does not know who does. */
async function canCommit(folder: string, { commit }: Head): Promise<Result<void, Failure>> {
  if (commit === undefined) return refuse(`${folder} has no commit yet to which another could be added.`);
  for (const who of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    const known = await gitText(folder, ['var', who]);
    if (known.ok) continue;
    const set = '`git config --global user.name NAME` and `git config --global user.email ADDRESS`';
    return refuse(`${folder}: git does not know who commits. Say it with ${set}.`);
  }
  return ok(undefined);
}

/** A reference is a file as well: `a` and `a/b` cannot both be there. */
async function isFree(
  { root, commonDir }: Repository,
  branch: string,
  branched: ReadonlySet<string>,
): Promise<Result<void, Failure>> {
  const folder = pathText(root);
  if (branched.has(commonDir.toString('latin1'))) {
    return refuse(`${folder} shares its branches with another working tree, which gets ${branch}.`);
  }
  const parts = branch.split('/');
  const above = parts.slice(1).map((_, at) => `refs/heads/${parts.slice(0, at + 1).join('/')}`);
  const own = `refs/heads/${branch}`;
  const found = await gitText(folder, ['for-each-ref', '--format=%(refname)', own, ...above]);
  if (!found.ok) return found;
  const isInTheWay = (ref: string): boolean => ref === own || ref.startsWith(`${own}/`) || above.includes(ref);
  const other = found.value.split('\n').find(isInTheWay);
  if (other === undefined) return ok(undefined);
  return refuse(`${folder} has the branch ${other.slice('refs/heads/'.length)} already.`);
}
