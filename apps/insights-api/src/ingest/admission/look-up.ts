/*
 * What the database said of a name, remembered for a moment
 *
 * Every batch asks whose its keys are. Asked of the database each time, a slow or absent database would hold up every
 * sender, whose events could be taken all the same. So an answer is given again while it is fresh; when it is not, it is
 * given once more while the database is asked behind the sender's back; and when it is old, the sender waits for the
 * database, unless that cannot answer: then the old answer stands.
 *
 * So a key that is revoked stops within `fresh` milliseconds and a batch, or at once where it was not used for `old`
 * milliseconds; while the database is away it goes on, since nobody can know. What is not there is remembered as well,
 * for `fresh` milliseconds, or anybody could have the database asked at will.
 */

interface Known<V> {
  readonly value: V;
  /** When the database said so, milliseconds. */
  readonly saidAt: number;
}

export interface LookUpTimes {
  /** Milliseconds. */
  readonly fresh: number;
  readonly old: number;
  /** Names without a value that are remembered: anybody can make them up. */
  readonly absent: number;
}

export class LookUp<V> {
  readonly #ask: (name: string) => Promise<V | undefined>;
  readonly #times: LookUpTimes;
  readonly #now: () => number;
  /** Bounded by what the database holds. */
  readonly #known = new Map<string, Known<V>>();
  readonly #absent = new Map<string, number>();
  readonly #asking = new Map<string, Promise<V | undefined>>();
  /** When asking last failed, by name. */
  readonly #failedAt = new Map<string, number>();

  /** @param now milliseconds on a clock that never jumps. */
  constructor(ask: (name: string) => Promise<V | undefined>, times: LookUpTimes, now: () => number) {
    this.#ask = ask;
    this.#times = times;
    this.#now = now;
  }

  /** The value of a name. Rejects as the database does, where nothing is known of the name. */
  async find(name: string): Promise<V | undefined> {
    const known = this.#known.get(name);
    if (known === undefined) return this.#isAbsent(name) ? undefined : this.#askOnce(name);
    const age = this.#now() - known.saidAt;
    if (age < this.#times.fresh || this.#hasJustFailed(name)) return known.value;
    // What fails is noted by `#askOnce`, and what is known stands.
    const asked = this.#askOnce(name).catch(() => known.value);
    return age < this.#times.old ? known.value : asked;
  }

  /** Forgets a name that something was just changed about. */
  forget(name: string): void {
    this.#known.delete(name);
    this.#absent.delete(name);
  }

  #isAbsent(name: string): boolean {
    const saidAt = this.#absent.get(name);
    return saidAt !== undefined && this.#now() - saidAt < this.#times.fresh;
  }

  #hasJustFailed(name: string): boolean {
    const failedAt = this.#failedAt.get(name);
    return failedAt !== undefined && this.#now() - failedAt < this.#times.fresh;
  }

  #askOnce(name: string): Promise<V | undefined> {
    const under = this.#asking.get(name);
    if (under !== undefined) return under;
    const asking = this.#askNow(name).finally(() => this.#asking.delete(name));
    this.#asking.set(name, asking);
    return asking;
  }

  async #askNow(name: string): Promise<V | undefined> {
    try {
      const value = await this.#ask(name);
      this.#failedAt.delete(name);
      this.#note(name, value);
      return value;
    } catch (error) {
      if (this.#known.has(name)) this.#failedAt.set(name, this.#now());
      throw error;
    }
  }

  #note(name: string, value: V | undefined): void {
    this.forget(name);
    if (value !== undefined) {
      this.#known.set(name, { value, saidAt: this.#now() });
      return;
    }
    this.#absent.set(name, this.#now());
    const [oldest] = this.#absent.keys();
    if (this.#absent.size > this.#times.absent && oldest !== undefined) this.#absent.delete(oldest);
  }
}
