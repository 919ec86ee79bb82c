import { ErrorResponse, PasswordChange, SESSION_COOKIE } from '@scorpiox/shared/contract';
import { Type } from 'typebox';
import { SIGN_IN_FAILURES_PER_ACCOUNT, SIGN_IN_REMEMBERED, SIGN_IN_WINDOW_MS, SMALL_BODY_BYTES } from '../../limits.ts';
import { audit } from '../audit.ts';
import { readBearer } from '../credentials.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';
import { Throttle } from '../throttle.ts';
import { unwrap } from '../unwrap.ts';

/** `POST /api/session/password`: people change their own, and everybody else who is signed in as them is signed out. */
export const passwordRoutes: Routes = async (app, { accounts, control, now }) => {
  const guesses = new Throttle(
    { windowMs: SIGN_IN_WINDOW_MS, remembered: SIGN_IN_REMEMBERED, failures: SIGN_IN_FAILURES_PER_ACCOUNT },
    now,
  );

  /** Whether it is the account's password; guesses are counted before it is known, as at sign-in. */
  const isTheirs = async (user: string, password: string): Promise<boolean> => {
    const wait = guesses.waitFor(user);
    if (wait > 0) {
      const retryAfter = Math.ceil(wait / 1000);
      throw new ApiError('too-many-attempts', 'Too many wrong passwords; wait and try again.', { retryAfter });
    }
    guesses.fail(user);
    const found = await accounts.verify(user, password).catch((error: unknown) => {
      guesses.undo(user);
      throw error;
    });
    if (found !== undefined) guesses.clear(user);
    return found !== undefined;
  };

  app.post(
    '/api/session/password',
    {
      config: { access: 'viewer' },
      bodyLimit: SMALL_BODY_BYTES,
      schema: {
        summary: 'Change your own password',
        body: PasswordChange,
        response: { 204: Type.Null(), '4xx': ErrorResponse, '5xx': ErrorResponse },
      },
    },
    async (request, reply) => {
      const user = readBearer(request) === undefined ? request.principal?.user : undefined;
      if (user === undefined || accounts.find(user) === undefined) {
        throw new ApiError(
          'not-supported',
          'Neither a token nor a one-time link has a password: sign in with an account.',
        );
      }
      if (!(await isTheirs(user, request.body.current))) {
        throw new ApiError('not-allowed', 'The current password is wrong.', { field: 'current' });
      }
      unwrap(await accounts.setPassword(user, request.body.next), 'next');
      await control.endSessionsOf(user, request.cookies[SESSION_COOKIE]);
      audit(request, 'user.password', { user });
      return reply.code(204).send(null);
    },
  );
};
