import { setFlagsFromString } from 'node:v8';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/*
 * Node strips the types of a thread's program by WebAssembly. V8 shares the machine code that it makes of that between all
 * threads of the process and frees what nobody uses any more. V8 13, Node 24's, frees a piece twice when a thread asks for
 * it in the moment in which another frees it, and the process dies by SIGTRAP or SIGSEGV
 * (https://github.com/nodejs/node/issues/66366; V8 14 is mended). So where threads run TypeScript, none of that code is
 * freed: some megabytes, kept once for the process. A built program has no types, and nothing is changed for it.
 */
const LAST_V8_THAT_FREES_TWICE = 13;

/** Starts a thread. The only place that does: see above for what would crash otherwise. */
export function startThread(program: URL, options: WorkerOptions): Worker {
  const hasTypes = program.pathname.endsWith('.ts');
  // V8 looks at this flag each time that code falls out of use, so it may be set while the process runs.
  if (hasTypes && Number.parseInt(process.versions.v8, 10) <= LAST_V8_THAT_FREES_TWICE)
    setFlagsFromString('--no-wasm-code-gc');
  return new Worker(program, options);
}
