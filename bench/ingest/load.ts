// The process that makes the load, as the benchmark drives it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BATCH } from './bodies.ts';
import type { Load, LoadMessage, LoadResult } from './load-protocol.ts';
import type { ApiServer } from './server.ts';

export const CONNECTIONS = 81;

export class Loader {
  readonly #child: ChildProcess;
  /** Batches that were sent so far, to any server: the number of each makes its events its own. */
  #sent = 0;

  constructor() {
    const program = fileURLToPath(new URL('../programs/ingest-load.ts', import.meta.url));
    this.#child = fork(program, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** Sends a load and gives what came of it. An answer that is not 200 is an error: no figure would mean anything. */
  async run(
    { port, keys }: ApiServer,
    load: Omit<Load, 'port' | 'keys' | 'from' | 'connections'>,
  ): Promise<LoadResult> {
    const whole: Load = { ...load, port, keys, connections: CONNECTIONS, from: this.#sent };
    this.#sent += load.batches;
    this.#child.send(whole);
    // The program answers each load with exactly this.
    const [message] = (await once(this.#child, 'message')) as [LoadMessage];
    if ('error' in message) throw new Error(message.error);
    if (message.ok.refused > 0) throw new Error(`${message.ok.refused} batches were not taken`);
    return message.ok;
  }

  stop(): void {
    this.#child.kill();
  }
}

/** Events a second. */
export const rateOf = (batches: number, { seconds }: LoadResult): number => (batches * BATCH) / seconds;
