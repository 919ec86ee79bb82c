/**
 * Changes and removes messages: file first, then the row, both under the index's write lock, so that processes of ours
 * never work on outdated names of each other. Other programs hold no such lock: a file that is not where the row says is
 * looked for again, and only what a stable scan does not have is gone.
 */
import type { FlagChange, Uid } from './api.ts';
import { inBatches } from './apply.ts';
import type { Folder, StoreContext } from './context.ts';
import { isMissing, StoreFailure } from './errors.ts';
import { formatInfo, hasBits, parseInfo } from './file-name.ts';
import { changeFlags, DELETED, nameFlags, storeFlags } from './flags.ts';
import type { MessageRow } from './index/messages.ts';
import { ensureKeywords } from './keywords.ts';
import { LOOK_ATTEMPTS } from './limits.ts';
import { directoryOf, pathOf, samePlace } from './places.ts';
import type { FolderSync } from './sync.ts';

/** A folder to work on, with what finds its files again. */
export interface Workplace {
  readonly context: StoreContext;
  readonly folder: Folder;
  readonly sync: FolderSync;
}

/** Runs `work` for each message until none is missing; `work` returns false for a file that is not where its row says. */
async function forEachMessage(
  { context, folder, sync }: Workplace,
  uids: readonly Uid[],
  work: (row: MessageRow, modSeq: () => number) => boolean,
): Promise<void> {
  let left = uids;
  for (let look = 1; left.length > 0; look += 1) {
    const lost: Uid[] = [];
    await inBatches(context, folder, left, (batch, modSeq) => {
      for (const uid of batch) {
        const row = context.index.messages.byUid(folder.id, uid);
        if (row !== undefined && !work(row, modSeq)) lost.push(uid);
      }
    });
    if (lost.length === 0) return;
    if (look === LOOK_ATTEMPTS)
      throw new StoreFailure('unavailable', 'Another program keeps renaming a message; try again.');
    await sync.rescan();
    left = lost;
  }
}

/** True when done; false when the file was not there. */
function tried(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Changes the flags of messages; returns their UIDs, without those that are gone. Durable when it resolves. */
export async function alterFlags(place: Workplace, uids: readonly Uid[], change: FlagChange): Promise<Uid[]> {
  const { context, folder } = place;
  const { index, fs } = context;
  const named = nameFlags(change.flags);
  const isRemoval = change.operation === 'remove';
  const keywords = isRemoval ? index.keywords.all(folder.id) : await ensureKeywords(context, folder, named.keywords);
  const wanted = storeFlags(named, keywords);
  const done: Uid[] = [];
  let renamed = false;
  await forEachMessage(place, uids, (row, modSeq) => {
    const flags = changeFlags(row, change.operation, wanted, keywords);
    const to =
      flags.mask === row.mask
        ? { inNew: row.inNew, info: row.info }
        : { inNew: false, info: formatInfo({ ...parseInfo(row.info), mask: flags.mask }) };
    const [from, target] = [pathOf(folder.path, row.base, row), pathOf(folder.path, row.base, to)];
    if (samePlace(row, to)) {
      if (fs.now.stat(from) === undefined) return false;
    } else {
      if (fs.now.stat(target) !== undefined) return false; // never over another file
      if (!tried(() => fs.now.rename(from, target))) return false;
      renamed = true;
    }
    if (flags.mask !== row.mask || flags.extra !== row.extra) {
      index.messages.update(folder.id, row.uid, { ...to, ...flags }, modSeq());
    }
    done.push(row.uid);
    return true;
  });
  if (renamed) await fs.syncDirectory(directoryOf(folder.path, false));
  return done.sort((a, b) => a - b);
}

/** Removes those of `uids` that `chosen` accepts; returns what was removed, ascending. Durable when it resolves. */
export async function removeMessages(
  place: Workplace,
  uids: readonly Uid[],
  chosen: (row: MessageRow) => boolean,
): Promise<Uid[]> {
  const { context, folder } = place;
  const { index, fs } = context;
  const removed: Uid[] = [];
  const touched = new Set<boolean>();
  await forEachMessage(place, uids, (row, modSeq) => {
    if (!chosen(row)) return true;
    if (!tried(() => fs.now.unlink(pathOf(folder.path, row.base, row)))) return false;
    touched.add(row.inNew);
    index.messages.remove(folder.id, row.uid, modSeq());
    removed.push(row.uid);
    return true;
  });
  for (const inNew of touched) await fs.syncDirectory(directoryOf(folder.path, inNew));
  return removed.sort((a, b) => a - b);
}

/** Whether the message is marked for EXPUNGE. */
export const isDeleted = (row: MessageRow): boolean => hasBits(row.mask, DELETED);
