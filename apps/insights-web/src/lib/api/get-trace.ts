import type { TraceLog, TraceResponse, TraceSpan } from '@scorpiox/shared/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { flag, list, moment, nullable, number, oneOf, record, text } from '../decode.ts';
import { EVENT_KINDS, SEVERITIES } from '../event-words.ts';
import { request } from '../http.ts';

const address = { app: text, time: moment, hash: text, kind: oneOf(EVENT_KINDS), name: text };

const decodeSpan = record<TraceSpan>({
  ...address,
  id: nullable(text),
  parentId: nullable(text),
  parent: nullable(number),
  depth: number,
  startMs: number,
  durationMs: number,
  success: nullable(flag),
  code: nullable(text),
  instance: nullable(text),
  selfMs: number,
});

const decodeLog = record<TraceLog>({
  ...address,
  message: nullable(text),
  severity: nullable(oneOf(SEVERITIES)),
  span: nullable(number),
  atMs: number,
});

const stretches = list(
  record<{ span: number; fromMs: number; toMs: number }>({ span: number, fromMs: number, toMs: number }),
);

const decodeTrace = record<TraceResponse>({
  id: text,
  from: moment,
  durationMs: number,
  apps: list(text),
  spans: list(decodeSpan),
  logs: list(decodeLog),
  criticalPath: stretches,
  gaps: stretches,
  cut: flag,
  notes: list(text),
});

/** All events of one operation; `near` (ISO 8601) makes the look-up short. */
export const traceQuery = (id: string, near: string | undefined) =>
  queryOptions({
    queryKey: ['trace', id, near],
    queryFn: ({ signal }) => {
      const query = near === undefined ? '' : `?${new URLSearchParams({ near })}`;
      return request(`/api/traces/${encodeURIComponent(id)}${query}`, decodeTrace, { signal });
    },
  });

export const useTrace = (id: string, near: string | undefined) => useQuery(traceQuery(id, near));
