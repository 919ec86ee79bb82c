/** Substring search over text that comes in pieces, without regard to case (RFC 3501 §6.4.4). */

export interface Matcher {
  /** Whether the needle was found, in this piece or before, also across the border between pieces. */
  push(piece: string): boolean;
}

/** Lower case by Unicode's simple rules; a sigma is the same wherever in a word it stands. */
const fold = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');

export function createMatcher(needle: string): Matcher {
  const wanted = fold(needle);
  let found = wanted === '';
  let tail = '';
  return {
    push(piece) {
      if (found) return true;
      const text = tail + fold(piece);
      found = text.includes(wanted);
      tail = wanted.length > 1 ? text.slice(1 - wanted.length) : '';
      return found;
    },
  };
}

/** Whether the pieces, read one after the other, hold the needle. An empty needle is in everything. */
export function matches(pieces: Iterable<string>, needle: string): boolean {
  const matcher = createMatcher(needle);
  for (const piece of pieces) if (matcher.push(piece)) return true;
  return matcher.push('');
}
