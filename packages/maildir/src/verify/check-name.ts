/** What a file's name alone tells. Pure. */
import { LETTER_KEYWORDS } from '../limits.ts';
import { claimedSizes, hasBits, keywordBit, parseInfo, splitFileName } from '../names/file-name.ts';
import type { Fault } from './faults.ts';

/** A fault of a name, and what is wrong in words. */
export interface NameFault {
  readonly fault: Fault;
  readonly detail: string;
  /** The letters of the name that are meant. */
  readonly letters?: string;
}

/** A name as bytes in one text: characters where it is UTF-8, `\xNN` for every byte that is not, and for what would drive a terminal. */
export function showName(name: Uint8Array): string {
  const text = Buffer.from(name).toString();
  const isText = Buffer.from(text).equals(name);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const unprintable = isText ? /[\u0000-\u001f\u007f-\u009f]/g : /[\u0000-\u001f\u007f-\u00ff]/g;
  const shown = isText ? text : Buffer.from(name).toString('latin1');
  return shown.replace(unprintable, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Whether the name can be that of a message: UTF-8 without control characters, not beginning with a colon. */
export function isForbidden(name: Uint8Array): boolean {
  return name.some((byte) => byte < 0x20 || byte === 0x7f) || name[0] === 0x3a || !isUtf8(name);
}

const isUtf8 = (name: Uint8Array): boolean => Buffer.from(Buffer.from(name).toString()).equals(name);

/** What the name says that is not so. `size` is the file's; `keywords` says which letters (0 is `a`) have a name. */
export function checkName(name: string, size: number, keywords: (ordinal: number) => boolean): readonly NameFault[] {
  const { base, info } = splitFileName(name);
  const faults: NameFault[] = [];
  const claimed = claimedSizes(base).size;
  if (claimed !== undefined && claimed !== size) {
    faults.push({ fault: 'wrong-size', detail: `S=${claimed}, and the file has ${size} bytes` });
  }
  const { mask, unknown } = parseInfo(info);
  if (unknown !== '') faults.push({ fault: 'unknown-flag', detail: `the letters ${unknown}`, letters: unknown });
  const unnamed = lettersOf(mask)
    .filter((ordinal) => !keywords(ordinal))
    .map(letter)
    .join('');
  if (unnamed !== '') faults.push({ fault: 'unnamed-keyword', detail: `the letters ${unnamed}`, letters: unnamed });
  return faults;
}

const letter = (ordinal: number): string => String.fromCharCode('a'.charCodeAt(0) + ordinal);

/** The keyword letters of a mask, as ordinals. */
function lettersOf(mask: number): number[] {
  return Array.from({ length: LETTER_KEYWORDS }, (_, ordinal) => ordinal).filter((ordinal) =>
    hasBits(mask, keywordBit(ordinal)),
  );
}
