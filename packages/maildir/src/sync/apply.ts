/**
 * Brings observations of a folder into the index. What was seen may be outdated by now, so every observation is checked
 * again inside the write transaction: the file by a stat, the row against the one that was compared. No process of ours
 * can change either between that check and the commit. What fails the check is left for another look.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Folder, StoreContext } from '../context.ts';
import { folderGone } from '../errors.ts';
import { pathOf, samePlace } from '../files/places.ts';
import { FROM_THE_BEGINNING } from '../index/changes.ts';
import { type MailboxRow, NEVER_SCANNED } from '../index/mailboxes.ts';
import type { FoundRow, MessageRow, PlaceRow } from '../index/message-row.ts';
import { BATCH, ENTERED, PARALLEL } from '../limits.ts';
import { emailIdOf, parseInfo } from '../names/file-name.ts';
import { noteLate } from '../reboot.ts';
import { sliceTimer } from '../slices.ts';
import type { Moved, Seen } from './reconcile.ts';
import type { Renumbered } from './renumbered.ts';
import { isMessageFile } from './scan.ts';

/**
 * Runs `work` over `items`, some at the same time. After a failure no further item is begun; it is thrown when nothing runs
 * any more, so that whoever clears up then finds everything that was made.
 */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const isOver = sliceTimer();
  const failures: unknown[] = [];
  const one = async (): Promise<void> => {
    for (const item of rest) {
      await work(item);
      if (failures.length > 0) return;
      if (isOver()) await nextTurn(); // small files are read without a turn of the loop
    }
  };
  const guarded = (): Promise<void> => one().catch((error: unknown) => void failures.push(error));
  await Promise.all(Array.from({ length: PARALLEL }, guarded));
  if (failures.length > 0) throw failures[0];
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
  for (const batch of batchesOf(files, ENTERED)) {
    const work = (): Entered => enterBatch(context, folder, batch, how);
    // What a first scan enters is durable, and told, with its last transaction (sync.ts), but what comes after the last one of
    // another process is seen at once.
    const hidden = how.firstScan
      ? await index.db.writeLate(() => (isHidden(context, folder) ? work() : undefined))
      : undefined;
    const { given, all } = hidden ?? (await index.db.write(work));
    if (hidden === undefined && given) index.committed(folder.id);
    if (!all) complete = false;
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

const isHidden = ({ index }: StoreContext, { id }: Folder): boolean =>
  index.mailboxes.byId(id)?.scanned === NEVER_SCANNED;

/** Whether UIDs were given, and whether all files were still there. */
interface Entered {
  readonly given: boolean;
  readonly all: boolean;
}

/** Runs inside a write transaction. */
function enterBatch(context: StoreContext, folder: Folder, batch: readonly Seen[], how: Adding): Entered {
  const { index, fs } = context;
  const mailbox = index.mailboxes.byId(folder.id);
  if (mailbox?.folder !== folder.name) throw folderGone();
  // Where nobody can have been told of anything yet, nobody has to be told of these as a change.
  const isUntold = mailbox.scanned === NEVER_SCANNED && mailbox.highestModSeq === FROM_THE_BEGINNING;
  const modSeq = isUntold ? FROM_THE_BEGINNING : mailbox.highestModSeq + 1;
  const isUnchanged = how.isUnchanged();
  const there = batch.filter((seen) => isUnchanged || fs.now.exists(pathOf(folder.path, seen.base, seen)));
  // What lay in cur/ before this index knew the folder has been seen by somebody.
  const rows = there.map((seen) => ({
    ...seen,
    mask: parseInfo(seen.info).mask,
    recent: seen.inNew || !how.firstScan,
  }));
  const uidNext = enterRows(context, mailbox, modSeq, rows);
  if (uidNext !== undefined) index.mailboxes.advance(folder.id, uidNext, modSeq);
  return { given: uidNext !== undefined, all: there.length === batch.length };
}

/** Gives UIDs to rows that have none; the next UID afterwards, undefined where none was given. */
function enterRows(
  context: StoreContext,
  { id, uidNext: first }: MailboxRow,
  modSeq: number,
  rows: readonly FoundRow[],
): number | undefined {
  const { index } = context;
  const saveDate = context.clock();
  const adopts = index.adopted.any(id);
  const adoptsKeywords = index.adoptedKeywords.any(id);
  const isPlain = !adopts && !adoptsKeywords && rows.length > 0;
  if (isPlain && index.messages.addRun(id, first, modSeq, rows, saveDate)) return first + rows.length;
  let [uidNext, given] = [first, false];
  for (const found of rows) {
    const extra = adoptsKeywords ? index.adoptedKeywords.take(id, found.base) : '';
    const row = { ...found, extra, saveDate };
    const adopted = adopts ? index.adopted.take(id, found.base) : undefined;
    if (adopted !== undefined && index.messages.addNamed(id, adopted, modSeq, row)) given = true;
    // Where the base name is taken, another process was quicker.
    else if (index.messages.addNamed(id, uidNext, modSeq, row)) {
      given = true;
      uidNext += 1;
    }
  }
  return given ? uidNext : undefined;
}

/**
 * Follows files to where they were seen. Returns false when some were not there any more.
 *
 * Written late where the machine's boot has a name, like our own changes of flags. Another program's rename is not synced
 * either, so that the disk may hold the old name or the new one after a power failure, and the row either place:
 *
 *  - Where they differ, the file is found again by its base name: the next opening is the first one after a boot, has every
 *    folder read whatever its stamp says (`distrustAll`), and follows the file.
 *  - A modification sequence that was given here and got lost is not given twice: HIGHESTMODSEQ rises by REBOOT_JUMP, and
 *    far fewer transactions than that can be lost. SQLite syncs the log before each checkpoint, every 1,000 pages.
 *  - Where row and disk agree on the old flags, of which a client may have heard the new ones, nothing would tell it. So the
 *    mailbox is marked, in a transaction that is synced, before the first new flags can be heard (`noteLate`): every message
 *    of a marked mailbox counts as changed after a boot. A move that leaves the flags as they are tells nobody anything.
 */
export async function followFiles(context: StoreContext, folder: Folder, moved: readonly Moved[]): Promise<boolean> {
  const { index, fs } = context;
  let complete = true;
  const how = context.boot === undefined ? 'write' : 'writeLate';
  let isMarked = false;
  const follow = (batch: readonly Moved[], modSeq: () => number): void => {
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
      // Whoever has just closed another store on this index may have taken the mark off.
      if (!flagsStay && how === 'writeLate' && noteLate(index, folder.id)) isMarked = true;
      index.messages.update(folder.id, row.uid, { ...to, mask, extra: now.extra }, flagsStay ? now.modSeq : modSeq());
    }
  };
  if (how === 'writeLate' && moved.some(({ row, to }) => parseInfo(row.info).mask !== parseInfo(to.info).mask)) {
    await markLate(context, folder);
  }
  await inBatches(context, folder, moved, follow, how);
  if (isMarked) await index.db.syncLog();
  return complete;
}

/** Once for as long as the store is open; durable when it resolves. */
async function markLate({ index }: StoreContext, folder: Folder): Promise<void> {
  if (index.db.read(() => index.facts.get(`late ${folder.id}`)) !== undefined) return;
  await index.db.write(() => noteLate(index, folder.id));
}

/**
 * Gives rows the base names that mbsync has given their files, unless their own file is still there or the other is another
 * message's. Returns those that were followed.
 */
export async function renameRows(
  context: StoreContext,
  folder: Folder,
  pairs: readonly Renumbered[],
): Promise<readonly Renumbered[]> {
  const { index } = context;
  const followed: Renumbered[] = [];
  await inBatches(context, folder, pairs, (batch, modSeq) => {
    for (const { row, to } of batch) {
      const now = index.messages.byUid(folder.id, row.uid);
      if (now?.base !== row.base || !samePlace(now, row) || !isSameMessage(context, folder, now, to)) continue;
      const mask = parseInfo(to.info).mask;
      const given = mask === now.mask ? now.modSeq : modSeq();
      index.messages.rename(folder.id, row.uid, to.base, now.emailId ?? emailIdOf(now.base));
      index.messages.update(folder.id, row.uid, { ...to, mask, extra: now.extra }, given);
      followed.push({ row, to });
    }
  });
  return followed;
}

/** The index knows no inodes: that the one is gone, and what is known of it fits the other, has to do. */
function isSameMessage({ fs, index }: StoreContext, folder: Folder, row: MessageRow, to: Seen): boolean {
  if (index.messages.byBase(folder.id, to.base) !== undefined) return false;
  if (fs.now.exists(pathOf(folder.path, row.base, row))) return false;
  const stat = fs.now.stat(pathOf(folder.path, to.base, to));
  if (stat?.kind !== 'file') return false;
  return row.details === 'name' || row.size === stat.size;
}

/** Forgets messages that are gone, by a stable scan or by events. Returns false when some turned out to be there. */
export async function forgetFiles(context: StoreContext, folder: Folder, gone: readonly PlaceRow[]): Promise<boolean> {
  const { index, fs } = context;
  let complete = true;
  await inBatches(context, folder, gone, (batch, modSeq) => {
    for (const row of batch) {
      const now = index.messages.byUid(folder.id, row.uid);
      if (now === undefined) continue;
      if (samePlace(now, row) && !isMessageFile(fs.now, pathOf(folder.path, row.base, now))) {
        index.messages.remove(folder.id, row.uid, modSeq());
      } else complete = false;
    }
  });
  return complete;
}
