/**
 * Who may ask at all. The port is on loopback, where every program of the machine can reach it, a browser with somebody
 * else's page in it included. So: the token; a Host that means this machine, since a name of an attacker's may resolve to
 * 127.0.0.1 (DNS rebinding); and no Origin, which only browsers send.
 */
import { type Answer, failure } from './answer.ts';
import type { Token } from './token.ts';

export interface Credentials {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

/** Any port: a tunnel has another one at its other end. */
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** Why somebody is sent away before anything is looked at; undefined where not. */
export function sentAway({ host, origin }: Credentials): Answer | undefined {
  if (origin !== undefined) return failure(403, 'forbidden', 'This port is not for browsers.');
  if (host !== undefined && LOOPBACK_HOST.test(host)) return undefined;
  return failure(403, 'forbidden', 'Ask for localhost, 127.0.0.1 or [::1].');
}

export function withoutToken({ authorization }: Credentials, token: Token): Answer | undefined {
  if (token.isIn(authorization)) return undefined;
  const message = 'Send Authorization: Bearer TOKEN, the token being in imap-admin.token in the data folder.';
  return failure(401, 'unauthorized', message, { 'www-authenticate': 'Bearer realm="scorpiox imap"' });
}
