/** An amount of something that users share: each takes parts as it needs them and gives all back at once. */
export class Budget {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is taken now, by all. */
  get taken(): number {
    return this.#taken;
  }

  /** A user's share, empty at first. */
  lease(): Lease {
    let held = 0;
    return {
      take: (amount) => {
        if (this.#taken + amount > this.#limit) return false;
        this.#taken += amount;
        held += amount;
        return true;
      },
      release: () => {
        this.#taken -= held;
        held = 0;
      },
    };
  }
}

/** What one user holds of a budget. */
export interface Lease {
  /** Whether so much more was to be had; nothing is taken when it was not. */
  take(amount: number): boolean;
  /** Gives everything back. */
  release(): void;
}
