/** What is asked of a remote about its branches. A push names, for each of them, the commit that is expected there: the lease. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { failureOfGit, type GitFailure } from '../../git/failure.ts';
import { type GitAnswer, git } from '../../git/run.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { REMOTE_LIST_MS, REMOTE_PUSH_MS } from '../limits.ts';
import { headRef, placeOf } from './lot.ts';

/** A remote of a repository, by its name; the repository by its common git directory as `pathText` writes it. */
export interface Remote {
  readonly repository: string;
  readonly remote: string;
}

/** What a remote has now. */
export interface RemoteBranches {
  /** By name, each branch's commit's id. */
  readonly ids: ReadonlyMap<string, string>;
  /** The branch that its HEAD names: what a clone checks out. */
  readonly head?: string;
}

/** Asks a remote for its branches. */
export async function remoteBranches(of: Remote): Promise<Result<RemoteBranches, Failure>> {
  const listed = await ask(of, ['ls-remote', '--symref', '--', of.remote, 'HEAD', 'refs/heads/*'], REMOTE_LIST_MS);
  if (!listed.ok) return listed;
  const ids = new Map<string, string>();
  let head: string | undefined;
  for (const line of listed.value.stdout.toString().split('\n')) {
    const [, what = '', ref = ''] = /^(\S+(?: \S+)?)\t(.+)$/s.exec(line) ?? [];
    if (ref === 'HEAD' && what.startsWith('ref: ')) head = branchOf(what.slice('ref: '.length));
    const name = branchOf(ref);
    if (name !== undefined) ids.set(name, what);
  }
  return ok({ ids, ...(head === undefined ? {} : { head }) });
}

const branchOf = (ref: string): string | undefined => /^refs\/heads\/(.+)$/s.exec(ref)?.[1];

/** What is to become of a branch at the remote. */
export interface RemoteChange {
  readonly name: string;
  /** The commit that it is expected to be at; undefined where it is not to be there. */
  readonly from: string | undefined;
  /** The commit that it is to be at; undefined where it is to be deleted. */
  readonly to: string | undefined;
}

/** Changes branches at a remote: all of them, or none where one is not as it is expected to be. */
export async function push(of: Remote, changes: readonly RemoteChange[]): Promise<Result<void, Failure>> {
  if (changes.length === 0) return ok(undefined);
  // With an empty id after the colon, the ref must not be there (git-push(1)).
  const leases = changes.map(({ name, from = '' }) => `--force-with-lease=${headRef(name)}:${from}`);
  const refspecs = changes.map(({ name, to = '' }) => `${to}:${headRef(name)}`);
  const pushed = await ask(
    of,
    ['push', '--porcelain', '--atomic', ...leases, '--', of.remote, ...refspecs],
    REMOTE_PUSH_MS,
  );
  if (!pushed.ok) return pushed;
  return pushed.value.code === 0 ? ok(undefined) : err(whyNot(of, pushed.value.stdout.toString()));
}

/** `git push --porcelain` tells of each ref, by tabs: a flag, from and to, and what became of it. */
function whyNot(of: Remote, told: string): Failure {
  const refused = told
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([flag]) => flag === '!')
    .map(([, refs = '', why = '']) => ({ name: refs.replace(/^.*?:(?:refs\/heads\/)?/, ''), why }));
  // Those that were refused only because another was tell nothing.
  const { name = 'its branches', why = 'no reason is given' } = refused.find((one) => !/atomic/.test(one.why)) ?? {};
  const place = `${of.remote} of ${placeOf(of.repository)}`;
  if (/stale info|fetch first/.test(why)) {
    return { kind: 'stale', message: `The branch ${name} at ${place} is not as it was seen.` };
  }
  return { kind: 'refused', message: `${place} did not take it, for ${name}: ${why}.` };
}

async function ask(of: Remote, args: readonly string[], patienceMs: number): Promise<Result<GitAnswer, Failure>> {
  const signal = AbortSignal.timeout(patienceMs);
  const place = { root: pathOf(placeOf(of.repository)) };
  const asked = await git(place, args, { network: true, okCodes: [1], signal });
  if (asked.ok) return asked;
  const where = `${of.remote} of ${placeOf(of.repository)}`;
  if (signal.aborted) {
    return err({ kind: 'unavailable', message: `${where} did not answer within ${patienceMs / 1000} seconds.` });
  }
  return err(unreachable(where, asked.error));
}

function unreachable(where: string, failure: GitFailure): Failure {
  if (failure.code !== 'failed') return failureOfGit(failure);
  return { kind: 'unavailable', message: `${where} cannot be reached: ${failure.message}` };
}
