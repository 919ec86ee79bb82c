import type { DatabaseSync } from 'node:sqlite';
import { metricHash, type SeriesKind } from '../../../rollup/metrics/identity.ts';
import {
  groupSeries,
  mergeParts,
  type SeriesInSpan,
  type StepRange,
  type StepSums,
} from '../../../rollup/metrics/split.ts';
import { coarsestFor, cover, type Piece, RESOLUTIONS, type Resolution } from '../../../rollup/resolutions.ts';
import { mergeListed } from '../../merge-metrics.ts';
import type { MetricListed, MetricListRequest, MetricReport, MetricRequest } from '../../metric-questions.ts';
import { inSnapshot } from '../snapshot.ts';
import { METRIC_TABLES, toBlob, toHex } from './tables.ts';

// Each of these reads one range of a key for each metric: its cost is the minutes, hours or days of the span and the
// series in them, not the events stored.

/** A metric's points, and of its newest row the series and its value. */
const list = (table: string) => `
  SELECT x.metric, m.name, m.unit, s.kind, x.points, x.last, x.last_time FROM (
    SELECT r.app_id, r.metric, r.series, r.last, r.last_time, sum(r.points) OVER (PARTITION BY r.metric) AS points,
      row_number() OVER (PARTITION BY r.metric ORDER BY r.last_time DESC, r.last DESC, r.series) AS place
    FROM metrics AS k CROSS JOIN ${table} AS r
    WHERE k.app_id = ? AND r.app_id = k.app_id AND r.metric = k.metric AND r.minute >= ? AND r.minute < ?
  ) AS x
  JOIN metrics AS m ON m.app_id = x.app_id AND m.metric = x.metric
  JOIN metric_series AS s ON s.app_id = x.app_id AND s.metric = x.metric AND s.series = x.series
  WHERE x.place = 1`;

const listSeries = (table: string) => `
  SELECT x.series, s.kind, s.dimensions, x.count, x.summed, x.sum, x.last_time FROM (
    SELECT series, sum(count) AS count, sum(summed) AS summed, sum(sum) AS sum, max(last_time) AS last_time
    FROM ${table} WHERE app_id = ?1 AND metric = ?2 AND minute >= ?3 AND minute < ?4 GROUP BY series
  ) AS x
  JOIN metric_series AS s ON s.app_id = ?1 AND s.metric = ?2 AND s.series = x.series`;

/** Series and their groups: JSON, a list of pairs. */
const GROUPS = `groups AS MATERIALIZED (
    SELECT unhex(json_extract(value, '$[0]')) AS series, json_extract(value, '$[1]') AS grp FROM json_each(?5))`;

const readSums = (table: string) => `
  WITH ${GROUPS}
  SELECT grp, step, sum(points) AS points, sum(count) AS count, sum(summed) AS summed, sum(sum) AS sum,
    sum(ranged) AS ranged, min(min) AS min, max(max) AS max, max(last_time) AS last_time,
    max(CASE WHEN place = 1 THEN last END) AS last
  FROM (
    SELECT g.grp, CAST((r.minute - ?6) / ?7 AS INTEGER) AS step, r.*,
      row_number() OVER (PARTITION BY g.grp, CAST((r.minute - ?6) / ?7 AS INTEGER) ORDER BY r.last_time DESC, r.last DESC) AS place
    FROM ${table} AS r JOIN groups AS g ON g.series = r.series
    WHERE r.app_id = ?1 AND r.metric = ?2 AND r.minute >= ?3 AND r.minute < ?4
  ) GROUP BY grp, step`;

const readBuckets = (table: string) => `
  WITH ${GROUPS}
  SELECT g.grp, CAST((r.minute - ?6) / ?7 AS INTEGER) AS step, r.low, r.high, sum(r.count) AS count
  FROM ${table} AS r JOIN groups AS g ON g.series = r.series
  WHERE r.app_id = ?1 AND r.metric = ?2 AND r.minute >= ?3 AND r.minute < ?4
  GROUP BY g.grp, step, r.low, r.high`;

// The casts below rest on the schema: STRICT tables, and columns that are not nullable but for min, max and last.
interface SumsRow {
  readonly points: number;
  readonly count: number;
  readonly summed: number;
  readonly sum: number;
  readonly ranged: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly last: number | null;
  readonly last_time: number;
}

export interface MetricReader {
  listMetrics(request: MetricListRequest): readonly MetricListed[];
  readMetric(request: MetricRequest): MetricReport;
}

/** Makes what answers questions about metrics. */
export function makeMetricReader(db: DatabaseSync): MetricReader {
  const readers = new Map(RESOLUTIONS.map((resolution) => [resolution, makePieceReader(db, resolution)] as const));
  const of = ({ resolution }: Piece) => {
    const reader = readers.get(resolution);
    if (reader === undefined) throw new RangeError('no such resolution');
    return reader;
  };
  return {
    listMetrics: ({ appId, from, to }) =>
      inSnapshot(db, () => mergeListed(cover({ from, to }, 1440).flatMap((piece) => of(piece).list(appId, piece)))),
    readMetric: (request) =>
      inSnapshot(db, () => {
        const { span, by, top } = request;
        const found = cover(span, 1440).flatMap((piece) => of(piece).series(request, piece));
        const { report, groups } = groupSeries(found, by, top);
        const places = JSON.stringify(groups.flatMap(({ series }, group) => series.map((one) => [one, group])));
        const pieces = cover(span, coarsestFor(span));
        const sums = pieces.flatMap((piece) => of(piece).sums(request, piece, places));
        const ranges = pieces.flatMap((piece) => of(piece).ranges(request, piece, places));
        return { ...report, parts: mergeParts(groups, sums, ranges) };
      }),
  };
}

function makePieceReader(db: DatabaseSync, resolution: Resolution) {
  const tables = METRIC_TABLES[resolution];
  const selectList = db.prepare(list(tables.sums));
  const selectSeries = db.prepare(listSeries(tables.sums));
  const selectSums = db.prepare(readSums(tables.sums));
  const selectBuckets = db.prepare(readBuckets(tables.buckets));
  const keyOf = ({ appId, name, unit }: MetricRequest) => [appId, toBlob(metricHash(name, unit))] as const;
  return {
    list(appId: number, { from, to }: Piece): readonly MetricListed[] {
      const rows = selectList.all(appId, from, to) as unknown as readonly ListRow[];
      return rows.map(({ name, unit, kind, points, last, last_time: lastUs }) => ({
        ...{ name, unit, kind, points, lastUs },
        ...(last === null ? {} : { last }),
      }));
    },
    series(request: MetricRequest, { from, to }: Piece): readonly SeriesInSpan[] {
      const rows = selectSeries.all(...keyOf(request), from, to) as unknown as readonly SeriesRow[];
      return rows.map(({ series, last_time: lastUs, ...row }) => ({ ...row, series: toHex(series), lastUs }));
    },
    sums(request: MetricRequest, { from, to }: Piece, places: string): readonly StepSums[] {
      const { from: start, stepMinutes } = request.span;
      const rows = selectSums.all(...keyOf(request), from, to, places, start, stepMinutes);
      return (rows as unknown as readonly (SumsRow & Place)[]).map((row) => ({
        group: row.grp,
        step: row.step,
        sums: toSums(row),
      }));
    },
    ranges(request: MetricRequest, { from, to }: Piece, places: string): readonly StepRange[] {
      const { from: start, stepMinutes } = request.span;
      const rows = selectBuckets.all(...keyOf(request), from, to, places, start, stepMinutes);
      return (rows as unknown as readonly (Place & StepRange['range'])[]).map(({ grp, step, ...range }) => ({
        group: grp,
        step,
        range,
      }));
    },
  };
}

interface Place {
  readonly grp: number;
  readonly step: number;
}
interface ListRow extends Omit<MetricListed, 'last' | 'lastUs'> {
  readonly last: number | null;
  readonly last_time: number;
}
interface SeriesRow extends Omit<SeriesInSpan, 'series' | 'lastUs'> {
  readonly kind: SeriesKind;
  readonly series: Uint8Array;
  readonly last_time: number;
}

function toSums({ points, count, summed, sum, ranged, min, max, last, last_time: lastUs }: SumsRow) {
  const extremes = { min: min ?? undefined, max: max ?? undefined, last: last ?? undefined };
  return { points, count, summed, sum, ranged, ...extremes, lastUs };
}
