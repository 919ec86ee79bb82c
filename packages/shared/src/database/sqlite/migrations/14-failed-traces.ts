import type { Migration } from '../migrate.ts';
import { moveByDays, WITHIN } from './by-days.ts';

/**
 * Traces of severity error and above count as failures in the sums of applications from now on: those that are kept are
 * counted once more, as far as their events are there. Hours and days follow from the minutes.
 */
export const FAILED_TRACES: Migration = {
  version: 14,
  name: 'errors in the sums of traces',
  sql: '',
  reads: ['app_rollups', 'hour_app_rollups', 'day_app_rollups'],
  move(db, step) {
    moveByDays(db, 'app_rollups', [db.prepare(COUNT_MINUTES)], step);
    moveByDays(db, 'hour_app_rollups', [db.prepare(addUp('hour_app_rollups', 'app_rollups', 60))], step);
    moveByDays(db, 'day_app_rollups', [db.prepare(addUp('day_app_rollups', 'hour_app_rollups', 1440))], step);
  },
};

const COUNT_MINUTES = `
  UPDATE app_rollups SET failures = max(failures, coalesce((
    SELECT sum(weight) FROM events AS e
    WHERE e.app_id = app_rollups.app_id AND e.time >= app_rollups.minute * 60000000
      AND e.time < (app_rollups.minute + 1) * 60000000
      AND e.kind = 'trace' AND (e.success = 0 OR e.severity IN ('error', 'critical'))), 0))
  ${WITHIN} AND kind = 'trace'`;

const addUp = (coarse: string, fine: string, minutes: number): string => `
  UPDATE ${coarse} SET failures = max(failures, coalesce((
    SELECT sum(f.failures) FROM ${fine} AS f
    WHERE f.app_id = ${coarse}.app_id AND f.kind = 'trace'
      AND f.minute >= ${coarse}.minute AND f.minute < ${coarse}.minute + ${minutes}), 0))
  ${WITHIN} AND kind = 'trace'`;
