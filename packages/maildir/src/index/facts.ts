/** Single values that an index keeps about itself. */
import type { Connection } from './connection.ts';
import { integer, text } from './row.ts';

/**
 * `boot`: the machine's boot in which the index was last opened. `copied`: when the index was last copied, and what it held.
 * `copying`: since when a process has been making a copy. `restored`: this index came from a copy, and its mailboxes have
 * the UIDVALIDITYs of then. `metadata`: how often annotations were changed. `gone <number>`: since when a mailbox's folder
 * has not been there. `late <number>`: flags of a mailbox may have been answered that a power failure takes (reboot.ts).
 * `renaming <number>`: a mailbox's folder is being renamed (folders/renames.ts).
 */
export type FactName =
  | 'boot'
  | 'copied'
  | 'copying'
  | 'restored'
  | 'metadata'
  | `${'gone' | 'late' | 'renaming'} ${number}`;

/** Every method that changes something runs inside a write transaction of the caller. */
export class FactTable {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      get: db.prepare('SELECT value FROM facts WHERE name = ?'),
      set: db.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)'),
      late: db.prepare("SELECT CAST(substr(name, 6) AS INTEGER) AS mailbox FROM facts WHERE name GLOB 'late *'"),
      renaming: db.prepare(
        "SELECT CAST(substr(name, 10) AS INTEGER) AS mailbox FROM facts WHERE name GLOB 'renaming *'",
      ),
      remove: db.prepare('DELETE FROM facts WHERE name = ?'),
    };
  }

  get(name: FactName): string | undefined {
    const row = this.#statements.get.get(name);
    return row === undefined ? undefined : text(row, 'value');
  }

  /** The mailboxes that have a `late` fact. */
  late(): number[] {
    return this.#statements.late.all().map((row) => integer(row, 'mailbox'));
  }

  /** The mailboxes that have a `renaming` fact. */
  renaming(): number[] {
    return this.#statements.renaming.all().map((row) => integer(row, 'mailbox'));
  }

  set(name: FactName, value: string): void {
    this.#statements.set.run(name, value);
  }

  remove(name: FactName): void {
    this.#statements.remove.run(name);
  }
}
