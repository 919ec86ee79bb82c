import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '@scorpiox/shared/database';
import { EVENT_KINDS } from '@scorpiox/shared/telemetry';
import { PURGE_ROWS } from '../../limits.ts';
import { PURGED } from '../overview/purge.ts';
import type { Kept, PurgeOutcome, PurgeRequest } from '../port.ts';
import { makeEventPurger } from './deleted-events.ts';
import { makeMetricSumPurgers, makeSeriesPurger, makeStreamPurger, type Purger } from './metrics/purge.ts';
import { tableName } from './overview/table-name.ts';
import { ROLLUP_TABLES } from './rollup-tables.ts';

/** A range of a key, in the order of time: where rows are, what their time is, and how many milliseconds its unit has. */
interface Range {
  readonly table: string;
  /** A condition on what stands before the time in the key. */
  readonly within: string;
  readonly time: 'minute' | 'last_seen';
  /** Milliseconds of one unit of that column. */
  readonly unit: number;
  /** Units after its first that a row covers: it goes when all of them are too old. */
  readonly more: number;
}

const MINUTE_MS = 60_000;

const sumsOf = (resolution: keyof typeof ROLLUP_TABLES): readonly Range[] =>
  Object.values(ROLLUP_TABLES[resolution]).flatMap((table) =>
    EVENT_KINDS.map((kind) => ({
      table,
      within: `app_id = ? AND kind = '${kind}'`,
      time: 'minute' as const,
      unit: MINUTE_MS,
      more: resolution - 1,
    })),
  );

const overviewOf = (what: Exclude<Kept, 'events'>): readonly Range[] =>
  PURGED[what].flatMap(({ isByKind, column, unit, more, ...at }) =>
    (isByKind ? EVENT_KINDS : [undefined]).map((kind) => ({
      table: tableName(at),
      within: kind === undefined ? 'app_id = ?' : `app_id = ? AND kind = '${kind}'`,
      time: column,
      unit,
      more,
    })),
  );

const RANGES: { readonly [K in Exclude<Kept, 'events'>]: readonly Range[] } = {
  minutes: [...sumsOf(1), ...overviewOf('minutes')],
  hours: [...sumsOf(60), ...overviewOf('hours')],
  days: [...sumsOf(1440), ...overviewOf('days')],
};

/** Makes the function that deletes what is too old, about PURGE_ROWS rows in one transaction. */
export function makePurge(db: DatabaseSync): (request: PurgeRequest) => PurgeOutcome {
  const ranges = (what: Exclude<Kept, 'events'>) => RANGES[what].map((range) => makeRangePurger(db, range));
  const purgers: { readonly [K in Kept]: readonly Purger[] } = {
    events: [makeEventPurger(db)],
    // What streams of metrics gave last is of use for as long as their points may come.
    minutes: [...ranges('minutes'), ...makeMetricSumPurgers(db, 1), makeStreamPurger(db)],
    hours: [...ranges('hours'), ...makeMetricSumPurgers(db, 60)],
    days: [...ranges('days'), ...makeMetricSumPurgers(db, 1440), makeSeriesPurger(db)],
  };
  return ({ appId, what, before }) =>
    inTransaction(db, () => {
      let deleted = 0;
      for (const purger of purgers[what]) {
        if (deleted < PURGE_ROWS) deleted += purger.purge(appId, before, PURGE_ROWS - deleted);
      }
      const oldest = Math.min(...purgers[what].map((purger) => purger.oldest(appId)));
      return { deleted, ...(oldest === Number.POSITIVE_INFINITY ? {} : { oldest }) };
    });
}

/** Whole moments go together, so a batch is as large as `rows` and the rest of its last moment. */
function makeRangePurger(db: DatabaseSync, { table, within, time, unit, more }: Range): Purger {
  const selectLast = db.prepare(
    `SELECT ${time} AS last FROM ${table} WHERE ${within} AND ${time} < ? ORDER BY ${time} LIMIT 1 OFFSET ?`,
  );
  const remove = db.prepare(`DELETE FROM ${table} WHERE ${within} AND ${time} <= ?`);
  const selectOldest = db.prepare(`SELECT min(${time}) AS oldest FROM ${table} WHERE ${within}`);
  return {
    purge(appId: number, before: number, rows: number): number {
      const end = Math.floor(before / unit) - more;
      // The column is INTEGER NOT NULL.
      const last = selectLast.get(appId, end, rows - 1) as { last: number } | undefined;
      return Number(remove.run(appId, last?.last ?? end - 1).changes);
    },
    oldest(appId: number): number {
      const { oldest } = selectOldest.get(appId) as { oldest: number | null };
      return oldest === null ? Number.POSITIVE_INFINITY : oldest * unit;
    },
  };
}
