import type { SessionResponse, SignInRequest } from '@scorpiox/shared/contract';
import { mutationOptions, useMutation } from '@tanstack/react-query';
import { request } from '../http.ts';
import { decodeSession } from './get-session.ts';

const postSession = (body: SignInRequest): Promise<SessionResponse> =>
  request('/api/session', decodeSession, { method: 'POST', body });

const signInMutation = () => mutationOptions({ mutationKey: ['sign-in'], mutationFn: postSession });

/** Signs in with an account and its password. */
export const useSignIn = () => useMutation(signInMutation());
