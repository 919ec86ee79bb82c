import { randomBytes } from 'node:crypto';
import { ok, type Result } from '../result.ts';
import { appPasswordHash, makeAppPassword } from './app-password.ts';
import type { AppPasswordTable } from './app-password-table.ts';
import { invalidLabel, invalidName, labelExists, noAppPassword, notFound, settle, tooMany } from './failures.ts';
import { APP_SCRAM_ITERATIONS, MAX_APP_PASSWORDS, SALT_BYTES } from './limits.ts';
import { foldLabel, foldName, loginOf } from './name.ts';
import { deriveScramKeys, scramText } from './scram.ts';
import type { AccountTable } from './table.ts';
import type { AccountError, AppPassword, NewAppPassword } from './types.ts';

/** Making, listing and taking back app passwords. */
export class AppPasswords {
  readonly #accounts: AccountTable;
  readonly #table: AppPasswordTable;
  readonly #now: () => number;

  constructor(accounts: AccountTable, table: AppPasswordTable, now: () => number) {
    this.#accounts = accounts;
    this.#table = table;
    this.#now = now;
  }

  add(name: string, label: string): Promise<Result<NewAppPassword, AccountError>> {
    return settle(async () => {
      const named = this.#named(name, label);
      if (!named.ok) return named;
      const { account, folded } = named.value;
      const login = loginOf(account, folded);
      const others = this.#table.list(account);
      if (others.some((other) => other.name === folded)) return labelExists(login);
      if (others.length >= MAX_APP_PASSWORDS) return tooMany(account);
      const [password, created] = [makeAppPassword(), this.#now()];
      const keys = await deriveScramKeys(password, randomBytes(SALT_BYTES), APP_SCRAM_ITERATIONS);
      const row = { account, name: folded, hash: appPasswordHash(password), scram: scramText(keys), created };
      return this.#table.insert(row) ? ok({ name: folded, login, created, password }) : labelExists(login);
    });
  }

  list(name: string): Promise<Result<readonly AppPassword[], AccountError>> {
    return settle(async () => {
      const account = this.#account(name);
      return account.ok ? ok(this.#table.list(account.value)) : account;
    });
  }

  remove(name: string, label: string): Promise<Result<AppPassword, AccountError>> {
    return settle(async () => {
      const named = this.#named(name, label);
      if (!named.ok) return named;
      const { account, folded } = named.value;
      const removed = this.#table.remove(account, folded);
      return removed === undefined ? noAppPassword(loginOf(account, folded)) : ok(removed);
    });
  }

  #account(name: string): Result<string, AccountError> {
    const account = foldName(name);
    if (account === undefined) return invalidName();
    return this.#accounts.find(account) === undefined ? notFound(account) : ok(account);
  }

  #named(name: string, label: string): Result<{ account: string; folded: string }, AccountError> {
    const account = this.#account(name);
    if (!account.ok) return account;
    const folded = foldLabel(label);
    return folded === undefined ? invalidLabel() : ok({ account: account.value, folded });
  }
}
