import { AppsQuery, AppsResponse, ErrorResponse } from '@scorpiox/shared/contract';
import { keyOfSpan, queryApps } from '../../query/apps.ts';
import { Questions } from '../../query/questions.ts';
import { parseRange } from '../../query/time-range.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';

/** `GET /api/apps`. */
export const appsRoutes: Routes = async (app, { store, now }) => {
  const summaries = new Questions(store.summarizeApps, keyOfSpan, now);
  app.get(
    '/api/apps',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'All applications with their requests over a span',
        querystring: AppsQuery,
        response: { 200: AppsResponse, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async (request) => {
      const range = parseRange(request.query.from, request.query.to, now());
      if (!range.ok) throw new ApiError(range.error.code, range.error.message, { field: range.error.field });
      return queryApps((span) => summaries.ask(span), range.value, now);
    },
  );
};
