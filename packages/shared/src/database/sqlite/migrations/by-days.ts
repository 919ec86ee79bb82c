import type { DatabaseSync } from 'node:sqlite';

/** Minutes. */
export const DAY = 24 * 60;

/** A day of one application and kind, in whole minutes. */
export const WITHIN = 'WHERE app_id = ? AND kind = ? AND minute >= ? AND minute < ?';

/** Hours and days both end where a day does, so each day of an application and kind can be done by itself. */
export function moveByDays(
  db: DatabaseSync,
  table: string,
  inserts: readonly ReturnType<DatabaseSync['prepare']>[],
  step: (rows: number) => void,
): void {
  const count = db.prepare(`SELECT count(*) AS count FROM ${table} ${WITHIN}`);
  for (const { app_id, kind, from } of daysOf(db, table)) {
    const day = [app_id, kind, from, from + DAY] as const;
    const { count: rows } = count.get(...day) as { count: number }; // what count(*) gives
    for (const insert of inserts) {
      insert.run(...day);
      step(rows);
    }
  }
}

interface Day {
  readonly app_id: number;
  readonly kind: string;
  readonly from: number;
}

/** The days that have rows, each found by one look into the primary key. */
function* daysOf(db: DatabaseSync, table: string): Generator<Day> {
  const next = db.prepare(`
    SELECT app_id, kind, minute FROM ${table} WHERE (app_id, kind, minute) >= (?, ?, ?)
    ORDER BY app_id, kind, minute LIMIT 1`);
  let after: Day = { app_id: Number.MIN_SAFE_INTEGER, kind: '', from: 0 };
  for (;;) {
    // Columns of a STRICT table, NOT NULL.
    const row = next.get(after.app_id, after.kind, after.from) as
      | { readonly app_id: number; readonly kind: string; readonly minute: number }
      | undefined;
    if (row === undefined) return;
    const from = Math.floor(row.minute / DAY) * DAY;
    yield { app_id: row.app_id, kind: row.kind, from };
    after = { app_id: row.app_id, kind: row.kind, from: from + DAY };
  }
}
