/**
 * Changes and removes messages: file first, then the row, both under the index's write lock, so that processes of ours
 * never work on outdated names of each other. Other programs hold no such lock: a file that is not where the row says is
 * looked for again, and only what a stable scan does not have is gone.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FlagChange, Uid } from '../api.ts';
import type { Folder, StoreContext } from '../context.ts';
import { folderGone, StoreFailure } from '../errors.ts';
import { directoryOf, pathOf, samePlace } from '../files/places.ts';
import { ensureKeywords } from '../folders/keywords.ts';
import type { MessageRow } from '../index/messages.ts';
import { BATCH, LOOK_ATTEMPTS } from '../limits.ts';
import { formatInfo, hasBits, parseInfo } from '../names/file-name.ts';
import { changeFlags, DELETED, nameFlags, type StoredFlags, storeFlags } from '../names/flags.ts';
import { NOTHING, sum } from '../quota/maildirsize.ts';
import { hasQuota, release } from '../quota/quota.ts';
import type { FolderSync } from '../sync/sync.ts';
import { amountOf } from './carry.ts';
import { clearUp, Renames, tried } from './place.ts';

/** A folder to work on, with what finds its files again. */
export interface Workplace {
  readonly context: StoreContext;
  readonly folder: Folder;
  readonly sync: FolderSync;
}

/** What a step on one message has at hand, inside the transaction. */
interface Step {
  /** The modification sequence of this transaction's changes. */
  readonly modSeq: () => number;
  /** Undone when the index refuses the transaction. */
  readonly renames: Renames;
}

/** Works on a message; false where its file is not where its row says. */
type Work = (row: MessageRow, step: Step) => boolean;

/** Runs one transaction; returns the messages whose files have to be looked for. */
async function workOnBatch(
  { context, folder }: Workplace,
  batch: readonly Uid[],
  how: 'write' | 'writeLate',
  work: Work,
): Promise<Uid[]> {
  const { index, fs } = context;
  const renames = new Renames(fs.now);
  const lost: Uid[] = [];
  let given: number | undefined;
  const modSeq = (): number => {
    given ??= index.mailboxes.nextModSeq(folder.id);
    if (given === undefined) throw folderGone();
    return given;
  };
  try {
    await index.db[how](() => {
      // A folder of this name may by now be another mailbox's: its files must not be taken for ours.
      if (index.mailboxes.byId(folder.id)?.folder !== folder.name) throw folderGone();
      for (const uid of batch) {
        const row = index.messages.byUid(folder.id, uid);
        if (row !== undefined && !work(row, { modSeq, renames })) lost.push(uid);
      }
    });
  } catch (error) {
    renames.undo();
    throw error;
  }
  if (given !== undefined) index.committed(folder.id);
  return lost;
}

/** Runs `work` for each message until none is missing, in batches between which the loop turns. */
async function forEachMessage(
  place: Workplace,
  uids: readonly Uid[],
  how: 'write' | 'writeLate',
  work: Work,
): Promise<void> {
  let left = uids;
  for (let look = 1; ; look += 1) {
    const lost: Uid[] = [];
    for (let at = 0; at < left.length; at += BATCH) {
      if (at > 0) await nextTurn();
      lost.push(...(await workOnBatch(place, left.slice(at, at + BATCH), how, work)));
    }
    if (lost.length === 0) return;
    if (look === LOOK_ATTEMPTS)
      throw new StoreFailure('unavailable', 'Another program keeps renaming a message; try again.');
    await place.sync.rescan();
    left = lost;
  }
}

const ascending = (uids: Uid[]): Uid[] => uids.sort((a, b) => a - b);

/** What became of the messages whose flags were to change; both ascending, without those that are gone. */
interface Altered {
  readonly changed: readonly Uid[];
  /** Changed since `unchangedSince`, and so left as they are. */
  readonly modified: readonly Uid[];
}

/** Gives a message these flags, in its file's name and its row; false where the file is not where the row says. */
function setFlags({ context, folder }: Workplace, row: MessageRow, flags: StoredFlags, step: Step): boolean {
  const { index, fs } = context;
  const to =
    flags.mask === row.mask
      ? { inNew: row.inNew, info: row.info }
      : { inNew: false, info: formatInfo({ ...parseInfo(row.info), mask: flags.mask }) };
  const [from, target] = [pathOf(folder.path, row.base, row), pathOf(folder.path, row.base, to)];
  if (samePlace(row, to)) {
    if (fs.now.stat(from) === undefined) return false;
  } else {
    if (fs.now.stat(target) !== undefined) return false; // never over another file
    if (!step.renames.rename(from, target)) return false;
  }
  if (flags.mask !== row.mask || flags.extra !== row.extra) {
    index.messages.update(folder.id, row.uid, { ...to, ...flags }, step.modSeq());
  }
  return true;
}

/**
 * Changes the flags of messages. When it resolves, the death of the process undoes nothing; a power failure may, for
 * FLAG_SYNC.
 */
export async function alterFlags(place: Workplace, uids: readonly Uid[], change: FlagChange): Promise<Altered> {
  const { context, folder } = place;
  const { operation, unchangedSince = Number.POSITIVE_INFINITY } = change;
  const named = nameFlags(change.flags);
  const keywords =
    operation === 'remove'
      ? context.index.keywords.all(folder.id)
      : await ensureKeywords(context, folder, named.keywords);
  const wanted = storeFlags(named, keywords);
  const [changed, modified]: [Uid[], Uid[]] = [[], []];
  await forEachMessage(place, uids, 'writeLate', (row, step) => {
    if (row.modSeq > unchangedSince) modified.push(row.uid);
    else if (setFlags(place, row, changeFlags(row, operation, wanted, keywords), step)) changed.push(row.uid);
    else return false;
    return true;
  });
  await context.lateSync.answer(directoryOf(folder.path, false));
  return { changed: ascending(changed), modified: ascending(modified) };
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
  const isCounted = hasQuota(context);
  let amount = NOTHING;
  await forEachMessage(place, uids, 'write', (row, { modSeq }) => {
    if (!chosen(row)) return true;
    const own = isCounted ? amountOf(context, folder, row) : NOTHING;
    if (!tried(() => fs.now.unlink(pathOf(folder.path, row.base, row)))) return false;
    amount = sum(amount, own);
    touched.add(row.inNew);
    index.messages.remove(folder.id, row.uid, modSeq());
    removed.push(row.uid);
    return true;
  });
  await clearUp(context, async () => release(context, amount));
  for (const inNew of touched) await fs.syncDirectory(directoryOf(folder.path, inNew));
  return ascending(removed);
}

/** Whether the message is marked for EXPUNGE. */
export const isDeleted = (row: MessageRow): boolean => hasBits(row.mask, DELETED);
