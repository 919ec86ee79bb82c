/** `dovecot-keywords`: a line per keyword letter, `<ordinal> <name>`, 0 being `a`. */
import type { Flag } from '../api.ts';
import { LETTER_KEYWORDS } from '../limits.ts';
import { type Keywords, toKeyword } from './flags.ts';

export const KEYWORDS_FILE = 'dovecot-keywords';

/**
 * Lines that are none are passed over; the last one of an ordinal counts. A name that no client could say would break what is
 * said to clients, and yet its letter is taken.
 */
export function parseKeywords(text: string): (Flag | undefined)[] {
  const keywords: (Flag | undefined)[] = [];
  for (const line of text.split('\n')) {
    const parts = /^(\d{1,2}) (\S+)$/.exec(line.trimEnd());
    const ordinal = Number(parts?.[1]);
    if (parts?.[2] !== undefined && ordinal < LETTER_KEYWORDS) keywords[ordinal] = toKeyword(parts[2]);
  }
  return keywords;
}

export function formatKeywords(keywords: Keywords): string {
  let text = '';
  for (const [ordinal, name] of keywords.slice(0, LETTER_KEYWORDS).entries()) {
    if (name !== undefined) text += `${ordinal} ${name}\n`;
  }
  return text;
}
