/** Tags: `tag = 1*<any ASTRING-CHAR except "+">` (RFC 3501 §9). */
import { isTagChar } from './chars.ts';
import { TAG_LENGTH } from './limits.ts';

const SP = 0x20;

/** The tag that `line` begins with, or undefined: none, not legal, or longer than a tag may be. */
export function readTag(line: Uint8Array): string | undefined {
  let end = 0;
  while (end <= TAG_LENGTH && isTagChar(line[end])) end += 1;
  if (end === 0 || end > TAG_LENGTH || line[end] !== SP) return undefined;
  return String.fromCharCode(...line.subarray(0, end));
}
