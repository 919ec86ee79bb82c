/** How many connections each of some kind of owner has: an address, a user. */
export class Tally {
  readonly #counts = new Map<string, number>();

  /** How many `owner` has now. */
  of(owner: string): number {
    return this.#counts.get(owner) ?? 0;
  }

  /** One more; what is returned takes it back, once however often it is called. */
  add(owner: string): () => void {
    this.#counts.set(owner, this.of(owner) + 1);
    let counted = true;
    return () => {
      if (!counted) return;
      counted = false;
      const left = this.of(owner) - 1;
      if (left === 0) this.#counts.delete(owner);
      else this.#counts.set(owner, left);
    };
  }
}
