/** Sets of message numbers (RFC 3501 §9): no bound on their length but the line's, which 60 KB of UIDs fill. */
import type { MessageSet, SequenceSet, SetNumber } from './command.ts';
import { type Lexer, SyntaxFault } from './lexer.ts';
import { nzNumber } from './numbers.ts';

/**
 *     sequence-set = (seq-number / seq-range) *("," sequence-set)
 *     seq-range    = seq-number ":" seq-number
 *     seq-number   = nz-number / "*"
 */
function sequenceSet(lexer: Lexer): SequenceSet {
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

/** `sequence-set =/ seq-last-command`, `seq-last-command = "$"` (RFC 9051 §9, RFC 5182 §4) */
export const messageSet = (lexer: Lexer): MessageSet => (lexer.accept('$') ? 'saved' : sequenceSet(lexer));

/** `known-uids`, `known-sequence-set`, `known-uid-set`: a set without `*` (RFC 7162 §7) */
export function knownSet(lexer: Lexer): SequenceSet {
  const set = sequenceSet(lexer);
  if (set.some(({ from, to }) => from === '*' || to === '*')) {
    throw new SyntaxFault('* cannot stand in a set of what is known');
  }
  return set;
}

/** How many numbers a set names if it ascends strictly; undefined if it does not. */
export function ascendingLength(set: SequenceSet): number | undefined {
  let length = 0;
  let last = 0;
  for (const { from, to } of set) {
    if (from === '*' || to === '*' || from <= last || to < from) return undefined;
    length += to - from + 1;
    last = to;
  }
  return length;
}
