/** What HEAD and branches of a working tree are, in words. A folder is as `pathText` writes it. */
import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { ABSENT } from '../../plan/actions/place.ts';
import type { World } from '../../plan/plan.ts';
import { gitText } from './git-text.ts';

/** A branch's full name, or undefined where none is checked out; and the commit, undefined before the first. */
export interface Head {
  readonly ref: string | undefined;
  readonly commit: string | undefined;
}

export async function headOf(folder: string): Promise<Result<Head, Failure>> {
  const ref = await gitText(folder, ['symbolic-ref', '--quiet', 'HEAD'], { okCodes: [1] });
  if (!ref.ok) return ref;
  const commit = await commitOf(folder, 'HEAD');
  return commit.ok ? ok({ ref: ref.value === '' ? undefined : ref.value, commit: commit.value }) : commit;
}

/** The commit of a reference; undefined where there is none. */
export async function commitOf(folder: string, ref: string): Promise<Result<string | undefined, Failure>> {
  const commit = await gitText(folder, ['rev-parse', '--quiet', '--verify', `${ref}^{commit}`], { okCodes: [1] });
  return commit.ok ? ok(commit.value === '' ? undefined : commit.value) : commit;
}

/** `refs/heads/main at 1a2b…`, `refs/heads/main without a commit`, `detached at 1a2b…`. */
export const headState = ({ ref = 'detached', commit }: Head): string =>
  commit === undefined ? `${ref} without a commit` : `${ref} at ${commit}`;

/** How HEAD and a branch are called in a world. */
export const headName = (folder: string): string => `HEAD of ${folder}`;
export const refName = (folder: string, ref: string): string => `${ref} of ${folder}`;

/** HEAD and branches as they are. A repository that cannot be asked is a state as well: nothing is done in it then. */
export async function lookAtHead(folder: string, refs: readonly string[]): Promise<World> {
  const head = await headOf(folder);
  const world: Record<string, string> = { [headName(folder)]: head.ok ? headState(head.value) : UNKNOWN };
  for (const ref of refs) {
    const commit = await commitOf(folder, ref);
    world[refName(folder, ref)] = commit.ok ? (commit.value ?? ABSENT) : UNKNOWN;
  }
  return world;
}

const UNKNOWN = 'git cannot tell';
