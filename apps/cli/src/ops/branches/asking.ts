import type { GitFailure } from '../git/failure.ts';
import { type GitAnswer, type GitOptions, type GitPlace, git, gitRecords, type RecordOptions } from '../git/run.ts';

/** What ends work of many questions to git; caught where that work was begun. */
export class GitFailed extends Error {
  readonly failure: GitFailure;

  constructor(failure: GitFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** git in one repository, for work of many questions: an answer that fails ends all of it by `GitFailed`. */
export class Asking {
  readonly #place: GitPlace;
  readonly #options: GitOptions;

  constructor(place: GitPlace, options: GitOptions) {
    this.#place = place;
    this.#options = options;
  }

  /** The same, with further variables for git. */
  with(env: Readonly<Record<string, string>>): Asking {
    return new Asking(this.#place, { ...this.#options, env: { ...this.#options.env, ...env } });
  }

  async answer(args: readonly string[], options: GitOptions = {}): Promise<GitAnswer> {
    const answer = await git(this.#place, args, { ...this.#options, ...options });
    if (!answer.ok) throw new GitFailed(answer.error);
    return answer.value;
  }

  /** As `gitRecords`. */
  async records(
    commands: readonly (readonly string[])[],
    options: RecordOptions,
    take: (record: Buffer) => void,
  ): Promise<void> {
    const ended = await gitRecords(this.#place, commands, { ...this.#options, ...options }, take);
    if (!ended.ok) throw new GitFailed(ended.error);
  }
}
