import { AsyncLocalStorage } from 'node:async_hooks';

/** Lets one at a time in, in the order in which they came. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  readonly #inside = new AsyncLocalStorage<true>();

  /** Rejects with a TypeError where it is asked for within a turn: that would wait for itself for ever. */
  take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside.getStore() === true) {
      return Promise.reject(new TypeError('Within a transaction only the run that it gives may be used.'));
    }
    const turn = this.#last.then(() => this.#inside.run(true, work));
    this.#last = turn.catch(() => undefined); // whoever asked is told; the next one need not be
    return turn;
  }
}
