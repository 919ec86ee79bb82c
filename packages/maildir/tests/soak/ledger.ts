/** What the oracle knows from the actors' journals: how many copies of each message there should be, and what UIDs name. */
import type { Entry } from './actors/talk.ts';

interface Account {
  least: number;
  most: number;
  readonly why: string[];
}

/** Entries of a message's account that are shown when it does not hold. */
const SHOWN = 12;

export class Ledger {
  readonly wrong: string[] = [];
  /** What was done how often. */
  readonly tally = new Map<string, number>();
  readonly #accounts = new Map<string, Account>();
  readonly #named = new Map<string, string>();

  enter(entry: Entry): void {
    if ('wrong' in entry) this.wrong.push(entry.wrong);
    else if ('seen' in entry) this.saw(...entry.seen);
    else if ('count' in entry) this.#count(entry.count, entry.by, entry.why);
    else
      for (const [what, times] of Object.entries(entry.done)) this.tally.set(what, (this.tally.get(what) ?? 0) + times);
  }

  /** A UID names one message for as long as UIDVALIDITY stays. */
  saw(box: string, uidValidity: number, uid: number, identity: string): void {
    const key = `UID ${uid} of ${box} (${uidValidity})`;
    const before = this.#named.get(key);
    if (before !== undefined && before !== identity) this.wrong.push(`${key} named ${before} and names ${identity}`);
    this.#named.set(key, identity);
  }

  #count(identity: string, [least, most]: readonly [number, number], why: string): void {
    const account = this.#accounts.get(identity) ?? { least: 0, most: 0, why: [] };
    this.#accounts.set(identity, account);
    account.least += least;
    account.most += most;
    account.why.push(`${why} (${least} to ${most})`);
  }

  /** Compares with what is on disk; what was uncertain is known afterwards. */
  audit(copies: ReadonlyMap<string, number>): void {
    for (const identity of copies.keys()) {
      if (!this.#accounts.has(identity)) this.wrong.push(`nobody delivered ${identity}`);
    }
    for (const [identity, account] of this.#accounts) {
      const found = copies.get(identity) ?? 0;
      if (found < account.least || found > account.most) {
        const should = account.least === account.most ? account.least : `${account.least} to ${account.most}`;
        this.wrong.push(
          `${identity} is there ${found} times, should be ${should}: ${account.why.slice(-SHOWN).join(', ')}`,
        );
      }
      account.least = found;
      account.most = found;
    }
  }
}
