import type { AccountsFile, Row } from './file.ts';
import { loginOf } from './name.ts';
import type { AppPassword } from './types.ts';

/** An app password's row. */
export interface AppPasswordRow {
  readonly account: string;
  readonly name: string;
  readonly hash: Uint8Array;
  /** SCRAM's keys. */
  readonly scram: string;
  readonly created: number;
}

/** The app passwords. Throws `AccountsUnavailable`. */
export class AppPasswordTable {
  readonly #file: AccountsFile;

  constructor(file: AccountsFile) {
    this.#file = file;
  }

  list(account: string): readonly AppPassword[] {
    const sql = 'SELECT account, name, created FROM app_passwords WHERE account = ? ORDER BY name';
    return this.#file.all(sql, account).map(toAppPassword);
  }

  /** False where the account has one of that name, or is no longer there. */
  insert({ account, name, hash, scram, created }: AppPasswordRow): boolean {
    const sql = `INSERT INTO app_passwords (account, name, hash, scram, created)
      SELECT name, ?, ?, ?, ? FROM accounts WHERE name = ? ON CONFLICT DO NOTHING`;
    return this.#file.run(sql, name, hash, scram, created, account) === 1;
  }

  /** What was removed, or undefined where there was nothing of that name. */
  remove(account: string, name: string): AppPassword | undefined {
    const sql = 'DELETE FROM app_passwords WHERE account = ? AND name = ? RETURNING account, name, created';
    const row = this.#file.get(sql, account, name);
    return row === undefined ? undefined : toAppPassword(row);
  }

  /** SCRAM's keys of the one of that name. */
  scram(account: string, name: string): string | undefined {
    const row = this.#file.get('SELECT scram FROM app_passwords WHERE account = ? AND name = ?', account, name);
    return row === undefined ? undefined : String(row.scram);
  }

  /** The name of the account's app password with this hash; of the one called `name`, where one is given. */
  nameOf(account: string, hash: Uint8Array, name?: string): string | undefined {
    const sql = 'SELECT name FROM app_passwords WHERE account = ? AND hash = ? AND (?3 IS NULL OR name = ?3)';
    const row = this.#file.get(sql, account, hash, name ?? null);
    return row === undefined ? undefined : String(row.name);
  }
}

function toAppPassword(row: Row): AppPassword {
  const name = String(row.name);
  return { name, login: loginOf(String(row.account), name), created: Number(row.created) };
}
