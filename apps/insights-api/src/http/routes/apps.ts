import { AppsQuery, AppsReport, ErrorResponse, MapResponse, SpanQuery } from '@scorpiox/shared/contract';
import { queryApps } from '../../query/apps.ts';
import { makeAsking } from '../../query/overview/asking.ts';
import { queryMap } from '../../query/overview/map.ts';
import type { Routes } from '../instance.ts';
import { rangeOf } from '../range.ts';
import { appRoutes } from './app.ts';

/** `GET /api/apps`, `GET /api/map`, and everything about one application. */
export const appsRoutes: Routes = async (app, deps) => {
  const { store, now } = deps;
  const asking = makeAsking(store, now);
  app.get(
    '/api/apps',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'All applications over a span: requests, failures, percentiles, and how each of them is',
        querystring: AppsQuery,
        response: { 200: AppsReport, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async ({ query }) => queryApps(asking, rangeOf(query, now())),
  );
  app.get(
    '/api/map',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Which application calls which over a span',
        querystring: SpanQuery,
        response: { 200: MapResponse, '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async ({ query }) => queryMap(asking, rangeOf(query, now())),
  );
  appRoutes(app, asking, deps.control);
};
