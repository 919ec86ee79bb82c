import type { DatabaseSync } from 'node:sqlite';
import type { AppTotals, MinuteSpan } from '../port.ts';
import { makeCounterReader } from './read-counters.ts';

// Each of these reads one range of a key: its cost is the minutes of the span, not the events stored.
const TOTALS = `
  SELECT sum(count) AS count, sum(failures) AS failures, min(min_us) AS min, max(max_us) AS max
  FROM rollups WHERE app_id = ? AND kind = 'request' AND minute >= ? AND minute < ?`;
const STEPS = `
  SELECT CAST((minute - ?) / ? AS INTEGER) AS step, sum(count) AS count
  FROM rollups WHERE app_id = ? AND kind = 'request' AND minute >= ? AND minute < ? GROUP BY step ORDER BY step`;
const BUCKETS = `
  SELECT bucket, sum(count) AS count
  FROM rollup_buckets WHERE app_id = ? AND kind = 'request' AND minute >= ? AND minute < ? GROUP BY bucket`;

// The casts below rest on the schema: STRICT tables; sums over no row are NULL.
interface TotalsRow {
  readonly count: number | null;
  readonly failures: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** Makes the function that sums up every application's requests over a span. */
export function makeAppSummary(db: DatabaseSync): (span: MinuteSpan) => readonly AppTotals[] {
  const readCounters = makeCounterReader(db);
  const totals = db.prepare(TOTALS);
  const steps = db.prepare(STEPS);
  const buckets = db.prepare(BUCKETS);
  const read = ({ from, to, stepMinutes }: MinuteSpan): readonly AppTotals[] =>
    readCounters().map((app) => {
      const range = [app.appId, from, to] as const;
      const { count, failures, min, max } = totals.get(...range) as unknown as TotalsRow;
      return {
        ...app,
        requests: count ?? 0,
        failures: failures ?? 0,
        ...(min === null ? {} : { min }),
        ...(max === null ? {} : { max }),
        steps: steps.all(from, stepMinutes, ...range) as unknown as AppTotals['steps'],
        buckets: buckets.all(...range) as unknown as AppTotals['buckets'],
      };
    });
  return (span) => inSnapshot(db, () => read(span));
}

/** Reads everything as of one moment, whatever is committed meanwhile. */
function inSnapshot<T>(db: DatabaseSync, read: () => T): T {
  db.exec('BEGIN');
  try {
    return read();
  } finally {
    db.exec('COMMIT');
  }
}
