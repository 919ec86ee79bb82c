/**
 * Keeps one part running: starts it, and starts it again when it dies.
 *
 * Before a part was ever ready its end is taken as news about the installation: a port in use (69), a bad
 * configuration (64) or certificates that cannot be read (78) will not mend themselves, so the keeper gives up with
 * that, and after a few unexplained deaths as well. Once it was ready, the installation was good, so from then on
 * every death is followed by another start, for as long as it takes, with growing pauses.
 *
 * The hazard is the moment between two runs: `stop` during a pause must end the pause and start nothing, and a run
 * that was started while `stop` was called must be stopped too. So `stop` sets the flag first, and every path
 * that could start a run looks at the flag after its last await.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import type { Failure } from '../failure.ts';
import { FIRST_START_ATTEMPTS } from '../limits.ts';
import { pauseBeforeRestart } from './back-off.ts';
import { type PartExit, type PartRun, type PartSpec, startPart } from './part.ts';

const EX_USAGE = 64;
const EX_UNAVAILABLE = 69;
const EX_CONFIG = 78;

/** A part that ends with one of these has said why, and would say the same again. */
const EXPLAINED: ReadonlySet<number | null> = new Set([EX_USAGE, EX_UNAVAILABLE, EX_CONFIG]);

export class Keeper {
  readonly #spec: PartSpec;
  readonly #print: (line: string) => void;
  readonly #stopping = new AbortController();
  readonly #started = Promise.withResolvers<Result<readonly string[], Failure>>();
  #run: PartRun | undefined;
  #finished: Promise<void>;
  #wasReady = false;

  /** Starts the part at once. */
  constructor(spec: PartSpec, print: (line: string) => void) {
    this.#spec = spec;
    this.#print = print;
    this.#finished = this.#keep();
  }

  /** The addresses the part listened on when it was first ready, or why it never was. */
  get started(): Promise<Result<readonly string[], Failure>> {
    return this.#started.promise;
  }

  /** Stops the part for good; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#run?.stop();
    await this.#finished;
  }

  /** Ends it now, without grace. */
  kill(): void {
    this.#stopping.abort();
    this.#run?.kill();
  }

  async #keep(): Promise<void> {
    let wait: number | undefined;
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt++) {
      const begin = performance.now();
      const exit = await this.#runOnce();
      if (this.#stopping.signal.aborted || this.#giveUp(exit, attempt)) break;
      wait = pauseBeforeRestart(wait, performance.now() - begin);
      this.#print(`${this.#spec.name} ended (${describe(exit)}); starting it again in ${wait / 1000} s.`);
      await pause(wait, undefined, { signal: this.#stopping.signal }).catch(() => undefined); // aborted: the loop ends
    }
    this.#started.resolve(err({ kind: 'interrupted', message: `${this.#spec.name} was stopped before it was ready.` }));
  }

  async #runOnce(): Promise<PartExit> {
    const run = startPart(this.#spec, this.#print);
    this.#run = run;
    const addresses = await run.ready;
    if (addresses !== undefined) {
      if (this.#wasReady) this.#print(`${this.#spec.name} is back.`);
      this.#wasReady = true;
      this.#started.resolve(ok(addresses));
    }
    return run.exited;
  }

  #giveUp(exit: PartExit, attempt: number): boolean {
    if (this.#wasReady) return false;
    if (!EXPLAINED.has(exit.code) && attempt < FIRST_START_ATTEMPTS) return false;
    const kind = exit.code === EX_USAGE ? 'usage' : 'unavailable';
    const reason = exit.lastWords === '' ? describe(exit) : 'it says why above';
    this.#started.resolve(err({ kind, message: `${this.#spec.name} does not start: ${reason}.` }));
    return true;
  }
}

function describe({ code, signal, lastWords }: PartExit): string {
  if (signal !== null) return `killed by ${signal}`;
  return code === null ? lastWords : `exit code ${code}`;
}
