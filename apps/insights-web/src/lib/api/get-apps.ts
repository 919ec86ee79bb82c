import type { AppSummary, AppsResponse } from '@scorpiox/shared/contract';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { list, moment, nullable, number, record, text } from '../decode.ts';
import { request } from '../http.ts';

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

/** `GET /api/apps` for the span that ends now: `span` as the API spells it (`15m`, `24h`, `30d`). */
const fetchApps = (span: string, signal: AbortSignal): Promise<AppsResponse> =>
  request(`/api/apps?${new URLSearchParams({ from: `now-${span}`, to: 'now' })}`, decodeApps, { signal });

/** The list of applications over a span, asked for again every `every` milliseconds. */
export const appsQuery = (span: string, every: number) =>
  queryOptions({
    queryKey: ['apps', span],
    queryFn: ({ signal }) => fetchApps(span, signal),
    refetchInterval: every,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });

/** The list of applications over a span; while a new span loads, the old one's rows stay. */
export const useApps = (span: string, every: number) => useQuery(appsQuery(span, every));
