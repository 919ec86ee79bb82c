/**
 * Text of somebody else (a mail, a file name) as a terminal may show it: what would drive the terminal, or turn the order of
 * what is read around, stands there as its code. Line ends and tabs stay.
 */
export const visible = (text: string): string => text.replace(DRIVING, escaped);

/** The same for what has to stay in its line. */
export const visibleLine = (text: string): string => visible(text).replace(/[\t\n]/g, escaped);

/** C0 without tab and line feed, DEL, C1; the marks that change the direction of text, and line separators. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DRIVING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
