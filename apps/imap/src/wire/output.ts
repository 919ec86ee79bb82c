/** The tokens that responses are made of (RFC 3501 §9): text in, legal wire text out, whatever the text. */
import { isAstringChar, isAtomChar } from './chars.ts';
import { MONTHS } from './date.ts';
import { encodeMailboxName } from './utf7.ts';

const every = (text: string, isMember: (octet: number) => boolean): boolean => {
  for (let i = 0; i < text.length; i++) if (!isMember(text.charCodeAt(i))) return false;
  return text.length > 0;
};

/** `text`: one line, whatever a client or a file name smuggled into it; ASCII, or UTF-8 once IMAP4rev2 is enabled. */
export function humanText(text: string, rev2: boolean): string {
  const clean = text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  const line = rev2 ? octetText(clean) : clean.replace(/[^\x20-\x7e]/gu, '?');
  return line.replace(/^\[/, '(') || 'Done'; // a bracket would open a response code
}

/** The UTF-8 of a text, one character per octet. */
const octetText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const quotable = (octet: number): boolean => octet > 0 && octet < 0x80 && octet !== 0x0a && octet !== 0x0d;
const quotableInUtf8 = (octet: number): boolean => quotable(octet) || octet >= 0x80;

/**
 * `quoted`, or `literal` where an octet cannot be quoted; `text` has one character per octet. With `utf8` it is UTF-8 and
 * the client has enabled that (RFC 6855 §3).
 */
export function wireString(text: string, utf8 = false): string {
  if (text !== '' && !every(text, utf8 ? quotableInUtf8 : quotable)) return `{${text.length}}\r\n${text}`;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** `astring`: as it is where that is legal. */
export function wireAstring(text: string, utf8 = false): string {
  return every(text, isAstringChar) && text.toUpperCase() !== 'NIL' ? text : wireString(text, utf8);
}

/** A mailbox name: in modified UTF-7, or in UTF-8 where the client has enabled that. */
export const wireMailbox = (name: string, utf8: boolean): string =>
  utf8 ? wireAstring(octetText(name.toWellFormed()), true) : wireAstring(encodeMailboxName(name));

/** Lists of flags are shared by the messages that have the same: their text is made once. */
const flagTexts = new WeakMap<readonly string[], string>();

/** `(flag flag)`; an octet that no flag may hold (keywords can come from files of other servers) becomes `_`. */
export function wireFlags(flags: readonly string[]): string {
  const known = flagTexts.get(flags);
  if (known !== undefined) return known;
  const text = `(${flags.map(wireFlag).join(' ')})`;
  flagTexts.set(flags, text);
  return text;
}

export function wireFlag(flag: string): string {
  const system = flag.startsWith('\\');
  const name = system ? flag.slice(1) : flag;
  return (system ? '\\' : '') + Array.from(name, (char) => (isAtomChar(char.codePointAt(0)) ? char : '_')).join('');
}

/** `date-time`, in UTC: the file system knows no other zone. */
export function wireDateTime(time: number): string {
  const date = new Date(Math.min(Math.max(time, 0), LAST));
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `"${day}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()} ${clock} +0000"`;
}

/** The grammar has four digits for the year. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

/** `uid-set` (RFC 4315 §4) in the order given; ascending neighbours become ranges. */
export const wireUidSet = (uids: readonly number[]): string => [...wireRanges(uids)].join(',');

/** One member of a `sequence-set`. */
export const wireRange = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  from === to ? `${from}` : `${from}:${to}`;

/** The members of a `sequence-set`, in the order given; ascending neighbours become ranges. */
export function* wireRanges(numbers: readonly number[]): Iterable<string> {
  for (let i = 0; i < numbers.length; ) {
    const first = numbers[i] ?? 0;
    let length = 1;
    while (numbers[i + length] === first + length) length += 1;
    yield wireRange({ from: first, to: first + length - 1 });
    i += length;
  }
}
