import { type Run, takeLock } from '@scorpiox/shared/database/sqlserver';
import { INSERT_ROWS } from '../../../limits.ts';
import type { MetricAccumulator, MetricRow } from '../../../rollup/metrics/accumulate.ts';
import { advanceMetrics, keysOf, readMetrics } from '../../../rollup/metrics/advance.ts';
import type { MetricChanges } from '../../../rollup/metrics/memory.ts';
import type { StoredMetric } from '../../../rollup/metrics/read-event.ts';
import { RESOLUTIONS } from '../../../rollup/resolutions.ts';
import { makeSumWriter, type SumRow, type SumTable } from '../add-sums.ts';
import { writeAdjustments } from '../sums.ts';
import { readMemory } from './memory.ts';
import { METRIC_SUMS, METRIC_TABLES } from './tables.ts';

type Write = (run: Run, rows: readonly SumRow[]) => Promise<void>;

/** Adds rows, a bounded number in one statement. */
function writerOf(table: SumTable): Write {
  const write = makeSumWriter(table);
  return async (run, rows) => {
    for (let from = 0; from < rows.length; from += INSERT_ROWS) await write(run, rows.slice(from, from + INSERT_ROWS));
  };
}

const write = {
  metrics: writerOf(METRIC_TABLES.metrics),
  series: writerOf(METRIC_TABLES.series),
  streams: writerOf(METRIC_TABLES.streams),
  memories: writerOf(METRIC_TABLES.memories),
  sums: RESOLUTIONS.map((resolution) => {
    const { sums, buckets } = METRIC_SUMS[resolution];
    return { resolution, sums: writerOf(sums), buckets: writerOf(buckets) };
  }),
};

/** Sums up the metrics among what went in, inside the transaction that inserted it (rollup/metrics/advance.ts). */
export async function writeMetrics(run: Run, stored: readonly StoredMetric[]): Promise<void> {
  if (stored.length === 0) return;
  await takeLock(run, 'scorpiox_write');
  const readings = readMetrics(stored);
  const now = Math.max(...stored.map(({ receivedAt }) => receivedAt));
  await writeChanges(run, advanceMetrics(readings, await readMemory(run, keysOf(readings), now)));
}

async function writeChanges(run: Run, { sums, series, streams, memories, notes }: MetricChanges): Promise<void> {
  const metrics = new Map(
    series.map(({ appId, metric, name, unit }) => [`${appId} ${metric}`, { app_id: appId, metric, name, unit }]),
  );
  await write.metrics(run, [...metrics.values()]);
  await write.series(
    run,
    series.map(({ appId, seenAt, name, unit, ...row }) => ({ ...row, app_id: appId, seen_at: seenAt })),
  );
  await write.streams(
    run,
    streams.map(({ appId, seenAt, ...row }) => ({ ...row, app_id: appId, seen_at: seenAt })),
  );
  await write.memories(
    run,
    memories.map(({ appId, since }) => ({ app_id: appId, since })),
  );
  await writeAdjustments(
    run,
    notes.map(({ appId, note, count }) => ({ appId, what: note, count })),
  );
  for (const one of write.sums) await writeSums(run, one, sums.by(one.resolution));
}

async function writeSums(
  run: Run,
  { sums, buckets }: { readonly sums: Write; readonly buckets: Write },
  accumulated: MetricAccumulator,
): Promise<void> {
  const rows = [...accumulated.rows()];
  await sums(run, rows.map(toSums));
  await buckets(run, rows.flatMap(toBuckets));
}

const keyColumns = ({ appId, metric, minute, series }: MetricRow['key']) => ({ app_id: appId, metric, minute, series });

function toSums({ key, sums: { lastUs, ...sums } }: MetricRow): SumRow {
  return { ...keyColumns(key), ...sums, last_time: lastUs };
}

function toBuckets({ key, ranges }: MetricRow): readonly SumRow[] {
  return [...ranges.values()].map((range) => ({ ...keyColumns(key), ...range }));
}
