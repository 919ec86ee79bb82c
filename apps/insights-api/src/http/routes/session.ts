import {
  ErrorResponse,
  LinkSignInRequest,
  SESSION_COOKIE,
  SessionResponse,
  SignInRequest,
} from '@scorpiox/shared/contract';
import type { Principal } from '@scorpiox/shared/database';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  SESSION_MS,
  SIGN_IN_FAILURES_PER_ACCOUNT,
  SIGN_IN_FAILURES_PER_ADDRESS,
  SIGN_IN_REMEMBERED,
  SIGN_IN_WINDOW_MS,
  SMALL_BODY_BYTES,
} from '../../limits.ts';
import { clearSessionCookie, setSessionCookie } from '../credentials.ts';
import type { HttpDeps } from '../deps.ts';
import { ApiError } from '../errors.ts';
import type { Routes } from '../instance.ts';
import { networkOf } from '../network.ts';
import { Throttle } from '../throttle.ts';

const answers = { 200: SessionResponse, '4xx': ErrorResponse, '5xx': ErrorResponse };
const window = { windowMs: SIGN_IN_WINDOW_MS, remembered: SIGN_IN_REMEMBERED };

/** `/api/session`: who is signed in, signing in by password or one-time link, signing out. */
export const sessionRoutes: Routes = async (app, deps) => {
  const byAddress = new Throttle({ ...window, failures: SIGN_IN_FAILURES_PER_ADDRESS }, deps.now);
  const byAccount = new Throttle({ ...window, failures: SIGN_IN_FAILURES_PER_ACCOUNT }, deps.now);

  app.get(
    '/api/session',
    { config: { access: 'viewer' }, schema: { summary: 'Who is signed in', response: answers } },
    async ({ principal }) => principalOrThrow(principal),
  );

  app.post(
    '/api/session',
    {
      config: { access: 'session' },
      bodyLimit: SMALL_BODY_BYTES,
      schema: { summary: 'Sign in with an account', body: SignInRequest, response: answers },
    },
    async ({ body, ip }, reply) => {
      const account = body.user.toLowerCase();
      const network = networkOf(ip);
      checkThrottle(byAddress.waitFor(network), byAccount.waitFor(account));
      // Counted before it is known, so that attempts at the same time cannot all slip through; taken back on success.
      byAddress.fail(network);
      byAccount.fail(account);
      const found = await deps.accounts.verify(body.user, body.password).catch((error: unknown) => {
        // Nobody can tell whether the password was right: that is no failure of the caller's.
        byAddress.undo(network);
        byAccount.undo(account);
        throw error;
      });
      if (found === undefined) throw new ApiError('wrong-credentials', 'The name or the password is wrong.');
      byAddress.undo(network);
      byAccount.clear(account);
      if (found.role !== undefined) return startSession(deps, reply, { user: found.name, role: found.role });
      const message =
        'This account is for mail only. Sign in with one that was added with a role: `scorpiox user add NAME --role viewer`.';
      throw new ApiError('not-allowed', message);
    },
  );

  app.post(
    '/api/session/link',
    {
      config: { access: 'session' },
      bodyLimit: SMALL_BODY_BYTES,
      schema: { summary: 'Sign in with a one-time link', body: LinkSignInRequest, response: answers },
    },
    async ({ body }, reply) => {
      // No throttle: nobody guesses 256 bits, and whoever asks often must not lock out their neighbours.
      const principal = await deps.control.useSignInLink(body.token);
      if (principal !== undefined) return startSession(deps, reply, principal);
      throw new ApiError('link-not-valid', 'This link was used already, has expired, or was never valid.');
    },
  );

  app.delete(
    '/api/session',
    {
      config: { access: 'session' },
      schema: { summary: 'Sign out', response: { 204: Type.Null(), '4xx': ErrorResponse, '5xx': ErrorResponse } },
    },
    async ({ cookies }, reply) => {
      const session = cookies[SESSION_COOKIE];
      if (session !== undefined) await deps.control.endSession(session);
      clearSessionCookie(reply, deps.publicUrl);
      return reply.code(204).send(null);
    },
  );
};

function checkThrottle(...waits: readonly number[]): void {
  const wait = Math.max(...waits);
  if (wait <= 0) return;
  const retryAfter = Math.ceil(wait / 1000);
  throw new ApiError('too-many-attempts', 'Too many failed sign-ins; wait and try again.', { retryAfter });
}

async function startSession(deps: HttpDeps, reply: FastifyReply, principal: Principal): Promise<Principal> {
  const { token } = await deps.control.createSession({ ...principal, ttlMs: SESSION_MS });
  setSessionCookie(reply, deps.publicUrl, token, SESSION_MS);
  return principal;
}

function principalOrThrow(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new ApiError('not-signed-in', 'Nobody is signed in.');
  return principal;
}
