import type { ValuesResponse } from '@scorpiox/shared/contract';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { list, number, record, text } from '../decode.ts';
import { request } from '../http.ts';
import { type Search, searchParams } from './get-events.ts';
import { VALUES_FRESH_MS } from './limits.ts';

const decodeValues = record<ValuesResponse>({
  field: text,
  values: list(record<{ value: string; count: number }>({ value: text, count: number })),
  events: number,
});

/** Values of a field among the newest events that match. */
const valuesQuery = (search: Search, field: string, prefix: string) =>
  queryOptions({
    queryKey: ['values', search, field, prefix],
    queryFn: ({ signal }) =>
      request(
        `/api/events/values?${searchParams(search, { field, ...(prefix === '' ? {} : { prefix }) })}`,
        decodeValues,
        { signal },
      ),
    staleTime: VALUES_FRESH_MS,
    placeholderData: keepPreviousData,
    retry: false,
  });

/** The same, for completion: `field` null asks nothing. */
export const useValues = (search: Search, field: string | null, prefix: string) =>
  useQuery({ ...valuesQuery(search, field ?? '', prefix), enabled: field !== null });
