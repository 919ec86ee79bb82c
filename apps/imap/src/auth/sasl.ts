/** The SASL mechanisms (RFC 4422) as exchanges: what they say, given what the client answers. They know no wire. */
import { randomBytes } from 'node:crypto';
import type { Exchange, Party } from './exchange.ts';
import { parsePlain } from './plain.ts';
import { scram } from './scram.ts';
import { decodeUtf8 } from './utf8.ts';

type Mechanism = (party: Party) => Exchange;

/** By name in upper case; where a client takes the first that it knows, it takes the best one. */
const MECHANISMS: ReadonlyMap<string, Mechanism> = new Map<string, Mechanism>([
  ['SCRAM-SHA-256-PLUS', (party) => scram(party, true)],
  ['SCRAM-SHA-256', (party) => scram(party, false)],
  ['PLAIN', plain],
  ['LOGIN', login],
]);

/** The mechanism of that name in any case, where it is offered on a connection with or without channel binding. */
export function mechanismOf(name: string, canBind: boolean): Mechanism | undefined {
  const upper = name.toUpperCase();
  return upper.endsWith('-PLUS') && !canBind ? undefined : MECHANISMS.get(upper);
}

/** What the server adds to a client's nonce: 144 random bits. */
export const makeNonce = (): string => randomBytes(18).toString('base64');

async function* plain(party: Party): Exchange {
  const message = parsePlain(yield '');
  if (message.ok) return party.attempt(message.value);
  if (message.error === 'other-identity') return { kind: 'other-identity' };
  return { kind: 'malformed', expected: 'what PLAIN asks for (RFC 4616)' };
}

/**
 * The mechanism LOGIN (draft-murchison-sasl-login), which old clients prefer: the name, then the password, to challenges
 * that mean nothing.
 */
async function* login(party: Party): Exchange {
  const name = decodeUtf8(yield 'Username:');
  const password = decodeUtf8(yield 'Password:');
  if (!name || !password) return { kind: 'malformed', expected: 'a name and then a password' };
  return party.attempt({ name, password });
}
