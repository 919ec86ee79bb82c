import { number, optionalNumber, type Run, type Sessions, takeLock } from '@scorpiox/shared/database/sqlserver';
import { EVENT_KINDS } from '@scorpiox/shared/telemetry';
import { PURGE_ROWS } from '../../limits.ts';
import type { Resolution } from '../../rollup/resolutions.ts';
import { PURGED, type Purged } from '../overview/purge.ts';
import type { Kept, PurgeOutcome, PurgeRequest } from '../port.ts';
import { lockDeletion, PURGE_EVENTS } from './deleted-events.ts';
import { METRIC_SUMS, METRIC_TABLES } from './metrics/tables.ts';
import { tableName } from './overview/table.ts';
import { SUM_TABLES } from './sums.ts';

const MINUTE_MS = 60_000;

/** Below the locks at which the whole table would be locked. What is before @end goes; `told`: the oldest that is left. */
const purgeText = (
  table: string,
  time: string,
  within: string,
  told = `MIN([${time}]) AS oldest FROM dbo.${table} WHERE ${within}`,
): string => `
SET NOCOUNT ON;
DECLARE @deleted int;
DELETE TOP (${PURGE_ROWS}) FROM dbo.${table} WHERE ${within} AND [${time}] < @end;
SET @deleted = @@ROWCOUNT;
SELECT @deleted AS deleted, ${told};`;

const BY_APP = 'app_id = @app_id';
const BY_KIND = 'app_id = @app_id AND kind = @kind';

const ofSums = ({ table }: { readonly table: string }) => purgeText(table, 'minute', BY_KIND);

const ofOverview = (purged: Purged) => purgeText(tableName(purged), purged.column, purged.isByKind ? BY_KIND : BY_APP);

/** The first row of each metric: a MIN over all of them would read every row that the application has. */
const oldestOfMetrics = (table: string): string => `MIN(o.[minute]) AS oldest
FROM dbo.scorpiox_metric AS m CROSS APPLY (
  SELECT TOP (1) r.[minute] FROM dbo.${table} AS r WHERE r.app_id = m.app_id AND r.metric = m.metric ORDER BY r.[minute]
) AS o
WHERE m.app_id = @app_id`;

const ofMetricSums = (resolution: Resolution) =>
  Object.values(METRIC_SUMS[resolution]).map(({ table }) =>
    purgeText(
      table,
      'minute',
      'app_id = @app_id AND metric IN (SELECT m.metric FROM dbo.scorpiox_metric AS m WHERE m.app_id = @app_id)',
      oldestOfMetrics(table),
    ),
  );

const unseen = ({ table }: { readonly table: string }) => purgeText(table, 'seen_at', 'app_id = @app_id');

/**
 * Metrics that have no series left. Under the lock `scorpiox_write` only: with row versions the series are read as of the
 * statement's start, and a metric that a writer commits meanwhile would be one without.
 */
export const REMOVE_METRICS = `
DELETE FROM dbo.scorpiox_metric
WHERE app_id = @app_id AND metric NOT IN (
  SELECT s.metric FROM dbo.scorpiox_metric_series AS s WHERE s.app_id = @app_id
);`;

/** What deletes sums of metrics, and what is remembered of them: states with the minutes, series with the days. */
export const PURGE_METRICS = {
  minutes: { sums: ofMetricSums(1), unseen: [unseen(METRIC_TABLES.streams)] },
  hours: { sums: ofMetricSums(60), unseen: [] },
  days: { sums: ofMetricSums(1440), unseen: [unseen(METRIC_TABLES.series)] },
} as const;

/** What deletes sums of each kind of table. */
export const PURGE = {
  minutes: [ofSums(SUM_TABLES.rollups), ofSums(SUM_TABLES.buckets)],
  hours: [ofSums(SUM_TABLES.hourRollups), ofSums(SUM_TABLES.hourBuckets)],
  days: [ofSums(SUM_TABLES.dayRollups), ofSums(SUM_TABLES.dayBuckets)],
} as const;

/** The same for what the pages of applications are made of. */
export const PURGE_OVERVIEW = {
  minutes: PURGED.minutes.map((purged) => ({ ...purged, text: ofOverview(purged) })),
  hours: PURGED.hours.map((purged) => ({ ...purged, text: ofOverview(purged) })),
  days: PURGED.days.map((purged) => ({ ...purged, text: ofOverview(purged) })),
} as const;

/** Minutes that a sum covers. */
const COVERS: { readonly [K in Exclude<Kept, 'events'>]: Resolution } = { minutes: 1, hours: 60, days: 1440 };

/** Deletes what is too old, one statement at a time, each a range of a key. */
export async function purge(sessions: Sessions, { appId, what, before }: PurgeRequest): Promise<PurgeOutcome> {
  const one = (text: string, end: number, kind?: string) => purgeRange(sessions.run, text, { appId, end, kind });
  if (what === 'events') return sessions.transaction((run) => purgeEvents(run, appId, before));
  // A sum goes when all of its minutes are too old.
  const end = Math.floor(before / MINUTE_MS) - (COVERS[what] - 1);
  let all: PurgeOutcome = { deleted: 0 };
  for (const text of PURGE[what]) for (const kind of EVENT_KINDS) all = merge(all, await one(text, end, kind));
  for (const text of PURGE_METRICS[what].sums) all = merge(all, await one(text, end));
  all = toMs(all, MINUTE_MS);
  for (const text of PURGE_METRICS[what].unseen) all = merge(all, await one(text, Math.floor(before)));
  if (what === 'days' && all.deleted > 0) await sessions.transaction((run) => removeMetrics(run, appId));
  for (const { text, unit, more, isByKind } of PURGE_OVERVIEW[what]) {
    const last = Math.floor(before / unit) - more;
    for (const kind of isByKind ? EVENT_KINDS : [undefined]) all = merge(all, toMs(await one(text, last, kind), unit));
  }
  return all;
}

async function purgeEvents(run: Run, appId: number, before: number): Promise<PurgeOutcome> {
  await lockDeletion(run);
  const range = { appId, end: Math.floor(before * 1000), kind: undefined };
  return toMs(await purgeRange(run, PURGE_EVENTS, range), 1 / 1000);
}

async function removeMetrics(run: Run, appId: number): Promise<void> {
  await takeLock(run, 'scorpiox_write');
  await run({ text: REMOVE_METRICS, parameters: { app_id: ['int', appId] } });
}

interface RangeOfKey {
  readonly appId: number;
  readonly end: number;
  readonly kind: string | undefined;
}

async function purgeRange(run: Run, text: string, { appId, end, kind }: RangeOfKey): Promise<PurgeOutcome> {
  const parameters = { app_id: ['int', appId], end: ['bigint', end] } as const;
  const [rows] = await run({
    text,
    parameters: kind === undefined ? parameters : { ...parameters, kind: ['varchar(64)', kind] },
  });
  const [row] = rows ?? [];
  if (row === undefined) throw new Error('the server told nothing of what it deleted');
  const oldest = optionalNumber(row, 'oldest');
  return { deleted: number(row, 'deleted'), ...(oldest === undefined ? {} : { oldest }) };
}

function merge(a: PurgeOutcome, b: PurgeOutcome): PurgeOutcome {
  const oldest = [a, b].flatMap((outcome) => outcome.oldest ?? []);
  return { deleted: a.deleted + b.deleted, ...(oldest.length === 0 ? {} : { oldest: Math.min(...oldest) }) };
}

function toMs({ deleted, oldest }: PurgeOutcome, unit: number): PurgeOutcome {
  return { deleted, ...(oldest === undefined ? {} : { oldest: oldest * unit }) };
}
