/** Flags as clients name them, and the same in file names: system flags and keywords (RFC 9051 §2.3.2). */
import type { Flag, FlagChange, SystemFlag } from '../api.ts';
import { StoreFailure } from '../errors.ts';
import { LETTER_KEYWORDS, MAX_KEYWORD_LENGTH } from '../limits.ts';
import { hasBits, keywordBit, letterBit } from './file-name.ts';

const SYSTEM: readonly (readonly [SystemFlag, number])[] = [
  ['\\Answered', letterBit('R')],
  ['\\Flagged', letterBit('F')],
  ['\\Deleted', letterBit('T')],
  ['\\Seen', letterBit('S')],
  ['\\Draft', letterBit('D')],
];
/** The bits that a client can set by system flags; `P` (passed) is not one of them. */
const SYSTEM_MASK = SYSTEM.reduce((mask, [, bit]) => mask | bit, 0);

export const SEEN = letterBit('S');
export const DELETED = letterBit('T');

/** A mailbox's keywords by ordinal: the first 26 have letters, the others live in the index alone. */
export type Keywords = readonly (Flag | undefined)[];

/** Flags as the index stores them: a mask of letters, and keywords without a letter, divided by blanks. */
export interface StoredFlags {
  readonly mask: number;
  readonly extra: string;
}

/** Flags that a client named, split by kind and checked. */
export interface NamedFlags {
  readonly mask: number;
  readonly keywords: readonly Flag[];
}

const sameKeyword = (a: Flag, b: Flag): boolean => a.toLowerCase() === b.toLowerCase();

/** An atom of RFC 9051 §9: printable ASCII without `( ) { % * " \ ]` and blanks. */
const KEYWORD = /^[!#$&'+-Z[^-z|}~]+$/;

/** Whether a client can name this keyword. */
export const isKeyword = (name: string): boolean => KEYWORD.test(name) && name.length <= MAX_KEYWORD_LENGTH;

/** A keyword that a client can name, for what another program calls one: `_` for what cannot be in it, and cut where it is too long. */
export const toKeyword = (name: string): Flag =>
  isKeyword(name)
    ? name
    : Array.from(name.slice(0, MAX_KEYWORD_LENGTH), (char) => (isKeyword(char) ? char : '_')).join('');

/** Splits and checks flags; throws `invalid-keyword`. */
export function nameFlags(flags: readonly Flag[]): NamedFlags {
  let mask = 0;
  const keywords: Flag[] = [];
  for (const flag of flags) {
    const system = SYSTEM.find(([name]) => sameKeyword(name, flag));
    if (system !== undefined) mask |= system[1];
    else if (!isKeyword(flag)) throw invalidKeyword();
    else if (!keywords.some((known) => sameKeyword(known, flag))) keywords.push(flag);
  }
  return { mask, keywords };
}

const invalidKeyword = (): StoreFailure =>
  new StoreFailure('invalid-keyword', 'A flag is neither a system flag that can be set nor a valid keyword.');

/** The ordinal of a keyword, compared without case; -1 when the mailbox does not have it. */
export const ordinalOf = (keywords: Keywords, flag: Flag): number =>
  keywords.findIndex((known) => known !== undefined && sameKeyword(known, flag));

/** Named flags as they are stored; every keyword must have an ordinal by now. */
export function storeFlags(named: NamedFlags, keywords: Keywords): StoredFlags {
  let mask = named.mask;
  const extra: Flag[] = [];
  for (const flag of named.keywords) {
    const ordinal = ordinalOf(keywords, flag);
    if (ordinal >= 0 && ordinal < LETTER_KEYWORDS) mask = (mask | keywordBit(ordinal)) >>> 0;
    else extra.push(keywords[ordinal] ?? flag);
  }
  return { mask, extra: extra.sort().join(' ') };
}

const extraList = (extra: string): readonly Flag[] => (extra === '' ? [] : extra.split(' '));

/** What a change makes of stored flags. Letters without meaning here, and `P`, stay whatever the operation. */
export function changeFlags(
  old: StoredFlags,
  operation: FlagChange['operation'],
  change: StoredFlags,
  keywords: Keywords,
): StoredFlags {
  const kept = (old.mask & ~clientMask(keywords)) >>> 0;
  const others = extraList(old.extra).filter((flag) => !extraList(change.extra).includes(flag));
  switch (operation) {
    case 'add':
      return { mask: (old.mask | change.mask) >>> 0, extra: [...others, ...extraList(change.extra)].sort().join(' ') };
    case 'remove':
      return { mask: (old.mask & ~change.mask) >>> 0, extra: others.join(' ') };
    case 'replace':
      return { mask: (kept | change.mask) >>> 0, extra: change.extra };
  }
}

/** Every bit that a client can set in this mailbox. */
function clientMask(keywords: Keywords): number {
  let mask = SYSTEM_MASK;
  for (let ordinal = 0; ordinal < LETTER_KEYWORDS; ordinal += 1) {
    if (keywords[ordinal] !== undefined) mask |= keywordBit(ordinal);
  }
  return mask >>> 0;
}

/** Stored flags as clients name them. */
export function showFlags(stored: StoredFlags, keywords: Keywords): ReadonlySet<Flag> {
  const flags = new Set<Flag>();
  for (const [name, bit] of SYSTEM) if (hasBits(stored.mask, bit)) flags.add(name);
  for (let ordinal = 0; ordinal < LETTER_KEYWORDS; ordinal += 1) {
    const name = keywords[ordinal];
    if (name !== undefined && hasBits(stored.mask, keywordBit(ordinal))) flags.add(name);
  }
  for (const name of extraList(stored.extra)) flags.add(name);
  return flags;
}
