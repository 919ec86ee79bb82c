import { number, optionalNumber, type Row, type Run } from '@scorpiox/shared/database/sqlserver';
import { coarsestFor, cover, type Piece, type Resolution } from '../../rollup/resolutions.ts';
import { mergeSteps, mergeTotals, type PieceTotals } from '../merge-pieces.ts';
import type { AppTotals, MinuteSpan } from '../port.ts';
import { READ_COUNTERS, toAppsWithCounters } from './read-counters.ts';
import { SUM_TABLES } from './sums.ts';

// Each of these reads one range of a table's key for each application: its cost is the minutes, hours or days of the
// piece, not the events stored. The join to the applications gives the key its first column.
const requests = (table: string) => `
FROM dbo.scorpiox_app AS a JOIN dbo.${table} AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to`;

/** Two result sets: totals and latency buckets of requests, by application. */
const readTotals = (sums: string, buckets: string) => `
SELECT r.app_id, SUM(r.[count]) AS [count], SUM(r.failures) AS failures, MIN(r.min_us) AS min_us, MAX(r.max_us) AS max_us${requests(sums)}
GROUP BY r.app_id;
SELECT r.app_id, r.bucket, SUM(r.[count]) AS [count]${requests(buckets)}
GROUP BY r.app_id, r.bucket;`;

/** Requests by application and step. */
const readSteps = (sums: string) => `
SELECT s.app_id, s.step, SUM(s.[count]) AS [count]
FROM (SELECT r.app_id, (r.[minute] - @start) / @step_minutes AS step, r.[count]${requests(sums)}) AS s
GROUP BY s.app_id, s.step;`;

const statements = (sums: string, buckets: string) => ({ totals: readTotals(sums, buckets), steps: readSteps(sums) });

/** What is asked of the sums of each resolution. */
export const READ_REQUESTS: { readonly [R in Resolution]: { readonly totals: string; readonly steps: string } } = {
  1: statements(SUM_TABLES.rollups.table, SUM_TABLES.buckets.table),
  60: statements(SUM_TABLES.hourRollups.table, SUM_TABLES.hourBuckets.table),
  1440: statements(SUM_TABLES.dayRollups.table, SUM_TABLES.dayBuckets.table),
};

type ByApp<T> = ReadonlyMap<number, T>;

/** Sums up every application's requests over a span. */
export async function summarizeApps(run: Run, span: MinuteSpan): Promise<readonly AppTotals[]> {
  const apps = toAppsWithCounters(await run({ text: READ_COUNTERS }));
  const totals: ByApp<PieceTotals>[] = [];
  for (const piece of cover(span, 1440)) totals.push(await totalsOf(run, piece));
  const steps: ByApp<AppTotals['steps']>[] = [];
  for (const piece of cover(span, coarsestFor(span))) steps.push(await stepsOf(run, piece, span));
  return apps.map((app) => ({
    ...app,
    ...mergeTotals(totals.flatMap((piece) => piece.get(app.appId) ?? [])),
    steps: mergeSteps(steps.flatMap((piece) => piece.get(app.appId) ?? [])),
  }));
}

async function totalsOf(run: Run, { resolution, from, to }: Piece): Promise<ByApp<PieceTotals>> {
  const [totals = [], buckets = []] = await run({
    text: READ_REQUESTS[resolution].totals,
    parameters: { from: ['int', from], to: ['int', to] },
  });
  const bucketsOf = groupByApp(buckets);
  return new Map(
    totals.map((row) => {
      const appId = number(row, 'app_id');
      return [appId, toTotals(row, bucketsOf.get(appId) ?? [])];
    }),
  );
}

async function stepsOf(
  run: Run,
  { resolution, from, to }: Piece,
  { from: start, stepMinutes }: MinuteSpan,
): Promise<ByApp<AppTotals['steps']>> {
  const [rows = []] = await run({
    text: READ_REQUESTS[resolution].steps,
    parameters: { from: ['int', from], to: ['int', to], start: ['int', start], step_minutes: ['int', stepMinutes] },
  });
  const toStep = (row: Row) => ({ step: number(row, 'step'), count: number(row, 'count') });
  return new Map([...groupByApp(rows)].map(([appId, own]) => [appId, own.map(toStep)]));
}

function toTotals(row: Row, buckets: readonly Row[]): PieceTotals {
  const min = optionalNumber(row, 'min_us');
  const max = optionalNumber(row, 'max_us');
  return {
    requests: number(row, 'count'),
    failures: number(row, 'failures'),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    buckets: buckets.map((bucket) => ({ bucket: number(bucket, 'bucket'), count: number(bucket, 'count') })),
  };
}

function groupByApp(rows: readonly Row[]): ByApp<readonly Row[]> {
  return Map.groupBy(rows, (row) => number(row, 'app_id'));
}
