/** Something that is done again and again until it is stopped; what is under way then is waited for. */
export class Rounds {
  readonly #round: (signal: AbortSignal) => Promise<void>;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  /** @param round one round and the pause after it, which ends at once when the signal is aborted. It rejects never. */
  constructor(round: (signal: AbortSignal) => Promise<void>) {
    this.#round = round;
  }

  /** Aborted once it is stopped. */
  get signal(): AbortSignal {
    return this.#stop.signal;
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
    while (!this.signal.aborted) await this.#round(this.signal);
  }
}
