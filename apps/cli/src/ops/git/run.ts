/*
 * How git is asked
 *
 * Rules
 * - No shell: arguments go to git as they are. What is no text (names that are no UTF-8) goes in by standard input.
 * - git is started in the repository's own folder and may not look above it: a repository that has broken meanwhile is an
 *   error, not the one around it. It is not told where the repository is by GIT_DIR: its check whether the folder's owner is
 *   to be trusted (safe.directory) is made only where it looks for itself.
 * - Nothing is fetched unless `network` says so, not even what a partial clone lacks.
 * - What git ends with is a value, never an exception.
 * - What may be long is read record by record; a pipeline's data goes from git to git and not through this process.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { systemErrorCode } from '../failure.ts';
import { type Environment, gitEnvironment } from './environment.ts';
import { explainGit, type GitFailure } from './failure.ts';
import { ANSWER_MAX_BYTES, RECORD_MAX_BYTES, SAID_MAX } from './limits.ts';
import { openPlace, type Place } from './place.ts';

/** Where git is asked: a repository (repositories.ts), or anything with a folder. */
export interface GitPlace {
  /** Its work tree, or the repository itself where it is bare. An absolute path. */
  readonly root: Buffer;
}

export interface GitOptions {
  /** What it reads on standard input. */
  readonly input?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** The caller's environment; that of this process unless it is named. */
  readonly base?: Environment;
  /** Variables for git beside those. */
  readonly env?: Environment;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Exit codes beside 0 that are answers: `git config --get` ends with 1 where there is nothing. */
  readonly okCodes?: readonly number[];
  /** Lets it speak with other machines. */
  readonly network?: true;
}

export interface GitAnswer {
  readonly stdout: Buffer;
  readonly code: number;
  /** What it said on standard error: warnings, as it did what it was asked. */
  readonly said: string;
}

/** Asks git and holds its whole answer. */
export async function git(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions = {},
): Promise<Result<GitAnswer, GitFailure>> {
  const chunks: Buffer[] = [];
  let length = 0;
  const ended = await runPipeline(place, [args], options, (chunk) => {
    length += chunk.length;
    if (length > ANSWER_MAX_BYTES) return false;
    chunks.push(chunk);
    return true;
  });
  return ended.ok ? ok({ stdout: Buffer.concat(chunks), ...ended.value }) : ended;
}

export interface RecordOptions extends GitOptions {
  /** What divides records: NUL unless it is named. */
  readonly separator?: '\n' | '\0';
}

/**
 * Asks git and gives each record of its answer to `take` as it comes, without its separator; the record's bytes are good
 * until `take` returns. Several commands are a pipeline: each reads what the one before it writes.
 */
export async function gitRecords(
  place: GitPlace,
  commands: readonly (readonly string[])[],
  options: RecordOptions,
  take: (record: Buffer) => void,
): Promise<Result<void, GitFailure>> {
  const split = splitter(options.separator === '\n' ? 10 : 0, take);
  const ended = await runPipeline(place, commands, options, split.push);
  if (!ended.ok) return ended;
  split.end();
  return ok(undefined);
}

/** Cuts chunks into records. `push` is false where one is longer than is held. */
function splitter(separator: number, take: (record: Buffer) => void) {
  let held: Buffer[] = [];
  let length = 0;
  const whole = (last: Buffer): Buffer => {
    const record = held.length === 0 ? last : Buffer.concat([...held, last]);
    held = [];
    length = 0;
    return record;
  };
  return {
    push: (chunk: Buffer): boolean => {
      let from = 0;
      for (let at = chunk.indexOf(separator); at !== -1; at = chunk.indexOf(separator, from)) {
        take(whole(chunk.subarray(from, at)));
        from = at + 1;
      }
      if (from < chunk.length) held.push(chunk.subarray(from));
      length += chunk.length - from;
      return length <= RECORD_MAX_BYTES;
    },
    end: (): void => {
      if (length > 0) take(whole(Buffer.alloc(0)));
    },
  };
}

interface Stage {
  readonly child: ChildProcess;
  readonly ended: Promise<Result<Ended, GitFailure>>;
}

type Ended = Pick<GitAnswer, 'code' | 'said'>;

/** Runs commands as a pipeline and gives what the last writes to `take`, until that says false. How the last ended. */
async function runPipeline(
  place: GitPlace,
  commands: readonly (readonly string[])[],
  options: GitOptions,
  take: (chunk: Buffer) => boolean,
): Promise<Result<Ended, GitFailure>> {
  if (isStopped(options)) return err(INTERRUPTED);
  const opened = openPlace(place.root);
  if (!opened.ok) return opened;
  const stages: Stage[] = [];
  for (const args of commands) stages.push(startStage(opened.value, args, options, stages.at(-1)?.child.stdout));
  opened.value.close();
  const stop = () => {
    for (const { child } of stages) child.kill();
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  let isTooLong = false;
  let thrown: { readonly error: unknown } | undefined;
  stages.at(-1)?.child.stdout?.on('data', (chunk: Buffer) => {
    if (isTooLong || thrown !== undefined) return;
    try {
      isTooLong = !take(chunk);
    } catch (error) {
      // Thrown from here it would end the process, and nobody's `finally` would run.
      thrown = { error };
    }
    if (isTooLong || thrown !== undefined) stop();
  });
  const ends = await Promise.all(stages.map(({ ended }) => ended));
  options.signal?.removeEventListener('abort', stop);
  if (thrown !== undefined) throw thrown.error;
  if (isStopped(options)) return err(INTERRUPTED);
  if (isTooLong) return err({ code: 'too-long', message: 'What git answers is longer than is held.' });
  // The first that failed is the reason: those behind it had too little to read. One that nobody read from ended by that.
  return ends.find((end) => !end.ok && !end.error.message.includes('SIGPIPE')) ?? ends.at(-1) ?? ok(NOTHING);
}

const isStopped = ({ signal }: GitOptions): boolean => signal?.aborted === true;

const NOTHING: Ended = { code: 0, said: '' };
const INTERRUPTED: GitFailure = { code: 'interrupted', message: 'Interrupted.' };

function startStage(place: Place, args: readonly string[], options: GitOptions, from?: Readable | null): Stage {
  const { cwd, ceiling, descriptor } = place;
  const input = from ?? (options.input === undefined ? 'ignore' : 'pipe');
  const child = spawn('git', ['--no-pager', '-c', 'core.fsmonitor=false', ...args], {
    cwd,
    env: {
      ...gitEnvironment(options.base, options.network === true),
      GIT_CEILING_DIRECTORIES: ceiling,
      ...options.env,
    },
    stdio: [input, 'pipe', 'pipe', ...(descriptor === undefined ? [] : [descriptor])],
  });
  // What the next one reads is not for this process: held here as well, the writer would not learn that nobody reads on.
  from?.destroy();
  if (from === undefined && options.input !== undefined) feed(child, options.input);
  return { child, ended: endOf(child, args, options.okCodes ?? []) };
}

/** git may end without reading all of its input; what it says then is the reason. */
function feed({ stdin }: ChildProcess, input: NonNullable<GitOptions['input']>): void {
  if (stdin === null) return;
  stdin.on('error', () => undefined);
  if (typeof input === 'string' || input instanceof Uint8Array) stdin.end(input);
  else pipeline(input, stdin).catch(() => undefined);
}

function endOf(child: ChildProcess, args: readonly string[], okCodes: readonly number[]): Stage['ended'] {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(0, SAID_MAX);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(err(notStarted(error))));
    child.once('close', (code, signal) => {
      if (code !== null && (code === 0 || okCodes.includes(code))) resolve(ok({ code, said }));
      else resolve(err(explainGit(commandOf(args), signal ?? String(code), said)));
    });
  });
}

/** `for-each-ref`: the command's name, behind the options that stand before it. */
const commandOf = (args: readonly string[]): string =>
  args.find((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-c') ?? '';

function notStarted(error: Error): GitFailure {
  const message =
    systemErrorCode(error) === 'ENOENT'
      ? 'There is no git on this machine: install it (`apt-get install git`).'
      : `git cannot be started: ${error.message}.`;
  return { code: 'no-git', message };
}
