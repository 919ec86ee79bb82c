import type { LatencyResponse, OverviewResponse, Timeline, TimelineResponse } from '@scorpiox/shared/contract';
import { useQuery } from '@tanstack/react-query';
import { type Decoder, list, moment, nullable, number, record, text } from '../decode.ts';
import { CHART_POINTS } from '../limits.ts';
import type { TimeRange } from '../time-range.ts';
import { appQuery } from './app-query.ts';
import { decodeAppReport } from './app-report.ts';
import { spanFields } from './span.ts';

const decodeTimeline = record<Timeline>({
  start: moment,
  stepSeconds: number,
  count: list(number),
  failures: list(number),
  mean: list(nullable(number)),
  p50: list(nullable(number)),
  p95: list(nullable(number)),
  p99: list(nullable(number)),
});

/** Decodes versions that were seen for the first time. */
export const decodeMarks: Decoder<OverviewResponse['marks']> = list(record({ at: moment, version: text }));

const decodeOverview = record<OverviewResponse>({
  ...spanFields,
  eventsSince: moment,
  app: decodeAppReport,
  timeline: decodeTimeline,
  exceptions: list(number),
  marks: decodeMarks,
});

const points = String(CHART_POINTS);

/** The first look at an application: how it is, and its requests over time. */
export const overviewQuery = (app: string, range: TimeRange) =>
  appQuery(app, 'overview', range, decodeOverview, { points });
export const useOverview = (app: string, range: TimeRange) => useQuery(overviewQuery(app, range));

/** What has a rate, errors and a duration. */
export type Kind = 'request' | 'dependency' | 'pageView' | 'event';

const decodeTimelineAnswer = record<TimelineResponse>({ ...spanFields, timeline: decodeTimeline });

/** Rate, errors and duration of one operation over time. */
export const useTimeline = (app: string, range: TimeRange, kind: Kind, operation: string) =>
  useQuery(appQuery(app, 'timeline', range, decodeTimelineAnswer, { kind, operation, points }));

const decodeLatency = record<LatencyResponse>({
  ...spanFields,
  count: number,
  min: nullable(number),
  mean: nullable(number),
  p50: nullable(number),
  p95: nullable(number),
  p99: nullable(number),
  max: nullable(number),
  bars: list(record({ from: number, to: number, count: number })),
  apdexMs: nullable(number),
});

/** How durations are distributed: of all requests, or of one operation of a kind. */
export const useLatency = (app: string, range: TimeRange, kind: Kind = 'request', operation?: string) =>
  useQuery(appQuery(app, 'latency', range, decodeLatency, { kind, operation }));
