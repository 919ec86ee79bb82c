/** Substring search over text that comes in pieces, compared by i;unicode-casemap (RFC 3501 §6.4.4, RFC 5051). */
import { casemap } from './casemap.ts';

/** Looks for one needle in a text that is given to it piece by piece. */
export interface Matcher {
  /** Whether the needle was found, in this piece or before, also across the border between pieces. */
  push(piece: string): boolean;
}

/** A surrogate at the end whose other half is in the next piece. */
const HALF_AT_END = /[\ud800-\udbff]$/;

/** A matcher at the beginning of a text. An empty needle is found at once. */
export function createMatcher(needle: string): Matcher {
  const wanted = casemap(needle);
  let found = wanted === '';
  let tail = '';
  let half = '';
  return {
    push(piece) {
      if (found) return true;
      const whole = half + piece;
      half = HALF_AT_END.exec(whole)?.[0] ?? '';
      const text = tail + casemap(whole.slice(0, whole.length - half.length));
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
