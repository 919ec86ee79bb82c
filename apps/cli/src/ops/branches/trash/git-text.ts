import { ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { failureOfGit } from '../../git/failure.ts';
import { type GitOptions, git } from '../../git/run.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { placeOf } from './lot.ts';

/** Asks git of a repository, by its common git directory as `pathText` writes it. The answer is text. */
export async function gitText(
  repository: string,
  args: readonly string[],
  options?: GitOptions,
): Promise<Result<string, Failure>> {
  const asked = await gitBytes(repository, args, options);
  return asked.ok ? ok(asked.value.toString()) : asked;
}

/** The same; the answer is bytes. */
export async function gitBytes(
  repository: string,
  args: readonly string[],
  options?: GitOptions,
): Promise<Result<Buffer, Failure>> {
  // Asked in the folder that a person would ask in: git knows that one as trusted, or not.
  const asked = await git({ root: pathOf(placeOf(repository)) }, args, options);
  return asked.ok ? ok(asked.value.stdout) : { ok: false, error: failureOfGit(asked.error) };
}
