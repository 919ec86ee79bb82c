import { chmodSync, existsSync } from 'node:fs';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { inTransaction, openConnection } from '../database/sqlite/connection.ts';
import { BUSY_TIMEOUT_MS } from './limits.ts';
import { type Account, AccountsUnavailable } from './types.ts';

/** An account's row. */
export interface AccountRow {
  readonly account: Account;
  /** PHC string. */
  readonly password: string;
  /** Random, and another one after every change of the row: by whom ever, and never one that was there before. */
  readonly version: string;
}

/** Each brings the file from the version of its place to the next; PRAGMA user_version is the version. */
const MIGRATIONS = [
  `CREATE TABLE accounts (
     name TEXT PRIMARY KEY CHECK (name = lower(name)),
     password TEXT NOT NULL,
     role TEXT CHECK (role IN ('viewer', 'admin')),
     version TEXT NOT NULL DEFAULT (hex(randomblob(16)))
   ) STRICT;
   CREATE TRIGGER accounts_version AFTER UPDATE ON accounts WHEN new.version = old.version BEGIN
     UPDATE accounts SET version = hex(randomblob(16)) WHERE name = new.name;
   END;`,
];

/** The accounts' file: SQLite in WAL mode, durable at every commit, for several processes at once. */
export class AccountTable {
  readonly #database: DatabaseSync;
  readonly #file: string;

  /** Throws `AccountsUnavailable`. */
  constructor(file: string) {
    this.#file = file;
    this.#database = this.#guard(() => open(file));
  }

  find(name: string): AccountRow | undefined {
    const sql = 'SELECT name, password, role, version FROM accounts WHERE name = ?';
    const row = this.#guard(() => this.#database.prepare(sql).get(name));
    return row === undefined ? undefined : toRow(row);
  }

  list(): readonly Account[] {
    const sql = 'SELECT name, password, role, version FROM accounts ORDER BY name';
    return this.#guard(() => this.#database.prepare(sql).all()).map((row) => toRow(row).account);
  }

  /** False where the name is taken. */
  insert(account: Account, password: string): boolean {
    const sql = 'INSERT INTO accounts (name, password, role) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING';
    const insert = () => this.#database.prepare(sql).run(account.name, password, account.role ?? null);
    return this.#guard(insert).changes === 1;
  }

  /** The changed account, or undefined where there is none of that name. */
  setPassword(name: string, password: string): Account | undefined {
    const sql = 'UPDATE accounts SET password = ? WHERE name = ? RETURNING name, password, role, version';
    const row = this.#guard(() => this.#database.prepare(sql).get(password, name));
    return row === undefined ? undefined : toRow(row).account;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AccountsUnavailable('unavailable', `The accounts in ${this.#file} cannot be used: ${reason}.`, {
        cause,
      });
    }
  }
}

function open(file: string): DatabaseSync {
  // It may have come back from a backup readable by all; SQLite's -wal and -shm take over the mode.
  if (existsSync(file)) chmodSync(file, 0o600);
  const database = openConnection(file, { busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Under the write lock from the start, so that of several processes one migrates and the others find it done. */
function migrate(database: DatabaseSync): void {
  inTransaction(database, () => {
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version > MIGRATIONS.length) throw new Error('a newer Scorpiox wrote it; start that one');
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

function toRow(row: Record<string, SQLOutputValue>): AccountRow {
  const name = String(row.name);
  const account: Account = row.role === 'viewer' || row.role === 'admin' ? { name, role: row.role } : { name };
  return { account, password: String(row.password), version: String(row.version) };
}
