import { LINK_EVERY_MS } from '../limits.ts';
import { type Store, StoreUnavailable } from '../store/port.ts';

export interface LinkingDeps {
  readonly store: Pick<Store, 'linkCalls'>;
  /** Waits; ends at once when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told what an operator should know, as a sentence. */
  readonly warn: (message: string) => void;
}

/** Has calls between applications put together every few seconds (../rollup/overview/linker.ts). */
export class CallLinking {
  readonly #deps: LinkingDeps;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(deps: LinkingDeps) {
    this.#deps = deps;
  }

  /** Goes on until it is stopped. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let failing = false;
    while (!signal.aborted) {
      try {
        while (!signal.aborted && (await this.#deps.store.linkCalls()) > 0);
        failing = false;
      } catch (error) {
        // A database that is away is told of once: the next round goes on where this one ended.
        if (!failing) this.#warn(error);
        failing = true;
      }
      await this.#deps.pause(LINK_EVERY_MS, signal);
    }
  }

  #warn(error: unknown): void {
    const reason = error instanceof StoreUnavailable || error instanceof Error ? error.message : String(error);
    this.#deps.warn(`Calls between applications are not put together for the map; it is tried again: ${reason}`);
  }
}
