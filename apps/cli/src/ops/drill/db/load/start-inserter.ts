import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../../../failure.ts';
import { LOAD_PATIENCE_MS } from '../limits.ts';
import type { FromInserter, ToInserter } from './inserter.ts';
import type { Job, Tally } from './job.ts';

/** A process of the load. Its promises never reject. */
export interface Inserter {
  /** Resolves when its sessions are open. */
  readonly ready: Promise<Result<void, Failure>>;
  /** Has it begin. */
  go(): void;
  /** Resolves when its time is up. */
  readonly done: Promise<Result<Tally, Failure>>;
  kill(): void;
}

/** In the source tree the TypeScript beside this file; a built tool has it beside its main file. */
const PROGRAM = fileURLToPath(new URL(`./inserter${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));

/** Starts a process for a job on a file of SQLite. */
export function startInserter(file: string, job: Job, stop: AbortSignal): Inserter {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  const tell = (message: ToInserter): void => void child.send(message, () => undefined); // one that is gone says so by `exit`
  const ready = Promise.withResolvers<Result<void, Failure>>();
  const done = Promise.withResolvers<Result<Tally, Failure>>();
  const end = (failure: Failure): void => {
    ready.resolve(err(failure));
    done.resolve(err(failure));
    kill();
  };
  const late = setTimeout(() => end(failed('does not answer')), LOAD_PATIENCE_MS + job.seconds * 1000);
  const onStop = (): void => end({ kind: 'interrupted', message: 'Interrupted.' });
  stop.addEventListener('abort', onStop, { once: true });
  child.on('message', (message: FromInserter) => {
    if (message.kind === 'ready') ready.resolve(ok(undefined));
    if (message.kind === 'done') done.resolve(ok(message.tally));
    if (message.kind === 'failed') end(failed(`failed: ${message.message}`));
  });
  child.once('error', (error) => end(failed(`could not be started: ${error.message}`)));
  child.once('exit', (code, signal) => {
    clearTimeout(late);
    stop.removeEventListener('abort', onStop);
    end(failed(`ended by itself (${signal ?? code})`)); // no news where it has told all that it had to
  });
  if (stop.aborted) onStop();
  else tell({ kind: 'job', file, job });
  return { ready: ready.promise, go: () => tell({ kind: 'go' }), done: done.promise, kill };
}

const failed = (what: string): Failure => ({ kind: 'error', message: `A process of the load ${what}.` });
