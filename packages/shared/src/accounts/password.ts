import { argon2 as nodeArgon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ARGON2, ARGON2_BOUNDS, MAX_PASSWORD_BYTES, SALT_BYTES } from './limits.ts';
import type { Argon2Input } from './types.ts';

type Derive = (input: Argon2Input) => Promise<Uint8Array>;

const argon2Async = promisify(nodeArgon2);

/** argon2id (RFC 9106) by OpenSSL, on libuv's threads. */
export const deriveByNode: Derive = ({ password, salt, length, ...cost }) =>
  argon2Async('argon2id', { message: password, nonce: salt, tagLength: length, ...cost });

/**
 * The password's bytes: UTF-8 in NFC, so that the same letters typed on different systems agree (RFC 8265 §4.2).
 * Undefined where it is empty, too long, or holds a NUL, which SASL PLAIN cannot carry (RFC 4616 §2).
 */
export function passwordBytes(password: string): Uint8Array | undefined {
  // Checked before the work of normalising; NFC at most triples a text, and the bound is checked again after it.
  if (password.length === 0 || password.length > MAX_PASSWORD_BYTES || password.includes('\0')) return undefined;
  const bytes = Buffer.from(password.normalize('NFC'), 'utf8');
  return bytes.length <= MAX_PASSWORD_BYTES ? bytes : undefined;
}

/** A stored password: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

/** Hashes a password with a fresh salt, as a PHC string. */
export async function hashPassword(password: Uint8Array, derive: Derive): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return phcString(salt, await derive({ password, salt, ...ARGON2 }));
}

/** The PHC string of a hash that was derived at the present cost. */
export function phcString(salt: Uint8Array, hash: Uint8Array): string {
  const { memory, passes, parallelism } = ARGON2;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** Whether the password is the stored one. A stored text that is no PHC string within bounds matches nothing. */
export async function matchesPassword(password: Uint8Array, stored: string, derive: Derive): Promise<boolean> {
  const phc = parsePhc(stored);
  if (phc === undefined) return false;
  const { hash, ...cost } = phc;
  return timingSafeEqual(await derive({ password, ...cost, length: hash.length }), hash);
}

/** The parts of a PHC string within bounds. */
export function parsePhc(
  stored: string,
): (Omit<Argon2Input, 'password' | 'length'> & { hash: Uint8Array }) | undefined {
  const match = PHC.exec(stored);
  if (match === null) return undefined;
  const [memory, passes, parallelism] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const bounded =
    memory <= ARGON2_BOUNDS.memory && passes <= ARGON2_BOUNDS.passes && parallelism <= ARGON2_BOUNDS.parallelism;
  const hash = Buffer.from(match[5] ?? '', 'base64');
  if (!bounded || passes < 1 || parallelism < 1 || memory < 8 * parallelism) return undefined;
  if (hash.length > ARGON2_BOUNDS.length) return undefined;
  return { memory, passes, parallelism, salt: Buffer.from(match[4] ?? '', 'base64'), hash };
}

/** Base64 without padding, as PHC strings have it. */
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
