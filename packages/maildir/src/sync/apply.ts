/**
 * Brings observations of a folder into the index. What was seen may be outdated by now, so every observation is checked
 * again inside the write transaction: the file by a stat, the row against the one that was compared. No process of ours
 * can change either between that check and the commit. What fails the check is left for another look.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Folder, StoreContext } from '../context.ts';
import { folderGone } from '../errors.ts';
import { pathOf, samePlace } from '../files/places.ts';
import type { PlaceRow } from '../index/messages.ts';
import { BATCH, PARALLEL } from '../limits.ts';
import { parseInfo } from '../names/file-name.ts';
import type { Moved, Seen } from './reconcile.ts';

/** Runs `work` over `items`, some at the same time. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

/**
 * Runs `work` in a transaction, while the folder is still the mailbox's, for each batch of `items`, and lets the loop turn
 * in between. What is written late may be lost with the power.
 */
export async function inBatches<T>(
  context: StoreContext,
  folder: Folder,
  items: readonly T[],
  work: (batch: readonly T[], modSeq: () => number) => void,
  how: 'write' | 'writeLate' = 'write',
): Promise<void> {
  for (let at = 0; at < items.length; at += BATCH) {
    const changed = await context.index.db[how](() => {
      // A folder of this name may by now be another mailbox's: its files must not be taken for ours.
      if (context.index.mailboxes.byId(folder.id)?.folder !== folder.name) throw folderGone();
      let given: number | undefined;
      work(items.slice(at, at + BATCH), () => {
        given ??= context.index.mailboxes.nextModSeq(folder.id);
        if (given === undefined) throw folderGone();
        return given;
      });
      return given !== undefined;
    });
    if (changed) context.index.committed(folder.id);
    await nextTurn();
  }
}

/** What is known of new files beforehand. */
export interface Adding {
  /** The folder has never been read to its end. */
  readonly firstScan: boolean;
  /** Whether, at this moment, no file can have left its place since it was seen; false where that is not known. */
  readonly isUnchanged: () => boolean;
}

/** Gives UIDs to files that have none, in their order. Returns false when some were not where they were seen. */
export async function addFiles(
  context: StoreContext,
  folder: Folder,
  files: Iterable<Seen>,
  how: Adding,
): Promise<boolean> {
  const { index } = context;
  let complete = true;
  for (const batch of batchesOf(files, BATCH)) {
    const work = (): boolean => {
      const { given, all } = enterBatch(context, folder, batch, how);
      if (!all) complete = false;
      return given;
    };
    // What a first scan enters is durable, and told, with its last transaction (sync.ts).
    if (how.firstScan) await index.db.writeLate(work);
    else if (await index.db.write(work)) index.committed(folder.id);
    await nextTurn();
  }
  return complete;
}

function* batchesOf<T>(items: Iterable<T>, size: number): Iterable<readonly T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Whether UIDs were given, and whether all files were still there. Runs inside a write transaction. */
function enterBatch(
  context: StoreContext,
  folder: Folder,
  batch: readonly Seen[],
  how: Adding,
): { readonly given: boolean; readonly all: boolean } {
  const { index, fs } = context;
  const mailbox = index.mailboxes.byId(folder.id);
  if (mailbox?.folder !== folder.name) throw folderGone();
  const modSeq = mailbox.highestModSeq + 1;
  const adopts = index.adopted.any(folder.id);
  const saveDate = context.clock();
  let { uidNext } = mailbox;
  const isUnchanged = how.isUnchanged();
  let [given, all] = [false, true];
  for (const seen of batch) {
    if (!isUnchanged && !fs.now.exists(pathOf(folder.path, seen.base, seen))) {
      all = false;
      continue;
    }
    // What lay in cur/ before this index knew the folder has been seen by somebody.
    const recent = seen.inNew || !how.firstScan;
    const row = { ...seen, mask: parseInfo(seen.info).mask, recent, saveDate };
    const adopted = adopts ? index.adopted.adoptedUid(folder.id, seen.base) : undefined;
    if (adopted !== undefined && index.messages.addNamed(folder.id, adopted, modSeq, row)) given = true;
    // Where the base name is taken, another process was quicker.
    else if (index.messages.addNamed(folder.id, uidNext, modSeq, row)) {
      given = true;
      uidNext += 1;
    }
  }
  if (given) index.mailboxes.advance(folder.id, uidNext, modSeq);
  return { given, all };
}

/** Follows files to where they were seen. Returns false when some were not there any more. */
export async function followFiles(context: StoreContext, folder: Folder, moved: readonly Moved[]): Promise<boolean> {
  const { index, fs } = context;
  let complete = true;
  await inBatches(context, folder, moved, (batch, modSeq) => {
    for (const { row, to } of batch) {
      const now = index.messages.byUid(folder.id, row.uid);
      if (now === undefined) continue;
      if (!samePlace(now, row)) continue; // another process has followed it since
      if (fs.now.stat(pathOf(folder.path, row.base, to)) === undefined) {
        complete = false;
        continue;
      }
      const mask = parseInfo(to.info).mask;
      const flagsStay = mask === now.mask;
      index.messages.update(folder.id, row.uid, { ...to, mask, extra: now.extra }, flagsStay ? now.modSeq : modSeq());
    }
  });
  return complete;
}

/** Forgets messages that are gone, by a stable scan or by events. Returns false when some turned out to be there. */
export async function forgetFiles(context: StoreContext, folder: Folder, gone: readonly PlaceRow[]): Promise<boolean> {
  const { index, fs } = context;
  let complete = true;
  await inBatches(context, folder, gone, (batch, modSeq) => {
    for (const row of batch) {
      const now = index.messages.byUid(folder.id, row.uid);
      if (now === undefined) continue;
      if (samePlace(now, row) && fs.now.stat(pathOf(folder.path, row.base, now)) === undefined) {
        index.messages.remove(folder.id, row.uid, modSeq());
      } else complete = false;
    }
  });
  return complete;
}
