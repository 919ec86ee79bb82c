/** Sets of message numbers (RFC 3501 §9): no bound on their length but the line's, which 60 KB of UIDs fill. */
import type { SequenceSet, SetNumber } from './command.ts';
import { type Lexer, SyntaxFault } from './lexer.ts';

/** Numbers of messages and UIDs have 32 bits and are never 0 (RFC 3501 §2.3.1). */
const MAX = 0xffff_ffff;

/**
 *     sequence-set = (seq-number / seq-range) *("," sequence-set)
 *     seq-range    = seq-number ":" seq-number
 *     seq-number   = nz-number / "*"
 */
export function sequenceSet(lexer: Lexer): SequenceSet {
  const set: { from: SetNumber; to: SetNumber }[] = [];
  do {
    const from = setNumber(lexer);
    set.push({ from, to: lexer.accept(':') ? setNumber(lexer) : from });
  } while (lexer.accept(','));
  return set;
}

function setNumber(lexer: Lexer): SetNumber {
  return lexer.accept('*') ? '*' : nzNumber(lexer, 'a message number');
}

/** `nz-number`, 1 to 2^32-1 */
export function nzNumber(lexer: Lexer, what: string): number {
  const value = lexer.number(MAX, what);
  if (value === 0) throw new SyntaxFault(`${what} cannot be 0`);
  return value;
}
