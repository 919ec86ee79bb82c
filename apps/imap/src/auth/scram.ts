/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, the server's side (RFC 5802, RFC 7677).
 *
 * The client shows that it knows the password without telling it, and the server that it knows the client's keys. With
 * -PLUS both also show that they are the ends of one and the same TLS connection. Three things keep somebody in between
 * from taking that away: a client that could bind, and was told that we cannot, says so by `y`, and is refused where
 * we can; what the client said first is repeated, under its proof, in its final message; and the binding's data is ours.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ScramLogin } from '@scorpiox/shared/accounts';
import type { Exchange, Party, Verdict } from './exchange.ts';
import { type ClientFinal, type ClientFirst, parseClientFinal, parseClientFirst } from './scram-messages.ts';

/** A mechanism's run, with channel binding or without. */
export async function* scram(party: Party, plus: boolean): Exchange {
  const first = parseClientFirst(yield '');
  if (first === undefined) return MALFORMED;
  const bound = bindingOf(first, party, plus);
  if (!(bound instanceof Uint8Array)) return bound;
  if (first.authzid !== undefined && first.authzid !== first.name) return { kind: 'other-identity' };
  const login = lookUp(party, first.name);
  if ('kind' in login) return login;
  const nonce = `${first.nonce}${party.nonce()}`;
  const serverFirst = `r=${nonce},s=${base64(login.salt)},i=${login.iterations}`;
  const final = parseClientFinal(yield serverFirst);
  if (final === undefined) return MALFORMED;
  if (final.nonce !== nonce) return { kind: 'not-allowed', why: 'nonce' };
  if (!same(final.binding, Buffer.concat([Buffer.from(first.gs2Header, 'utf8'), bound]))) {
    return { kind: 'not-allowed', why: 'channel-binding' };
  }
  const said = `${first.bare},${serverFirst},${final.withoutProof}`;
  const result = await party.attempt({ name: first.name, check: () => check(login, said, final) });
  if (result.kind !== 'signed-in') return result;
  const rest = yield `v=${base64(hmac(login.serverKey, said))}`;
  return rest.length === 0 ? result : MALFORMED;
}

const MALFORMED: Verdict = { kind: 'malformed', expected: 'what SCRAM asks for (RFC 5802)' };

/** The binding's data, empty without one, or why the client's wish cannot be met (RFC 5802 §6). */
function bindingOf({ binding }: ClientFirst, party: Party, plus: boolean): Uint8Array | Verdict {
  if (plus !== (binding.flag === 'p')) return MALFORMED;
  // The client would have bound, but was told that it could not: not by us.
  if (binding.flag === 'y' && party.channelBinding !== undefined) return { kind: 'not-allowed', why: 'downgrade' };
  if (binding.flag !== 'p') return new Uint8Array(0);
  return party.channelBinding?.(binding.type) ?? { kind: 'not-allowed', why: 'binding-type' };
}

function lookUp(party: Party, name: string): ScramLogin | Verdict {
  try {
    return party.scram(name);
  } catch (error) {
    return { kind: 'unavailable', error };
  }
}

/** The same work whether the proof is good or not, and whether there is such a login or not. */
function check(login: ScramLogin, said: string, { proof }: ClientFinal): ReturnType<ScramLogin['confirm']> {
  const signature = hmac(login.storedKey, said);
  const clientKey = proof.map((octet, at) => octet ^ (signature[at] ?? 0));
  const good = same(createHash('sha256').update(clientKey).digest(), login.storedKey);
  const identity = login.confirm();
  return good ? identity : undefined;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
const hmac = (key: Uint8Array, text: string): Uint8Array => createHmac('sha256', key).update(text, 'utf8').digest();
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
