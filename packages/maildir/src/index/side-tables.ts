/** Keywords and rendered texts of an index. */
import type { Rendered, Uid } from '../api.ts';
import type { Keywords } from '../names/flags.ts';
import type { Connection } from './connection.ts';
import { integer, text } from './row.ts';

export class KeywordTable {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      all: db.prepare('SELECT ordinal, name FROM keywords WHERE mailbox = ?'),
      set: db.prepare('INSERT OR REPLACE INTO keywords VALUES (?, ?, ?)'),
    };
  }

  all(mailbox: number): Keywords {
    const keywords: (string | undefined)[] = [];
    for (const row of this.#statements.all.all(mailbox)) keywords[integer(row, 'ordinal')] = text(row, 'name');
    return Array.from(keywords);
  }

  set(mailbox: number, ordinal: number, name: string): void {
    this.#statements.set.run(mailbox, ordinal, name);
  }
}

export class RenderedTable {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      get: db.prepare('SELECT version, envelope, body, body_structure FROM rendered WHERE mailbox = ? AND uid = ?'),
      // Only for messages that are still there: another process may have expunged one meanwhile.
      set: db.prepare(
        `INSERT INTO rendered SELECT mailbox, uid, ?, ?, ?, ? FROM messages WHERE mailbox = ? AND uid = ?
         ON CONFLICT DO UPDATE SET version = excluded.version, envelope = excluded.envelope, body = excluded.body,
         body_structure = excluded.body_structure`,
      ),
    };
  }

  get(mailbox: number, uid: Uid): Rendered | undefined {
    const row = this.#statements.get.get(mailbox, uid);
    if (row === undefined) return undefined;
    return {
      version: integer(row, 'version'),
      envelope: text(row, 'envelope'),
      body: text(row, 'body'),
      bodyStructure: text(row, 'body_structure'),
    };
  }

  set(mailbox: number, uid: Uid, rendered: Rendered): void {
    const { version, envelope, body, bodyStructure } = rendered;
    this.#statements.set.run(version, envelope, body, bodyStructure, mailbox, uid);
  }
}
