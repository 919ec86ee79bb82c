import type { AppsReport } from '@scorpiox/shared/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { list, number, record } from '../decode.ts';
import { request } from '../http.ts';
import { type ApiRange, apiRange, type TimeRange } from '../time-range.ts';
import { decodeAppReport } from './app-report.ts';
import { refreshing } from './refreshing.ts';
import { spanFields } from './span.ts';

const decodeApps = record<AppsReport>({ apps: list(decodeAppReport), stepSeconds: number, ...spanFields });

/** `GET /api/apps` over a range. */
const fetchApps = (range: ApiRange, signal: AbortSignal): Promise<AppsReport> =>
  request(`/api/apps?${new URLSearchParams({ ...range })}`, decodeApps, { signal });

/** The list of applications over a range, asked for again while it changes. */
export const appsQuery = (range: TimeRange) =>
  queryOptions({
    queryKey: ['apps', apiRange(range)],
    queryFn: ({ signal }) => fetchApps(apiRange(range), signal),
    ...refreshing(range),
  });

/** The list of applications over a range; while that of a new range loads, the old one's rows stay. */
export const useApps = (range: TimeRange) => useQuery(appsQuery(range));
