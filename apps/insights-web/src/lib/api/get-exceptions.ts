import type { ExceptionGroup, ExceptionsResponse } from '@scorpiox/shared/contract';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { flag, list, moment, nullable, number, record, text } from '../decode.ts';
import { request } from '../http.ts';
import { PAGE_ROWS } from '../limits.ts';
import type { TimeRange } from '../time-range.ts';
import { appPath } from './app-query.ts';
import { refreshing } from './refreshing.ts';
import { spanFields } from './span.ts';

type Newest = NonNullable<ExceptionGroup['newest']>;

const decodeGroup = record<ExceptionGroup>({
  id: text,
  type: text,
  place: text,
  isOther: flag,
  firstSeen: moment,
  lastSeen: moment,
  isNew: flag,
  count: number,
  users: record<ExceptionGroup['users']>({ count: number, isExact: flag }),
  sparkline: list(number),
  newest: nullable(
    record<Newest>({
      time: moment,
      message: nullable(text),
      stack: nullable(text),
      inner: nullable(text),
      operationId: nullable(text),
      instance: nullable(text),
      version: nullable(text),
    }),
  ),
});

const decodeExceptions = record<ExceptionsResponse>({
  ...spanFields,
  start: moment,
  stepSeconds: number,
  total: record({ groups: number, newGroups: number, count: number }),
  groups: list(decodeGroup),
  nextCursor: nullable(text),
});

/** Exceptions of an application by type and place, page by page. */
export const useExceptions = (app: string, range: TimeRange, sort: string, limit = PAGE_ROWS) => {
  const asked = { sort, order: 'desc', limit: String(limit) };
  return useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ['app', app, 'exceptions', appPath(app, 'exceptions', range, asked)],
      queryFn: ({ signal, pageParam }) =>
        request(appPath(app, 'exceptions', range, { ...asked, cursor: pageParam ?? undefined }), decodeExceptions, {
          signal,
        }),
      initialPageParam: null as string | null,
      getNextPageParam: (last) => last.nextCursor,
      ...refreshing(range),
    }),
  );
};
