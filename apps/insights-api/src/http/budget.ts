/** An amount of something that users share: each takes a part and gives it back. */
export class Budget {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the part was to be had. Nothing is taken when it was not, except that a lone user may have any part. */
  take(amount: number): boolean {
    if (this.#taken > 0 && this.#taken + amount > this.#limit) return false;
    this.#taken += amount;
    return true;
  }

  give(amount: number): void {
    this.#taken -= amount;
  }
}
