import type { Role } from '../contract/session.ts';
import type { Result } from '../result.ts';

export interface Account {
  /** Folded to lower case; also the name of the user's mail folder. */
  readonly name: string;
  /** What the account may do in the dashboard; without one it is for mail only. */
  readonly role?: Role;
  /** Nobody signs in as it: not to mail, by no app password, not to the dashboard. Mail for it still arrives. */
  readonly disabled?: true;
  /** It was taken over from another system without a password that could be checked, and has got none since. */
  readonly passwordless?: true;
}

export type AccountErrorCode =
  | 'invalid-name'
  | 'invalid-password'
  | 'exists'
  | 'not-found'
  | 'too-many'
  | 'no-app-password'
  | 'busy'
  | 'unavailable';

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

/** A password as another system kept it. */
export type AdoptedPassword =
  /** What it is: then it is kept as our own. */
  | { readonly kind: 'plain'; readonly password: string }
  /** What can be checked until somebody signs in with it, as it is kept; and SCRAM's keys, where they are known. */
  | { readonly kind: 'kept'; readonly text: string; readonly scram?: string }
  /** Nothing that could be checked: nobody signs in before the account gets a password. */
  | { readonly kind: 'none' };

export interface AdoptedAccount {
  readonly name: string;
  readonly disabled: boolean;
  readonly password: AdoptedPassword;
}

/** A password of one mail program or device, which does not open the dashboard and can be taken back by itself. */
export interface AppPassword {
  /** Its name within the account. */
  readonly name: string;
  /** `alice/phone`: the user name under which a program that signs in by SCRAM names it; others may use `alice`. */
  readonly login: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** An app password as it is made; it is shown this once. */
export interface NewAppPassword extends AppPassword {
  readonly password: string;
}

/** Who has signed in to mail. */
export interface SignedIn extends Account {
  /** The name of the app password that was used. */
  readonly appPassword?: string;
}

/** The server's side of a SCRAM-SHA-256 exchange with one login (RFC 5802 §3). */
export interface ScramLogin {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
  /**
   * Who the login is, asked after the proof was found good: undefined where the keys were made up, because there is no
   * such login, and where the password has changed meanwhile. Throws `AccountsUnavailable`.
   */
  confirm(): SignedIn | undefined;
}

/** All that is kept of an account, as text: for whoever removes one and may want it back. It holds hashes: keep it secret. */
export interface AccountRecord {
  readonly name: string;
  readonly role: Role | null;
  readonly disabled: boolean;
  /** PHC string. */
  readonly password: string;
  /** SCRAM's keys; null where there are none yet. */
  readonly scram: string | null;
  /** Another one after every change. */
  readonly version: string;
  readonly appPasswords: readonly {
    readonly name: string;
    /** Base64. */
    readonly hash: string;
    readonly scram: string;
    readonly created: number;
  }[];
}

export interface Accounts {
  add(account: NewAccount): Promise<Result<Account, AccountError>>;
  /** Adds an account that comes from another system. */
  adopt(account: AdoptedAccount): Promise<Result<Account, AccountError>>;
  /**
   * The account if the password is its own (an app password is not). Costs the same whether the account exists or not.
   * Rejects with `AccountsUnavailable` when the answer cannot be found out.
   */
  verify(name: string, password: string): Promise<Account | undefined>;
  /**
   * The same for mail: `name` may be `alice` with her own password or any of her app passwords, or `alice/phone` with
   * that one.
   */
  verifyLogin(name: string, password: string): Promise<SignedIn | undefined>;
  /** What SCRAM needs, for every name: a stranger cannot tell those that exist. Throws `AccountsUnavailable`. */
  scram(name: string): ScramLogin;
  /** Throws `AccountsUnavailable`. */
  find(name: string): Account | undefined;
  /** All accounts by name. Throws `AccountsUnavailable`. */
  list(): readonly Account[];
  /** All that is kept of an account. Throws `AccountsUnavailable`. */
  record(name: string): AccountRecord | undefined;
  /** Removes an account with its app passwords; `not-found` where it has changed since `version`, or is gone. */
  remove(name: string, version: string): Promise<Result<void, AccountError>>;
  /** Puts an account back as it was; `exists` where there is one of its name by now. */
  restore(record: AccountRecord): Promise<Result<void, AccountError>>;
  /** The account's app passwords stay as they are. */
  setPassword(name: string, password: string): Promise<Result<Account, AccountError>>;
  /**
   * What the account may do in the dashboard from now on; undefined: nothing, it is for mail only. Sessions that are open
   * are not ended here.
   */
  setRole(name: string, role: Role | undefined): Promise<Result<Account, AccountError>>;
  /** Whether nobody signs in as it from now on. Its password and app passwords stay, for when it is enabled again. */
  setDisabled(name: string, disabled: boolean): Promise<Result<Account, AccountError>>;
  /**
   * A number that is another one after anybody else has changed the accounts: costs next to nothing, for whoever has to
   * notice soon. Throws `AccountsUnavailable`.
   */
  changes(): number;
  /** Makes an app password called `label`. */
  addAppPassword(name: string, label: string): Promise<Result<NewAppPassword, AccountError>>;
  /** The account's app passwords by name. */
  appPasswords(name: string): Promise<Result<readonly AppPassword[], AccountError>>;
  /** Takes an app password back: it opens nothing any more. */
  removeAppPassword(name: string, label: string): Promise<Result<AppPassword, AccountError>>;
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
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
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
