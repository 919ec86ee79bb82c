/** Makes guessing passwords slow: each failure from an address doubles how long its next sign-in has to wait. */
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

  /** How many milliseconds a sign-in from an address has to wait before it is looked at; 0 without failures. */
  delay(address: string): number {
    const count = this.#count(address);
    return count === 0 ? 0 : Math.min(SIGN_IN_DELAY.first * 2 ** (count - 1), SIGN_IN_DELAY.longest);
  }

  /** Notes a failure from an address. */
  failed(address: string): void {
    const count = this.#count(address) + 1;
    this.#failures.delete(address);
    this.#failures.set(address, { count, last: this.#now() });
    this.#forgetOldest();
  }

  /** Notes a sign-in from an address: it is no stranger's. */
  succeeded(address: string): void {
    this.#failures.delete(address);
  }

  #count(address: string): number {
    const failures = this.#failures.get(address);
    return failures === undefined || this.#now() - failures.last > SIGN_IN_MEMORY.forget ? 0 : failures.count;
  }

  #forgetOldest(): void {
    if (this.#failures.size <= SIGN_IN_MEMORY.addresses) return;
    for (const oldest of this.#failures.keys()) {
      this.#failures.delete(oldest);
      return;
    }
  }
}
