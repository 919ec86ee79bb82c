import { randomBytes } from 'node:crypto';
import { ok, type Result } from '../result.ts';
import { appPasswordHash } from './app-password.ts';
import { AppPasswordTable } from './app-password-table.ts';
import { AppPasswords } from './app-passwords.ts';
import { exists, invalidName, invalidPassword, notFound, settle } from './failures.ts';
import { AccountsFile } from './file.ts';
import { isForeign, matchesForeign, NO_PASSWORD } from './foreign/matches.ts';
import { Gate } from './gate.ts';
import { APP_SCRAM_ITERATIONS, ARGON2, SALT_BYTES, SCRAM_ITERATIONS } from './limits.ts';
import { foldName, type Login, parseLogin } from './name.ts';
import { deriveByNode, hashPassword, matchesPassword, passwordBytes, phcString } from './password.ts';
import { AccountRecords } from './records.ts';
import { RememberedPasswords } from './remembered.ts';
import { deriveScramKeys, madeUpKeys, parseScram, scramText } from './scram.ts';
import { type AccountRow, AccountTable, type StoredPassword } from './table.ts';
import {
  type Account,
  type AccountError,
  type AccountRecord,
  type Accounts,
  type AccountsDeps,
  AccountsUnavailable,
  type AdoptedAccount,
  type AdoptedPassword,
  type AppPassword,
  type NewAccount,
  type NewAppPassword,
  type ScramLogin,
  type SignedIn,
} from './types.ts';

/**
 * Opens the accounts in this file, which is made where it is absent (folder 0700, file 0600) and brought up to date.
 * Throws `AccountsUnavailable` where that fails. Several processes may have it open.
 */
export function openAccounts(file: string, deps: AccountsDeps = {}): Accounts {
  return new OpenAccounts(new AccountsFile(file), deps);
}

/** Checked by whoever asks for an unknown name, so that the answer takes as long as for a known one. */
const NOBODY = phcString(new Uint8Array(SALT_BYTES), new Uint8Array(ARGON2.length));

class OpenAccounts implements Accounts {
  readonly #file: AccountsFile;
  readonly #table: AccountTable;
  readonly #records: AccountRecords;
  readonly #appTable: AppPasswordTable;
  readonly #appPasswords: AppPasswords;
  readonly #gate = new Gate();
  readonly #derive: NonNullable<AccountsDeps['argon2']>;
  readonly #remembered = new RememberedPasswords();
  readonly #secret: Uint8Array;

  constructor(file: AccountsFile, { argon2 = deriveByNode, now = Date.now }: AccountsDeps) {
    this.#file = file;
    this.#table = new AccountTable(file);
    this.#records = new AccountRecords(file);
    this.#appTable = new AppPasswordTable(file);
    this.#appPasswords = new AppPasswords(this.#table, this.#appTable, now);
    this.#derive = (input) => this.#gate.run(() => argon2(input));
    this.#secret = this.#table.secret();
  }

  async add({ name, password, role }: NewAccount): Promise<Result<Account, AccountError>> {
    const folded = foldName(name);
    if (folded === undefined) return invalidName();
    const bytes = passwordBytes(password);
    if (bytes === undefined) return invalidPassword();
    const account: Account = { name: folded, ...(role === undefined ? {} : { role }) };
    return settle(async () => {
      if (this.#table.find(folded) !== undefined) return exists(folded);
      return this.#table.insert(account, await this.#store(password, bytes)) ? ok(account) : exists(folded);
    });
  }

  async adopt({ name, disabled, password }: AdoptedAccount): Promise<Result<Account, AccountError>> {
    const folded = foldName(name);
    if (folded === undefined) return invalidName();
    const bytes = password.kind === 'plain' ? passwordBytes(password.password) : undefined;
    if (password.kind === 'plain' && bytes === undefined) return invalidPassword();
    const account: Account = {
      name: folded,
      ...(disabled ? { disabled: true } : {}),
      ...(password.kind === 'none' ? { passwordless: true } : {}),
    };
    return settle(async () => {
      if (this.#table.find(folded) !== undefined) return exists(folded);
      return this.#table.insert(account, await this.#keep(password, bytes)) ? ok(account) : exists(folded);
    });
  }

  async setPassword(name: string, password: string): Promise<Result<Account, AccountError>> {
    const folded = foldName(name);
    if (folded === undefined) return invalidName();
    const bytes = passwordBytes(password);
    if (bytes === undefined) return invalidPassword();
    return settle(async () => {
      if (this.#table.find(folded) === undefined) return notFound(folded);
      const account = this.#table.setPassword(folded, await this.#store(password, bytes));
      return account === undefined ? notFound(folded) : ok(account);
    });
  }

  record(name: string): AccountRecord | undefined {
    const folded = foldName(name);
    return folded === undefined ? undefined : this.#records.read(folded);
  }

  async remove(name: string, version: string): Promise<Result<void, AccountError>> {
    return settle(async () => (this.#records.remove(name, version) ? ok(undefined) : notFound(name)));
  }

  async restore(record: AccountRecord): Promise<Result<void, AccountError>> {
    if (foldName(record.name) !== record.name) return invalidName();
    return settle(async () => (this.#records.restore(record) ? ok(undefined) : exists(record.name)));
  }

  async setRole(name: string, role: Account['role']): Promise<Result<Account, AccountError>> {
    const folded = foldName(name);
    if (folded === undefined) return invalidName();
    return settle(async () => {
      const account = this.#table.setRole(folded, role);
      return account === undefined ? notFound(folded) : ok(account);
    });
  }

  async setDisabled(name: string, disabled: boolean): Promise<Result<Account, AccountError>> {
    const folded = foldName(name);
    if (folded === undefined) return invalidName();
    return settle(async () => {
      const account = this.#table.setDisabled(folded, disabled);
      return account === undefined ? notFound(folded) : ok(account);
    });
  }

  changes(): number {
    return this.#file.changes();
  }

  async verify(name: string, password: string): Promise<Account | undefined> {
    return this.#verify(foldName(name), password);
  }

  async verifyLogin(name: string, password: string): Promise<SignedIn | undefined> {
    const login = parseLogin(name);
    // An app password first: one look, which nobody can be kept waiting or told apart by.
    const found = this.#appTable.nameOf(login?.account ?? '', appPasswordHash(password), login?.label);
    const account = found === undefined || login === undefined ? undefined : this.#table.find(login.account)?.account;
    const isOpen = account !== undefined && account.disabled !== true;
    if (isOpen && found !== undefined) return { ...account, appPassword: found };
    return name.includes('/') ? undefined : this.#verify(login?.account, password);
  }

  scram(name: string): ScramLogin {
    const login = parseLogin(name);
    const iterations = name.includes('/') ? APP_SCRAM_ITERATIONS : SCRAM_ITERATIONS;
    // Made up for every name, so that those that exist do not answer sooner or later than others.
    const madeUp = madeUpKeys(this.#secret, name.toLowerCase(), iterations);
    const text = login === undefined ? undefined : this.#scramOf(login);
    const keys = text === undefined ? undefined : parseScram(text);
    const known = login !== undefined && keys !== undefined;
    const confirm = () => (known && this.#scramOf(login) === text ? this.#signedIn(login) : undefined);
    return { ...(keys ?? madeUp), confirm };
  }

  find(name: string): Account | undefined {
    const folded = foldName(name);
    return folded === undefined ? undefined : this.#table.find(folded)?.account;
  }

  list(): readonly Account[] {
    return this.#table.list();
  }

  addAppPassword(name: string, label: string): Promise<Result<NewAppPassword, AccountError>> {
    return this.#appPasswords.add(name, label);
  }

  appPasswords(name: string): Promise<Result<readonly AppPassword[], AccountError>> {
    return this.#appPasswords.list(name);
  }

  removeAppPassword(name: string, label: string): Promise<Result<AppPassword, AccountError>> {
    return this.#appPasswords.remove(name, label);
  }

  close(): void {
    this.#file.close();
  }

  /** What is kept of a new password. */
  async #store(password: string, bytes: Uint8Array): Promise<StoredPassword> {
    const hash = await hashPassword(bytes, this.#derive);
    const keys = await this.#gate.run(() => deriveScramKeys(password, randomBytes(SALT_BYTES), SCRAM_ITERATIONS));
    return { hash, scram: scramText(keys) };
  }

  /** What is kept of a password that comes from another system. */
  async #keep(password: AdoptedPassword, bytes: Uint8Array | undefined): Promise<StoredPassword> {
    if (password.kind === 'plain' && bytes !== undefined) return this.#store(password.password, bytes);
    return password.kind === 'kept'
      ? { hash: password.text, scram: password.scram }
      : { hash: NO_PASSWORD, scram: undefined };
  }

  async #verify(name: string | undefined, password: string): Promise<Account | undefined> {
    const bytes = passwordBytes(password);
    const row = name === undefined ? undefined : this.#table.find(name);
    if (row === undefined || bytes === undefined) {
      await matchesPassword(bytes ?? new Uint8Array(1), NOBODY, this.#derive);
      return undefined;
    }
    return this.#verifyRow(row, password, bytes);
  }

  async #verifyRow(row: AccountRow, password: string, bytes: Uint8Array): Promise<Account | undefined> {
    const { name } = row.account;
    if (this.#remembered.has(name, row.version, bytes)) return row.account;
    const matches = await this.#matches(row, password, bytes);
    // The row may have changed meanwhile: what counts is the password that is in force now.
    const now = this.#table.find(name);
    if (now === undefined) return undefined;
    if (now.version !== row.version && now.password !== row.password) return this.#verifyRow(now, password, bytes);
    if (!matches || now.account.disabled === true) return undefined;
    this.#remembered.remember(name, now.version, bytes);
    const isWhole = now.scram !== undefined && !isForeign(now.password);
    if (!isWhole && now.password === row.password) await this.#complete(now, password, bytes);
    return now.account;
  }

  /** A foreign one costs the same as our own and its own work: a refusal of it never comes sooner than of a name unknown. */
  async #matches({ password: stored, scram }: AccountRow, password: string, bytes: Uint8Array): Promise<boolean> {
    if (!isForeign(stored)) return matchesPassword(bytes, stored, this.#derive);
    await matchesPassword(bytes, NOBODY, this.#derive);
    return this.#gate.run(() => matchesForeign(password, stored, scram));
  }

  /**
   * The first good password of an account that comes from another system, or from before there was SCRAM, gives it what it
   * lacks: a hash of our own, and SCRAM's keys. Their salt is the one that was made up for the name so far: nobody can watch
   * it change, and learn from that that there is such an account.
   */
  async #complete(row: AccountRow, password: string, bytes: Uint8Array): Promise<void> {
    const { name } = row.account;
    const { salt } = madeUpKeys(this.#secret, name, SCRAM_ITERATIONS);
    const derive = () => deriveScramKeys(password, salt, SCRAM_ITERATIONS);
    try {
      const hash = isForeign(row.password) ? await hashPassword(bytes, this.#derive) : row.password;
      const scram = row.scram ?? scramText(await this.#gate.run(derive));
      this.#table.complete(row, { hash, scram });
      const changed = this.#table.find(name);
      if (changed?.password === hash) this.#remembered.remember(name, changed.version, bytes);
    } catch (error) {
      // The password was right; the keys come at a later sign-in, when there is time or room for them.
      if (!(error instanceof AccountsUnavailable)) throw error;
    }
  }

  /** The stored keys of a login that exists. */
  #scramOf({ account, label }: Login): string | undefined {
    return label === undefined ? this.#table.find(account)?.scram : this.#appTable.scram(account, label);
  }

  #signedIn({ account, label }: Login): SignedIn | undefined {
    const found = this.#table.find(account)?.account;
    if (found === undefined || found.disabled === true) return undefined;
    return label === undefined ? found : { ...found, appPassword: label };
  }
}
