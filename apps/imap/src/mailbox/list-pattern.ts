/**
 * LIST and LSUB patterns: `*` is anything, `%` anything within a level (RFC 9051 §6.3.9). Pure.
 *
 * A pattern comes from the client and is matched against every mailbox name, so it must not be able to cost much. All
 * places of the pattern that the name so far can have led to are followed at once, as the bits of one number: a name costs
 * its length times a few operations on numbers as long as the pattern, whatever the wildcards are. (A matcher that tries
 * one way after the other takes exponential time on `*a*a*a*b`.)
 */
import { DELIMITER } from './store.ts';

export interface ListPattern {
  matches(name: string): boolean;
  /** `%` ends it: levels of hierarchy match as well, which need not be mailboxes. */
  readonly levels: boolean;
}

/** One bit per place of the pattern; bit n: its first n characters are passed. */
interface Places {
  /** Where a character, `*` or `%` is what comes next. */
  readonly literal: ReadonlyMap<string, bigint>;
  readonly star: bigint;
  readonly percent: bigint;
  readonly length: number;
}

/** `reference` and `pattern` together, which are simply joined (RFC 9051 §6.3.9); INBOX is matched in any case. */
export function listPattern(reference: string, pattern: string): ListPattern {
  const places = placesOf(reference + pattern);
  return { levels: pattern.endsWith('%'), matches: (name) => matches(places, name) };
}

/** All names above a name: `a.b.c` → `a`, `a.b`. */
export function parentsOf(name: string): string[] {
  const levels = name.split(DELIMITER);
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join(DELIMITER));
}

function placesOf(text: string): Places {
  // No wildcard beside another: each place is then one step from the one before it.
  const pattern = text.replace(/[*%]+/g, (run) => (run.includes('*') ? '*' : '%'));
  const at = new Map<string, bigint>();
  for (const [place, character] of pattern.split('').entries()) {
    at.set(character, (at.get(character) ?? 0n) | (1n << BigInt(place)));
  }
  return { literal: at, star: at.get('*') ?? 0n, percent: at.get('%') ?? 0n, length: pattern.length };
}

function matches({ literal, star, percent, length }: Places, name: string): boolean {
  const withoutCase = name === 'INBOX' || name.startsWith(`INBOX${DELIMITER}`) ? 'INBOX'.length : 0;
  const pastWildcards = (places: bigint) => places | ((places & (star | percent)) << 1n);
  let places = pastWildcards(1n);
  for (const [index, character] of name.split('').entries()) {
    const stays = character === DELIMITER ? star : star | percent;
    // A name may hold `*` and `%` themselves: only wildcards of the pattern match them.
    const same = character === '*' || character === '%' ? 0n : (literal.get(character) ?? 0n);
    const inOtherCase = index < withoutCase ? (literal.get(character.toLowerCase()) ?? 0n) : 0n;
    places = pastWildcards((places & stays) | ((places & (same | inOtherCase)) << 1n));
    if (places === 0n) return false;
  }
  return (places >> BigInt(length)) % 2n === 1n;
}
