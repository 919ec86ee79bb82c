import type { AccountsFile, Row } from './file.ts';
import type { AccountRecord } from './types.ts';

/** Whole accounts: read, removed and put back with all that belongs to them. Throws `AccountsUnavailable`. */
export class AccountRecords {
  readonly #file: AccountsFile;

  constructor(file: AccountsFile) {
    this.#file = file;
  }

  read(name: string): AccountRecord | undefined {
    return this.#file.atOnce(() => {
      const row = this.#file.get('SELECT * FROM accounts WHERE name = ?', name);
      if (row === undefined) return undefined;
      const sql = 'SELECT name, hash, scram, created FROM app_passwords WHERE account = ? ORDER BY name';
      return toRecord(row, this.#file.all(sql, name));
    });
  }

  /** With its app passwords, which a trigger removes; false where the row is not of that version. */
  remove(name: string, version: string): boolean {
    return this.#file.run('DELETE FROM accounts WHERE name = ? AND version = ?', name, version) === 1;
  }

  /** False where the name is taken. */
  restore({ name, role, disabled, password, scram, version, appPasswords }: AccountRecord): boolean {
    return this.#file.atOnce(() => {
      const added = this.#file.run(
        `INSERT INTO accounts (name, password, role, version, scram, disabled) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (name) DO NOTHING`,
        ...[name, password, role, version, scram, disabled ? 1 : 0],
      );
      if (added === 0) return false;
      const sql = 'INSERT INTO app_passwords (account, name, hash, scram, created) VALUES (?, ?, ?, ?, ?)';
      for (const one of appPasswords) {
        this.#file.run(sql, name, one.name, Buffer.from(one.hash, 'base64'), one.scram, one.created);
      }
      return true;
    });
  }
}

function toRecord(row: Row, appPasswords: readonly Row[]): AccountRecord {
  return {
    name: String(row.name),
    role: row.role === 'viewer' || row.role === 'admin' ? row.role : null,
    disabled: row.disabled === 1,
    password: String(row.password),
    scram: row.scram === null ? null : String(row.scram),
    version: String(row.version),
    appPasswords: appPasswords.map(({ name, hash, scram, created }) => ({
      name: String(name),
      hash: Buffer.from(hash instanceof Uint8Array ? hash : []).toString('base64'),
      scram: String(scram),
      created: Number(created),
    })),
  };
}
