/** What the octets of a file are. Pure. */
import { ENCODING_HEAD } from './limits.ts';
import type { Unit } from './spellings.ts';

/** Octets stand for UTF-8, Latin-1 and all that ASCII is a part of: paths are looked for as they are. */
export type Encoding = 'octets' | 'utf-16le' | 'utf-16be';

/** What a file holds. In `binary` there are zeros, and it is no UTF-16. */
export type Content = Encoding | 'binary';

/**
 * What a file that begins so holds, as far as that shows yet: UTF-16 has a mark, or zeros where text that is mostly ASCII has
 * them. Any other zero, also a later one, makes it binary (`isBinary`).
 */
export function contentOf(head: Buffer): Content {
  const [first, second, third, fourth] = head;
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'binary' : 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (!hasZero(head.subarray(0, ENCODING_HEAD))) return 'octets';
  return unmarked(head.subarray(0, ENCODING_HEAD)) ?? 'binary';
}

export const hasZero = (octets: Buffer): boolean => octets.includes(0);

/** Zeros in every second place of nearly all, and in none of the others. */
function unmarked(head: Buffer): Encoding | undefined {
  const pairs = head.length >> 1;
  let [even, odd] = [0, 0];
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) even += 1;
    if (head[at + 1] === 0) odd += 1;
  }
  if (even === 0 && odd > pairs * 0.7) return 'utf-16le';
  return odd === 0 && even > pairs * 0.7 ? 'utf-16be' : undefined;
}

export const unitOf = (encoding: Encoding): Unit => (encoding === 'octets' ? 'octet' : 'utf-16');

/** Octets of one unit. */
export const widthOf = (encoding: Encoding): 1 | 2 => (encoding === 'octets' ? 1 : 2);

/** Octets as the text that paths are looked for in: a character for each unit. Half a unit at the end is left out. */
export function textOf(octets: Buffer, encoding: Encoding): string {
  if (encoding === 'octets') return octets.toString('latin1');
  if (encoding === 'utf-16le') return octets.toString('utf16le');
  return Buffer.from(octets.subarray(0, octets.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** Text that was written anew, as octets: UTF-8 where the file is of octets. */
export function octetsOf(text: string, encoding: Encoding): Buffer {
  if (encoding === 'octets') return Buffer.from(text);
  const octets = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? octets : octets.swap16();
}
