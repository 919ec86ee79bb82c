/** The character classes of RFC 3501 §9, as tables: an octet's class is one look-up. */

const ATOM = 1;
const ASTRING = 2;
const LIST = 4;
const TAG = 8;

const CLASSES = new Uint8Array(256);
for (let octet = 0x21; octet < 0x7f; octet++) CLASSES[octet] = ATOM | ASTRING | LIST | TAG;
// atom-specials = "(" / ")" / "{" / SP / CTL / list-wildcards / quoted-specials / resp-specials
for (const special of '(){"\\') CLASSES[special.charCodeAt(0)] = 0;
CLASSES[0x7d] = ATOM | ASTRING | LIST | TAG; // "}" is no special
for (const wildcard of '%*') CLASSES[wildcard.charCodeAt(0)] = LIST;
CLASSES[0x5d] = ASTRING | LIST | TAG; // "]"
CLASSES[0x2b] = ATOM | ASTRING | LIST; // "+" begins a continuation, so no tag has it

const has = (octet: number | undefined, mask: number): boolean =>
  octet !== undefined && ((CLASSES[octet] ?? 0) & mask) !== 0;

export const isAtomChar = (octet: number | undefined): boolean => has(octet, ATOM);
export const isAstringChar = (octet: number | undefined): boolean => has(octet, ASTRING);
export const isListChar = (octet: number | undefined): boolean => has(octet, LIST);
export const isTagChar = (octet: number | undefined): boolean => has(octet, TAG);
export const isDigit = (octet: number | undefined): boolean => octet !== undefined && octet >= 0x30 && octet <= 0x39;
