/** Single values that an index keeps about itself. */
import type { Connection } from './connection.ts';
import { text } from './row.ts';

/**
 * `boot`: the machine's boot in which the index was last opened. `copied`: when the index was last copied, and what it held.
 * `copying`: since when a process has been making a copy. `restored`: this index came from a copy, and its mailboxes have
 * the UIDVALIDITYs of then. `metadata`: how often annotations were changed. `gone <number>`: since when a mailbox's folder
 * has not been there.
 */
export type FactName = 'boot' | 'copied' | 'copying' | 'restored' | 'metadata' | `gone ${number}`;

/** Every method that changes something runs inside a write transaction of the caller. */
export class FactTable {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      get: db.prepare('SELECT value FROM facts WHERE name = ?'),
      set: db.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)'),
      remove: db.prepare('DELETE FROM facts WHERE name = ?'),
    };
  }

  get(name: FactName): string | undefined {
    const row = this.#statements.get.get(name);
    return row === undefined ? undefined : text(row, 'value');
  }

  set(name: FactName, value: string): void {
    this.#statements.set.run(name, value);
  }

  remove(name: FactName): void {
    this.#statements.remove.run(name);
  }
}
