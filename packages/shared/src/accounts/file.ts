import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { inTransaction, openConnection } from '../database/sqlite/connection.ts';
import { BUSY_TIMEOUT_MS } from './limits.ts';
import { AccountsUnavailable } from './types.ts';

export type Row = Record<string, SQLOutputValue>;

/** Each brings the file from the version of its place to the next; PRAGMA user_version is the version. */
const MIGRATIONS: readonly ((database: DatabaseSync) => void)[] = [
  (database) =>
    database.exec(`CREATE TABLE accounts (
     name TEXT PRIMARY KEY CHECK (name = lower(name)),
     password TEXT NOT NULL,
     role TEXT CHECK (role IN ('viewer', 'admin')),
     version TEXT NOT NULL DEFAULT (hex(randomblob(16)))
   ) STRICT;
   CREATE TRIGGER accounts_version AFTER UPDATE ON accounts WHEN new.version = old.version BEGIN
     UPDATE accounts SET version = hex(randomblob(16)) WHERE name = new.name;
   END;`),
  // A trigger and no foreign key: an account deleted by hand, where foreign keys are off, must not leave passwords
  // behind for the next one of its name.
  (database) => {
    database.exec(`ALTER TABLE accounts ADD COLUMN scram TEXT;
   CREATE TABLE app_passwords (
     account TEXT NOT NULL,
     name TEXT NOT NULL CHECK (name = lower(name)),
     hash BLOB NOT NULL,
     scram TEXT NOT NULL,
     created INTEGER NOT NULL,
     PRIMARY KEY (account, name),
     UNIQUE (account, hash)
   ) STRICT, WITHOUT ROWID;
   CREATE TRIGGER accounts_app_passwords AFTER DELETE ON accounts BEGIN
     DELETE FROM app_passwords WHERE account = old.name;
   END;
   CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;`);
    database.prepare(`INSERT INTO secrets (name, value) VALUES ('scram', ?)`).run(randomBytes(32));
  },
  (database) =>
    database.exec('ALTER TABLE accounts ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1))'),
];

/** The version to which a file is brought when it is opened. */
export const ACCOUNTS_VERSION = MIGRATIONS.length;

/** The accounts' file: SQLite in WAL mode, durable at every commit, for several processes at once. */
export class AccountsFile {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #statements = new Map<string, StatementSync>();

  /** Throws `AccountsUnavailable`, as everything here does. */
  constructor(file: string) {
    this.#file = file;
    this.#database = this.#guard(() => open(file));
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#guard(() => this.#prepare(sql).get(...values));
  }

  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#guard(() => this.#prepare(sql).all(...values));
  }

  /** How many rows were changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#guard(() => Number(this.#prepare(sql).run(...values).changes));
  }

  /** Runs `work`, which may not wait for anything, all or nothing. */
  atOnce<T>(work: () => T): T {
    return this.#guard(() => inTransaction(this.#database, work));
  }

  /** Another number after another connection, of this or another process, has changed the file (PRAGMA data_version). */
  changes(): number {
    return Number(this.get('PRAGMA data_version')?.data_version);
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
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
    for (const migration of MIGRATIONS.slice(version)) migration(database);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}
