import { MAX_DERIVATIONS, MAX_WAITING } from './limits.ts';
import { AccountsUnavailable } from './types.ts';

/** Lets a bounded number of expensive works run at once; the next ones wait in line, and past a bound are refused. */
export class Gate {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** Rejects with `AccountsUnavailable` (`busy`) when the line is full. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MAX_DERIVATIONS) await this.#wait();
    else this.#running++;
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line, so that nobody can slip in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new AccountsUnavailable('busy', 'Too many sign-ins at once; try again in a moment.'));
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
