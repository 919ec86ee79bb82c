/** The keys by which SCRAM-SHA-256 knows a password without holding it (RFC 5802 §3, RFC 7677). */
import { createHash, createHmac, hkdfSync, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { SALT_BYTES, SCRAM_BOUNDS } from './limits.ts';
import { saslprep } from './saslprep.ts';

const pbkdf2Async = promisify(pbkdf2);

const HASH_BYTES = 32;

export interface ScramKeys {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** Derives a password's keys, on libuv's threads. */
export async function deriveScramKeys(password: string, salt: Uint8Array, iterations: number): Promise<ScramKeys> {
  const salted = await pbkdf2Async(Buffer.from(saslprep(password), 'utf8'), salt, iterations, HASH_BYTES, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  return {
    salt,
    iterations,
    storedKey: createHash('sha256').update(clientKey).digest(),
    serverKey: hmac(salted, 'Server Key'),
  };
}

/**
 * Keys for a name that has none. They follow from the name and the file's secret, so whoever asks twice gets the same
 * answer, as for a name that has some; no password leads to them.
 */
export function madeUpKeys(secret: Uint8Array, login: string, iterations: number): ScramKeys {
  const part = (label: string, length: number) => Buffer.from(hkdfSync('sha256', secret, login, label, length));
  return {
    salt: part('salt', SALT_BYTES),
    iterations,
    storedKey: part('stored key', HASH_BYTES),
    serverKey: part('server key', HASH_BYTES),
  };
}

/** As they are stored: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`, after RFC 5803 §2. */
export function scramText({ salt, iterations, storedKey, serverKey }: ScramKeys): string {
  return `SCRAM-SHA-256$${iterations}:${base64(salt)}$${base64(storedKey)}:${base64(serverKey)}`;
}

const FORM = /^SCRAM-SHA-256\$(\d{4,8}):([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)$/;

/** The keys of a stored text; undefined where it is none or goes beyond the bounds. */
export function parseScram(text: string): ScramKeys | undefined {
  const [, iterations, salt, stored, server] = FORM.exec(text) ?? [];
  if (iterations === undefined || salt === undefined || stored === undefined || server === undefined) return undefined;
  const keys = {
    salt: bytes(salt),
    iterations: Number(iterations),
    storedKey: bytes(stored),
    serverKey: bytes(server),
  };
  return keys.iterations <= SCRAM_BOUNDS.iterations && keys.salt.length <= SCRAM_BOUNDS.salt ? keys : undefined;
}

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64');
const hmac = (key: Uint8Array, text: string): Uint8Array => createHmac('sha256', key).update(text).digest();
