/**
 * The keywords of a mailbox. `dovecot-keywords` is the truth for the 26 letters, since other programs write it too; the
 * index repeats it and holds the keywords that came after the 26th.
 */
import { join } from 'node:path';
import type { Flag } from '../api.ts';
import type { Folder, StoreContext } from '../context.ts';
import { folderGone, StoreFailure } from '../errors.ts';
import { LETTER_KEYWORDS, MAX_KEYWORDS } from '../limits.ts';
import { type Keywords, ordinalOf } from '../names/flags.ts';
import { formatKeywords, KEYWORDS_FILE, parseKeywords } from '../names/keywords-file.ts';

const readFile = (context: StoreContext, folder: Folder): (Flag | undefined)[] =>
  parseKeywords(context.fs.now.readText(join(folder.path, KEYWORDS_FILE)) ?? '');

/** The index's keywords with the file's letters over them. */
function merged(indexed: Keywords, inFile: Keywords): (Flag | undefined)[] {
  const keywords = [...indexed];
  for (const [ordinal, name] of inFile.entries()) if (name !== undefined) keywords[ordinal] = name;
  return keywords;
}

function keep(context: StoreContext, folder: Folder, before: Keywords, after: Keywords): void {
  for (const [ordinal, name] of after.entries()) {
    if (name !== undefined && before[ordinal] !== name) context.index.keywords.set(folder.id, ordinal, name);
  }
}

/** Throws where the folder of this name is another mailbox's by now, whose letters mean other keywords. Runs in a transaction. */
function ensureOwn({ index }: StoreContext, folder: Folder): void {
  if (index.mailboxes.byId(folder.id)?.folder !== folder.name) throw folderGone();
}

/** Takes over letters that another program has given since; throws `no-such-mailbox`. */
export async function refreshKeywords(context: StoreContext, folder: Folder): Promise<void> {
  const { index } = context;
  const seen = readFile(context, folder);
  const indexed = index.keywords.all(folder.id);
  if (!seen.some((name, at) => name !== undefined && indexed[at] !== name)) return;
  await index.db.write(() => {
    ensureOwn(context, folder);
    const before = index.keywords.all(folder.id);
    keep(context, folder, before, merged(before, readFile(context, folder)));
  });
  index.committed(folder.id);
}

/** The lowest free letter, else the next number beyond the letters. */
function freeOrdinal(keywords: Keywords): number {
  for (let ordinal = 0; ordinal < LETTER_KEYWORDS; ordinal += 1) if (keywords[ordinal] === undefined) return ordinal;
  return Math.max(keywords.length, LETTER_KEYWORDS);
}

/** Makes sure that the mailbox has all of `flags`; the letters are on disk before any file name uses them. */
export async function ensureKeywords(context: StoreContext, folder: Folder, flags: readonly Flag[]): Promise<Keywords> {
  const { index, fs } = context;
  const known = index.keywords.all(folder.id);
  if (flags.every((flag) => ordinalOf(known, flag) >= 0)) return known;
  const keywords = await index.db.write(() => {
    ensureOwn(context, folder);
    const before = index.keywords.all(folder.id);
    const inFile = readFile(context, folder);
    const after = merged(before, inFile);
    for (const flag of flags) if (ordinalOf(after, flag) < 0) after[freeOrdinal(after)] = flag;
    if (after.length > MAX_KEYWORDS) {
      throw new StoreFailure('invalid-keyword', `A mailbox cannot have more than ${MAX_KEYWORDS} keywords.`);
    }
    const text = formatKeywords(after);
    if (text !== formatKeywords(inFile)) fs.now.replaceText(join(folder.path, KEYWORDS_FILE), text);
    keep(context, folder, before, after);
    return after;
  });
  index.committed(folder.id);
  return keywords;
}
