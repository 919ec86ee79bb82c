/**
 * How large the next batch is, and whether to wait before it. Pure.
 *
 * A batch is to take between 250 and 500 milliseconds: long enough to be worth a commit, short enough that nobody notices
 * its locks. It is halved, and waited a moment, where somebody waits for it or where a row takes twice as long as usual. It is
 * waited until it is better where the log is nearly full: that only time mends, and whoever reads it.
 */
import {
  BACKFILL_BATCH_FIRST,
  BACKFILL_BATCH_LEAST,
  BACKFILL_BATCH_MOST,
  BACKFILL_LOG_PERCENT,
  BACKFILL_LONG_MS,
  BACKFILL_SHORT_MS,
  BACKFILL_SLOW_MS,
  BACKFILL_WAIT_MS,
  BACKFILL_WAL_PAGES,
} from '../rows/limits.ts';

export interface Pace {
  /** Rows of the next batch. */
  readonly size: number;
  /** What a row takes usually, milliseconds; undefined until that is known. */
  readonly usualMs?: number;
}

export const FIRST_PACE: Pace = { size: BACKFILL_BATCH_FIRST };

/** A batch that is done. */
export interface Batch {
  readonly rows: number;
  readonly ms: number;
  /** Sessions that waited for its locks, where the server tells. */
  readonly blocked: number;
}

export type Reason = 'blocking' | 'slow' | 'log' | 'wal' | 'locked';

export interface Next {
  readonly pace: Pace;
  readonly waitMs: number;
  readonly reason?: Reason;
}

/** Of what a row took, so much goes into what is usual. */
const WEIGHT = 0.2;

export function afterBatch(pace: Pace, { rows, ms, blocked }: Batch): Next {
  const perRow = ms / Math.max(1, rows);
  if (blocked > 0) return { ...slower(pace), reason: 'blocking' };
  const isSlow = pace.usualMs !== undefined && perRow > 2 * pace.usualMs && ms > BACKFILL_SLOW_MS;
  if (isSlow) return { ...slower({ ...pace, usualMs: mixed(pace, perRow) }), reason: 'slow' };
  return { pace: { size: fitting(pace.size, rows, ms), usualMs: mixed(pace, perRow) }, waitMs: 0 };
}

/** A batch that somebody else's lock kept from being done. */
export const afterLock = (pace: Pace): Next => ({ ...slower(pace), reason: 'locked' });

const slower = ({ size, ...rest }: Pace) => ({ pace: { ...rest, size: clamp(size / 2) }, waitMs: BACKFILL_WAIT_MS });

const mixed = ({ usualMs }: Pace, perRow: number): number =>
  usualMs === undefined ? perRow : usualMs * (1 - WEIGHT) + perRow * WEIGHT;

/** A batch that was cut short by the table's end tells nothing of a larger one. */
function fitting(size: number, rows: number, ms: number): number {
  if (rows < size) return size;
  if (ms < BACKFILL_SHORT_MS) return clamp(size * Math.min(2, BACKFILL_SHORT_MS / Math.max(1, ms)) + 1);
  return ms > BACKFILL_LONG_MS ? clamp((size * BACKFILL_LONG_MS) / ms) : size;
}

const clamp = (size: number): number => Math.min(BACKFILL_BATCH_MOST, Math.max(BACKFILL_BATCH_LEAST, Math.floor(size)));

/** How full the log is, as far as it is known. */
export interface LogState {
  /** SQL Server: of its size. */
  readonly percent?: number;
  /** SQLite: pages of the write-ahead log that are not in the database yet. */
  readonly pages?: number;
}

/** Why to wait before the next batch, whatever the last one took. */
export function logReason({ percent = 0, pages = 0 }: LogState): Reason | undefined {
  if (percent > BACKFILL_LOG_PERCENT) return 'log';
  return pages > BACKFILL_WAL_PAGES ? 'wal' : undefined;
}
