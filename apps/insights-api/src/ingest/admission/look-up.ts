import { StoreUnavailable } from '../../store/port.ts';

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
 *
 * Whoever waits here holds a place that others wait for, so nobody waits for long: a database that has failed, or has
 * said nothing for `patience` milliseconds, is away, and nobody else waits for it in the next `fresh` milliseconds. Else
 * a few senders with keys that were revoked would hold up all others for as long as a silent server can be waited for.
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
  readonly patience: number;
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
  /** The last that was seen of the database, where that was a failure. */
  #away: { readonly error: unknown; readonly at: number } | undefined;

  /** @param now milliseconds on a clock that never jumps. */
  constructor(ask: (name: string) => Promise<V | undefined>, times: LookUpTimes, now: () => number) {
    this.#ask = ask;
    this.#times = times;
    this.#now = now;
  }

  /** The value of a name. Rejects as the database does, or with `StoreUnavailable`, where nothing is known of the name. */
  async find(name: string): Promise<V | undefined> {
    const known = this.#known.get(name);
    if (known === undefined) return this.#isAbsent(name) ? undefined : this.#askUnlessAway(name);
    const age = this.#now() - known.saidAt;
    if (age < this.#times.fresh || this.#isAway()) return known.value;
    // What fails is noted, and what is known stands.
    const asked = this.#askPatiently(name).catch(() => known.value);
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

  #isAway(): boolean {
    return this.#away !== undefined && this.#now() - this.#away.at < this.#times.fresh;
  }

  async #askUnlessAway(name: string): Promise<V | undefined> {
    if (this.#isAway()) throw this.#away?.error;
    return this.#askPatiently(name);
  }

  /** The question goes on when nobody waits for its answer any more: that is known then. */
  async #askPatiently(name: string): Promise<V | undefined> {
    const { promise: silence, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const error = new StoreUnavailable('The database does not answer.');
      this.#noteAway(error);
      reject(error);
    }, this.#times.patience);
    try {
      return await Promise.race([this.#askOnce(name), silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  #noteAway(error: unknown): void {
    this.#away = { error, at: this.#now() };
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
      this.#away = undefined;
      this.#note(name, value);
      return value;
    } catch (error) {
      this.#noteAway(error);
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
