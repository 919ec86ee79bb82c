import type { DatabaseSync } from 'node:sqlite';
import type { Resolution } from '../../../rollup/resolutions.ts';
import { METRIC_TABLES } from './tables.ts';

const MINUTE_MS = 60_000;

/** Deletes what is older than `before` (milliseconds since 1970), about `rows` rows; tells how many, and how old the rest is. */
export interface Purger {
  purge(appId: number, before: number, rows: number): number;
  /** Milliseconds since 1970; Infinity where nothing is left. */
  oldest(appId: number): number;
}

/** Sums of metrics go when all of their time is too old, metric by metric, each a range of a key. */
export function makeMetricSumPurgers(db: DatabaseSync, resolution: Resolution): readonly Purger[] {
  return Object.values(METRIC_TABLES[resolution]).map((table) => makeSumPurger(db, table, resolution));
}

function makeSumPurger(db: DatabaseSync, table: string, resolution: Resolution): Purger {
  const selectMetrics = db.prepare('SELECT metric FROM metrics WHERE app_id = ?');
  const selectLast = db.prepare(
    `SELECT minute AS last FROM ${table} WHERE app_id = ? AND metric = ? AND minute < ? ORDER BY minute LIMIT 1 OFFSET ?`,
  );
  const remove = db.prepare(`DELETE FROM ${table} WHERE app_id = ? AND metric = ? AND minute <= ?`);
  const selectOldest = db.prepare(`SELECT min(minute) AS oldest FROM ${table} WHERE app_id = ? AND metric = ?`);
  // The columns are BLOB and INTEGER, both NOT NULL.
  const metricsOf = (appId: number) =>
    (selectMetrics.all(appId) as { metric: Uint8Array }[]).map(({ metric }) => metric);
  return {
    purge(appId, before, rows) {
      const end = Math.floor(before / MINUTE_MS) - (resolution - 1);
      let deleted = 0;
      for (const metric of metricsOf(appId)) {
        if (deleted >= rows) break;
        // Whole minutes go together, so a batch is as large as `rows` and the rest of its last minute.
        const last = selectLast.get(appId, metric, end, rows - deleted - 1) as { last: number } | undefined;
        deleted += Number(remove.run(appId, metric, last?.last ?? end - 1).changes);
      }
      return deleted;
    },
    oldest(appId) {
      const minutes = metricsOf(appId).map((metric) => {
        const { oldest } = selectOldest.get(appId, metric) as { oldest: number | null };
        return oldest === null ? Number.POSITIVE_INFINITY : oldest * MINUTE_MS;
      });
      return Math.min(Number.POSITIVE_INFINITY, ...minutes);
    },
  };
}

/** States of streams that have not been seen. */
export const makeStreamPurger = (db: DatabaseSync): Purger => makeSeenPurger(db, 'metric_streams', 'stream');

/** Series that have not been seen, and metrics that have none left: when their last sums are too old. */
export function makeSeriesPurger(db: DatabaseSync): Purger {
  const series = makeSeenPurger(db, 'metric_series', 'metric, series');
  const removeMetrics = db.prepare(
    `DELETE FROM metrics WHERE app_id = ? AND NOT EXISTS (
      SELECT 1 FROM metric_series AS s WHERE s.app_id = metrics.app_id AND s.metric = metrics.metric)`,
  );
  return {
    ...series,
    purge(appId, before, rows) {
      const deleted = series.purge(appId, before, rows);
      if (deleted > 0) removeMetrics.run(appId);
      return deleted;
    },
  };
}

function makeSeenPurger(db: DatabaseSync, table: string, key: string): Purger {
  const remove = db.prepare(
    `DELETE FROM ${table} WHERE app_id = ?1 AND (${key}) IN (
      SELECT ${key} FROM ${table} WHERE app_id = ?1 AND seen_at < ?2 ORDER BY seen_at LIMIT ?3)`,
  );
  const selectOldest = db.prepare(`SELECT min(seen_at) AS oldest FROM ${table} WHERE app_id = ?`);
  return {
    purge: (appId, before, rows) => Number(remove.run(appId, before, rows).changes),
    oldest: (appId) => Number(selectOldest.get(appId)?.oldest ?? Number.POSITIVE_INFINITY),
  };
}
