/**
 * Gives the terminal to another program until that ends.
 *
 * While it has the terminal, keys are its own. What the system or another process wants (TERM, HUP) is passed on to it. When it
 * stops itself (tmux does at its prefix and ctrl-z), whoever started us would wait on: so all of us stop, and go on together.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { HandOverOptions } from './io.ts';

/** Its exit code; 128 and the signal's number where one ended it, 127 where it cannot be started. */
export function handOver([program = '', ...args]: readonly string[], { env, cwd }: HandOverOptions): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, cwd, stdio: 'inherit' });
    const letGo = listen(child);
    const end = (code: number) => {
      letGo();
      resolve(code);
    };
    child.once('error', () => end(127));
    child.once('exit', (code, signal) => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

function listen(child: ChildProcess): () => void {
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  const ignore = () => undefined; // it got the same from the terminal
  const stopToo = () => {
    if (hasStopped(child.pid)) process.kill(0, 'SIGTSTP');
  };
  const listeners = { SIGTERM: passOn, SIGHUP: passOn, SIGINT: ignore, SIGCHLD: stopToo } as const;
  for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of Object.entries(listeners)) process.off(signal, listener);
  };
}

/** By proc_pid_stat(5); where there is no /proc, nobody knows. */
function hasStopped(pid: number | undefined): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') T ');
  } catch {
    return false;
  }
}
