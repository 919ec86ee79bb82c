/** Takes Courier's keywords over into letters of the file names, as Dovecot writes them, before a folder's first scan. */
import { join } from 'node:path';
import type { StoreContext } from '../context.ts';
import { isMissing } from '../errors.ts';
import { LETTER_KEYWORDS } from '../limits.ts';
import { formatInfo, keywordBit, parseFileName, parseInfo } from '../names/file-name.ts';
import { isKeyword, ordinalOf } from '../names/flags.ts';
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

/** Gives letters to keywords and writes them down. Returns the mask of each keyword that has one. */
function giveLetters(context: StoreContext, path: string, wanted: ReadonlySet<string>): Map<string, number> {
  const { fs } = context;
  const file = join(path, KEYWORDS_FILE);
  const before = fs.now.readText(file) ?? '';
  const letters = Array.from({ length: LETTER_KEYWORDS }, (_, at) => parseKeywords(before)[at]);
  const masks = new Map<string, number>();
  for (const keyword of wanted) {
    const known = ordinalOf(letters, keyword);
    const ordinal = known >= 0 ? known : letters.indexOf(undefined);
    if (ordinal < 0 || !isKeyword(keyword)) continue;
    letters[ordinal] ??= keyword;
    masks.set(keyword, keywordBit(ordinal));
  }
  if (formatKeywords(letters) !== before) fs.now.replaceText(file, formatKeywords(letters));
  return masks;
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

/** Takes over what Courier keeps in the folder at this path. Doing it twice does nothing more. */
export async function adoptCourierKeywords(context: StoreContext, path: string): Promise<void> {
  const directory = join(path, DIRECTORY);
  if ((await context.fs.stat(directory))?.kind !== 'directory') return;
  const messages = await readKeywords(context, directory);
  const wanted = new Set([...messages.values()].flat());
  if (wanted.size === 0) return;
  const letters = await context.index.db.write(() => giveLetters(context, path, wanted));
  const masks = new Map<string, number>();
  let left = 0;
  for (const [base, keywords] of messages) {
    let mask = 0;
    for (const keyword of keywords) {
      mask |= letters.get(keyword) ?? 0;
      if (!letters.has(keyword)) left += 1;
    }
    if (mask !== 0) masks.set(base, mask >>> 0);
  }
  await addLetters(context, path, masks);
  if (left === 0) return;
  const message = `${left} uses of keywords in ${directory} were left behind: no letter was free, or they are no keywords.`;
  context.log({ level: 'warn', code: 'keywords-left', message });
}
