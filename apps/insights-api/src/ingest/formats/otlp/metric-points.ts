import { err, ok, type Result } from '@scorpiox/shared/result';
import type { ExponentialBuckets, MetricPoint, MetricSeries, Temporality } from '@scorpiox/shared/telemetry';
import { POINT_BUCKETS } from '../../../limits.ts';
import type { Drop } from '../../pipeline/reasons.ts';
import { Attributes } from './attributes.ts';
import type { ExponentialPoint, HistogramPoint, KeyValue, Metric, NumberPoint, SummaryPoint } from './messages.ts';
import type { OwnedPoint } from './metric-events.ts';
import type { Item } from './schema.ts';
import type { Source } from './source.ts';

/*
 * Metrics (opentelemetry/proto/metrics/v1/metrics.proto) as typed points. A point without a recorded value says only that
 * its series has ended: it is taken and gives nothing.
 */

/** One data point: what it says, nothing, or why it is refused. */
export type ReadPoint = Result<OwnedPoint | undefined, Drop>;

const NO_RECORDED_VALUE = 1;
const TEMPORALITIES: Readonly<Record<number, Temporality>> = { 1: 'delta', 2: 'cumulative' };

type Read = Result<MetricPoint, Drop>;

const refused = (message: string): Result<never, Drop> => err({ reason: 'bad-point', message });
const malformed: Drop = { reason: 'malformed', message: 'The data point is not as its schema says.' };

/** The points of a metric, in their order. A metric without a known kind of data has none. */
export function readPoints(metric: Metric, source: Source): readonly ReadPoint[] {
  const { gauge, sum, histogram, exponentialHistogram, summary } = metric;
  const series = seriesOf(metric, source);
  if (gauge !== undefined) return each(gauge.dataPoints, (point) => readGauge(point, series));
  if (summary !== undefined) return each(summary.dataPoints, (point) => readSummary(point, series));
  const counting = sum ?? histogram ?? exponentialHistogram;
  if (counting === undefined) return [];
  const temporality = TEMPORALITIES[counting.aggregationTemporality ?? 0];
  if (temporality === undefined) {
    return counting.dataPoints.map(() => refused('A sum or histogram says whether it is delta or cumulative.'));
  }
  if (sum !== undefined) {
    return each(sum.dataPoints, (point) => readSum(point, series, temporality, sum.isMonotonic ?? false));
  }
  if (histogram !== undefined) return each(histogram.dataPoints, (point) => readHistogram(point, series, temporality));
  return each(exponentialHistogram?.dataPoints ?? [], (point) => readExponential(point, series, temporality));
}

function each<P extends { readonly flags: number | undefined; readonly attributes: readonly KeyValue[] }>(
  points: readonly Item<P>[],
  read: (point: P) => Read,
): readonly ReadPoint[] {
  return points.map((item) => {
    if (!item.ok) return err(malformed);
    const { flags = 0, attributes } = item.value;
    if (flags & NO_RECORDED_VALUE) return ok(undefined);
    const point = read(item.value);
    if (!point.ok) return point;
    return ok({ point: point.value, dimensions: [...new Set(attributes.flatMap(({ key }) => key || []))] });
  });
}

type SeriesOf = (attributes: readonly KeyValue[]) => MetricSeries;

function seriesOf({ name, unit }: Metric, source: Source): SeriesOf {
  const { instance, properties } = source;
  return (own) => {
    const attributes = Object.entries({ ...properties, ...new Attributes(own).texts() });
    return {
      name: name ?? '',
      ...(unit ? { unit } : {}),
      ...(instance === undefined ? {} : { instance }),
      attributes: Object.fromEntries(attributes.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    };
  };
}

const times = ({
  startTimeUnixNano,
  timeUnixNano,
}: {
  startTimeUnixNano: bigint | undefined;
  timeUnixNano: bigint | undefined;
}) => ({
  time: timeUnixNano ?? 0n,
  start: startTimeUnixNano ?? 0n,
});

/** Integers beyond 2^53 are rounded (MetricPoint). */
const numberIn = ({ asDouble, asInt }: NumberPoint): number | undefined =>
  asDouble ?? (asInt === undefined ? undefined : Number(asInt));

function readGauge(point: NumberPoint, series: SeriesOf): Read {
  const value = numberIn(point);
  if (value === undefined || !Number.isFinite(value)) return refused('A gauge needs a finite value.');
  return ok({ kind: 'gauge', series: series(point.attributes), time: point.timeUnixNano ?? 0n, value });
}

function readSum(point: NumberPoint, series: SeriesOf, temporality: Temporality, monotonic: boolean): Read {
  const value = numberIn(point);
  if (value === undefined || !Number.isFinite(value)) return refused('A sum needs a finite value.');
  return ok({ kind: 'sum', series: series(point.attributes), ...times(point), temporality, monotonic, value });
}

/** What histograms have in common; what is no finite number counts as absent. */
function distribution(point: HistogramPoint | ExponentialPoint, series: SeriesOf, temporality: Temporality) {
  const { sum, min, max } = point;
  return {
    series: series(point.attributes),
    ...times(point),
    temporality,
    count: Number(point.count ?? 0n),
    ...(sum !== undefined && Number.isFinite(sum) ? { sum } : {}),
    ...(min !== undefined && Number.isFinite(min) ? { min } : {}),
    ...(max !== undefined && Number.isFinite(max) ? { max } : {}),
  };
}

function readHistogram(point: HistogramPoint, series: SeriesOf, temporality: Temporality): Read {
  const { explicitBounds: bounds } = point;
  const counts = point.bucketCounts.map(Number);
  const fits = counts.length === 0 ? bounds.length === 0 : counts.length === bounds.length + 1;
  const ascending = bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? Infinity));
  if (counts.length > POINT_BUCKETS) return refused(tooManyBuckets);
  if (!fits || !ascending || !bounds.every(Number.isFinite))
    return refused('A histogram has ascending bounds and one bucket more than bounds.');
  return ok({ kind: 'histogram', ...distribution(point, series, temporality), bounds, counts });
}

/** Scales of the specification's own implementations; beyond them bucket numbers lose their meaning in doubles. */
const SCALES = { least: -11, greatest: 20 };

function readExponential(point: ExponentialPoint, series: SeriesOf, temporality: Temporality): Read {
  const scale = point.scale ?? 0;
  if (scale < SCALES.least || scale > SCALES.greatest) return refused('The scale of a histogram lies in -11 … 20.');
  const listed = (point.positive?.bucketCounts.length ?? 0) + (point.negative?.bucketCounts.length ?? 0);
  if (listed > POINT_BUCKETS) return refused(tooManyBuckets);
  const buckets = (one: ExponentialPoint['positive']): ExponentialBuckets => ({
    offset: one?.offset ?? 0,
    counts: (one?.bucketCounts ?? []).map(Number),
  });
  const zeroThreshold = point.zeroThreshold ?? 0;
  return ok({
    kind: 'exponential-histogram',
    ...distribution(point, series, temporality),
    scale,
    zeroCount: Number(point.zeroCount ?? 0n),
    zeroThreshold: zeroThreshold >= 0 && Number.isFinite(zeroThreshold) ? zeroThreshold : 0,
    positive: buckets(point.positive),
    negative: buckets(point.negative),
  });
}

const tooManyBuckets = `A data point has ${POINT_BUCKETS} buckets or quantiles at most.`;

/** Quantiles of nothing are NaN: they say nothing, and are left out. */
function readSummary(point: SummaryPoint, series: SeriesOf): Read {
  const { sum = 0, quantileValues } = point;
  if (!Number.isFinite(sum)) return refused('The sum of a summary is finite.');
  if (quantileValues.length > POINT_BUCKETS) return refused(tooManyBuckets);
  const quantiles = quantileValues.map(({ quantile = 0, value = 0 }) => ({ quantile, value }));
  return ok({
    kind: 'summary',
    series: series(point.attributes),
    ...times(point),
    count: Number(point.count ?? 0n),
    sum,
    quantiles: quantiles.filter(({ quantile, value }) => Number.isFinite(quantile) && Number.isFinite(value)),
  });
}
