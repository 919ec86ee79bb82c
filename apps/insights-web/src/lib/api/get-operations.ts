import type { OperationRow, OperationsResponse } from '@scorpiox/shared/contract';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { flag, list, nullable, number, optional, record, text } from '../decode.ts';
import { request } from '../http.ts';
import { PAGE_ROWS } from '../limits.ts';
import type { TimeRange } from '../time-range.ts';
import { type Asked, appPath } from './app-query.ts';
import { refreshing } from './refreshing.ts';
import { spanFields } from './span.ts';

const decodeRow = record<OperationRow>({
  name: text,
  isOther: flag,
  count: number,
  failures: number,
  failureRate: nullable(number),
  mean: nullable(number),
  p50: nullable(number),
  p95: nullable(number),
  p99: nullable(number),
  max: nullable(number),
  share: nullable(number),
  type: optional(text),
  target: optional(text),
});

const decodeOperations = record<OperationsResponse>({
  ...spanFields,
  total: record({ names: number, count: number, failures: number }),
  operations: list(decodeRow),
  nextCursor: nullable(text),
});

/** What there are lists of, by name: as the API's addresses spell it. */
export type OperationList = 'operations' | 'dependencies' | 'views' | 'events';

/** How many of them, in which order, named how. */
export interface OperationsAsked extends Asked {
  readonly sort?: string | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly search?: string | undefined;
  readonly limit?: string | undefined;
}

const operationsQuery = (app: string, what: OperationList, range: TimeRange, asked: OperationsAsked) => {
  const wanted = { limit: String(PAGE_ROWS), ...asked };
  return infiniteQueryOptions({
    queryKey: ['app', app, what, appPath(app, what, range, wanted)],
    queryFn: ({ signal, pageParam }) =>
      request(appPath(app, what, range, { ...wanted, cursor: pageParam ?? undefined }), decodeOperations, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    ...refreshing(range),
  });
};

/** Operations, dependencies, pages or custom events of an application, page by page. */
export const useOperations = (app: string, what: OperationList, range: TimeRange, asked: OperationsAsked) =>
  useInfiniteQuery(operationsQuery(app, what, range, asked));
