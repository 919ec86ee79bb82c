/** Passwords that another system has hashed, in the form in which they are kept until somebody signs in with them. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { deriveScramKeys, parseScram } from '../scram.ts';
import { isBcrypt, matchesBcrypt } from './bcrypt.ts';
import { matchesShaCrypt } from './sha-crypt.ts';

/** What stands in place of a hash where no password is good. */
export const NO_PASSWORD = '{NONE}';

/** Whether a stored password is another system's: ours are PHC strings, which begin with a dollar sign. */
export const isForeign = (stored: string): boolean => stored.startsWith('{');

/** Whether the password is the one that is kept. `scram` are the account's SCRAM keys. */
export async function matchesForeign(password: string, stored: string, scram: string | undefined): Promise<boolean> {
  const [, kind = '', text = ''] = /^\{([\w-]+)\}(.*)$/s.exec(stored) ?? [];
  switch (kind) {
    case 'NONE':
      return false;
    case 'SCRAM':
      return matchesScram(password, scram);
    case 'CRYPT':
      return isBcrypt(text) ? matchesBcrypt(password, text) : matchesShaCrypt(Buffer.from(password, 'utf8'), text);
    case 'md5':
    case 'sha1':
    case 'sha256':
    case 'sha512':
      return matchesDigest(password, kind, Buffer.from(text, 'base64'));
    default:
      return false; // a newer program's, or damaged
  }
}

async function matchesScram(password: string, text: string | undefined): Promise<boolean> {
  const keys = text === undefined ? undefined : parseScram(text);
  if (keys === undefined) return false;
  const { storedKey } = await deriveScramKeys(password, keys.salt, keys.iterations);
  return timingSafeEqual(storedKey, keys.storedKey);
}

/** The digest of the password and of the salt behind it. */
function matchesDigest(password: string, algorithm: string, kept: Buffer): boolean {
  const { length } = createHash(algorithm).digest();
  const [expected, salt] = [kept.subarray(0, length), kept.subarray(length)];
  const digest = createHash(algorithm).update(password, 'utf8').update(salt).digest();
  return expected.length === length && timingSafeEqual(digest, expected);
}
