/** git asked in a folder as `pathText` writes it, and its answers as texts. */
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../failure.ts';
import { failureOfGit } from '../../git/failure.ts';
import { type GitOptions, git } from '../../git/run.ts';
import { pathOf } from '../../plan/actions/path.ts';

/** What git answers, without the line end behind it. */
export async function gitText(
  folder: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<Result<string, Failure>> {
  const answer = await gitOctets(folder, args, options);
  return answer.ok ? ok(answer.value.toString().replace(/\n$/, '')) : answer;
}

/** The same as octets, and all of it: names need not be text. */
export async function gitOctets(
  folder: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<Result<Buffer, Failure>> {
  const answer = await git({ root: pathOf(folder) }, args, options);
  if (answer.ok) return ok(answer.value.stdout);
  const { kind, message } = failureOfGit(answer.error);
  return err({ kind, message: `${folder}: ${message}` });
}

/** Paths below a folder as git reads them with `--pathspec-from-file=- --pathspec-file-nul`, each to be taken literally (`--literal-pathspecs`). */
export const pathspecs = (folder: string, paths: readonly string[]): Buffer =>
  Buffer.concat(paths.flatMap((path) => [pathOf(path).subarray(pathOf(folder).length + 1), Buffer.of(0)]));

/** The value of what can fail, where only throwing is possible. */
export function orThrow<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(result.error.message.replace(/\.$/, ''));
  return result.value;
}
