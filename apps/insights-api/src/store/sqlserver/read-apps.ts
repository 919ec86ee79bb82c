import { number, optionalNumber, type Row, type Run } from '@scorpiox/shared/database/sqlserver';
import type { AppTotals, MinuteSpan } from '../port.ts';
import { READ_COUNTERS, toAppsWithCounters } from './read-counters.ts';

// Each of these reads one range of a table's key for each application: its cost is the minutes of the span, not the
// events stored. The join to the applications gives the key its first column.
const requests = (table: string) => `
FROM dbo.scorpiox_app AS a JOIN dbo.${table} AS r
  ON r.app_id = a.id AND r.kind = 'request' AND r.[minute] >= @from AND r.[minute] < @to`;

/** Three result sets: totals, steps, latency buckets of requests, by application. */
export const READ_REQUESTS = `
SELECT r.app_id, SUM(r.[count]) AS [count], SUM(r.failures) AS failures, MIN(r.min_us) AS min_us, MAX(r.max_us) AS max_us${requests('scorpiox_rollup')}
GROUP BY r.app_id;
SELECT s.app_id, s.step, SUM(s.[count]) AS [count]
FROM (SELECT r.app_id, (r.[minute] - @from) / @step_minutes AS step, r.[count]${requests('scorpiox_rollup')}) AS s
GROUP BY s.app_id, s.step
ORDER BY s.app_id, s.step;
SELECT r.app_id, r.bucket, SUM(r.[count]) AS [count]${requests('scorpiox_rollup_bucket')}
GROUP BY r.app_id, r.bucket;`;

/** Sums up every application's requests over a span. */
export async function summarizeApps(run: Run, { from, to, stepMinutes }: MinuteSpan): Promise<readonly AppTotals[]> {
  const apps = toAppsWithCounters(await run({ text: READ_COUNTERS }));
  const [totals = [], steps = [], buckets = []] = await run({
    text: READ_REQUESTS,
    parameters: { from: ['int', from], to: ['int', to], step_minutes: ['int', stepMinutes] },
  });
  const totalsOf = groupByApp(totals);
  const stepsOf = groupByApp(steps);
  const bucketsOf = groupByApp(buckets);
  return apps.map((app) => ({
    ...app,
    ...toTotals(totalsOf.get(app.appId)?.[0]),
    steps: (stepsOf.get(app.appId) ?? []).map((row) => ({ step: number(row, 'step'), count: number(row, 'count') })),
    buckets: (bucketsOf.get(app.appId) ?? []).map((row) => ({
      bucket: number(row, 'bucket'),
      count: number(row, 'count'),
    })),
  }));
}

function toTotals(row: Row | undefined): Pick<AppTotals, 'requests' | 'failures' | 'min' | 'max'> {
  if (row === undefined) return { requests: 0, failures: 0 };
  const min = optionalNumber(row, 'min_us');
  const max = optionalNumber(row, 'max_us');
  return {
    requests: number(row, 'count'),
    failures: number(row, 'failures'),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}

function groupByApp(rows: readonly Row[]): ReadonlyMap<number, readonly Row[]> {
  return Map.groupBy(rows, (row) => number(row, 'app_id'));
}
