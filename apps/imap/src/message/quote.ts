/** Strings of ENVELOPE and BODYSTRUCTURE (RFC 3501 §9): any octets in, one character each; legal wire text out. */

/** What a quoted string can hold: ASCII without NUL, CR and LF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the grammar speaks of them
const QUOTABLE = /^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/;

/** `string = quoted / literal`; no string can hold NUL, so none comes through. */
export function wireString(text: string): string {
  if (QUOTABLE.test(text)) return `"${text.replace(/["\\]/g, '\\$&')}"`;
  const octets = text.replaceAll('\0', '');
  return `{${octets.length}}\r\n${octets}`;
}

/** `nstring = string / "NIL"` */
export const wireNstring = (text: string | null): string => (text === null ? 'NIL' : wireString(text));

/** `(a b c)`, or NIL for nothing. */
export const wireList = (items: readonly string[], gap = ' '): string =>
  items.length === 0 ? 'NIL' : `(${items.join(gap)})`;
