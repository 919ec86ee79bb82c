import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A program of this app, started as its own process. */
export interface Program {
  readonly child: ChildProcess;
  /** What it printed so far, both streams. */
  readonly output: () => string;
  /** Exit code and signal once it has ended. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
  /** Where it listens, once it says that it is ready. */
  readonly address: () => Promise<string>;
}

/** Starts a program (a path below this app) with an own environment; it is gone when the test is. */
export function startProgram(path: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const { PATH = '', NODE_OPTIONS = '', NODE_COMPILE_CACHE = '' } = process.env;
  const inherited = { PATH, NODE_OPTIONS, NODE_COMPILE_CACHE };
  const child = fork(file, args, { env: { ...inherited, ...env }, execArgv: [], silent: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  // A forked process emits exit with exactly these two.
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const ready = once(child, 'message');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    output: () => output,
    ended,
    address: async () => {
      const first = await Promise.race([ready, ended]);
      const message: unknown = first[0];
      const ok = typeof message === 'object' && message !== null && 'addresses' in message;
      if (!ok || !Array.isArray(message.addresses)) throw new Error(`the program did not get ready: ${output}`);
      return String(message.addresses[0]);
    },
  };
}
