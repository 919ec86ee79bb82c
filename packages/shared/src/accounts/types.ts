import type { Role } from '../contract/session.ts';
import type { Result } from '../result.ts';

export interface Account {
  /** Folded to lower case; also the name of the user's mail folder. */
  readonly name: string;
  /** What the account may do in the dashboard; without one it is for mail only. */
  readonly role?: Role;
}

export type AccountErrorCode = 'invalid-name' | 'invalid-password' | 'exists' | 'not-found' | 'busy' | 'unavailable';

/** Why an account could not be made or changed; `message` is a sentence for the operator. */
export interface AccountError {
  readonly code: AccountErrorCode;
  readonly message: string;
}

export interface NewAccount {
  readonly name: string;
  readonly password: string;
  readonly role?: Role;
}

export interface Accounts {
  add(account: NewAccount): Promise<Result<Account, AccountError>>;
  /**
   * The account if the password is its own. Costs the same whether the account exists or not.
   * Rejects with `AccountsUnavailable` when the answer cannot be found out.
   */
  verify(name: string, password: string): Promise<Account | undefined>;
  /** Throws `AccountsUnavailable`. */
  find(name: string): Account | undefined;
  /** All accounts by name. Throws `AccountsUnavailable`. */
  list(): readonly Account[];
  setPassword(name: string, password: string): Promise<Result<Account, AccountError>>;
  close(): void;
}

/** The accounts cannot be asked right now: too many sign-ins wait (`busy`) or the file fails (`unavailable`). */
export class AccountsUnavailable extends Error {
  readonly code: 'busy' | 'unavailable';

  constructor(code: 'busy' | 'unavailable', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AccountsUnavailable';
    this.code = code;
  }
}

/** What tests put in place of the real thing. */
export interface AccountsDeps {
  /** Derives `length` bytes by argon2id; `node:crypto`'s by default. */
  readonly argon2?: (input: Argon2Input) => Promise<Uint8Array>;
}

export interface Argon2Input {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly length: number;
}
