/**
 * The newest N of what keeps coming. Pushing costs the same however many are kept, and nothing is moved: the oldest
 * place is written over.
 */
export class Ring<T> {
  readonly #places: T[] = [];
  readonly #limit: number;
  #next = 0;
  #pushed = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(item: T): void {
    this.#places[this.#next] = item;
    this.#next = (this.#next + 1) % this.#limit;
    this.#pushed += 1;
  }

  /** How many have been written over. */
  get overwritten(): number {
    return this.#pushed - this.#places.length;
  }

  /** How many were ever pushed: the number of the next. */
  get pushed(): number {
    return this.#pushed;
  }

  get newest(): T | undefined {
    return this.#places[(this.#next - 1 + this.#limit) % this.#limit];
  }

  /** All that is kept, the newest first. */
  toArray(): T[] {
    return [...this.#places.slice(this.#next), ...this.#places.slice(0, this.#next)].reverse();
  }

  /** Writes over the newest, where there is one. */
  replaceNewest(item: T): void {
    if (this.#places.length > 0) this.#places[(this.#next - 1 + this.#limit) % this.#limit] = item;
  }

  clear(): void {
    this.#places.length = 0;
    this.#next = 0;
    this.#pushed = 0;
  }
}
