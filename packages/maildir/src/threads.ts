/** Starting threads. */
import { setFlagsFromString } from 'node:v8';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** The program of that name beside the file whose `import.meta.url` is given: TypeScript in the source tree, JavaScript where it was built. */
export const programBeside = (beside: string, name: string): URL =>
  new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside);

/**
 * Starts a thread. Node strips types by WebAssembly, whose unused machine code V8 13 may free twice when threads share it,
 * which kills the process (https://github.com/nodejs/node/issues/66366; V8 14 is mended): where a thread runs TypeScript,
 * that code is kept.
 */
export function startThread(program: URL, options: WorkerOptions): Worker {
  const keepsCode = program.pathname.endsWith('.ts') && Number.parseInt(process.versions.v8, 10) < 14;
  if (keepsCode) setFlagsFromString('--no-wasm-code-gc');
  return new Worker(program, options);
}
