/** Signing in: SASL PLAIN (RFC 4616), LOGIN, or the mechanism LOGIN of old servers: the first that the server offers. */
import type { Completed, ImapClient } from './client.ts';
import { astring, type CommandParts } from './command.ts';
import { ImapError } from './errors.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Rejects with `sign-in-refused` where name or password are wrong, with `insecure` where there is no way. */
export async function signIn(client: ImapClient, credentials: Credentials): Promise<void> {
  const before = client.capabilities;
  const answer = await client.run(signInCommand(before, credentials));
  if (answer.condition !== 'OK') throw refusal(answer);
  if (client.capabilities === before) await client.ok(['CAPABILITY']); // it can do more now, and did not say so
}

function signInCommand(can: ReadonlySet<string>, { user, password }: Credentials): CommandParts {
  if (can.has('AUTH=PLAIN')) {
    const response = base64(`\0${user}\0${password}`);
    return can.has('SASL-IR') ? [`AUTHENTICATE PLAIN ${response}`] : ['AUTHENTICATE PLAIN', { answer: response }];
  }
  if (!can.has('LOGINDISABLED')) return ['LOGIN ', ...astring(user), ' ', ...astring(password)];
  if (can.has('AUTH=LOGIN')) return ['AUTHENTICATE LOGIN', { answer: base64(user) }, { answer: base64(password) }];
  throw new ImapError('insecure', 'The server lets nobody sign in with a password on this connection; use TLS.');
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Codes that say that it is not the password (RFC 5530 §3). */
const OTHER_REASONS: ReadonlySet<string | undefined> = new Set(['UNAVAILABLE', 'LIMIT', 'INUSE', 'PRIVACYREQUIRED']);

function refusal({ condition, code, text }: Completed): ImapError {
  const isElse = condition === 'BAD' || OTHER_REASONS.has(code?.name);
  return new ImapError(isElse ? 'refused' : 'sign-in-refused', `The server refuses the sign-in: ${text}`, code?.name);
}
