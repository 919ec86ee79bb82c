/** What a message takes along into another folder: its flags in the letters of that folder, and its name. */
import type { Flag, Uid } from '../api.ts';
import type { Folder, StoreContext } from '../context.ts';
import { pathOf } from '../files/places.ts';
import { ensureKeywords } from '../folders/keywords.ts';
import type { MessageRow } from '../index/message-row.ts';
import { claimedSizes, formatInfo, letterBit, parseInfo } from '../names/file-name.ts';
import { type Keywords, nameFlags, ordinalOf, type StoredFlags, showFlags, storeFlags } from '../names/flags.ts';
import type { Amount } from '../quota/maildirsize.ts';

/** `P` is no flag of a client, but means the same everywhere. */
const PASSED = letterBit('P');

/** A message's flags in another folder: in the index, and in the name of a file in cur/. */
interface Carried {
  readonly flags: StoredFlags;
  readonly info: string;
}

const keywordsOf = (row: MessageRow, keywords: Keywords): readonly Flag[] =>
  nameFlags([...showFlags(row, keywords)]).keywords;

/** Makes sure that the destination has every keyword that these messages have. */
export async function bringKeywords(
  context: StoreContext,
  from: Folder,
  to: Folder,
  uids: readonly Uid[],
): Promise<void> {
  const { index } = context;
  const known = index.keywords.all(from.id);
  if (known.length === 0) return;
  const needed = new Set<Flag>();
  for (const uid of uids) {
    const row = index.messages.byUid(from.id, uid);
    if (row !== undefined) for (const keyword of keywordsOf(row, known)) needed.add(keyword);
  }
  await ensureKeywords(context, to, [...needed]);
}

/** Undefined where the destination lacks a keyword: somebody has just given it to the message. */
export function carry(row: MessageRow, from: Keywords, to: Keywords): Carried | undefined {
  const named = nameFlags([...showFlags(row, from)]);
  if (named.keywords.some((keyword) => ordinalOf(to, keyword) < 0)) return undefined;
  const stored = storeFlags(named, to);
  const mask = (stored.mask | (row.mask & PASSED)) >>> 0;
  // Letters that nobody knows, and what follows a comma, are another program's; keyword letters without a name mean nothing elsewhere.
  return { flags: { ...stored, mask }, info: formatInfo({ ...parseInfo(row.info), mask }) };
}

/** A fresh base name with the sizes that the message's name claims. */
export function renamed(context: StoreContext, base: string): string {
  const { size, virtual } = claimedSizes(base);
  const claims = [size === undefined ? '' : `,S=${size}`, virtual === undefined ? '' : `,W=${virtual}`];
  return context.newBase() + claims.join('');
}

/** What a message counts in the quota: as the name says, else as the file is. */
export function amountOf({ fs }: StoreContext, folder: Folder, row: MessageRow): Amount {
  const claimed = claimedSizes(row.base).size;
  const storage =
    claimed ?? (row.details === 'name' ? fs.now.stat(pathOf(folder.path, row.base, row))?.size : row.size);
  return { storage: storage ?? 0, messages: 1 };
}
