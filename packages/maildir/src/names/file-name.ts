/**
 * Maildir file names: `<base>[:2,<letters>[,<rest>]]`. The base stays for life; the letters are flags, sorted; letters
 * nobody here knows and everything after a comma belong to somebody else and are carried along untouched.
 */
import { createHash } from 'node:crypto';
import type { BaseName, ObjectId } from '../api.ts';
import { toBaseName, toObjectId } from './ids.ts';

/** Bit n of a flag mask is letter n of this: six system letters, then the keyword letters. */
const LETTERS = 'DFPRSTabcdefghijklmnopqrstuvwxyz';
/** The bit of keyword letter `a`; the others follow. */
const FIRST_KEYWORD_BIT = 6;

/** The mask with this one letter; 0 for a letter without meaning here. */
export function letterBit(letter: string): number {
  const at = LETTERS.indexOf(letter);
  return at < 0 ? 0 : 2 ** at;
}

/** The mask of the keyword with this ordinal (0 is `a`). */
export const keywordBit = (ordinal: number): number => 2 ** (FIRST_KEYWORD_BIT + ordinal);

/** Whether `mask` has all of `bits`. Masks use 32 bits and stay unsigned. */
export const hasBits = (mask: number, bits: number): boolean => (mask & bits) >>> 0 === bits;

/** A file name in its two parts: `base + info` is the name. */
export interface FileName {
  readonly base: BaseName;
  readonly info: string;
}

/**
 * What a name in new/ or cur/ stands for: a message; a message that cannot be opened, since bytes of its name are no UTF-8;
 * or something else, like a dot file.
 */
export function kindOfName(name: string): 'message' | 'unreadable' | 'other' {
  if (name === '' || name.startsWith('.') || name.startsWith(':')) return 'other';
  return name.includes('\uFFFD') ? 'unreadable' : 'message';
}

/** Undefined for what is no message, or one that cannot be opened by its name. */
export function parseFileName(name: string): FileName | undefined {
  return kindOfName(name) === 'message' ? splitFileName(name) : undefined;
}

/** The parts of any name, which need not be a message's. */
export function splitFileName(name: string): FileName {
  const colon = name.indexOf(':');
  return colon < 0
    ? { base: toBaseName(name), info: '' }
    : { base: toBaseName(name.slice(0, colon)), info: name.slice(colon) };
}

/** What the part after the base says. */
export interface Info {
  /** Letters known here. */
  readonly mask: number;
  /** Letters unknown here. */
  readonly unknown: string;
  /** From the comma after the letters to the end. */
  readonly rest: string;
}

export function parseInfo(info: string): Info {
  if (!info.startsWith(':2,')) return { mask: 0, unknown: '', rest: info === '' ? '' : `,${info.slice(1)}` };
  const comma = info.indexOf(',', 3);
  const end = comma < 0 ? info.length : comma;
  let mask = 0;
  let unknown = '';
  for (const letter of info.slice(3, end)) {
    const bit = letterBit(letter);
    if (bit === 0) unknown += letter;
    else mask = (mask | bit) >>> 0;
  }
  return { mask, unknown, rest: info.slice(end) };
}

export function formatInfo(info: Info): string {
  let letters = info.unknown;
  for (const [at, letter] of [...LETTERS].entries()) if (hasBits(info.mask, 2 ** at)) letters += letter;
  return `:2,${[...letters].sort().join('')}${info.rest}`;
}

/** Sizes that a base name claims: `S` the file's bytes, `W` with every line end as CRLF. */
export function claimedSizes(base: string): {
  readonly size: number | undefined;
  readonly virtual: number | undefined;
} {
  const read = (key: string): number | undefined => {
    const digits = new RegExp(`,${key}=(\\d{1,15})(?=,|$)`).exec(base)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  return { size: read('S'), virtual: read('W') };
}

/** EMAILID of a message that was not copied: follows from what stays the same in its base name (RFC 8474 §5.1). */
export function emailIdOf(base: string): ObjectId {
  const unique = base.replace(/,[A-Z]=\d+(?=,|$)/g, '');
  return toObjectId(`M${createHash('sha256').update(unique).digest('hex').slice(0, 24)}`);
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Where the digits end that begin at `start`. */
function endOfDigits(text: string, start: number): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/**
 * When the base name says the message was delivered, microseconds since the epoch; undefined where it does not say. A first
 * look at a large folder asks it of every name: read by hand, that takes a fifth of what two expressions take.
 */
export function deliveryTime(base: string): number | undefined {
  const dot = endOfDigits(base, 0);
  if (dot < 9 || dot > 11 || base[dot] !== '.') return undefined;
  const seconds = Number(base.slice(0, dot));
  for (let at = dot + 1; at < base.length && base[at] !== '.'; at += 1) {
    if (base[at] !== 'M') continue;
    const end = endOfDigits(base, at + 1);
    const digits = end - at - 1;
    if (digits >= 1 && digits <= 6) return seconds * 1_000_000 + Number(base.slice(at + 1, end));
  }
  return seconds * 1_000_000;
}

/** Where fresh base names come from. */
export interface NameSource {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly hostName: string;
  readonly processId: number;
}

/** Makes base names that no other process or host makes: microseconds, process and randomness. */
export function baseNames(source: NameSource): () => string {
  const host = source.hostName.replace(/[/:,\s]/g, (char) => `\\0${char.charCodeAt(0).toString(8)}`);
  let last = 0;
  return () => {
    // Strictly rising within the process, so that a batch keeps its order when it is sorted by delivery time.
    last = Math.max(Math.floor(source.clock() * 1000), last + 1);
    const micros = String(last % 1_000_000).padStart(6, '0');
    const random = Buffer.from(source.random(8)).toString('hex');
    return `${Math.floor(last / 1_000_000)}.M${micros}P${source.processId}R${random}.${host}`;
  };
}
