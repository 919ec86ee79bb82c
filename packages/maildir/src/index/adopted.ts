/**
 * UIDs that another server gave (`dovecot-uidlist`): entered when a mailbox's row is made, given to the files of those
 * base names when they are first seen, and forgotten after the first complete look at the folder.
 * Every method that changes something runs inside a write transaction of the caller.
 */
import type { BaseName } from '../api.ts';
import type { Connection } from './connection.ts';
import { integer } from './row.ts';

export class AdoptedUids {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      any: db.prepare('SELECT 1 AS yes FROM adopted_uids WHERE mailbox = ? LIMIT 1'),
      take: db.prepare('DELETE FROM adopted_uids WHERE mailbox = ? AND base = ? RETURNING uid'),
      add: db.prepare('INSERT INTO adopted_uids VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
      clear: db.prepare('DELETE FROM adopted_uids WHERE mailbox = ?'),
    };
  }

  /** Whether UIDs wait for their files. */
  any(mailbox: number): boolean {
    return this.#statements.any.get(mailbox) !== undefined;
  }

  /**
   * The UID that a file of this base name had elsewhere, below the mailbox's next UID, and forgets it: what is left for
   * `clear` is little, where the list is of this folder.
   */
  take(mailbox: number, base: BaseName): number | undefined {
    const row = this.#statements.take.get(mailbox, base);
    return row === undefined ? undefined : integer(row, 'uid');
  }

  /** Keeps a UID for the file of this base name; the mailbox's next UID has to be above it. The first one counts. */
  adopt(mailbox: number, base: BaseName, uid: number): void {
    this.#statements.add.run(mailbox, base, uid);
  }

  /** Forgets what is left over: those files are not there any more. */
  clear(mailbox: number): void {
    this.#statements.clear.run(mailbox);
  }
}
