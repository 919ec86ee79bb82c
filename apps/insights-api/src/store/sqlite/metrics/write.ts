import type { DatabaseSync } from 'node:sqlite';
import type { MetricAccumulator } from '../../../rollup/metrics/accumulate.ts';
import { advanceMetrics, keysOf, readMetrics } from '../../../rollup/metrics/advance.ts';
import type { MetricChanges } from '../../../rollup/metrics/memory.ts';
import type { StoredMetric } from '../../../rollup/metrics/read-event.ts';
import { RESOLUTIONS, type Resolution } from '../../../rollup/resolutions.ts';
import { makeMemoryReader } from './memory.ts';
import { METRIC_TABLES, toBlob } from './tables.ts';

const upsertSums = (table: string) => `
  INSERT INTO ${table}
    (app_id, metric, minute, series, points, count, summed, sum, ranged, min, max, last, last_time)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (app_id, metric, minute, series) DO UPDATE SET
    points = points + excluded.points, count = count + excluded.count, summed = summed + excluded.summed,
    sum = sum + excluded.sum, ranged = ranged + excluded.ranged,
    min = coalesce(min(min, excluded.min), min, excluded.min),
    max = coalesce(max(max, excluded.max), max, excluded.max),
    last = CASE WHEN excluded.last_time > last_time OR (excluded.last_time = last_time AND excluded.last > last)
      THEN excluded.last ELSE last END,
    last_time = max(last_time, excluded.last_time)`;

const upsertBucket = (table: string) => `
  INSERT INTO ${table} (app_id, metric, minute, series, low, high, count) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (app_id, metric, minute, series, low, high) DO UPDATE SET count = count + excluded.count`;

const INSERT_METRIC = `INSERT INTO metrics (app_id, metric, name, unit) VALUES (?, ?, ?, ?)
  ON CONFLICT (app_id, metric) DO NOTHING`;

const UPSERT_SERIES = `
  INSERT INTO metric_series (app_id, metric, series, kind, dimensions, seen_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (app_id, metric, series) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)`;

const UPSERT_STREAM = `
  INSERT INTO metric_streams (app_id, stream, state, seen_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (app_id, stream) DO UPDATE SET state = excluded.state, seen_at = max(seen_at, excluded.seen_at)`;

const INSERT_MEMORY = `INSERT INTO metric_memories (app_id, since) VALUES (?, ?) ON CONFLICT (app_id) DO NOTHING`;

const UPSERT_NOTE = `INSERT INTO app_adjustments (app_id, what, count) VALUES (?, ?, ?)
  ON CONFLICT (app_id, what) DO UPDATE SET count = count + excluded.count`;

/** Makes the function that sums up the metrics among what went in, inside the caller's transaction (rollup/metrics/advance.ts). */
export function makeMetricWriter(db: DatabaseSync): (stored: readonly StoredMetric[]) => void {
  const readMemory = makeMemoryReader(db);
  const write = makeChangeWriter(db);
  return (stored) => {
    if (stored.length === 0) return;
    const readings = readMetrics(stored);
    const now = Math.max(...stored.map(({ receivedAt }) => receivedAt));
    write(advanceMetrics(readings, readMemory(keysOf(readings), now)));
  };
}

function makeChangeWriter(db: DatabaseSync): (changes: MetricChanges) => void {
  const metric = db.prepare(INSERT_METRIC);
  const series = db.prepare(UPSERT_SERIES);
  const stream = db.prepare(UPSERT_STREAM);
  const memory = db.prepare(INSERT_MEMORY);
  const note = db.prepare(UPSERT_NOTE);
  const writers = RESOLUTIONS.map((resolution) => [resolution, makeSumWriter(db, resolution)] as const);
  return (changes) => {
    for (const row of changes.series) {
      metric.run(row.appId, toBlob(row.metric), row.name, row.unit);
      series.run(row.appId, toBlob(row.metric), toBlob(row.series), row.kind, row.dimensions, row.seenAt);
    }
    for (const row of changes.streams) stream.run(row.appId, toBlob(row.stream), row.state, row.seenAt);
    for (const { appId, since } of changes.memories) memory.run(appId, since);
    for (const row of changes.notes) note.run(row.appId, row.note, row.count);
    for (const [resolution, writeSums] of writers) writeSums(changes.sums.by(resolution));
  };
}

function makeSumWriter(db: DatabaseSync, resolution: Resolution): (sums: MetricAccumulator) => void {
  const rollup = db.prepare(upsertSums(METRIC_TABLES[resolution].sums));
  const bucket = db.prepare(upsertBucket(METRIC_TABLES[resolution].buckets));
  return (accumulated) => {
    for (const { key, sums, ranges } of accumulated.rows()) {
      const columns = [key.appId, toBlob(key.metric), key.minute, toBlob(key.series)] as const;
      const { points, count, summed, sum, ranged, min, max, last, lastUs } = sums;
      rollup.run(...columns, points, count, summed, sum, ranged, min ?? null, max ?? null, last ?? null, lastUs);
      for (const { low, high, count: within } of ranges.values()) bucket.run(...columns, low, high, within);
    }
  };
}
