/**
 * The spellings of a path: how its separators are written, and the characters of its names. Pure.
 *
 * A separator is a slash, in JSON behind a backslash; `%2F` in a URL, `%252F` in a URL that is part of another; a backslash,
 * in most languages two; `\u002F`. What was put into such a text once more is escaped once more: each of them is known up to
 * that (`\\\/`, `%25252F`), and answered as it was found.
 *
 * Texts are strings of which each character is an octet of the file (`latin1`), or a UTF-16 unit of it. Nothing is decoded:
 * they only tell places.
 */
import type { AbsolutePath } from './absolute-path.ts';

export type Spelling =
  | 'plain'
  | 'json'
  | 'url'
  | 'url-twice'
  | 'backslash'
  | 'double-backslash'
  | 'unicode'
  /** Escaped more often than that. */
  | 'deeper'
  /** Not all separators alike. */
  | 'mixed';

/** What a character of the text is. */
export type Unit = 'octet' | 'utf-16';

/** How characters of names are written that are not letters, digits, `.`, `_` or `-`. */
export type Escaping =
  | { readonly kind: 'none' }
  /** `%20`; `%2520` at depth 2. */
  | { readonly kind: 'percent'; readonly depth: number }
  /** `\u00e9`, behind so many backslashes. */
  | { readonly kind: 'unicode'; readonly backslashes: string }
  /** A shell's `\ `. */
  | { readonly kind: 'shell' };

/** One separator that is not made of backslashes alone. */
const SLASH = String.raw`\\{0,3}/|%(?:25){0,3}2[fF]|\\{1,3}u002[fF]`;
const SEPARATOR = String.raw`(?:${SLASH}|\\{1,4})`;

export const SLASH_AT_END = new RegExp(`(?:${SLASH})$`);
const FIRST_SEPARATOR = new RegExp(`^${SEPARATOR}`);

/** The first of separators that follow each other. */
export const firstSeparator = (separators: string): string => FIRST_SEPARATOR.exec(separators)?.[0] ?? separators;

const NAMES: readonly (readonly [Spelling, RegExp])[] = [
  ['plain', /^\/$/],
  ['json', /^\\\/$/],
  ['url', /^%2f$/i],
  ['url-twice', /^%252f$/i],
  ['backslash', /^\\$/],
  ['double-backslash', /^\\\\$/],
  ['unicode', /^\\u002f$/i],
];

/** How a path with these separators is spelled. */
export function spellingOf(separators: readonly string[]): Spelling {
  const [first, ...others] = new Set(separators.map((each) => nameOf(firstSeparator(each))));
  return first === undefined || others.length > 0 ? 'mixed' : first;
}

const nameOf = (separator: string): Spelling => NAMES.find(([, form]) => form.test(separator))?.[0] ?? 'deeper';

/**
 * The source of a pattern for a path in any spelling, from its first name on: the separators before that are looked at where
 * it is found. Each group holds the separators between two names. `anyCase` takes other cases of ASCII letters too.
 */
export const patternOf = ({ names }: AbsolutePath, unit: Unit, anyCase: boolean): string =>
  names.map((name) => [...name].map((char) => charPattern(char, unit, anyCase)).join('')).join(`(${SEPARATOR}{1,4})`);

function charPattern(char: string, unit: Unit, anyCase: boolean): string {
  if (/[A-Za-z]/.test(char)) return anyCase ? `[${char.toLowerCase()}${char.toUpperCase()}]` : char;
  if (/[0-9_]/.test(char)) return char;
  const isAscii = char.length === 1 && char.charCodeAt(0) < 0x80;
  const forms = [literal(char, unit), percentForm(char), unicodeForm(char)];
  if (isAscii && !/[.-]/.test(char)) forms.push(`\\\\${literal(char, unit)}`);
  return `(?:${forms.join('|')})`;
}

const literal = (char: string, unit: Unit): string =>
  [...(unit === 'octet' ? Buffer.from(char).toString('latin1') : char)]
    .map((one) =>
      /[\w]/.test(one)
        ? one
        : unitsOf(one)
            .map((code) => `\\u${hex(code, 4)}`)
            .join(''),
    )
    .join('');

const percentForm = (char: string): string =>
  [...Buffer.from(char)].map((octet) => `%(?:25){0,3}${eitherCase(hex(octet, 2))}`).join('');

const unicodeForm = (char: string): string =>
  unitsOf(char)
    .map((code) => `\\\\{1,3}u${eitherCase(hex(code, 4))}`)
    .join('');

const unitsOf = (text: string): readonly number[] =>
  Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
const eitherCase = (digits: string): string => digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

/** How a path of these separators, found as this text, escapes what is in its names. */
export function escapingOf(separators: readonly string[], matched: string, isUrl: boolean): Escaping {
  const percent = /%(?:25)*[0-9a-f]{2}/i.exec(separators.join('') + matched)?.[0];
  if (percent !== undefined) return { kind: 'percent', depth: (percent.length - 1) / 2 };
  if (isUrl) return { kind: 'percent', depth: 1 };
  const names = separators.reduce((text, separator) => text.replaceAll(separator, '/'), matched);
  const unicode = /(\\+)u[0-9a-f]{4}/i.exec(names)?.[1];
  if (unicode !== undefined) return { kind: 'unicode', backslashes: unicode };
  return /\\[^/]/.test(names) ? { kind: 'shell' } : { kind: 'none' };
}

/** A name with its characters escaped. */
export function escapeName(name: string, escaping: Escaping): string {
  if (escaping.kind === 'percent') {
    return Array.from({ length: escaping.depth }).reduce<string>((text) => encodeURIComponent(text), name);
  }
  if (escaping.kind === 'shell')
    return name.replace(/[^\w.,:=@%+/-]/gu, (char) => (char < '\u0080' ? `\\${char}` : char));
  if (escaping.kind === 'none') return name;
  return name.replace(/[^\u0020-\u007e]/g, (unit) => `${escaping.backslashes}u${hex(unit.charCodeAt(0), 4)}`);
}
