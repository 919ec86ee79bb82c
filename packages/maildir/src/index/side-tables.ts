/** Keywords and rendered texts of an index. */
import type { Rendered, RenderedText, Uid } from '../api.ts';
import { RENDERED_AT_ONCE } from '../limits.ts';
import type { Keywords } from '../names/flags.ts';
import { toUid } from '../names/ids.ts';
import type { Connection } from './connection.ts';
import { SPARSE } from './pick.ts';
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

const texts = (db: Connection, column: string) =>
  db.prepare(
    `SELECT uid, ${column} AS wire FROM rendered WHERE mailbox = ? AND version = ? AND uid BETWEEN ? AND ?
     AND length(${column}) BETWEEN 1 AND ${RENDERED_AT_ONCE}`,
  );

export class RenderedTable {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      get: db.prepare('SELECT version, envelope, body, body_structure FROM rendered WHERE mailbox = ? AND uid = ?'),
      envelope: texts(db, 'envelope'),
      body: texts(db, 'body'),
      bodyStructure: texts(db, 'body_structure'),
      // Only for messages that are still there: another process may have expunged one meanwhile.
      set: db.prepare(
        `INSERT INTO rendered SELECT mailbox, uid, ?, ?, ?, ? FROM messages WHERE mailbox = ? AND uid = ?
         ON CONFLICT DO UPDATE SET version = excluded.version, envelope = excluded.envelope, 
         body = iif(excluded.body = '' AND excluded.version = version, body, excluded.body),
         body_structure = iif(excluded.body_structure = '' AND excluded.version = version, body_structure, excluded.body_structure)`,
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

  /** One text of each of these messages, ascending, that has one of this version, and none of great length. */
  texts(mailbox: number, uids: readonly Uid[], version: number, name: RenderedText): Map<Uid, string> {
    const found = new Map<Uid, string>();
    const [first, last] = [uids[0], uids.at(-1)];
    if (first === undefined || last === undefined) return found;
    const statement = this.#statements[name];
    const isDense = last - first < SPARSE * uids.length;
    const spans = isDense ? [{ from: first, to: last }] : uids.map((uid) => ({ from: uid, to: uid }));
    for (const { from, to } of spans) {
      for (const row of statement.all(mailbox, version, from, to))
        found.set(toUid(integer(row, 'uid')), text(row, 'wire'));
    }
    return found;
  }

  set(mailbox: number, uid: Uid, rendered: Rendered): void {
    const { version, envelope, body, bodyStructure } = rendered;
    this.#statements.set.run(version, envelope, body, bodyStructure, mailbox, uid);
  }
}
