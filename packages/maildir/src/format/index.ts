/** How a Maildir is written down: for those who read or write one that is no store of ours. Pure. */
import type { Flag } from '../api.ts';
import { formatInfo, parseInfo } from '../names/file-name.ts';
import { type Keywords, nameFlags, showFlags, storeFlags } from '../names/flags.ts';

export { endsWithCr, toCrlf } from '../content/line-ends.ts';
export { deliveryTime, parseFileName } from '../names/file-name.ts';
export { toKeyword } from '../names/flags.ts';
export { formatKeywords, KEYWORDS_FILE, parseKeywords } from '../names/keywords-file.ts';

/** The flags that a file's name tells, with the keywords that the letters stand for. */
export const flagsOfInfo = (info: string, keywords: Keywords): ReadonlySet<Flag> =>
  showFlags({ mask: parseInfo(info).mask, extra: '' }, keywords);

/** What follows the base name of a message with these flags. Keywords without a letter are left out. */
export const infoOfFlags = (flags: Iterable<Flag>, keywords: Keywords): string =>
  formatInfo({ ...parseInfo(''), mask: storeFlags(nameFlags([...flags]), keywords).mask });
