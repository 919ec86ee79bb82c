/** SASL PLAIN (RFC 4616). Pure. */
import { decodeUtf8 } from './utf8.ts';

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** Why a client's answer is no PLAIN message. */
type PlainError = 'malformed' | 'other-identity';

export type PlainResult =
  | { readonly ok: true; readonly value: Credentials }
  | { readonly ok: false; readonly error: PlainError };

/** Parses `[authzid] NUL authcid NUL passwd`. Acting for somebody else is not offered. */
export function parsePlain(message: Uint8Array): PlainResult {
  const fields = decodeUtf8(message)?.split('\0');
  const [identity, name, password] = fields ?? [];
  if (fields?.length !== 3 || identity === undefined || !name || !password) return { ok: false, error: 'malformed' };
  if (identity !== '' && identity !== name) return { ok: false, error: 'other-identity' };
  return { ok: true, value: { name, password } };
}
