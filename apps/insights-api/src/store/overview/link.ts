import { bucketOf } from '../../rollup/buckets.ts';
import { unpackCallEnds } from '../../rollup/overview/call-ends.ts';
import type { LinkedCall, Linker } from '../../rollup/overview/linker.ts';
import { RESOLUTIONS } from '../../rollup/resolutions.ts';
import { timedColumns } from './sums.ts';
import { EDGE_ROLLUPS, type Row } from './tables.ts';
import { addRows, type Writing } from './write.ts';

/** A row of ends of calls as it is stored. */
export interface CallLink {
  readonly seq: number;
  readonly ends: Uint8Array;
}

/** Takes rows, ascending, and adds to the edges what those above `linked` complete: the others were counted before. */
export function* linkRows(linker: Linker, rows: readonly CallLink[], linked: number): Writing {
  const calls = rows.flatMap(({ seq, ends }) => {
    const found = linker.take(unpackCallEnds(ends));
    return seq > linked ? found : [];
  });
  const edges = [...Map.groupBy(calls, ({ fromAppId, appId, minute }) => `${fromAppId} ${appId} ${minute}`).values()];
  const added = edges.flatMap(toRow);
  for (const resolution of RESOLUTIONS) yield* addRows({ table: EDGE_ROLLUPS, resolution }, added);
}

/** The calls of one edge and minute as a row. */
function toRow(calls: readonly LinkedCall[]): readonly Row[] {
  const [first] = calls;
  if (first === undefined) return [];
  const sums = { count: 0, failures: 0, timed: 0, sumUs: 0, buckets: new Map<number, number>() };
  const durations: number[] = [];
  for (const { weight, failed, durationUs } of calls) {
    sums.count += weight;
    if (failed) sums.failures += weight;
    if (durationUs === undefined) continue;
    durations.push(durationUs);
    sums.timed += weight;
    sums.sumUs += weight * durationUs;
    const bucket = bucketOf(durationUs);
    sums.buckets.set(bucket, (sums.buckets.get(bucket) ?? 0) + weight);
  }
  // Not by spreading: a minute has more calls than a function takes arguments.
  const ends =
    durations.length === 0
      ? {}
      : { minUs: durations.reduce((a, b) => Math.min(a, b)), maxUs: durations.reduce((a, b) => Math.max(a, b)) };
  const columns = timedColumns({ ...sums, minUs: ends.minUs, maxUs: ends.maxUs });
  return [{ app_id: first.appId, minute: first.minute, from_app_id: first.fromAppId, ...columns }];
}
