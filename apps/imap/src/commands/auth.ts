/** STARTTLS, AUTHENTICATE and LOGIN (RFC 3501 §6.2, RFC 4959). */
import type { Party, Verdict } from '../auth/exchange.ts';
import { makeNonce, mechanismOf } from '../auth/sasl.ts';
import { AUTHENTICATE_LINE } from '../limits.ts';
import { decodeBase64 } from '../wire/base64.ts';
import type { CommandOf } from '../wire/command.ts';
import type { Response } from '../wire/response.ts';
import { bad, type Context, no, type Outcome, ok, type Transport } from './context.ts';
import { refused } from './store-error.ts';

/** Passwords travel only where nobody can listen: under TLS, or within this machine (RFC 3501 §6.2.3, §11.2). */
export function maySignIn(transport: Transport): boolean {
  return transport.secure || transport.loopback;
}

export async function startTls(context: Context): Promise<Outcome> {
  if (context.transport.secure) return bad('TLS is on already.');
  return { ...ok('Begin TLS negotiation now.'), next: 'start-tls' };
}

export async function login(context: Context, command: CommandOf<'LOGIN'>): Promise<Outcome> {
  if (!maySignIn(context.transport)) return needsTls();
  const { user: name, password } = command;
  return conclude(context, 'LOGIN command', await partyOf(context).attempt({ name, password }));
}

export async function* authenticate(
  context: Context,
  command: CommandOf<'AUTHENTICATE'>,
): AsyncGenerator<Response, Outcome, void> {
  const mechanism = mechanismOf(command.mechanism, context.transport.channelBinding !== undefined);
  if (mechanism === undefined) return no('That mechanism is not offered; CAPABILITY lists those that are.');
  if (!maySignIn(context.transport)) return needsTls();
  let initial = command.initialResponse;
  if (initial !== undefined && initial.length > LONGEST_ANSWER) return bad('The initial response is too long.');
  const exchange = mechanism(partyOf(context));
  let step = await exchange.next();
  while (step.done !== true) {
    if (initial === undefined) yield { type: 'continue', text: Buffer.from(step.value, 'utf8').toString('base64') };
    const answer = initial ?? (await readAnswer(context));
    initial = undefined;
    if ('condition' in answer) return answer;
    step = await exchange.next(answer);
  }
  return conclude(context, command.mechanism.toUpperCase(), step.value);
}

/** Octets of an answer without its base64. */
const LONGEST_ANSWER = (AUTHENTICATE_LINE / 4) * 3;

/** What a client sends to give up (RFC 3501 §6.2.2). */
const STAR = 0x2a;

async function readAnswer(context: Context): Promise<Uint8Array | Outcome> {
  const line = await context.client.line(AUTHENTICATE_LINE);
  if (line.kind === 'gone') return { ...no('The client is gone.'), next: 'gone' };
  if (line.kind === 'too-long') return bad('The answer is too long.');
  if (line.bytes.length === 1 && line.bytes[0] === STAR) return bad('Authentication was cancelled.');
  return decodeBase64(Buffer.from(line.bytes).toString('latin1')) ?? bad('The answer is not base64.');
}

function partyOf({ signIn, transport }: Context): Party {
  const { channelBinding } = transport;
  return {
    // Behind a proxy all clients call from the same address, and must not pay for one another.
    attempt: (evidence) => signIn.attempt(evidence, transport.proxied === true ? undefined : transport.address),
    scram: (name) => signIn.scram(name),
    ...(channelBinding === undefined ? {} : { channelBinding }),
    nonce: makeNonce,
  };
}

function needsTls(): Outcome {
  return no('Use STARTTLS first: this connection can be listened to.', { code: 'PRIVACYREQUIRED' });
}

const REFUSALS = {
  downgrade: 'This server binds to the channel, and the client was told otherwise: somebody may be in between.',
  'channel-binding': 'The channel bindings do not match: somebody may be in between.',
  'binding-type': 'That type of channel binding is not to be had on this connection.',
  nonce: 'The nonce is not the one that was given.',
} as const;

async function conclude(context: Context, mechanism: string, verdict: Verdict): Promise<Outcome> {
  switch (verdict.kind) {
    case 'signed-in':
      return admit(context, mechanism, verdict.user);
    case 'refused': {
      const { account, disabled } = verdict;
      // The client is told the same: whether an account is disabled is nobody's business who cannot sign in to it.
      const why = disabled === true ? 'disabled' : 'password';
      const refusal = { mechanism, why, ...(account === undefined ? {} : { account }) };
      return { ...failed('Name and password do not match.'), refusal };
    }
    case 'busy':
      // The connection is let go as well: what waits must not pile up here.
      return { ...no('Too many sign-ins wait; try again in a minute.', { code: 'UNAVAILABLE' }), next: 'bye' };
    case 'unavailable':
      return unavailable(context, 'The accounts cannot be asked.', verdict.error);
    case 'malformed':
      return bad(`The answer is not ${verdict.expected}.`);
    case 'other-identity':
      return { ...failed('Signing in for somebody else is not offered.'), refusal: { mechanism, why: verdict.kind } };
    case 'not-allowed':
      return { ...failed(REFUSALS[verdict.why]), refusal: { mechanism, why: verdict.why } };
  }
}

const failed = (text: string): Outcome => no(text, { code: 'AUTHENTICATIONFAILED' });

function unavailable(context: Context, what: string, error: unknown): Outcome {
  context.report(what, error);
  return no('Signing in does not work for the moment; try again later.', { code: 'UNAVAILABLE' });
}

async function admit(context: Context, mechanism: string, user: string): Promise<Outcome> {
  let admitted: boolean;
  try {
    admitted = await context.admit(user);
  } catch (error) {
    return unavailable(context, "The user's connections cannot be counted.", error);
  }
  if (admitted) return openMail(context, user);
  const refusal = { mechanism, why: 'too many connections', account: user };
  return { ...no('This account has too many connections; close one and try again.', { code: 'LIMIT' }), refusal };
}

async function openMail(context: Context, user: string): Promise<Outcome> {
  const mail = await context.mail.acquire(user);
  if (!mail.ok) {
    context.report('A mail store cannot be opened.', mail.error);
    return refused(mail.error);
  }
  await context.become({ name: 'authenticated', user, mail: mail.value });
  return ok('Signed in.', { code: 'CAPABILITY', capabilities: context.capabilities() });
}
