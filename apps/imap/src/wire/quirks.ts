/**
 * Where the wire takes more than the grammar allows, and for whom. Each leniency has its name here and is used by that
 * name, so that it can be found, tested and, one day, taken away.
 */

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;

/**
 * A line may end in LF alone. `openssl s_client` without `-crlf` and telnet scripts send that; RFC 3501 §2.2 wants CRLF.
 * Returns the line without its end.
 */
export function bareLineFeed(line: Uint8Array): Uint8Array {
  const end = line[line.length - 1] === LF ? line.length - 1 : line.length;
  return line.subarray(0, line[end - 1] === CR ? end - 1 : end);
}

/** A blank line where a command could begin is nothing. emailjs-imap-client sends one after IDLE (its issue 78). */
export const blankLine = (text: Uint8Array): boolean => text.length === 0;

/** A blank line before IDLE's DONE is nothing either, for the same client: its blank line comes before DONE or after it. */
export const blankBeforeDone = (line: Uint8Array): boolean => line.length === 0;

/** Blanks after a command's last argument mean nothing; the go-imap server met such a client (its issue 540). */
export function trailingBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SP) at += 1;
  return at;
}

/**
 * Octets above 127 in quoted strings are taken as they are. Clients that expect UTF8=ACCEPT everywhere quote passwords
 * and search words in UTF-8; RFC 3501 §4.3 wants a literal for those. Where UTF-8 is enabled they must be UTF-8 (RFC 6855 §3).
 */
export const eightBitQuoted = (octet: number): boolean => octet >= 0x80;

/** Words that are not UTF-8 have a character per octet: old clients send passwords in their own code page. */
export const foreignCodePage = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** One digit for the day of APPEND's date-time where two, or a blank and one, are asked for; hand-written scripts. */
export const ONE_DIGIT_DAY = '[ 0-9]?[0-9]';

/** SEARCH words without CHARSET that are not ASCII are UTF-8, as mutt and many scripts send them; RFC 3501 has no word for it. */
export const UNDECLARED_CHARSET = 'utf-8';

/**
 * Octets that came before a synchronizing literal was refused are the literal, not commands: a client that does not
 * wait for `+` (hand-written scripts do not) must not have its mail read as commands.
 */
export const eagerLiteral = (waiting: number): boolean => waiting > 0;
