/** What sessions see of an index's messages: UIDs, flags, \Recent, and how many there are. */
import type { MailboxStatus, Uid } from '../api.ts';
import { DELETED, SEEN } from '../names/flags.ts';
import { toUid } from '../names/ids.ts';
import type { Connection } from './connection.ts';
import { STATE, STATES, type StateRow, toStateRow, toStateRows, toUidOf } from './message-row.ts';
import { pick } from './pick.ts';
import { integer, numbers } from './row.ts';

/** The counts of STATUS that come from messages. */
export interface Counts extends Pick<MailboxStatus, 'messages' | 'unseen' | 'deleted' | 'size'> {
  /** Messages of which only the name is known: `size` is without them. */
  readonly unlearnt: number;
  /** The highest UID among those counted; 0 where there are none. */
  readonly last: number;
}

const UNSEEN = `mask & ${SEEN} = 0`;

const COUNTS = `SELECT count(*) AS messages, ifnull(sum(${UNSEEN}), 0) AS unseen,
  ifnull(sum(mask & ${DELETED} <> 0), 0) AS deleted, ifnull(sum(virtual_size), 0) AS size,
  ifnull(sum(details = 0), 0) AS unlearnt, ifnull(max(uid), 0) AS last FROM
  (SELECT uid, mask, virtual_size, details FROM messages WHERE mailbox = ? AND uid > ? ORDER BY uid LIMIT +?)`;

export class States {
  readonly #statements;

  constructor(db: Connection) {
    this.#statements = {
      stateRange: db.prepare(`${STATES} FROM (${STATE} AND uid BETWEEN ? AND ? ORDER BY uid)`),
      stateByUid: db.prepare(`${STATE} AND uid = ?`),
      flagged: db.prepare(
        `SELECT json_group_array(uid) AS uids FROM
         (SELECT uid FROM messages WHERE mailbox = ? AND mask & ? <> 0 AND uid BETWEEN ? AND ? ORDER BY uid)`,
      ),
      firstUnseen: db.prepare(
        `SELECT uid FROM messages INDEXED BY messages_unseen WHERE mailbox = ? AND ${UNSEEN} ORDER BY uid LIMIT 1`,
      ),
      counts: db.prepare(COUNTS),
      recent: db.prepare(
        `SELECT json_group_array(uid) AS uids FROM
         (SELECT uid FROM messages INDEXED BY messages_recent WHERE mailbox = ? AND recent = 1 ORDER BY uid LIMIT +?)`,
      ),
      countRecent: db.prepare(
        'SELECT count(*) AS recent FROM messages INDEXED BY messages_recent WHERE mailbox = ? AND recent = 1',
      ),
      anyRecent: db.prepare('SELECT 1 AS yes FROM messages WHERE mailbox = ? AND recent = 1 LIMIT 1'),
      claim: db.prepare(
        'UPDATE messages INDEXED BY messages_recent SET recent = 0 WHERE mailbox = ? AND recent = 1 AND uid <= ?',
      ),
    };
  }

  /** The states of these UIDs, ascending; those that are gone are left out. */
  states(mailbox: number, uids: Uint32Array): StateRow[] {
    const { stateRange } = this.#statements;
    return pick(
      uids,
      (first, last) => toStateRows(stateRange.get(mailbox, first, last)),
      (uid) => this.state(mailbox, uid),
    );
  }

  state(mailbox: number, uid: number): StateRow | undefined {
    const row = this.#statements.stateByUid.get(mailbox, uid);
    return row === undefined ? undefined : toStateRow(row);
  }

  /** UIDs from `first` to `last` of the messages that have any of the letters in `mask`, ascending. */
  flagged(mailbox: number, mask: number, first: number, last: number): Uid[] {
    return numbers(this.#statements.flagged.get(mailbox, mask, first, last), 'uids').map(toUid);
  }

  /** The lowest UID without \Seen. */
  firstUnseen(mailbox: number): Uid | undefined {
    const row = this.#statements.firstUnseen.get(mailbox);
    return row === undefined ? undefined : toUidOf(row);
  }

  /** Counts the first `limit` messages above `after`; all of them where it is negative. */
  counts(mailbox: number, after: number, limit: number): Counts {
    const row = this.#statements.counts.get(mailbox, after, limit) ?? {};
    return {
      messages: integer(row, 'messages'),
      unseen: integer(row, 'unseen'),
      deleted: integer(row, 'deleted'),
      size: integer(row, 'size'),
      unlearnt: integer(row, 'unlearnt'),
      last: integer(row, 'last'),
    };
  }

  /** How many of them nobody has claimed. */
  countRecent(mailbox: number): number {
    return integer(this.#statements.countRecent.get(mailbox) ?? {}, 'recent');
  }

  hasRecent(mailbox: number): boolean {
    return this.#statements.anyRecent.get(mailbox) !== undefined;
  }

  /** The first `limit` messages that nobody has claimed, ascending by UID; all of them where it is negative. */
  recent(mailbox: number, limit = -1): Uid[] {
    return numbers(this.#statements.recent.get(mailbox, limit), 'uids').map(toUid);
  }

  /** Claims them. */
  claimRecent(mailbox: number, limit: number): Uid[] {
    const claimed = this.recent(mailbox, limit);
    const last = claimed.at(-1);
    if (last !== undefined) this.#statements.claim.run(mailbox, last);
    return claimed;
  }
}
