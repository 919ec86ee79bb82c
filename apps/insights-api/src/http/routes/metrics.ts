import {
  ErrorResponse,
  MetricSeriesQuery,
  MetricSeriesResponse,
  MetricsResponse,
  SpanQuery,
} from '@scorpiox/shared/contract';
import type { AppRef } from '@scorpiox/shared/database';
import { Type } from 'typebox';
import { queryMetric, queryMetrics } from '../../query/metrics.ts';
import { Questions } from '../../query/questions.ts';
import { parseRange, type TimeRange } from '../../query/time-range.ts';
import type { MetricListRequest, MetricRequest } from '../../store/metric-questions.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';

const AppParams = Type.Object({ app: Type.String() });
const failures = { '4xx': ErrorResponse, '5xx': ErrorResponse };

/** `GET /api/apps/:app/metrics` and `…/metrics/series`. */
export const metricRoutes: Routes = async (app, { control, store, now }) => {
  const keyOf = (request: MetricListRequest | MetricRequest) => JSON.stringify(request);
  const lists = new Questions(store.listMetrics, keyOf, now);
  const reports = new Questions(store.readMetric, keyOf, now);

  const appOf = async (name: string): Promise<AppRef> => {
    const found = await control.findApp(name);
    if (found === undefined) throw new ApiError('not-found', 'There is no such application.');
    return found;
  };
  const rangeOf = (query: { readonly from?: string; readonly to?: string }): TimeRange => {
    const range = parseRange(query.from, query.to, now());
    if (range.ok) return range.value;
    throw new ApiError(range.error.code, range.error.message, { field: range.error.field });
  };

  app.get(
    '/api/apps/:app/metrics',
    {
      config: { access: 'viewer' },
      schema: {
        summary: "An application's metrics that have points in a span",
        params: AppParams,
        querystring: SpanQuery,
        response: { 200: MetricsResponse, ...failures },
      },
    },
    async ({ params, query }) => {
      const range = rangeOf(query);
      return queryMetrics((request) => lists.ask(request), await appOf(params.app), range, now);
    },
  );
  app.get(
    '/api/apps/:app/metrics/series',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'One metric over a span in steps, whole or by the values of one dimension',
        params: AppParams,
        querystring: MetricSeriesQuery,
        response: { 200: MetricSeriesResponse, ...failures },
      },
    },
    async ({ params, query }) => {
      const range = rangeOf(query);
      const { name, unit = '', by } = query;
      const choice = { app: await appOf(params.app), name, unit, by };
      return queryMetric((request) => reports.ask(request), choice, range, now);
    },
  );
};
