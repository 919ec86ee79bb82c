/**
 * Ends the sessions of accounts that may not sign in any more: disabled, or removed. Whoever did that, a command or the
 * dashboard, is another process and need not know of this one: the accounts are looked at every second, which costs a
 * number's comparison while nobody changes them.
 *
 * A session that signs in just while its account is disabled is caught too: who was found allowed is only remembered
 * until the accounts change, so a user seen for the first time since is looked up.
 */
import type { Accounts } from '@scorpiox/shared/accounts';
import { ACCOUNTS_LOOK } from '../limits.ts';

/** A connection, and who has signed in on it. */
interface Guest {
  readonly user: string | undefined;
  /** Ends it, in good order where the client lets it. */
  end(text: string): void;
}

export interface ShutOutDeps {
  readonly accounts: Pick<Accounts, 'find' | 'changes'>;
  readonly guests: () => Iterable<Guest>;
  /** The accounts could not be asked. */
  readonly trouble: (error: unknown) => void;
}

export class ShutOut {
  readonly #deps: ShutOutDeps;
  #allowed: ReadonlySet<string> = new Set();
  #changes: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #troubled = false;

  constructor(deps: ShutOutDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => this.#tryLook(), ACCOUNTS_LOOK).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks once. Throws where the accounts cannot be asked. */
  look(): void {
    const { accounts, guests } = this.#deps;
    const changes = accounts.changes();
    const known = changes === this.#changes ? this.#allowed : new Set<string>();
    const allowed = new Set<string>();
    for (const guest of guests()) {
      const { user } = guest;
      if (user === undefined) continue;
      if (known.has(user) || allowed.has(user) || isOpen(accounts.find(user))) allowed.add(user);
      else guest.end('This account may not sign in any more.');
    }
    this.#allowed = allowed;
    this.#changes = changes;
  }

  /** Trouble is told once, until it has passed. */
  #tryLook(): void {
    try {
      this.look();
      this.#troubled = false;
    } catch (error) {
      if (!this.#troubled) this.#deps.trouble(error);
      this.#troubled = true;
    }
  }
}

const isOpen = (account: ReturnType<Accounts['find']>): boolean => account !== undefined && account.disabled !== true;
