import { err, ok, type Result } from '../result.ts';
import { Gate } from './gate.ts';
import { ARGON2, SALT_BYTES } from './limits.ts';
import { foldName } from './name.ts';
import { deriveByNode, hashPassword, matchesPassword, passwordBytes, phcString } from './password.ts';
import { RememberedPasswords } from './remembered.ts';
import { type AccountRow, AccountTable } from './table.ts';
import {
  type Account,
  type AccountError,
  type AccountErrorCode,
  type Accounts,
  type AccountsDeps,
  AccountsUnavailable,
  type NewAccount,
} from './types.ts';

/**
 * Opens the accounts in this file, which is made where it is absent (folder 0700, file 0600) and brought up to date.
 * Throws `AccountsUnavailable` where that fails. Several processes may have it open.
 */
export function openAccounts(file: string, deps: AccountsDeps = {}): Accounts {
  return new AccountFile(new AccountTable(file), deps.argon2 ?? deriveByNode);
}

/** Checked by whoever asks for an unknown name, so that the answer takes as long as for a known one. */
const NOBODY = phcString(new Uint8Array(SALT_BYTES), new Uint8Array(ARGON2.length));

const fail = (code: AccountErrorCode, message: string): Result<never, AccountError> => err({ code, message });

class AccountFile implements Accounts {
  readonly #table: AccountTable;
  readonly #derive: NonNullable<AccountsDeps['argon2']>;
  readonly #remembered = new RememberedPasswords();

  constructor(table: AccountTable, argon2: NonNullable<AccountsDeps['argon2']>) {
    const gate = new Gate();
    this.#table = table;
    this.#derive = (input) => gate.run(() => argon2(input));
  }

  async add({ name, password, role }: NewAccount): Promise<Result<Account, AccountError>> {
    const folded = foldName(name);
    if (folded === undefined) return invalidName();
    const bytes = passwordBytes(password);
    if (bytes === undefined) return invalidPassword();
    const account: Account = { name: folded, ...(role === undefined ? {} : { role }) };
    return settle(async () => {
      if (this.#table.find(folded) !== undefined) return exists(folded);
      const hash = await hashPassword(bytes, this.#derive);
      return this.#table.insert(account, hash) ? ok(account) : exists(folded);
    });
  }

  async setPassword(name: string, password: string): Promise<Result<Account, AccountError>> {
    const folded = foldName(name);
    if (folded === undefined) return invalidName();
    const bytes = passwordBytes(password);
    if (bytes === undefined) return invalidPassword();
    return settle(async () => {
      if (this.#table.find(folded) === undefined) return notFound(folded);
      const account = this.#table.setPassword(folded, await hashPassword(bytes, this.#derive));
      return account === undefined ? notFound(folded) : ok(account);
    });
  }

  async verify(name: string, password: string): Promise<Account | undefined> {
    const folded = foldName(name);
    const bytes = passwordBytes(password);
    const row = folded === undefined ? undefined : this.#table.find(folded);
    if (row === undefined || bytes === undefined) {
      await matchesPassword(bytes ?? new Uint8Array(1), NOBODY, this.#derive);
      return undefined;
    }
    return this.#verifyRow(row, bytes);
  }

  async #verifyRow(row: AccountRow, password: Uint8Array): Promise<Account | undefined> {
    const { name } = row.account;
    if (this.#remembered.has(name, row.version, password)) return row.account;
    const matches = await matchesPassword(password, row.password, this.#derive);
    // The row may have changed meanwhile: what counts is the password that is in force now.
    const now = this.#table.find(name);
    if (now === undefined) return undefined;
    if (now.version !== row.version) return this.#verifyRow(now, password);
    if (!matches) return undefined;
    this.#remembered.remember(name, row.version, password);
    return row.account;
  }

  find(name: string): Account | undefined {
    const folded = foldName(name);
    return folded === undefined ? undefined : this.#table.find(folded)?.account;
  }

  list(): readonly Account[] {
    return this.#table.list();
  }

  close(): void {
    this.#table.close();
  }
}

/** Turns "cannot be asked" into its error. */
async function settle<T>(work: () => Promise<Result<T, AccountError>>): Promise<Result<T, AccountError>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AccountsUnavailable) return fail(error.code, error.message);
    throw error;
  }
}

const invalidName = () =>
  fail('invalid-name', 'A name is 1 to 64 of a-z, 0-9 and . _ @ + -, and does not start with a dot.');
const invalidPassword = () =>
  fail('invalid-password', 'A password has at least 1 character, at most 1024 bytes, and no NUL.');
const exists = (name: string) => fail('exists', `There is an account ${name} already.`);
const notFound = (name: string) => fail('not-found', `There is no account ${name}.`);
