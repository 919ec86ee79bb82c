import {
  hex,
  number,
  optionalNumber,
  type Row,
  type Run,
  type Statement,
  text,
} from '@scorpiox/shared/database/sqlserver';
import { metricHash, type SeriesKind } from '../../../rollup/metrics/identity.ts';
import {
  groupSeries,
  mergeParts,
  type SeriesInSpan,
  type StepRange,
  type StepSums,
} from '../../../rollup/metrics/split.ts';
import type { MetricSums } from '../../../rollup/metrics/sums.ts';
import { coarsestFor, cover, type Piece, type Resolution } from '../../../rollup/resolutions.ts';
import { mergeListed } from '../../merge-metrics.ts';
import type { MetricListed, MetricListRequest, MetricReport, MetricRequest } from '../../metric-questions.ts';
import { METRIC_SUMS } from './tables.ts';

// Each of these reads one range of a key for each metric: its cost is the minutes, hours or days of the span and the
// series in them, not the events stored.

/** A metric's points, and of its newest row the series and its value. */
const list = (table: string) => `
SELECT x.metric, m.[name], m.unit, s.kind, x.points, x.[last], x.last_time
FROM (
  SELECT r.app_id, r.metric, r.series, r.[last], r.last_time, SUM(r.points) OVER (PARTITION BY r.metric) AS points,
    ROW_NUMBER() OVER (PARTITION BY r.metric ORDER BY r.last_time DESC, r.[last] DESC, r.series) AS place
  FROM dbo.scorpiox_metric AS k JOIN dbo.${table} AS r
    ON r.app_id = k.app_id AND r.metric = k.metric AND r.[minute] >= @from AND r.[minute] < @to
  WHERE k.app_id = @app_id
) AS x
JOIN dbo.scorpiox_metric AS m ON m.app_id = x.app_id AND m.metric = x.metric
JOIN dbo.scorpiox_metric_series AS s ON s.app_id = x.app_id AND s.metric = x.metric AND s.series = x.series
WHERE x.place = 1;`;

const RANGE = `r.app_id = @app_id AND r.metric = CONVERT(binary(16), @metric, 2) AND r.[minute] >= @from AND r.[minute] < @to`;

const listSeries = (table: string) => `
SELECT x.series, s.kind, s.dimensions, x.[count], x.summed, x.[sum], x.last_time
FROM (
  SELECT r.app_id, r.metric, r.series, SUM(r.[count]) AS [count], SUM(r.summed) AS summed, SUM(r.[sum]) AS [sum],
    MAX(r.last_time) AS last_time
  FROM dbo.${table} AS r WHERE ${RANGE}
  GROUP BY r.app_id, r.metric, r.series
) AS x
JOIN dbo.scorpiox_metric_series AS s ON s.app_id = x.app_id AND s.metric = x.metric AND s.series = x.series;`;

/** The table variable's key sorts the series, as the sums are. */
const GROUPS = `
SET NOCOUNT ON;
DECLARE @group TABLE (series binary(16) NOT NULL PRIMARY KEY, grp int NOT NULL);
INSERT INTO @group (series, grp)
SELECT CONVERT(binary(16), j.series, 2), j.grp
FROM OPENJSON(@groups) WITH (series varchar(32) '$.series', grp int '$.grp') AS j;`;

/** Two result sets: sums and buckets, by group and step. */
const readSteps = (sums: string, buckets: string) => `${GROUPS}
SELECT y.grp, y.step, SUM(y.points) AS points, SUM(y.[count]) AS [count], SUM(y.summed) AS summed, SUM(y.[sum]) AS [sum],
  SUM(y.ranged) AS ranged, MIN(y.[min]) AS [min], MAX(y.[max]) AS [max], MAX(y.last_time) AS last_time,
  MAX(CASE WHEN y.place = 1 THEN y.[last] END) AS [last]
FROM (
  SELECT x.*, ROW_NUMBER() OVER (PARTITION BY x.grp, x.step ORDER BY x.last_time DESC, x.[last] DESC) AS place
  FROM (
    SELECT g.grp, (r.[minute] - @start) / @step_minutes AS step, r.points, r.[count], r.summed, r.[sum], r.ranged, r.[min],
      r.[max], r.[last], r.last_time
    FROM dbo.${sums} AS r JOIN @group AS g ON g.series = r.series
    WHERE ${RANGE}
  ) AS x
) AS y
GROUP BY y.grp, y.step;
SELECT x.grp, x.step, x.low, x.high, SUM(x.[count]) AS [count]
FROM (
  SELECT g.grp, (r.[minute] - @start) / @step_minutes AS step, r.low, r.high, r.[count]
  FROM dbo.${buckets} AS r JOIN @group AS g ON g.series = r.series
  WHERE ${RANGE}
) AS x
GROUP BY x.grp, x.step, x.low, x.high;`;

const statements = (resolution: Resolution) => {
  const { sums, buckets } = METRIC_SUMS[resolution];
  return {
    list: list(sums.table),
    series: listSeries(sums.table),
    steps: readSteps(sums.table, buckets.table),
  };
};

/** What is asked of the sums of each resolution. */
export const READ_METRICS: { readonly [R in Resolution]: ReturnType<typeof statements> } = {
  1: statements(1),
  60: statements(60),
  1440: statements(1440),
};

/** An application's metrics in a span. */
export async function listMetrics(run: Run, { appId, from, to }: MetricListRequest): Promise<readonly MetricListed[]> {
  const listed: (readonly MetricListed[])[] = [];
  for (const piece of cover({ from, to }, 1440)) {
    const [rows = []] = await run({
      text: READ_METRICS[piece.resolution].list,
      parameters: { app_id: ['int', appId], from: ['int', piece.from], to: ['int', piece.to] },
    });
    listed.push(rows.map(toListed));
  }
  return mergeListed(listed.flat());
}

function toListed(row: Row): MetricListed {
  const last = optionalNumber(row, 'last');
  return {
    name: text(row, 'name'),
    unit: text(row, 'unit'),
    kind: kindIn(row),
    points: number(row, 'points'),
    lastUs: number(row, 'last_time'),
    ...(last === undefined ? {} : { last }),
  };
}

/** One metric over a span. */
export async function readMetric(run: Run, request: MetricRequest): Promise<MetricReport> {
  const { span, by, top } = request;
  const found: (readonly SeriesInSpan[])[] = [];
  for (const piece of cover(span, 1440)) {
    const [rows = []] = await run({
      text: READ_METRICS[piece.resolution].series,
      parameters: parametersOf(request, piece),
    });
    found.push(rows.map(toSeries));
  }
  const { report, groups } = groupSeries(found.flat(), by, top);
  if (groups.length === 0) return { ...report, parts: [] };
  const places = JSON.stringify(groups.flatMap(({ series }, grp) => series.map((one) => ({ series: one, grp }))));
  const sums: (readonly StepSums[])[] = [];
  const ranges: (readonly StepRange[])[] = [];
  for (const piece of cover(span, coarsestFor(span))) {
    const steps = { start: ['int', span.from], step_minutes: ['int', span.stepMinutes] } as const;
    const [sumRows = [], bucketRows = []] = await run({
      text: READ_METRICS[piece.resolution].steps,
      parameters: { ...parametersOf(request, piece), ...steps, groups: ['nvarchar(max)', places] },
    });
    sums.push(sumRows.map((row) => ({ ...placeOf(row), sums: toSums(row) })));
    ranges.push(bucketRows.map((row) => ({ ...placeOf(row), range: toRange(row) })));
  }
  return { ...report, parts: mergeParts(groups, sums.flat(), ranges.flat()) };
}

const parametersOf = ({ appId, name, unit }: MetricRequest, { from, to }: Piece) =>
  ({
    app_id: ['int', appId],
    metric: ['varchar(36)', metricHash(name, unit)],
    from: ['int', from],
    to: ['int', to],
  }) as const satisfies Statement['parameters'];

/** The column holds what a SeriesKind was written as. */
const kindIn = (row: Row): SeriesKind => text(row, 'kind') as SeriesKind;

const toSeries = (row: Row): SeriesInSpan => ({
  series: hex(row, 'series'),
  kind: kindIn(row),
  dimensions: text(row, 'dimensions'),
  count: number(row, 'count'),
  summed: number(row, 'summed'),
  sum: number(row, 'sum'),
  lastUs: number(row, 'last_time'),
});

const placeOf = (row: Row) => ({ group: number(row, 'grp'), step: number(row, 'step') });

const toRange = (row: Row) => ({
  low: number(row, 'low'),
  high: number(row, 'high'),
  count: number(row, 'count'),
});

const toSums = (row: Row): MetricSums => ({
  points: number(row, 'points'),
  count: number(row, 'count'),
  summed: number(row, 'summed'),
  sum: number(row, 'sum'),
  ranged: number(row, 'ranged'),
  min: optionalNumber(row, 'min'),
  max: optionalNumber(row, 'max'),
  last: optionalNumber(row, 'last'),
  lastUs: number(row, 'last_time'),
});
