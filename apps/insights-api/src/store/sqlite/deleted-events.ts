import type { DatabaseSync } from 'node:sqlite';
import type { DeletedSpan } from '../deleted-span.ts';
import type { Purger } from './metrics/purge.ts';

/** Makes the function that tells what was deleted of an application's events; undefined: nothing. */
export function makeDeletedReader(db: DatabaseSync): (appId: number) => DeletedSpan | undefined {
  const select = db.prepare('SELECT oldest, newest FROM deleted_events WHERE app_id = ?');
  // Columns of a STRICT table, INTEGER NOT NULL.
  return (appId) => select.get(appId) as DeletedSpan | undefined;
}

/** Deletes events, and notes that they were, inside a transaction. Whole moments go together. */
export function makeEventPurger(db: DatabaseSync): Purger {
  const selectSpan = db.prepare(`SELECT min(time) AS oldest, max(time) AS newest FROM
    (SELECT time FROM events WHERE app_id = ? AND time < ? ORDER BY time LIMIT ?)`);
  const note = db.prepare(`INSERT INTO deleted_events (app_id, oldest, newest) VALUES (?, ?, ?)
    ON CONFLICT (app_id) DO UPDATE SET oldest = min(oldest, excluded.oldest), newest = max(newest, excluded.newest)`);
  const remove = db.prepare('DELETE FROM events WHERE app_id = ? AND time <= ?');
  const selectOldest = db.prepare('SELECT min(time) AS oldest FROM events WHERE app_id = ?');
  return {
    purge(appId, before, rows) {
      // The column is INTEGER NOT NULL: both are there, or there is no row.
      const span = selectSpan.get(appId, Math.floor(before * 1000), rows) as unknown as DeletedSpan | Nothing;
      if (span.newest === null) return 0;
      note.run(appId, span.oldest, span.newest);
      return Number(remove.run(appId, span.newest).changes);
    },
    oldest(appId) {
      const { oldest } = selectOldest.get(appId) as { oldest: number | null };
      return oldest === null ? Number.POSITIVE_INFINITY : oldest / 1000;
    },
  };
}

/** What min() and max() give of no rows. */
interface Nothing {
  readonly oldest: null;
  readonly newest: null;
}
