/**
 * Deliveries that are under way. A store that closes ends those whose content has not come to its end yet, since nobody
 * knows when it will, and waits for the others: they are answered as ever.
 */
import { storeClosed } from '../errors.ts';

export class Underway {
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /** Runs `work`, which ends early where the signal aborts and it still waits for something from outside. */
  async run<T>(work: (closing: AbortSignal) => Promise<T>): Promise<T> {
    this.#closing.signal.throwIfAborted();
    const running = work(this.#closing.signal);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Resolves when nothing runs any more; whatever comes later fails with `unavailable`. */
  async close(): Promise<void> {
    this.#closing.abort(storeClosed());
    await Promise.allSettled(this.#running); // each failure is its caller's
  }
}
