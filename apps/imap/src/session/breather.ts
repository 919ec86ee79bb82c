/** Lets other sessions run: a handler that has worked for a slice waits for the event loop to come round. */
import { SLICE } from '../limits.ts';

export class Breather {
  readonly #now: () => number;
  #since: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  async breathe(): Promise<void> {
    if (this.#now() - this.#since < SLICE) return;
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.#since = this.#now();
  }

  /** A new piece of work begins. */
  start(): void {
    this.#since = this.#now();
  }
}
