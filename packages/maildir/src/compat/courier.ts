/**
 * Takes Courier's keywords over before a folder's first scan: into letters of the file names, as Dovecot writes them, and
 * into the index where there are more keywords than letters.
 */
import { join } from 'node:path';
import type { StoreContext } from '../context.ts';
import { isMissing } from '../errors.ts';
import { LETTER_KEYWORDS, MAX_KEYWORDS } from '../limits.ts';
import { formatInfo, parseFileName, parseInfo } from '../names/file-name.ts';
import { isKeyword, type Keywords, ordinalOf, storeFlags } from '../names/flags.ts';
import { formatKeywords, KEYWORDS_FILE, parseKeywords } from '../names/keywords-file.ts';
import { KeywordListReader, type MessageKeywords, newestFiles } from './courier-keywords.ts';
import { readLines } from './lines.ts';

const DIRECTORY = 'courierimapkeywords';

async function readKeywords(context: StoreContext, directory: string): Promise<MessageKeywords> {
  const { fs, log } = context;
  const reader = new KeywordListReader();
  const list = join(directory, ':list');
  if ((await fs.stat(list)) !== undefined) await readLines(fs, list, (line) => reader.add(line));
  if (reader.ignored > 0) {
    const message = `${reader.ignored} lines of ${list} are damaged and were left out.`;
    log({ level: 'warn', code: 'list-distrusted', message });
  }
  for (const [base, name] of newestFiles(await fs.names(directory))) {
    const keywords: string[] = [];
    await readLines(fs, join(directory, name), (line) => {
      if (line !== undefined && line !== '') keywords.push(line);
      return true;
    });
    reader.keywords.set(base, keywords);
  }
  return reader.keywords;
}

/**
 * Gives letters to keywords as far as there are any, writes these down, and gives numbers beyond them to the others.
 * Returns the folder's keywords. Runs inside a write transaction.
 */
function giveOrdinals({ fs }: StoreContext, path: string, wanted: ReadonlySet<string>): Keywords {
  const file = join(path, KEYWORDS_FILE);
  const before = fs.now.readText(file) ?? '';
  const keywords = Array.from({ length: LETTER_KEYWORDS }, (_, at) => parseKeywords(before)[at]);
  for (const keyword of wanted) {
    if (!isKeyword(keyword) || ordinalOf(keywords, keyword) >= 0) continue;
    const free = keywords.indexOf(undefined);
    const ordinal = free >= 0 ? free : keywords.length;
    if (ordinal < MAX_KEYWORDS) keywords[ordinal] = keyword;
  }
  const text = formatKeywords(keywords.slice(0, LETTER_KEYWORDS));
  if (text !== before) fs.now.replaceText(file, text);
  return keywords;
}

/** Adds letters to the names of the files in cur/. One that is renamed meanwhile is left alone. */
async function addLetters(context: StoreContext, path: string, masks: ReadonlyMap<string, number>): Promise<void> {
  const { fs } = context;
  const directory = join(path, 'cur');
  for (const name of await fs.names(directory)) {
    const parsed = parseFileName(name);
    const mask = masks.get(parsed?.base ?? '');
    if (parsed === undefined || mask === undefined) continue;
    const info = parseInfo(parsed.info);
    const renamed = parsed.base + formatInfo({ ...info, mask: (info.mask | mask) >>> 0 });
    if (renamed === name) continue;
    try {
      await fs.rename(join(directory, name), join(directory, renamed));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  await fs.syncDirectory(directory);
}

/** Keywords that no file name can hold. */
export interface LeftKeywords {
  /** By ordinal, the letters among them. */
  readonly keywords: Keywords;
  /** Of each base name, as the index has them in `extra`. */
  readonly extras: ReadonlyMap<string, string>;
}

/**
 * Takes over what Courier keeps in the folder at this path, and returns what the index has to hold. Doing it twice does
 * nothing more.
 */
export async function adoptCourierKeywords(context: StoreContext, path: string): Promise<LeftKeywords | undefined> {
  const directory = join(path, DIRECTORY);
  if ((await context.fs.stat(directory))?.kind !== 'directory') return undefined;
  const messages = await readKeywords(context, directory);
  const wanted = new Set([...messages.values()].flat());
  if (wanted.size === 0) return undefined;
  const keywords = await context.index.db.write(() => giveOrdinals(context, path, wanted));
  const masks = new Map<string, number>();
  const extras = new Map<string, string>();
  const known = new Set([...wanted].filter((keyword) => ordinalOf(keywords, keyword) >= 0));
  let left = 0;
  for (const [base, names] of messages) {
    const taken = names.filter((name) => known.has(name));
    left += names.length - taken.length;
    const { mask, extra } = storeFlags({ mask: 0, keywords: taken }, keywords);
    if (mask !== 0) masks.set(base, mask);
    if (extra !== '') extras.set(base, [...new Set(extra.split(' '))].join(' '));
  }
  await addLetters(context, path, masks);
  if (left > 0) {
    const message = `${left} uses of keywords in ${directory} were left behind: they are no keywords, or too many for one mailbox.`;
    context.log({ level: 'warn', code: 'keywords-left', message });
  }
  return { keywords, extras };
}
