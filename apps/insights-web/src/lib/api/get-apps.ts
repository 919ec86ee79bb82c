import type { AppSummary, AppsResponse } from '@scorpiox/shared/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { list, moment, nullable, number, record, text } from '../decode.ts';
import { request } from '../http.ts';
import { type ApiRange, apiRange, type TimeRange } from '../time-range.ts';
import { refreshing } from './refreshing.ts';

const decodeApp = record<AppSummary>({
  name: text,
  lastSeen: nullable(moment),
  requests: number,
  failures: number,
  p50: nullable(number),
  p95: nullable(number),
  p99: nullable(number),
  received: number,
  accepted: number,
  duplicates: number,
  rejected: number,
  sparkline: list(number),
});

const decodeApps = record<AppsResponse>({
  apps: list(decodeApp),
  from: moment,
  to: moment,
  now: moment,
  stepSeconds: number,
});

/** `GET /api/apps` over a range. */
const fetchApps = (range: ApiRange, signal: AbortSignal): Promise<AppsResponse> =>
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
