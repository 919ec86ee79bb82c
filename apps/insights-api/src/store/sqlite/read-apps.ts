import type { DatabaseSync } from 'node:sqlite';
import { coarsestFor, cover, type Piece, type Resolution } from '../../rollup/resolutions.ts';
import { mergeSteps, mergeTotals, type PieceTotals } from '../merge-pieces.ts';
import type { AppTotals, MinuteSpan } from '../port.ts';
import { makeCounterReader } from './read-counters.ts';
import { ROLLUP_TABLES } from './rollup-tables.ts';
import { inSnapshot } from './snapshot.ts';

// Each of these reads one range of a key: its cost is the minutes, hours or days of the span, not the events stored.
const totals = (table: string) => `
  SELECT sum(count) AS count, sum(failures) AS failures, min(min_us) AS min, max(max_us) AS max
  FROM ${table} WHERE app_id = ? AND kind = 'request' AND minute >= ? AND minute < ?`;
const steps = (table: string) => `
  SELECT CAST((minute - ?) / ? AS INTEGER) AS step, sum(count) AS count
  FROM ${table} WHERE app_id = ? AND kind = 'request' AND minute >= ? AND minute < ? GROUP BY step ORDER BY step`;
const buckets = (table: string) => `
  SELECT bucket, sum(count) AS count
  FROM ${table} WHERE app_id = ? AND kind = 'request' AND minute >= ? AND minute < ? GROUP BY bucket`;

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
  const readers = { 1: makePieceReader(db, 1), 60: makePieceReader(db, 60), 1440: makePieceReader(db, 1440) };
  const read = (span: MinuteSpan): readonly AppTotals[] => {
    const pieces = cover(span, 1440);
    const stepPieces = cover(span, coarsestFor(span));
    return readCounters().map((app) => ({
      ...app,
      ...mergeTotals(pieces.map((piece) => readers[piece.resolution].totals(app.appId, piece))),
      steps: mergeSteps(stepPieces.flatMap((piece) => readers[piece.resolution].steps(app.appId, piece, span))),
    }));
  };
  return (span) => inSnapshot(db, () => read(span));
}

function makePieceReader(db: DatabaseSync, resolution: Resolution) {
  const tables = ROLLUP_TABLES[resolution];
  const selectTotals = db.prepare(totals(tables.sums));
  const selectSteps = db.prepare(steps(tables.sums));
  const selectBuckets = db.prepare(buckets(tables.buckets));
  return {
    totals(appId: number, { from, to }: Piece): PieceTotals {
      const { count, failures, min, max } = selectTotals.get(appId, from, to) as unknown as TotalsRow;
      return {
        requests: count ?? 0,
        failures: failures ?? 0,
        ...(min === null ? {} : { min }),
        ...(max === null ? {} : { max }),
        buckets: selectBuckets.all(appId, from, to) as unknown as PieceTotals['buckets'],
      };
    },
    steps(appId: number, { from, to }: Piece, span: MinuteSpan): AppTotals['steps'] {
      return selectSteps.all(span.from, span.stepMinutes, appId, from, to) as unknown as AppTotals['steps'];
    },
  };
}
