/**
 * SHA-crypt, `$5$` and `$6$` in /etc/shadow and in Dovecot (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", 2008).
 * Written here because it is some fifty lines over `node:crypto`, and no library of it is widely kept.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { ROUNDS_AT_ONCE, SHA_CRYPT_ROUNDS } from '../limits.ts';

interface Parsed {
  readonly algorithm: 'sha256' | 'sha512';
  readonly rounds: number;
  readonly salt: string;
  readonly hash: string;
}

const FORM = /^\$([56])\$(?:rounds=(\d{1,9})\$)?([^$:\n]{0,16})\$([./0-9A-Za-z]+)$/;

/** Letters of a hash: 32 and 64 bytes at six bits each. */
const LETTERS = { sha256: 43, sha512: 86 } as const;

/** Undefined where the text is none, or asks for more rounds than there is patience for. */
export function parseShaCrypt(text: string): Parsed | undefined {
  const [, id, asked, salt = '', hash = ''] = FORM.exec(text) ?? [];
  const algorithm = id === '5' ? 'sha256' : 'sha512';
  const rounds = Math.max(asked === undefined ? SHA_CRYPT_ROUNDS.usual : Number(asked), SHA_CRYPT_ROUNDS.least);
  if (id === undefined || hash.length !== LETTERS[algorithm] || rounds > SHA_CRYPT_ROUNDS.most) return undefined;
  return { algorithm, rounds, salt, hash };
}

/** Whether the password is the one of this text; false where the text is none. */
export async function matchesShaCrypt(password: Uint8Array, text: string): Promise<boolean> {
  const parsed = parseShaCrypt(text);
  if (parsed === undefined) return false;
  const derived = encode(await derive(password, parsed), parsed.algorithm);
  return timingSafeEqual(Buffer.from(derived), Buffer.from(parsed.hash));
}

/** The steps are numbered as in the paper. Other work gets its turn every so many rounds. */
async function derive(password: Uint8Array, { algorithm, rounds, salt: saltText }: Parsed): Promise<Buffer> {
  const digest = (...parts: readonly Uint8Array[]): Buffer => {
    const hash = createHash(algorithm);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const salt = Buffer.from(saltText, 'utf8');
  const b = digest(password, salt, password); // 4 to 8
  const bits: Uint8Array[] = []; // 11
  for (let length = password.length; length > 0; length >>= 1) bits.push((length & 1) === 1 ? b : password);
  const a = digest(password, salt, repeated(b, password.length), ...bits); // 1 to 12
  const p = repeated(digest(...Array<Uint8Array>(password.length).fill(password)), password.length); // 13 to 16
  const s = repeated(digest(...Array<Uint8Array>(16 + (a[0] ?? 0)).fill(salt)), salt.length); // 17 to 20
  let c = a;
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1;
    const parts = [isOdd ? p : c, round % 3 === 0 ? EMPTY : s, round % 7 === 0 ? EMPTY : p, isOdd ? c : p]; // 21
    c = digest(...parts);
    if (round % ROUNDS_AT_ONCE === ROUNDS_AT_ONCE - 1) await turn();
  }
  return c;
}

const EMPTY = new Uint8Array(0);

/** As many bytes as are wanted, of these again and again. */
function repeated(bytes: Uint8Array, length: number): Buffer {
  return Buffer.alloc(length, bytes);
}

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Three bytes at a time in an order of its own, low bits first (22). */
function encode(hash: Buffer, algorithm: Parsed['algorithm']): string {
  let text = '';
  const put = (high: number, middle: number, low: number, letters: number) => {
    let value = (high << 16) | (middle << 8) | low;
    for (let letter = 0; letter < letters; letter += 1, value >>= 6) text += ALPHABET.charAt(value & 0x3f);
  };
  const at = (index: number): number => hash[index] ?? 0;
  const third = algorithm === 'sha256' ? 10 : 21;
  // Each turn takes the three that follow, in an order that turns as well: 0 21 42, 22 43 1, 44 2 23, …
  for (let index = 0; index < third; index += 1) {
    const [x, y, z] = [index, index + third, index + 2 * third];
    const step = algorithm === 'sha256' ? index * 2 : index;
    if (step % 3 === 0) put(at(x), at(y), at(z), 4);
    else if (step % 3 === 1) put(at(y), at(z), at(x), 4);
    else put(at(z), at(x), at(y), 4);
  }
  if (algorithm === 'sha256') put(0, at(31), at(30), 3);
  else put(0, 0, at(63), 2);
  return text;
}
