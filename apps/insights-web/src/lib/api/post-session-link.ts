import type { LinkSignInRequest, SessionResponse } from '@scorpiox/shared/contract';
import { request } from '../http.ts';
import { decodeSession } from './get-session.ts';

/** Signs in with the token of a one-time link, which is spent by it. */
export const postSessionLink = (body: LinkSignInRequest): Promise<SessionResponse> =>
  request('/api/session/link', decodeSession, { method: 'POST', body });
