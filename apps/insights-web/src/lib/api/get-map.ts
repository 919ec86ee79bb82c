import type { MapResponse } from '@scorpiox/shared/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { list, nullable, number, record, text } from '../decode.ts';
import { request } from '../http.ts';
import { apiRange, type TimeRange } from '../time-range.ts';
import { appState } from './app-report.ts';
import { refreshing } from './refreshing.ts';
import { spanFields } from './span.ts';

export type MapNode = MapResponse['nodes'][number];
export type MapEdge = MapResponse['edges'][number];

const flow = {
  count: number,
  perMinute: number,
  failures: number,
  failureRate: nullable(number),
  p50: nullable(number),
  p95: nullable(number),
};

const decodeMap = record<MapResponse>({
  ...spanFields,
  nodes: list(record<MapNode>({ name: text, state: appState, ...flow })),
  edges: list(record<MapEdge>({ from: text, to: text, ...flow })),
});

/** Which application calls which over a range. */
export const mapQuery = (range: TimeRange) =>
  queryOptions({
    queryKey: ['map', apiRange(range)],
    queryFn: ({ signal }) => request(`/api/map?${new URLSearchParams({ ...apiRange(range) })}`, decodeMap, { signal }),
    ...refreshing(range),
  });

export const useMap = (range: TimeRange) => useQuery(mapQuery(range));
