import type { MetricAggregate, MetricSeriesResponse, MetricSummary, MetricsResponse } from '@scorpiox/shared/contract';
import { useQuery } from '@tanstack/react-query';
import { list, moment, nullable, number, oneOf, record, text } from '../decode.ts';
import type { TimeRange } from '../time-range.ts';
import { appQuery } from './app-query.ts';
import { spanFields } from './span.ts';

const kind = oneOf(['gauge', 'sum', 'histogram']);

const decodeMetrics = record<MetricsResponse>({
  metrics: list(
    record<MetricSummary>({
      name: text,
      unit: nullable(text),
      kind,
      points: number,
      last: nullable(number),
      lastAt: moment,
    }),
  ),
  ...spanFields,
});

/** The metrics of an application that have points in a range. */
export const useMetrics = (app: string, range: TimeRange) => useQuery(appQuery(app, 'metrics', range, decodeMetrics));

const decodeAggregate = record<MetricAggregate>({
  points: number,
  count: number,
  sum: nullable(number),
  min: nullable(number),
  max: nullable(number),
  avg: nullable(number),
  rate: nullable(number),
  last: nullable(number),
  p50: nullable(number),
  p95: nullable(number),
  p99: nullable(number),
});

const decodeSeries = record<MetricSeriesResponse>({
  name: text,
  unit: nullable(text),
  kind: nullable(kind),
  by: nullable(text),
  dimensions: list(text),
  parts: list(
    record<MetricSeriesResponse['parts'][number]>({
      what: oneOf(['all', 'value', 'none', 'other']),
      value: nullable(text),
      total: decodeAggregate,
      steps: list(decodeAggregate),
    }),
  ),
  ...spanFields,
  stepSeconds: number,
});

/** One metric over time, whole or by the values of a dimension. */
export const useMetricSeries = (
  app: string,
  range: TimeRange,
  metric: Pick<MetricSummary, 'name' | 'unit'>,
  by?: string,
) =>
  useQuery(
    appQuery(app, 'metrics/series', range, decodeSeries, { name: metric.name, unit: metric.unit ?? undefined, by }),
  );
