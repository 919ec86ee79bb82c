/**
 * Makes guessing passwords slow, without making it slow for those who know theirs.
 *
 * Three things are counted. An *address* that fails waits longer each time, whatever accounts it tries. An *account* that
 * is failed at waits as well, from wherever it is tried: that is against guesses spread over many addresses. But an
 * address from which an account signed in well lately (a *trusted pair*) waits for neither: only failures of that very
 * pair count, so that nobody else can keep people out of their own mail. Signing in well forgives an address what that
 * pair did wrong there, and nothing more: whoever has an account of their own cannot wash away guesses at others'.
 *
 * Attempts are spaced, not only delayed: two that are made together wait one after the other, or a thousand connections
 * would get a thousand guesses for the price of one. Whoever would have to wait too long is sent away, so that what waits
 * is bounded. Failures seen while an attempt waits make it wait on.
 */
import { SIGN_IN_BURST, SIGN_IN_DELAY, SIGN_IN_MEMORY, SIGN_IN_PATIENCE } from '../limits.ts';

/** What a sign-in came to. 'unjudged': it could not be found out. */
export type Judgement = 'good' | 'bad' | 'unjudged';

/** One attempt on its way. */
export interface Turn {
  /** Milliseconds to wait now; asked again after each wait until it is 0. 'busy': too long, be gone. */
  wait(): number | 'busy';
  /** Aborted when there is nothing to wait for any more: the same account signed in well from the same address. */
  readonly released: AbortSignal;
  /** Ends it; once. Nothing where it was never looked at. */
  end(judgement?: Judgement): void;
}

/** Failures and attempts of one key. */
class Pace {
  readonly burst: number;
  failures = 0;
  last = 0;
  underWay = 0;
  /** When the attempt that came last may be looked at. */
  next = 0;

  constructor(burst: number) {
    this.burst = burst;
  }

  /** Failures that are not forgotten. */
  pressure(now: number): number {
    if (now - this.last > SIGN_IN_MEMORY.forget) this.failures = 0;
    return this.failures;
  }

  /** When an attempt that comes now may be looked at. */
  start(now: number): number {
    const failures = this.pressure(now);
    if (failures === 0 && this.underWay < this.burst) return now;
    const gap = failures === 0 ? SIGN_IN_BURST.apart : SIGN_IN_DELAY.first * 2 ** Math.min(failures - 1, 30);
    return Math.max(now, this.next) + Math.min(gap, SIGN_IN_DELAY.longest);
  }

  /** The line behind is void: who waits in it finds the failure when its time has come, and waits on. */
  fail(now: number): void {
    this.failures = this.pressure(now) + 1;
    this.last = now;
    this.next = now;
  }
}

/** So many of something by key; the one that was not used for longest gives way. */
class Recent<T> {
  readonly #entries = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  use(key: string, make: () => T): T {
    const entry = this.#entries.get(key) ?? make();
    this.set(key, entry);
    return entry;
  }

  set(key: string, entry: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const oldest = this.#entries.keys().next();
    if (this.#entries.size > SIGN_IN_MEMORY.entries && !oldest.done) this.#entries.delete(oldest.value);
  }
}

export class Throttle {
  readonly #now: () => number;
  readonly #addresses = new Recent<Pace>();
  readonly #accounts = new Recent<Pace>();
  readonly #pairs = new Recent<Pace>();
  /** When a pair last signed in well. */
  readonly #trusted = new Recent<number>();
  /** Attempts of a pair that wait. */
  readonly #waiting = new Map<string, Set<AbortController>>();

  /** @param now milliseconds on a clock that never jumps. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Begins an attempt.
   * @param address as `addressKey` has it; undefined where it says nothing of who calls.
   * @param login what the client gave as its name.
   */
  enter(address: string | undefined, login: string): Turn {
    const account = login.slice(0, LOGIN_KEY).toLowerCase();
    const key = `${address ?? ''} ${account}`;
    const pair = this.#pairs.use(key, () => new Pace(SIGN_IN_BURST.account));
    const strangers = [this.#accounts.use(account, () => new Pace(SIGN_IN_BURST.account))];
    if (address !== undefined) {
      strangers.push(this.#addresses.use(address, () => new Pace(SIGN_IN_BURST.address)));
    }
    return this.#turn(key, pair, strangers);
  }

  #turn(key: string, pair: Pace, strangers: readonly Pace[]): Turn {
    const began = this.#now();
    const waiting = new AbortController();
    const release = this.#wait(key, waiting);
    const paces = () => (this.#isTrusted(key) ? [pair] : strangers);
    const all = [pair, ...strangers];
    /** All failures that were known when this attempt got its place. */
    let known = -1;
    const wait = () => {
      const now = this.#now();
      const pressure = paces().reduce((sum, pace) => sum + pace.pressure(now), 0);
      if (pressure <= known || waiting.signal.aborted) return 0;
      known = pressure;
      const starts = paces().map((pace) => ({ pace, start: pace.start(now) }));
      const start = Math.max(...starts.map((each) => each.start));
      if (start - began > SIGN_IN_PATIENCE) return 'busy' as const;
      for (const each of starts) each.pace.next = Math.max(each.pace.next, each.start);
      return Math.max(0, start - now);
    };
    const first = wait();
    for (const pace of all) pace.underWay += 1;
    let asked = false;
    return {
      wait: () => {
        if (asked) return wait();
        asked = true;
        return first;
      },
      released: waiting.signal,
      end: (judgement) => {
        release();
        for (const pace of all) pace.underWay -= 1;
        if (judgement === 'good') this.#good(key, pair, strangers);
        else if (judgement === 'bad') for (const pace of new Set([pair, ...paces()])) pace.fail(this.#now());
      },
    };
  }

  #isTrusted(key: string): boolean {
    const since = this.#trusted.get(key);
    return since !== undefined && this.#now() - since <= SIGN_IN_MEMORY.trust;
  }

  /** The pair is trusted from now on; who waits as the same waits no longer. */
  #good(key: string, pair: Pace, strangers: readonly Pace[]): void {
    const [, address] = strangers;
    if (address !== undefined && !this.#isTrusted(key)) {
      address.failures = Math.max(0, address.failures - pair.pressure(this.#now()));
    }
    pair.failures = 0;
    this.#trusted.set(key, this.#now());
    for (const attempt of this.#waiting.get(key) ?? []) attempt.abort();
  }

  #wait(key: string, attempt: AbortController): () => void {
    const same = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, same.add(attempt));
    return () => {
      same.delete(attempt);
      if (same.size === 0 && this.#waiting.get(key) === same) this.#waiting.delete(key);
    };
  }
}

/** Characters of a name that tell accounts apart: longer than any login there can be, and no more is remembered. */
export const LOGIN_KEY = 128;

/**
 * Which addresses are one caller: IPv4 as it is, however it is written, and of IPv6 the network of 64 bits, which is what
 * a customer gets and may call from any address of.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - behind.length);
  const whole = [...groups, ...Array.from({ length: zeros }, () => '0'), ...behind];
  return `${whole
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
