import type { AccountsFile, Row } from './file.ts';
import { NO_PASSWORD } from './foreign/matches.ts';
import type { Account } from './types.ts';

/** What a password leaves behind: a PHC string, or what another system made of it, and SCRAM's keys. */
export interface StoredPassword {
  readonly hash: string;
  readonly scram: string | undefined;
}

/** An account's row. */
export interface AccountRow {
  readonly account: Account;
  /** PHC string, or another system's (foreign/matches.ts). */
  readonly password: string;
  /** SCRAM's keys; absent until the first sign-in by PLAIN where the password was set before there were any. */
  readonly scram?: string;
  /** Random, and another one after every change of the row: by whom ever, and never one that was there before. */
  readonly version: string;
}

/** All accounts by name. */
export const LIST = `SELECT name, role, disabled, password = '${NO_PASSWORD}' AS passwordless FROM accounts ORDER BY name`;

/** What statements return of an account that they have changed. */
const CHANGED = `RETURNING name, role, disabled, password = '${NO_PASSWORD}' AS passwordless`;

/** The accounts. Throws `AccountsUnavailable`. */
export class AccountTable {
  readonly #file: AccountsFile;

  constructor(file: AccountsFile) {
    this.#file = file;
  }

  find(name: string): AccountRow | undefined {
    const row = this.#file.get(
      `SELECT name, password, scram, role, disabled, password = '${NO_PASSWORD}' AS passwordless, version
       FROM accounts WHERE name = ?`,
      name,
    );
    return row === undefined ? undefined : toRow(row);
  }

  list(): readonly Account[] {
    return this.#file.all(LIST).map(toAccount);
  }

  /** False where the name is taken. */
  insert({ name, role, disabled }: Account, { hash, scram }: StoredPassword): boolean {
    const sql = `INSERT INTO accounts (name, password, scram, role, disabled) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (name) DO NOTHING`;
    return this.#file.run(sql, name, hash, scram ?? null, role ?? null, disabled === true ? 1 : 0) === 1;
  }

  /** The changed account, or undefined where there is none of that name. */
  setPassword(name: string, { hash, scram }: StoredPassword): Account | undefined {
    const sql = `UPDATE accounts SET password = ?, scram = ? WHERE name = ? ${CHANGED}`;
    const row = this.#file.get(sql, hash, scram ?? null, name);
    return row === undefined ? undefined : toAccount(row);
  }

  /** The changed account, or undefined where there is none of that name. */
  setRole(name: string, role: Account['role']): Account | undefined {
    const sql = `UPDATE accounts SET role = ? WHERE name = ? ${CHANGED}`;
    const row = this.#file.get(sql, role ?? null, name);
    return row === undefined ? undefined : toAccount(row);
  }

  /** The changed account, or undefined where there is none of that name. */
  setDisabled(name: string, disabled: boolean): Account | undefined {
    const sql = `UPDATE accounts SET disabled = ? WHERE name = ? ${CHANGED}`;
    const row = this.#file.get(sql, disabled ? 1 : 0, name);
    return row === undefined ? undefined : toAccount(row);
  }

  /** Gives a row what a good password is kept as, unless the row has changed since it was read. */
  complete({ account, version }: AccountRow, { hash, scram }: StoredPassword): void {
    const sql = 'UPDATE accounts SET password = ?, scram = ? WHERE name = ? AND version = ?';
    this.#file.run(sql, hash, scram ?? null, account.name, version);
  }

  /** The secret from which keys are made up for names that have none. */
  secret(): Uint8Array {
    const row = this.#file.get(`SELECT value FROM secrets WHERE name = 'scram'`);
    // Absent only where somebody took it out by hand; no key follows from an empty secret that anybody is let in by.
    return row?.value instanceof Uint8Array ? row.value : new Uint8Array(0);
  }
}

function toRow(row: Row): AccountRow {
  const scram = row.scram === null ? {} : { scram: String(row.scram) };
  return { account: toAccount(row), password: String(row.password), ...scram, version: String(row.version) };
}

export function toAccount(row: Row): Account {
  const name = String(row.name);
  const marks = {
    ...(row.disabled === 1 ? ({ disabled: true } as const) : {}),
    ...(row.passwordless === 1 ? ({ passwordless: true } as const) : {}),
  };
  return row.role === 'viewer' || row.role === 'admin' ? { name, role: row.role, ...marks } : { name, ...marks };
}
