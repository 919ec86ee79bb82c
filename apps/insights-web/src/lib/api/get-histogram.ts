import type { HistogramResponse } from '@scorpiox/shared/contract';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { list, nullable, number, record } from '../decode.ts';
import { request } from '../http.ts';
import { searchedFields } from './decode-event.ts';
import { ON_DEMAND, type Search, searchParams } from './get-events.ts';
import { HISTOGRAM_STEPS } from './limits.ts';

const decodeHistogram = record<HistogramResponse>({
  stepSeconds: number,
  steps: list(nullable(record<{ count: number; failures: number }>({ count: number, failures: number }))),
  total: number,
  ...searchedFields,
});

/** How many events match, by time. */
const histogramQuery = (search: Search) =>
  queryOptions({
    queryKey: ['histogram', search],
    queryFn: ({ signal }) =>
      request(`/api/events/histogram?${searchParams(search, { steps: String(HISTOGRAM_STEPS) })}`, decodeHistogram, {
        signal,
      }),
    placeholderData: keepPreviousData,
    ...ON_DEMAND,
  });

export const useHistogram = (search: Search, enabled: boolean) => useQuery({ ...histogramQuery(search), enabled });
