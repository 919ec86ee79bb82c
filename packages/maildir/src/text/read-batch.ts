/** Reads the texts of several messages by the names that the index has for their files. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../errors.ts';
import { directoryOf, pathOf } from '../files/places.ts';
import type { KeptText } from '../index/text-db.ts';
import type { SourcePlace, TextSource } from '../index/text-source.ts';
import { PARALLEL } from '../limits.ts';
import { parseFileName } from '../names/file-name.ts';
import { readText } from './read-text.ts';

export interface ReadBatch {
  readonly texts: readonly KeptText[];
  /** Files that are there and cannot be read. */
  readonly unreadable: number;
}

/**
 * The texts of those messages whose files can be found. A file that is not where the index says is looked for by its base
 * name, once; if that does not find it either, the message was expunged or waits for the next round.
 *
 * @param rest is awaited between files: it gives way to what is more urgent, and throws where the work is to end.
 */
export async function readBatch(
  source: TextSource,
  folder: { readonly id: number; readonly path: string },
  uids: readonly number[],
  rest: () => Promise<void>,
): Promise<ReadBatch> {
  const texts: KeptText[] = [];
  const moved: number[] = [];
  let unreadable = 0;
  const read = async (uid: number, place: SourcePlace, onMissing: () => void): Promise<void> => {
    try {
      texts.push(await readText(pathOf(folder.path, place.base, place), uid));
    } catch (error) {
      if (isMissing(error)) onMissing();
      else unreadable += 1;
    }
  };
  for (let at = 0; at < uids.length; at += PARALLEL) {
    await rest();
    const group = uids.slice(at, at + PARALLEL).flatMap((uid) => {
      const place = source.place(folder.id, uid);
      return place === undefined ? [] : { uid, place };
    });
    await Promise.all(group.map(({ uid, place }) => read(uid, place, () => moved.push(uid))));
  }
  if (moved.length > 0) {
    const places = currentPlaces(folder.path);
    for (const uid of moved) {
      await rest();
      const place = places.get(source.place(folder.id, uid)?.base ?? '');
      if (place !== undefined) await read(uid, place, () => undefined);
    }
  }
  return { texts, unreadable };
}

/** Where the folder's files are now, by their base names. */
function currentPlaces(folder: string): ReadonlyMap<string, SourcePlace> {
  const places = new Map<string, SourcePlace>();
  for (const inNew of [true, false]) {
    for (const name of namesIn(directoryOf(folder, inNew))) {
      const parsed = parseFileName(name);
      if (parsed !== undefined) places.set(parsed.base, { base: parsed.base, inNew, info: parsed.info });
    }
  }
  return places;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isMissing(error)) return []; // the mailbox was deleted meanwhile
    throw error;
  }
}

/** The directory of a mailbox. */
export const folderPath = (maildir: string, folder: string): string => join(maildir, folder);
