/** STARTTLS, AUTHENTICATE and LOGIN (RFC 3501 §6.2). */
import { parsePlain } from '../auth/plain.ts';
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
  return signIn(context, command.user, command.password);
}

export async function* authenticate(
  context: Context,
  command: CommandOf<'AUTHENTICATE'>,
): AsyncGenerator<Response, Outcome, void> {
  if (command.mechanism.toUpperCase() !== 'PLAIN') return no('That mechanism is not offered; use PLAIN.');
  if (!maySignIn(context.transport)) return needsTls();
  if (command.initialResponse !== undefined) return signInPlain(context, command.initialResponse);
  yield { type: 'continue', text: '' };
  const line = await context.client.line(AUTHENTICATE_LINE);
  if (line.kind === 'gone') return { ...no('The client is gone.'), next: 'gone' };
  if (line.kind === 'too-long') return bad('The answer is too long.');
  if (line.bytes.length === 1 && line.bytes[0] === STAR) return bad('Authentication was cancelled.');
  const message = decodeBase64(Buffer.from(line.bytes).toString('latin1'));
  return message === undefined ? bad('The answer is not base64.') : signInPlain(context, message);
}

/** What a client sends to give up (RFC 3501 §6.2.2). */
const STAR = 0x2a;

function signInPlain(context: Context, message: Uint8Array): Outcome | Promise<Outcome> {
  const plain = parsePlain(message);
  if (plain.ok) return signIn(context, plain.value.name, plain.value.password);
  if (plain.error === 'malformed') return bad('The answer is not what PLAIN asks for (RFC 4616).');
  return no('Signing in for somebody else is not offered.', { code: 'AUTHENTICATIONFAILED' });
}

function needsTls(): Outcome {
  return no('Use STARTTLS first: this connection can be listened to.', { code: 'PRIVACYREQUIRED' });
}

async function signIn(context: Context, name: string, password: string): Promise<Outcome> {
  const result = await context.signIn.attempt({ name, password }, context.transport.address);
  if (result.kind === 'refused') return no('Name and password do not match.', { code: 'AUTHENTICATIONFAILED' });
  if (result.kind === 'unavailable') {
    context.report('The accounts cannot be asked.', result.error);
    return no('Signing in does not work for the moment; try again later.', { code: 'UNAVAILABLE' });
  }
  const mail = await context.mail.acquire(result.user);
  if (!mail.ok) {
    context.report('A mail store cannot be opened.', mail.error);
    return refused(mail.error);
  }
  await context.become({ name: 'authenticated', user: result.user, mail: mail.value });
  return ok('Signed in.', { code: 'CAPABILITY', capabilities: context.capabilities() });
}
