/** Numbers of the grammar and the bounds that the RFCs give them. Past its bound a number is a syntax error. */

import { isDigit } from './chars.ts';
import type { ModSeqValue } from './command.ts';
import { type Lexer, SyntaxFault } from './lexer.ts';

/** Numbers of messages and UIDs have 32 bits (RFC 3501 §9). */
const MAX_32 = 0xffff_ffff;

/** `number64` and `mod-sequence-value` have 63 bits (RFC 9051 §9, RFC 7162 §7). */
const MAX_63 = 2n ** 63n - 1n;
const DIGITS_63 = 19;

/** `nz-number`, 1 to 2^32-1 */
export function nzNumber(lexer: Lexer, what: string): number {
  const value = lexer.number(MAX_32, what);
  if (value === 0) throw new SyntaxFault(`${what} cannot be 0`);
  return value;
}

/** `number64`, 0 to 2^63-1; what a double cannot tell apart is read as Number.MAX_SAFE_INTEGER. */
export function number63(lexer: Lexer, what: string): number {
  const digits = lexer.run(isDigit, what).replace(/^0+(?=[0-9])/, '');
  if (digits.length > DIGITS_63 || BigInt(digits) > MAX_63) throw new SyntaxFault(`${what} is out of range`);
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

/** `mod-sequence-value`, at least 1 (RFC 7162 §7) */
export function modSequence(lexer: Lexer): ModSeqValue {
  const value = number63(lexer, 'a modification sequence');
  if (value === 0) throw new SyntaxFault('a modification sequence cannot be 0 here');
  return value;
}

/** `mod-sequence-valzer` */
export const modSequenceOrZero = (lexer: Lexer): ModSeqValue => number63(lexer, 'a modification sequence');
