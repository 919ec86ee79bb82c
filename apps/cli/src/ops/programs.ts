/**
 * Other programs of this machine. They get their arguments as they are: no shell ever sees one. What only looks is apart from
 * what changes something, so that a rehearsal can show the second without doing it.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from './failure.ts';
import { PROGRAM_OUTPUT_MAX } from './limits.ts';
import { shellWord } from './shell-word.ts';

export interface Ended {
  /** Its exit code; 128 and the signal's number where one ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface ProgramOptions {
  /** Milliseconds after which it is killed: it hangs. */
  readonly timeoutMs: number;
  /** The folder that it runs in, where that matters. */
  readonly cwd?: string;
}

type Run = (argv: readonly string[], options: ProgramOptions) => Promise<Result<Ended, Failure>>;

export interface Programs {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs one that changes nothing. */
  readonly ask: Run;
  /** Runs one that changes something; a rehearsal shows it, and it has ended well. */
  readonly change: Run;
  readonly isRehearsal: boolean;
}

/** With `show` it is a rehearsal: that gets a line for each program that would be run, as it can be pasted into a shell. */
export function programsOf(env: Programs['env'], show?: (line: string) => void): Programs {
  const run: Run = (argv, options) => runProgram(argv, env, options);
  if (show === undefined) return { env, ask: run, change: run, isRehearsal: false };
  const rehearse: Run = async (argv, { cwd }) => {
    if (cwd !== undefined) show(`cd ${shellWord(cwd)}`);
    show(argv.map(shellWord).join(' '));
    return ok({ code: 0, stdout: '', stderr: '' });
  };
  return { env, ask: run, change: rehearse, isRehearsal: true };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function runProgram(
  argv: readonly string[],
  env: Programs['env'],
  { timeoutMs, cwd }: ProgramOptions,
): Promise<Result<Ended, Failure>> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const give = (result: Result<Ended, Failure>) => {
      clearTimeout(timer);
      resolve(result);
    };
    const giveUp = (failure: Failure) => {
      abandon(child);
      give(err(failure));
    };
    const timer = setTimeout(() => giveUp(hangs(argv, timeoutMs)), timeoutMs);
    const output = collect(child, () => giveUp(saysTooMuch(program)));
    child.once('error', (error) => giveUp(cannotRun(program, error)));
    child.once('close', (code, signal) =>
      give(ok({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), ...output() })),
    );
  });
}

/** What it says on both streams, up to the bound. */
function collect(child: Child, onTooMuch: () => void): () => { readonly stdout: string; readonly stderr: string } {
  const said: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  let octets = 0;
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      octets += chunk.length;
      if (octets > PROGRAM_OUTPUT_MAX) onTooMuch();
      else said[stream].push(chunk);
    });
  }
  return () => ({ stdout: Buffer.concat(said.stdout).toString(), stderr: Buffer.concat(said.stderr).toString() });
}

/** Its own children may hold its pipes: they are not waited for. */
function abandon(child: Child): void {
  child.kill('SIGKILL');
  child.stdout.destroy();
  child.stderr.destroy();
}

/** What it was asked to do: `podman container inspect`. */
const deed = ([program = '', ...args]: readonly string[]): string =>
  [nameOf(program), ...args.slice(0, 2).filter((word) => /^[a-z][a-z-]*$/.test(word))].join(' ');

const nameOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1);

const hangs = (argv: readonly string[], timeoutMs: number): Failure => ({
  kind: 'unavailable',
  message: `\`${deed(argv)}\` did not answer within ${Math.round(timeoutMs / 1_000)} seconds, and was killed. Try it by hand: ${nameOf(argv[0] ?? '')} hangs.`,
});

const saysTooMuch = (program: string): Failure => ({
  kind: 'error',
  message: `${nameOf(program)} said more than ${PROGRAM_OUTPUT_MAX} bytes, which is no answer.`,
});

const cannotRun = (program: string, error: Error): Failure => ({
  kind: 'unavailable',
  message: `${nameOf(program)} cannot be run: ${systemErrorCode(error) ?? error.message}.`,
});
