/** Makes guessing passwords slow: each failure from an address doubles how long the next refusal takes. */
import { SIGN_IN_DELAY, SIGN_IN_MEMORY } from '../limits.ts';

interface Failures {
  readonly count: number;
  readonly last: number;
}

export class Throttle {
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  /** @param now milliseconds on any clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes a failure from an address; the answer is how many milliseconds to wait before saying so. */
  failed(address: string): number {
    const before = this.#failures.get(address);
    const count = before === undefined || this.#now() - before.last > SIGN_IN_MEMORY.forget ? 1 : before.count + 1;
    this.#failures.delete(address);
    this.#failures.set(address, { count, last: this.#now() });
    this.#forgetOldest();
    return Math.min(SIGN_IN_DELAY.first * 2 ** (count - 1), SIGN_IN_DELAY.longest);
  }

  /** Notes a sign-in from an address: it is no stranger's. */
  succeeded(address: string): void {
    this.#failures.delete(address);
  }

  #forgetOldest(): void {
    if (this.#failures.size <= SIGN_IN_MEMORY.addresses) return;
    for (const oldest of this.#failures.keys()) {
      this.#failures.delete(oldest);
      return;
    }
  }
}
