/** The index as the text index's thread sees it: read only, on a connection of its own. */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { BUSY_TIMEOUT } from '../limits.ts';
import { toBaseName } from '../names/ids.ts';
import type { PlaceRow } from './message-row.ts';
import { integer, type Row, text } from './row.ts';
import type { TextMailbox } from './text-db.ts';
import { ALL_RANGES, toUids } from './uid-ranges.ts';

/** A mailbox, and its directory in the Maildir. */
export interface SourceMailbox extends TextMailbox {
  readonly folder: string;
  readonly uidNext: number;
}

/** Where the file of a message is. */
export type SourcePlace = Pick<PlaceRow, 'base' | 'inNew' | 'info'>;

const MAILBOX = 'SELECT id, folder, object_id, uidvalidity, uidnext FROM mailboxes';
/** Without mailboxes that are being made or removed (mailboxes.ts, adopted.ts). */
const HAS_FOLDER = "(folder = '' OR folder GLOB '.*')";

const toMailbox = (row: Row): SourceMailbox => ({
  id: integer(row, 'id'),
  folder: text(row, 'folder'),
  uidNext: integer(row, 'uidnext'),
  objectId: text(row, 'object_id'),
  uidValidity: integer(row, 'uidvalidity'),
});

export class TextSource {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #inode: number;
  readonly #statements;
  /** As of `#uidsAt`, by mailbox. */
  readonly #uids = new Map<number, Uint32Array>();
  #uidsAt = -1;

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT });
    try {
      this.#file = file;
      this.#inode = statSync(file).ino;
      this.#statements = {
        version: this.#db.prepare('PRAGMA data_version'),
        mailboxes: this.#db.prepare(`${MAILBOX} WHERE ${HAS_FOLDER}`),
        mailbox: this.#db.prepare(`${MAILBOX} WHERE id = ? AND ${HAS_FOLDER}`),
        uids: this.#db.prepare(ALL_RANGES),
        count: this.#db.prepare(
          'SELECT ifnull(sum(last - first + 1), 0) AS messages FROM uid_ranges WHERE mailbox = ?',
        ),
        place: this.#db.prepare('SELECT base, in_new, info FROM messages WHERE mailbox = ? AND uid = ?'),
      };
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  isCurrent(): boolean {
    return statSync(this.#file, { throwIfNoEntry: false })?.ino === this.#inode;
  }

  close(): void {
    this.#db.close();
  }

  mailboxes(): readonly SourceMailbox[] {
    return this.#statements.mailboxes.all().map(toMailbox);
  }

  mailbox(id: number): SourceMailbox | undefined {
    const row = this.#statements.mailbox.get(id);
    return row === undefined ? undefined : toMailbox(row);
  }

  /** UIDs of all messages of a mailbox, ascending. */
  uids(mailbox: number): Uint32Array {
    const version = integer(this.#statements.version.get() ?? {}, 'data_version');
    if (version !== this.#uidsAt) this.#uids.clear();
    this.#uidsAt = version;
    const uids = this.#uids.get(mailbox) ?? toUids(this.#statements.uids.get(mailbox));
    this.#uids.set(mailbox, uids);
    return uids;
  }

  count(mailbox: number): number {
    return integer(this.#statements.count.get(mailbox) ?? {}, 'messages');
  }

  place(mailbox: number, uid: number): SourcePlace | undefined {
    const row = this.#statements.place.get(mailbox, uid);
    if (row === undefined) return undefined;
    return { base: toBaseName(text(row, 'base')), inNew: integer(row, 'in_new') === 1, info: text(row, 'info') };
  }
}
