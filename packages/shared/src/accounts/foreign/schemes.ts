/**
 * Passwords as Dovecot keeps them (https://doc.dovecot.org, "Password Schemes"): `{SCHEME}text`, or `{SCHEME.HEX}`,
 * `{SCHEME.B64}`.
 *
 * Those of schemes that can be checked here are kept as they came, and become our own at the first good password: argon2id
 * and SCRAM's keys cannot be made without it. Weak schemes are taken too, for the same reason: refusing them would keep them
 * where they are.
 */
import { parsePhc } from '../password.ts';
import { parseScram } from '../scram.ts';
import type { AdoptedPassword } from '../types.ts';
import { isBcrypt } from './bcrypt.ts';
import { parseShaCrypt } from './sha-crypt.ts';

/** Why a password cannot be checked here. */
export interface Unusable {
  readonly scheme: string;
  readonly why: 'unknown-scheme' | 'malformed' | 'locked';
}

/** Digests: what hashes them, and whether a salt follows. */
const DIGESTS: Readonly<Record<string, { readonly algorithm: string; readonly salted: boolean; readonly hex?: true }>> =
  {
    SHA: { algorithm: 'sha1', salted: false },
    SHA1: { algorithm: 'sha1', salted: false },
    SHA256: { algorithm: 'sha256', salted: false },
    SHA512: { algorithm: 'sha512', salted: false },
    SSHA: { algorithm: 'sha1', salted: true },
    SSHA256: { algorithm: 'sha256', salted: true },
    SSHA512: { algorithm: 'sha512', salted: true },
    'LDAP-MD5': { algorithm: 'md5', salted: false },
    'PLAIN-MD5': { algorithm: 'md5', salted: false, hex: true },
    SMD5: { algorithm: 'md5', salted: true },
  };

const DIGEST_BYTES: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha256: 32, sha512: 64 };

/** Reads a password field. `usual` is the scheme of those that name none. */
export function parseDovecotPassword(field: string, usual = 'CRYPT'): AdoptedPassword | Unusable {
  const [, named, encoding, text = field] = /^\{([\w-]+)(?:\.(\w+))?\}(.*)$/s.exec(field) ?? [];
  const scheme = (named ?? usual).toUpperCase();
  if (named === undefined && /^[!*]|^$/.test(field)) return { scheme, why: 'locked' };
  const adopted = byScheme(scheme, text, encoding?.toUpperCase());
  return typeof adopted === 'string' ? { scheme, why: adopted } : adopted;
}

function byScheme(scheme: string, text: string, encoding: string | undefined): AdoptedPassword | Unusable['why'] {
  const digest = DIGESTS[scheme];
  if (digest !== undefined) return byDigest(digest, text, encoding);
  const plain = encoding === undefined ? text : decode(text, encoding)?.toString('utf8');
  if (plain === undefined) return 'malformed';
  switch (scheme) {
    case 'PLAIN':
    case 'CLEAR':
    case 'CLEARTEXT':
      return plain === '' ? 'malformed' : { kind: 'plain', password: plain };
    case 'SCRAM-SHA-256':
      return byScram(plain);
    case 'ARGON2ID':
    case 'SHA256-CRYPT':
    case 'SHA512-CRYPT':
    case 'BLF-CRYPT':
    case 'CRYPT':
      return byCrypt(plain);
    default:
      return 'unknown-scheme';
  }
}

/** Tells its kind by itself, whatever the scheme is called: Dovecot goes by the text as well. */
function byCrypt(text: string): AdoptedPassword | Unusable['why'] {
  if (text.startsWith('$argon2id$')) return parsePhc(text) === undefined ? 'malformed' : { kind: 'kept', text };
  if (/^\$[56]\$/.test(text))
    return parseShaCrypt(text) === undefined ? 'malformed' : { kind: 'kept', text: `{CRYPT}${text}` };
  if (/^\$2[aby]\$/.test(text)) return isBcrypt(text) ? { kind: 'kept', text: `{CRYPT}${text}` } : 'malformed';
  return 'unknown-scheme';
}

/** `4096,salt,StoredKey,ServerKey`. */
function byScram(text: string): AdoptedPassword | Unusable['why'] {
  const [iterations, salt, stored, server, ...more] = text.split(',');
  const scram = `SCRAM-SHA-256$${iterations}:${salt}$${stored}:${server}`;
  if (more.length > 0 || parseScram(scram) === undefined) return 'malformed';
  return { kind: 'kept', text: '{SCRAM}', scram };
}

function byDigest(
  { algorithm, salted, hex }: (typeof DIGESTS)[string] & object,
  text: string,
  encoding: string | undefined,
): AdoptedPassword | Unusable['why'] {
  const bytes = decode(text, encoding ?? (hex === true ? 'HEX' : 'B64'));
  const length = DIGEST_BYTES[algorithm] ?? 0;
  if (bytes === undefined || bytes.length < length || (!salted && bytes.length > length)) return 'malformed';
  return { kind: 'kept', text: `{${algorithm}}${bytes.toString('base64')}` };
}

function decode(text: string, encoding: string): Buffer | undefined {
  if (encoding === 'HEX') return /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
  if (encoding !== 'B64' && encoding !== 'BASE64') return undefined;
  return /^[A-Za-z0-9+/]+=*$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
