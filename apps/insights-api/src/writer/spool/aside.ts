import type { DatabaseSync } from 'node:sqlite';
import { KEPT_ASIDE } from '../../limits.ts';
import type { Submission } from '../../store/port.ts';
import type { Culprit, Parcel, ParcelPlace } from './parcel.ts';

/** An event that the server would not take, as an operator looks at it. */
export interface AsideEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly appId: number;
  /** What the server said. */
  readonly reason: string;
  /** The event as it was to be stored. */
  readonly event: unknown;
}

const COUNTS = `SELECT (SELECT count(*) FROM aside) AS aside, (SELECT count(*) FROM damaged) AS damaged`;

/** What a file of the spool keeps aside: single events that the server refuses, and parcels that cannot be read. */
export class Aside {
  static readonly SCHEMA = `
  CREATE TABLE aside (
    lineage TEXT NOT NULL,
    seq INTEGER NOT NULL,
    submission INTEGER NOT NULL,
    place INTEGER NOT NULL,
    at INTEGER NOT NULL,
    app_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (lineage, seq, submission, place)
  ) STRICT;
  CREATE TABLE damaged (
    lineage TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    events INTEGER NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (lineage, seq)
  ) STRICT;`;

  readonly #db: DatabaseSync;
  readonly #lineage: string;

  constructor(db: DatabaseSync, lineage: string) {
    this.#db = db;
    this.#lineage = lineage;
  }

  /** The places of this file's own events that are kept aside. */
  among(from: number, through: number): readonly ParcelPlace[] {
    const rows = this.#db
      .prepare('SELECT seq, submission, place FROM aside WHERE lineage = ? AND seq BETWEEN ? AND ?')
      .all(this.#lineage, from, through);
    return rows.map(({ seq, submission, place }) => ({
      seq: Number(seq),
      submission: Number(submission),
      index: Number(place),
    }));
  }

  /** Adds events of one parcel, inside the caller's transaction. The oldest of too many go. */
  add(culprits: readonly Culprit[], submissions: readonly Submission[], now: number): void {
    const insert = this.#db.prepare('INSERT OR IGNORE INTO aside VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    for (const { seq, submission, index, reason } of culprits) {
      const from = submissions[submission];
      const event = JSON.stringify(from?.events[index]?.event ?? null);
      insert.run(this.#lineage, seq, submission, index, now, from?.appId ?? 0, reason, event);
    }
    // What belongs to a parcel that still waits stays, or the parcel would go with it.
    this.#db
      .prepare(
        `DELETE FROM aside WHERE rowid NOT IN (SELECT rowid FROM aside ORDER BY at DESC LIMIT ?)
          AND NOT (lineage = ? AND seq IN (SELECT seq FROM parcel))`,
      )
      .run(KEPT_ASIDE, this.#lineage);
  }

  /** Adds a parcel, inside the caller's transaction. */
  addDamaged({ seq, events, body }: Parcel, reason: string, now: number): void {
    const insert = this.#db.prepare('INSERT OR IGNORE INTO damaged VALUES (?, ?, ?, ?, ?, ?)');
    insert.run(this.#lineage, seq, now, events, reason, body);
  }

  /** Adds what another file keeps, inside the caller's transaction. What is here already stays. */
  copy(other: Aside): void {
    for (const table of ['aside', 'damaged']) {
      for (const row of other.#db.prepare(`SELECT * FROM ${table}`).iterate()) {
        const values = Object.values(row);
        const marks = values.map(() => '?').join(', ');
        this.#db.prepare(`INSERT OR IGNORE INTO ${table} VALUES (${marks})`).run(...values);
      }
    }
  }

  /** How many events, and how many parcels. */
  counts(): { readonly aside: number; readonly damaged: number } {
    const row = this.#db.prepare(COUNTS).get();
    return { aside: Number(row?.aside), damaged: Number(row?.damaged) };
  }

  /** The events, newest first. */
  newest(most: number): readonly AsideEvent[] {
    const rows = this.#db
      .prepare('SELECT at, app_id, reason, event FROM aside ORDER BY at DESC, seq DESC LIMIT ?')
      .all(most);
    return rows.map(({ at, app_id, reason, event }) => ({
      at: Number(at),
      appId: Number(app_id),
      reason: String(reason),
      event: JSON.parse(String(event)),
    }));
  }
}
