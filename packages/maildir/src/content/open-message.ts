/** Opens a message's file wherever it has been renamed to. */

import type { MessageContent, Uid } from '../api.ts';
import { isMissing, StoreFailure, toStoreError } from '../errors.ts';
import type { OpenFile, Stat } from '../files/file-system.ts';
import type { Place } from '../files/places.ts';
import { directoryOf, pathOf, samePlace } from '../files/places.ts';
import type { MessageRow } from '../index/message-row.ts';
import { CHUNK, LOOK_ATTEMPTS } from '../limits.ts';
import { parseFileName } from '../names/file-name.ts';
import { followFiles } from '../sync/apply.ts';
import type { Workplace } from '../writing/alter.ts';
import { heldContent, internalDateOf, measure, messageContent, readSmall, type Sizes, sizesOf } from './content.ts';
import type { LateNotes } from './late-notes.ts';
import type { LineTables } from './line-table.ts';

const gone = (): StoreFailure => new StoreFailure('vanished', 'The message was expunged.');

interface Found {
  readonly file: OpenFile;
  readonly row: MessageRow;
}

async function tryPlace(work: Workplace, row: MessageRow, place: Place): Promise<OpenFile | undefined> {
  try {
    return await work.context.fs.open(pathOf(work.folder.path, row.base, place), 'read');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Where files with this base name are at the moment; only names are read. */
async function placesOf(work: Workplace, row: MessageRow): Promise<Place[]> {
  const places: Place[] = [];
  for (const inNew of [true, false]) {
    await work.context.fs.files(directoryOf(work.folder.path, inNew), (name) => {
      if (!name.startsWith(row.base)) return; // most are others, and need not be taken apart
      const parsed = parseFileName(name);
      if (parsed?.base === row.base) places.push({ inNew, info: parsed.info });
    });
  }
  return places;
}

/**
 * Writes down what reading a message found out. Where the index cannot be written for now, on a full disk for one, the
 * message is read all the same: the next look finds out again.
 */
async function record(work: Workplace, file: OpenFile, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const known = toStoreError(error);
    if (known !== undefined) {
      const message = `The index could not be told where a message is now: ${known.message}`;
      work.context.log({ level: 'info', code: 'look-unrecorded', message });
      return;
    }
    await file.close();
    throw error;
  }
}

/**
 * Tries the place in the index, then every place the file has been seen at: somebody who renames it all the time comes
 * back to the same few names. Only the index's word that the row is gone, given after a stable scan, is `vanished`.
 */
async function find(work: Workplace, uid: Uid): Promise<Found> {
  const tried: Place[] = [];
  for (let look = 1; look <= LOOK_ATTEMPTS; look += 1) {
    const row = work.context.index.messages.byUid(work.folder.id, uid);
    if (row === undefined) throw gone();
    if (!tried.some((place) => samePlace(place, row))) tried.push({ inNew: row.inNew, info: row.info });
    for (const place of tried) {
      const file = await tryPlace(work, row, place);
      if (file === undefined) continue;
      if (!samePlace(place, row)) {
        await record(work, file, () => followFiles(work.context, work.folder, [{ row, to: place }]));
      }
      return { file, row };
    }
    const places = await placesOf(work, row);
    if (places.length === 0) await work.sync.rescan();
    for (const place of places) if (!tried.some((known) => samePlace(known, place))) tried.push(place);
  }
  throw new StoreFailure('unavailable', 'Another program keeps renaming the message; try again.');
}

/** The message's file; undefined when the message is gone. */
export async function openFileOf(work: Workplace, uid: Uid): Promise<OpenFile | undefined> {
  try {
    return (await find(work, uid)).file;
  } catch (error) {
    if (error instanceof StoreFailure && error.code === 'vanished') return undefined;
    throw error;
  }
}

/** What an open mailbox keeps of its messages while it is open. */
interface Memory {
  readonly tables: LineTables;
  readonly notes: LateNotes;
}

/** The index's sizes where they were counted on this very file; else they are counted now, and kept. */
async function exactSizes(
  { row }: Found,
  { size, mtime }: Stat,
  notes: LateNotes,
  count: () => Sizes | Promise<Sizes>,
): Promise<Sizes> {
  if (row.details === 'counted' && row.size === size) return { size, virtualSize: row.virtualSize };
  const sizes = await count();
  notes.learn(row.uid, { internalDate: internalDateOf(mtime), ...sizes, details: 'counted' });
  return sizes;
}

/** A message that fits into a chunk; undefined where it is larger, or is being changed. */
async function hold(found: Found, stat: Stat, notes: LateNotes): Promise<MessageContent | undefined> {
  const bytes = stat.size < CHUNK ? await readSmall(found.file, stat.size) : undefined;
  return bytes && heldContent(bytes, await exactSizes(found, stat, notes, () => sizesOf(bytes)));
}

/** A small message is read here and now, and its file closed; a larger one is read when somebody asks for its content. */
export async function openMessage(work: Workplace, { tables, notes }: Memory, uid: Uid): Promise<MessageContent> {
  const found = await find(work, uid);
  const { file } = found;
  try {
    const stat = await file.stat();
    const held = await hold(found, stat, notes);
    if (held === undefined) {
      const sizes = await exactSizes(found, stat, notes, () => measure(file, stat.size));
      return messageContent(file, sizes, tables.get(`${uid} ${sizes.size}`));
    }
    await file.close();
    return held;
  } catch (error) {
    await file.close();
    throw error;
  }
}
