/**
 * Keywords that another server gave and no file name can hold: entered when a mailbox's row is made, given to the rows of
 * those base names when their files are first seen, and forgotten after the first complete look at the folder.
 * Every method that changes something runs inside a write transaction of the caller.
 */
import type { BaseName } from '../api.ts';
import type { Connection } from './connection.ts';
import { text } from './row.ts';

export class AdoptedKeywords {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      any: db.prepare('SELECT 1 AS yes FROM adopted_keywords WHERE mailbox = ? LIMIT 1'),
      take: db.prepare('DELETE FROM adopted_keywords WHERE mailbox = ? AND base = ? RETURNING names'),
      add: db.prepare('INSERT INTO adopted_keywords VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
      pass: db.prepare('UPDATE adopted_keywords SET mailbox = ? WHERE mailbox = ?'),
      clear: db.prepare('DELETE FROM adopted_keywords WHERE mailbox = ?'),
    };
  }

  /** Whether keywords wait for their files. */
  any(mailbox: number): boolean {
    return this.#statements.any.get(mailbox) !== undefined;
  }

  /** The keywords of the file of this base name as `messages.extra` has them, which it forgets; '' where there are none. */
  take(mailbox: number, base: BaseName): string {
    const row = this.#statements.take.get(mailbox, base);
    return row === undefined ? '' : text(row, 'names');
  }

  /** Keeps the keywords, as `messages.extra` has them, for the file of this base name. */
  adopt(mailbox: number, base: string, extra: string): void {
    this.#statements.add.run(mailbox, base, extra);
  }

  /** Lets another mailbox have them. */
  pass(from: number, to: number): void {
    this.#statements.pass.run(to, from);
  }

  /** Forgets what is left over: those files are not there any more. */
  clear(mailbox: number): void {
    this.#statements.clear.run(mailbox);
  }
}
