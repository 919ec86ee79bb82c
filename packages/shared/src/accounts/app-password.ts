/** What an app password looks like, and how it is known again. */
import { createHash, randomInt } from 'node:crypto';

/** Digits and letters without i, l, o, u: 5 bits each, and none is mistaken for another when typed from a screen. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 5;
const GROUP = 5;

/** A fresh one: 125 random bits in five groups, `k3v9x-…`. */
export function makeAppPassword(): string {
  const letter = () => ALPHABET.charAt(randomInt(ALPHABET.length));
  const group = () => Array.from({ length: GROUP }, letter).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/**
 * By this it is stored. Without salt and without stretching, which protect what people make up: 125 random bits cannot
 * be tried out. So one is found among all of an account by a single look.
 */
export function appPasswordHash(password: string): Uint8Array {
  return createHash('sha256').update(password).digest();
}
