/** How many failures a key (an address, an account) may have within a while. */
export interface ThrottleLimits {
  readonly failures: number;
  readonly windowMs: number;
  /** Keys remembered; the oldest are forgotten first. */
  readonly remembered: number;
}

interface Failures {
  failures: number;
  readonly since: number;
}

/** Counts failures by key in fixed windows and tells when a key has had too many. */
export class Throttle {
  readonly #limits: ThrottleLimits;
  readonly #now: () => number;
  readonly #records = new Map<string, Failures>();

  constructor(limits: ThrottleLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Milliseconds until this key may try again; 0 when it may now. */
  waitFor(key: string): number {
    const record = this.#current(key);
    if (record === undefined || record.failures < this.#limits.failures) return 0;
    return record.since + this.#limits.windowMs - this.#now();
  }

  fail(key: string): void {
    const record = this.#current(key);
    if (record !== undefined) {
      record.failures += 1;
      return;
    }
    // Deleting first moves a key that comes back to the end of the map's order.
    this.#records.delete(key);
    this.#records.set(key, { failures: 1, since: this.#now() });
    const [oldest] = this.#records.keys();
    if (this.#records.size > this.#limits.remembered && oldest !== undefined) this.#records.delete(oldest);
  }

  /** Takes one failure back. */
  undo(key: string): void {
    const record = this.#current(key);
    if (record !== undefined) record.failures -= 1;
  }

  /** Forgets a key's failures. */
  clear(key: string): void {
    this.#records.delete(key);
  }

  #current(key: string): Failures | undefined {
    const record = this.#records.get(key);
    return record !== undefined && this.#now() < record.since + this.#limits.windowMs ? record : undefined;
  }
}
