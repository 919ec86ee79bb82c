import { hash } from 'node:crypto';
import { type Run, takeLock } from '@scorpiox/shared/database/sqlserver';
import type { RollupAccumulator, RollupRow } from '../../rollup/accumulate.ts';
import { RESOLUTIONS } from '../../rollup/resolutions.ts';
import type { CounterDelta } from '../count-submission.ts';
import { driveSlowly } from '../overview/drive.ts';
import { foldNames } from '../overview/fold-names.ts';
import { makeSumWriter, type SumRow, type SumTable } from './add-sums.ts';
import { runNameStep } from './overview/names.ts';

const ROLLUP_KEY = [
  { name: 'app_id', type: 'int' },
  { name: 'kind', type: 'varchar(16)' },
  { name: 'minute', type: 'int' },
  { name: 'name_hash', type: 'hash' },
] as const;

const added = (name: string, type: 'float' | 'bigint') => ({ name, type, merge: 'add' }) as const;
const tally = (table: string): SumTable => ({
  table,
  key: [
    { name: 'app_id', type: 'int' },
    { name: 'what', type: 'varchar(64)' },
  ],
  sums: [added('count', 'bigint')],
});

const rollupTable = (table: string): SumTable => ({
  table,
  key: ROLLUP_KEY,
  sums: [
    { name: 'name', type: 'nvarchar(1024)', merge: 'text' },
    added('count', 'float'),
    added('failures', 'float'),
    added('timed', 'float'),
    added('sum_us', 'float'),
    { name: 'min_us', type: 'bigint', merge: 'least' },
    { name: 'max_us', type: 'bigint', merge: 'greatest' },
  ],
});

const bucketTable = (table: string): SumTable => ({
  table,
  key: [...ROLLUP_KEY, { name: 'bucket', type: 'smallint' }],
  sums: [added('count', 'float')],
});

/** The tables that hold sums, as the migrations made them. */
export const SUM_TABLES = {
  rollups: rollupTable('scorpiox_rollup'),
  buckets: bucketTable('scorpiox_rollup_bucket'),
  hourRollups: rollupTable('scorpiox_rollup_hour'),
  hourBuckets: bucketTable('scorpiox_rollup_hour_bucket'),
  dayRollups: rollupTable('scorpiox_rollup_day'),
  dayBuckets: bucketTable('scorpiox_rollup_day_bucket'),
  counters: {
    table: 'scorpiox_app_counter',
    key: [{ name: 'app_id', type: 'int' }],
    sums: [
      ...['received', 'accepted', 'duplicates', 'sampled', 'late'].map((name) => added(name, 'bigint')),
      { name: 'last_seen', type: 'bigint', merge: 'greatest' },
    ],
  },
  rejections: tally('scorpiox_app_rejection'),
  adjustments: tally('scorpiox_app_adjustment'),
} as const satisfies Readonly<Record<string, SumTable>>;

const write = {
  rollups: {
    1: [makeSumWriter(SUM_TABLES.rollups), makeSumWriter(SUM_TABLES.buckets)],
    60: [makeSumWriter(SUM_TABLES.hourRollups), makeSumWriter(SUM_TABLES.hourBuckets)],
    1440: [makeSumWriter(SUM_TABLES.dayRollups), makeSumWriter(SUM_TABLES.dayBuckets)],
  } as const,
  counters: makeSumWriter(SUM_TABLES.counters),
  rejections: makeSumWriter(SUM_TABLES.rejections),
  adjustments: makeSumWriter(SUM_TABLES.adjustments),
};

/** Adds rollups and counters inside a transaction, under the lock that keeps other processes' sums away meanwhile. */
export async function writeSums(run: Run, rollups: RollupAccumulator, deltas: readonly CounterDelta[]): Promise<void> {
  const counted = deltas.filter(({ received }) => received > 0);
  if (counted.length === 0) return;
  await takeLock(run, 'scorpiox_write');
  for (const resolution of RESOLUTIONS) {
    const folded = await driveSlowly(foldNames(rollups.by(resolution), resolution), (step) => runNameStep(run, step));
    const rows = [...folded.rows()].map((row) => [row, keyColumns(row)] as const);
    const [addSums, addBuckets] = write.rollups[resolution];
    await addSums(run, rows.map(toRollup));
    await addBuckets(run, rows.flatMap(toBuckets));
  }
  await write.counters(run, [...mergeCounters(counted).values()]);
  await write.rejections(
    run,
    mergeTallies(counted, ({ rejected }) => rejected),
  );
  await write.adjustments(
    run,
    mergeTallies(counted, ({ adjusted }) => adjusted),
  );
}

/** Adds to what is counted beside an application's submissions. Under the lock `scorpiox_write` only. */
export const writeAdjustments = (
  run: Run,
  counted: readonly { readonly appId: number; readonly what: string; readonly count: number }[],
): Promise<void> =>
  write.adjustments(
    run,
    counted.map(({ appId, what, count }) => ({ app_id: appId, what, count })),
  );

/** A name may be longer than an index key, and the server takes names that differ in case for the same: its hash stands for it. */
function keyColumns({ appId, kind, minute, name }: RollupRow): SumRow {
  return { app_id: appId, kind, minute, name_hash: nameHash(name) };
}

/** Hexadecimal digits. */
export const nameHash = (name: string): string => hash('sha256', name).slice(0, 32);

function toRollup([row, key]: readonly [RollupRow, SumRow]): SumRow {
  const { name, count, failures, timed, sumUs, minUs, maxUs } = row;
  return { ...key, name, count, failures, timed, sum_us: sumUs, min_us: minUs, max_us: maxUs };
}

function toBuckets([row, key]: readonly [RollupRow, SumRow]): readonly SumRow[] {
  return [...row.buckets].map(([bucket, count]) => ({ ...key, bucket, count }));
}

function mergeCounters(deltas: readonly CounterDelta[]): ReadonlyMap<number, SumRow> {
  const merged = new Map<number, Record<string, number>>();
  for (const { appId, spokeAt, received, accepted, duplicates, sampled, late } of deltas) {
    const row = merged.get(appId) ?? { app_id: appId, last_seen: 0 };
    const parts = { received, accepted, duplicates, sampled, late };
    for (const [name, count] of Object.entries(parts)) row[name] = (row[name] ?? 0) + count;
    row.last_seen = Math.max(row.last_seen ?? 0, spokeAt);
    merged.set(appId, row);
  }
  return merged;
}

/** One row for each application and word, as the tables' keys demand. */
function mergeTallies(
  deltas: readonly CounterDelta[],
  pick: (delta: CounterDelta) => Readonly<Record<string, number>>,
): readonly SumRow[] {
  const merged = new Map<string, { app_id: number; what: string; count: number }>();
  for (const delta of deltas) {
    for (const [what, count] of Object.entries(pick(delta))) {
      const row = merged.get(`${delta.appId} ${what}`) ?? { app_id: delta.appId, what, count: 0 };
      row.count += count;
      merged.set(`${delta.appId} ${what}`, row);
    }
  }
  return [...merged.values()];
}
