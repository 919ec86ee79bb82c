import type { SessionResponse } from '@scorpiox/shared/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { type Decoder, oneOf, record, text } from '../decode.ts';
import { request } from '../http.ts';

/** Decodes the answer of `GET /api/session` and of both sign-ins. */
export const decodeSession: Decoder<SessionResponse> = record<SessionResponse>({
  user: text,
  role: oneOf(['viewer', 'admin']),
});

const fetchSession = (signal: AbortSignal): Promise<SessionResponse> =>
  request('/api/session', decodeSession, { signal });

/** Who is signed in; it does not change while the page is open, except through a sign-in or sign-out. */
export const sessionQuery = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: ({ signal }) => fetchSession(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Who is signed in. */
export const useSession = () => useQuery(sessionQuery());
