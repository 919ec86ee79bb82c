import type { EventResponse } from '@scorpiox/shared/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { record } from '../decode.ts';
import { type EventAddress, eventPath } from '../event-address.ts';
import { request } from '../http.ts';
import { decodeEvent } from './decode-event.ts';

const decodeResponse = record<EventResponse>({ event: decodeEvent });

/** One event in full. What is stored does not change, so it is asked for once. */
const eventQuery = (address: EventAddress) =>
  queryOptions({
    queryKey: ['event', address],
    queryFn: ({ signal }) => request(eventPath(address), decodeResponse, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useEvent = (address: EventAddress) => useQuery(eventQuery(address));
