import type { DatabaseSync } from 'node:sqlite';
import { METRIC_ACTIVE_MS } from '../../../limits.ts';
import {
  type Active,
  idOfSeries,
  idOfStream,
  type MetricKeys,
  type MetricMemory,
} from '../../../rollup/metrics/memory.ts';
import { toBlob } from './tables.ts';

/** Makes the function that reads what points have to be seen beside, inside the caller's transaction. `now`: milliseconds since 1970. */
export function makeMemoryReader(db: DatabaseSync): (keys: MetricKeys, now: number) => MetricMemory {
  const selectSeries = db.prepare('SELECT seen_at FROM metric_series WHERE app_id = ? AND metric = ? AND series = ?');
  const selectStream = db.prepare('SELECT state FROM metric_streams WHERE app_id = ? AND stream = ?');
  const selectSince = db.prepare('SELECT since FROM metric_memories WHERE app_id = ?');
  const countSeries = db.prepare('SELECT count(*) AS n FROM metric_series WHERE app_id = ? AND seen_at >= ?');
  const countStreams = db.prepare('SELECT count(*) AS n FROM metric_streams WHERE app_id = ? AND seen_at >= ?');
  const active = (appId: number, after: number): Active => ({
    series: Number(countSeries.get(appId, after)?.n),
    streams: Number(countStreams.get(appId, after)?.n),
  });
  return (keys, now) => {
    const growing = new Set<number>();
    const series = new Map<string, number>();
    for (const key of keys.series) {
      const row = selectSeries.get(key.appId, toBlob(key.metric), toBlob(key.series));
      if (row === undefined) growing.add(key.appId);
      else series.set(idOfSeries(key), Number(row.seen_at));
    }
    const streams = new Map<string, string>();
    for (const key of keys.streams) {
      const row = selectStream.get(key.appId, toBlob(key.stream));
      if (row === undefined) growing.add(key.appId);
      else streams.set(idOfStream(key), String(row.state));
    }
    const since = new Map(
      keys.apps.flatMap((appId) => {
        const row = selectSince.get(appId);
        return row === undefined ? [] : [[appId, Number(row.since)] as const];
      }),
    );
    const lately = now - METRIC_ACTIVE_MS;
    return { since, series, streams, active: new Map([...growing].map((appId) => [appId, active(appId, lately)])) };
  };
}
