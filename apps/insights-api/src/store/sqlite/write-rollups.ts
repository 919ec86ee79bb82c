import type { DatabaseSync } from 'node:sqlite';
import type { RollupAccumulator } from '../../rollup/accumulate.ts';
import { RESOLUTIONS, type Resolution } from '../../rollup/resolutions.ts';
import { drive } from '../overview/drive.ts';
import { foldNames } from '../overview/fold-names.ts';
import { makeNameSteps } from './overview/names.ts';
import { ROLLUP_TABLES } from './rollup-tables.ts';

const upsertRollup = (table: string) => `
  INSERT INTO ${table} (app_id, kind, minute, name, count, failures, timed, sum_us, min_us, max_us)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (app_id, kind, minute, name) DO UPDATE SET
    count = count + excluded.count, failures = failures + excluded.failures,
    timed = timed + excluded.timed, sum_us = sum_us + excluded.sum_us,
    min_us = coalesce(min(min_us, excluded.min_us), min_us, excluded.min_us),
    max_us = coalesce(max(max_us, excluded.max_us), max_us, excluded.max_us)`;

const upsertBucket = (table: string) => `
  INSERT INTO ${table} (app_id, kind, minute, name, bucket, count) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (app_id, kind, minute, name, bucket) DO UPDATE SET count = count + excluded.count`;

/** Adds sums to the rollup tables of every resolution, inside the caller's transaction. */
export function makeRollupWriter(db: DatabaseSync): (rollups: RollupAccumulator) => void {
  const writers = RESOLUTIONS.map((resolution) => [resolution, makeWriter(db, resolution)] as const);
  const step = makeNameSteps(db);
  return (rollups) => {
    for (const [resolution, write] of writers) write(drive(foldNames(rollups.by(resolution), resolution), step));
  };
}

function makeWriter(db: DatabaseSync, resolution: Resolution): (rollups: RollupAccumulator) => void {
  const rollup = db.prepare(upsertRollup(ROLLUP_TABLES[resolution].sums));
  const bucket = db.prepare(upsertBucket(ROLLUP_TABLES[resolution].buckets));
  return (rollups) => {
    for (const row of rollups.rows()) {
      const key = [row.appId, row.kind, row.minute, row.name] as const;
      rollup.run(...key, row.count, row.failures, row.timed, row.sumUs, row.minUs ?? null, row.maxUs ?? null);
      for (const [number, count] of row.buckets) bucket.run(...key, number, count);
    }
  };
}
