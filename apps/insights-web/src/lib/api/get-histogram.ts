import type { HistogramResponse } from '@scorpiox/shared/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { list, nullable, number, record } from '../decode.ts';
import { request } from '../http.ts';
import type { TimeRange } from '../time-range.ts';
import { searchedFields } from './decode-event.ts';
import { type Search, searchParams } from './get-events.ts';
import { HISTOGRAM_STEPS } from './limits.ts';
import { refreshing, searchAgainAfter } from './refreshing.ts';

const decodeHistogram = record<HistogramResponse>({
  stepSeconds: number,
  steps: list(nullable(record<{ count: number; failures: number }>({ count: number, failures: number }))),
  total: number,
  ...searchedFields,
});

/** How many events match, by time. */
const histogramQuery = (search: Search, range: TimeRange) =>
  queryOptions({
    queryKey: ['histogram', search],
    queryFn: ({ signal }) =>
      request(`/api/events/histogram?${searchParams(search, { steps: String(HISTOGRAM_STEPS) })}`, decodeHistogram, {
        signal,
      }),
    ...refreshing(range),
    refetchInterval: ({ state }) => searchAgainAfter(range, state.data?.scanned),
  });

export const useHistogram = (search: Search, range: TimeRange, enabled: boolean) =>
  useQuery({ ...histogramQuery(search, range), enabled });
