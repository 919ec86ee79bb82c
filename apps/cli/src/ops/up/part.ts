import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { systemErrorCode } from '../failure.ts';
import { LAST_WORDS_MAX, STOP_GRACE_MS } from '../limits.ts';
import { Lines } from './lines.ts';
import { readable } from './readable.ts';
import { readiness } from './readiness.ts';

/** How to start a part. */
export interface PartSpec {
  /** Stands before each line of its output. */
  readonly name: string;
  /** The file to run. */
  readonly entry: string;
  /** Flags of Node. */
  readonly flags?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** How a part's process ended. */
export interface PartExit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it said on stderr. */
  readonly lastWords: string;
}

/** One run of a part: a process group of its own. */
export interface PartRun {
  readonly pid: number | undefined;
  /** The addresses it listens on, or undefined if it ended before it was ready. */
  readonly ready: Promise<readonly string[] | undefined>;
  readonly exited: Promise<PartExit>;
  /** Asks it to stop, and kills it with everything it started if it does not; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it and everything it started now. */
  kill(): void;
}

/**
 * Starts a part as the leader of a process group, so that Ctrl-C on the terminal does not reach it: `up` stops the
 * parts in their order. If `up` itself is killed, the channel between them closes, which tells the part to stop.
 */
export function startPart(spec: PartSpec, print: (line: string) => void): PartRun {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...(spec.flags ?? []), spec.entry], {
    cwd: spec.cwd,
    env: { ...spec.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lastWords = collectOutput(child, (line) => print(`${spec.name} | ${readable(line)}`));
  const exited = new Promise<PartExit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, lastWords: error.message }));
    // `close` comes after the output's end, so that the last words are complete.
    child.once('close', (code, signal) => resolve({ code, signal, lastWords: lastWords() }));
  });
  const kill = () => signalGroup(child, 'SIGKILL');
  // Whatever the part had started must not outlive it.
  child.once('exit', kill);
  let stopped: Promise<void> | undefined;
  return {
    pid: child.pid,
    ready: readiness(child, kill),
    exited,
    kill,
    // One SIGTERM however often it is asked: a second would cut short what the first began.
    stop: () => {
      stopped ??= stop(child, exited, kill);
      return stopped;
    },
  };
}

function collectOutput(child: ChildProcess, print: (line: string) => void): () => string {
  let words = '';
  const follow = (stream: Readable | null, keep: (text: string) => void) => {
    if (stream === null) return;
    const lines = new Lines(print);
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      keep(text);
      lines.push(text);
    });
    stream.on('end', () => lines.end());
  };
  follow(child.stdout, () => undefined);
  follow(child.stderr, (text) => {
    words = (words + text).slice(-LAST_WORDS_MAX);
  });
  return () => words.trim();
}

async function stop(child: ChildProcess, exited: Promise<PartExit>, kill: () => void): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(kill, STOP_GRACE_MS);
  await exited;
  clearTimeout(timer);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the group is empty already. EPERM: macOS says so of a group that only holds zombies.
    const code = systemErrorCode(error);
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
