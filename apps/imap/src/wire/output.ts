/** The tokens that responses are made of (RFC 3501 §9): text in, legal wire text out, whatever the text. */
import { isAstringChar, isAtomChar } from './chars.ts';
import { MONTHS } from './date.ts';
import { encodeMailboxName } from './utf7.ts';

const every = (text: string, isMember: (octet: number) => boolean): boolean => {
  for (let i = 0; i < text.length; i++) if (!isMember(text.charCodeAt(i))) return false;
  return text.length > 0;
};

/** `text = 1*TEXT-CHAR`: one line of ASCII, whatever a client or a file name smuggled into it. */
export function humanText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not pass
  const clean = text.replace(/[\x00-\x1f\x7f]+/g, ' ').replace(/[^\x20-\x7e]/g, '?');
  return clean.replace(/^\[/, '(') || 'Done'; // a bracket would open a response code
}

const quotable = (octet: number): boolean => octet > 0 && octet < 0x80 && octet !== 0x0a && octet !== 0x0d;

/** `quoted`, or `literal` where an octet cannot be quoted; `text` has one character per octet. */
export function wireString(text: string): string {
  if (text !== '' && !every(text, quotable)) return `{${text.length}}\r\n${text}`;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** `astring`: as it is where that is legal. */
export function wireAstring(text: string): string {
  return every(text, isAstringChar) && text.toUpperCase() !== 'NIL' ? text : wireString(text);
}

/** A mailbox name in modified UTF-7. */
export const wireMailbox = (name: string): string => wireAstring(encodeMailboxName(name));

/** `(flag flag)`; an octet that no flag may hold (keywords can come from files of other servers) becomes `_`. */
export const wireFlags = (flags: readonly string[]): string => `(${flags.map(wireFlag).join(' ')})`;

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
export function wireUidSet(uids: readonly number[]): string {
  const ranges: string[] = [];
  for (let i = 0; i < uids.length; ) {
    const first = uids[i] ?? 0;
    let length = 1;
    while (uids[i + length] === first + length) length += 1;
    ranges.push(length === 1 ? `${first}` : `${first}:${first + length - 1}`);
    i += length;
  }
  return ranges.join(',');
}
