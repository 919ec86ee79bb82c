/** The annotations of an index: those of its mailboxes, and those of the store itself (RFC 5464 §3). */
import type { Metadata } from '../api.ts';
import type { Connection } from './connection.ts';
import { bytes, integer, text } from './row.ts';

/** A mailbox's number, or undefined for the store. Every method that changes something runs inside a write transaction. */
export class MetadataTable {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      ofStore: db.prepare('SELECT entry, value FROM store_metadata ORDER BY entry'),
      ofMailbox: db.prepare('SELECT entry, value FROM mailbox_metadata WHERE mailbox = ? ORDER BY entry'),
      countOfStore: db.prepare('SELECT count(*) AS entries FROM store_metadata'),
      countOfMailbox: db.prepare('SELECT count(*) AS entries FROM mailbox_metadata WHERE mailbox = ?'),
      setOfStore: db.prepare('INSERT OR REPLACE INTO store_metadata VALUES (?, ?)'),
      setOfMailbox: db.prepare('INSERT OR REPLACE INTO mailbox_metadata VALUES (?, ?, ?)'),
      removeOfStore: db.prepare('DELETE FROM store_metadata WHERE entry = ?'),
      removeOfMailbox: db.prepare('DELETE FROM mailbox_metadata WHERE mailbox = ? AND entry = ?'),
      everywhere: db.prepare(
        'SELECT folder, value FROM mailbox_metadata JOIN mailboxes ON id = mailbox WHERE entry = ?',
      ),
    };
  }

  all(mailbox: number | undefined): Metadata[] {
    const { ofStore, ofMailbox } = this.#statements;
    const rows = mailbox === undefined ? ofStore.all() : ofMailbox.all(mailbox);
    return rows.map((row) => ({ entry: text(row, 'entry'), value: bytes(row, 'value') }));
  }

  count(mailbox: number | undefined): number {
    const { countOfStore, countOfMailbox } = this.#statements;
    return integer((mailbox === undefined ? countOfStore.get() : countOfMailbox.get(mailbox)) ?? {}, 'entries');
  }

  set(mailbox: number | undefined, entry: string, value: Uint8Array): void {
    if (mailbox === undefined) this.#statements.setOfStore.run(entry, value);
    else this.#statements.setOfMailbox.run(mailbox, entry, value);
  }

  remove(mailbox: number | undefined, entry: string): void {
    if (mailbox === undefined) this.#statements.removeOfStore.run(entry);
    else this.#statements.removeOfMailbox.run(mailbox, entry);
  }

  /** The values of one entry by the folders whose mailboxes have it. */
  everywhere(entry: string): Map<string, Uint8Array> {
    const rows = this.#statements.everywhere.all(entry);
    return new Map(rows.map((row) => [text(row, 'folder'), bytes(row, 'value')]));
  }
}
