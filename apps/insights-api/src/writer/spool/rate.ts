import { RATE_MS } from '../../limits.ts';

/** How much went by within the last minute. */
export class Rate {
  readonly #now: () => number;
  #passed: { readonly at: number; readonly amount: number }[] = [];

  /** `now`: milliseconds since some moment. */
  constructor(now: () => number) {
    this.#now = now;
  }

  add(amount: number): void {
    this.#forget();
    this.#passed.push({ at: this.#now(), amount });
  }

  perSecond(): number {
    this.#forget();
    return this.#passed.reduce((sum, { amount }) => sum + amount, 0) / (RATE_MS / 1000);
  }

  #forget(): void {
    const since = this.#now() - RATE_MS;
    this.#passed = this.#passed.filter(({ at }) => at > since);
  }
}
