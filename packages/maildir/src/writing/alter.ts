/**
 * Changes and removes messages: file first, then the row, both under the index's write lock, so that processes of ours
 * never work on outdated names of each other. Other programs hold no such lock: a file that is not where the row says is
 * looked for again, and only what a stable scan does not have is gone.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BaseName, FlagChange, Uid } from '../api.ts';
import type { Folder, StoreContext } from '../context.ts';
import { errno, folderGone, StoreFailure } from '../errors.ts';
import { directoryOf, type Place, pathOf } from '../files/places.ts';
import { ensureKeywords } from '../folders/keywords.ts';
import type { MessageRow } from '../index/message-row.ts';
import { BATCH, LOOK_ATTEMPTS } from '../limits.ts';
import { emailIdOf, formatInfo, hasBits, parseInfo } from '../names/file-name.ts';
import { changeFlags, DELETED, nameFlags, type StoredFlags, storeFlags } from '../names/flags.ts';
import { toBaseName } from '../names/ids.ts';
import { NOTHING, sum } from '../quota/maildirsize.ts';
import { hasQuota, release } from '../quota/quota.ts';
import { noteLate } from '../reboot.ts';
import { sliceTimer } from '../slices.ts';
import type { FolderSync } from '../sync/sync.ts';
import { amountOf, renamed } from './carry.ts';
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

/** What a transaction came to. */
interface Progress {
  /** How many messages it has worked on. */
  readonly done: number;
  /** Those whose files have to be looked for. */
  readonly lost: readonly Uid[];
}

/** Runs one transaction, on as many messages as a slice of the loop allows. */
async function workOnSome(
  { context, folder }: Workplace,
  uids: readonly Uid[],
  how: 'write' | 'writeLate',
  work: Work,
): Promise<Progress> {
  const { index, fs } = context;
  const renames = new Renames(fs.now);
  const lost: Uid[] = [];
  let done = 0;
  let given: number | undefined;
  let isMarked = false;
  const modSeq = (): number => {
    if (given === undefined && how === 'writeLate') isMarked = noteLate(index, folder.id);
    given ??= index.mailboxes.nextModSeq(folder.id);
    if (given === undefined) throw folderGone();
    return given;
  };
  try {
    await index.db[how](() => {
      // A folder of this name may by now be another mailbox's: its files must not be taken for ours.
      if (index.mailboxes.byId(folder.id)?.folder !== folder.name) throw folderGone();
      const isOver = sliceTimer();
      for (const uid of uids) {
        const row = index.messages.byUid(folder.id, uid);
        if (row !== undefined && !work(row, { modSeq, renames })) lost.push(uid);
        done += 1;
        if (done === BATCH || isOver()) return;
      }
    });
  } catch (error) {
    renames.undo();
    throw error;
  }
  if (isMarked) await index.db.syncLog();
  if (given !== undefined) index.committed(folder.id);
  return { done, lost };
}

/**
 * Runs `work` for each message until none is missing, in transactions between which the loop turns. A signal ends it between
 * two of them: what was done stays done.
 */
async function forEachMessage(
  place: Workplace,
  uids: readonly Uid[],
  how: 'write' | 'writeLate',
  work: Work,
  signal?: AbortSignal,
): Promise<void> {
  let left = unique(uids);
  for (let look = 1; ; look += 1) {
    const missing: Uid[] = [];
    for (let at = 0; at < left.length; ) {
      if (at > 0) await nextTurn();
      if (signal?.aborted) return;
      const { done, lost } = await workOnSome(place, left.slice(at, at + BATCH), how, work);
      missing.push(...lost);
      at += done;
    }
    if (missing.length === 0) return;
    if (look === LOOK_ATTEMPTS)
      throw new StoreFailure('unavailable', 'Another program keeps renaming a message; try again.');
    await place.sync.rescan();
    left = missing;
  }
}

/** Each UID once; usually they come so. */
const unique = (uids: readonly Uid[]): readonly Uid[] =>
  uids.every((uid, at) => at === 0 || uid > (uids[at - 1] ?? uid)) ? uids : [...new Set(uids)];

const ascending = (uids: Uid[]): Uid[] => uids.sort((a, b) => a - b);

/** What became of the messages whose flags were to change; both ascending, without those that are gone. */
interface Altered {
  readonly changed: readonly Uid[];
  /** Changed since `unchangedSince`, and so left as they are. */
  readonly modified: readonly Uid[];
}

/** Brings a message's file to another name in its folder; false where it is not where its row says. */
function bring({ context, folder }: Workplace, row: MessageRow, to: Place & { base: BaseName }, step: Step): boolean {
  const { now } = context.fs;
  const [from, target] = [pathOf(folder.path, row.base, row), pathOf(folder.path, to.base, to)];
  const [file, other] = [now.stat(from), from === target ? undefined : now.stat(target)];
  if (file === undefined || from === target) return file !== undefined;
  if (other === undefined) return step.renames.rename(from, target);
  // The same file under both names: a rename by link and unlink that was cut short. Never over another file.
  return other.id === file.id && step.renames.merge(from, target);
}

/** Gives a message these flags, in its file's name and its row; false where the file is not where the row says. */
function setFlags(place: Workplace, row: MessageRow, flags: StoredFlags, step: Step): boolean {
  const { context, folder } = place;
  const { messages } = context.index;
  const to =
    flags.mask === row.mask
      ? { inNew: row.inNew, info: row.info }
      : { inNew: false, info: formatInfo({ ...parseInfo(row.info), mask: flags.mask }) };
  try {
    if (!bring(place, row, { ...to, base: row.base }, step)) return false;
  } catch (error) {
    // No room in the name for another letter: the message goes on under a shorter one.
    if (errno(error) !== 'ENAMETOOLONG') throw error;
    const base = toBaseName(renamed(context, row.base));
    if (!bring(place, row, { ...to, base }, step)) return false;
    messages.rename(folder.id, row.uid, base, row.emailId ?? emailIdOf(row.base));
  }
  if (flags.mask !== row.mask || flags.extra !== row.extra) {
    messages.update(folder.id, row.uid, { ...to, ...flags }, step.modSeq());
  }
  return true;
}

/**
 * Changes the flags of messages. When it resolves, the death of the process undoes nothing; a power failure may, for
 * FLAG_SYNC.
 */
export async function alterFlags(
  place: Workplace,
  uids: readonly Uid[],
  change: FlagChange,
  signal?: AbortSignal,
): Promise<Altered> {
  const { context, folder } = place;
  const { operation, unchangedSince = Number.POSITIVE_INFINITY } = change;
  const named = nameFlags(change.flags);
  const keywords =
    operation === 'remove'
      ? context.index.keywords.all(folder.id)
      : await ensureKeywords(context, folder, named.keywords);
  const wanted = storeFlags(named, keywords);
  const [changed, modified]: [Uid[], Uid[]] = [[], []];
  await forEachMessage(
    place,
    uids,
    'writeLate',
    (row, step) => {
      if (row.modSeq > unchangedSince) modified.push(row.uid);
      else if (setFlags(place, row, changeFlags(row, operation, wanted, keywords), step)) changed.push(row.uid);
      else return false;
      return true;
    },
    signal,
  );
  await context.lateSync.answer(directoryOf(folder.path, false));
  return { changed: ascending(changed), modified: ascending(modified) };
}

/** Removes a message's file under every name that it has in its folder; false where it is not where its row says. */
function removeFile({ context, folder, sync }: Workplace, row: MessageRow): boolean {
  const { now } = context.fs;
  const path = pathOf(folder.path, row.base, row);
  const twins = sync.placesOfTwins(row.base).map((place) => pathOf(folder.path, row.base, place));
  const id = twins.length === 0 ? undefined : now.stat(path)?.id;
  if (!tried(() => now.unlink(path))) return false;
  // A name that a rename by link and unlink has left would bring the message back.
  for (const twin of twins) if (id !== undefined && now.stat(twin)?.id === id) tried(() => now.unlink(twin));
  return true;
}

/** Removes those of `uids` that `chosen` accepts; returns what was removed, ascending. Durable when it resolves. */
export async function removeMessages(
  place: Workplace,
  uids: readonly Uid[],
  chosen: (row: MessageRow) => boolean,
  signal?: AbortSignal,
): Promise<Uid[]> {
  const { context, folder } = place;
  const { index, fs } = context;
  const removed: Uid[] = [];
  const touched = new Set<boolean>();
  const isCounted = hasQuota(context);
  let amount = NOTHING;
  const remove: Work = (row, { modSeq }) => {
    if (!chosen(row)) return true;
    const own = isCounted ? amountOf(context, folder, row) : NOTHING;
    if (!removeFile(place, row)) return false;
    amount = sum(amount, own);
    touched.add(row.inNew);
    index.messages.remove(folder.id, row.uid, modSeq());
    removed.push(row.uid);
    return true;
  };
  try {
    await forEachMessage(place, uids, 'write', remove, signal);
  } finally {
    // Where a later transaction fails, what the earlier ones removed is gone nevertheless.
    await clearUp(context, async () => release(context, amount));
    for (const inNew of touched) await fs.syncDirectory(directoryOf(folder.path, inNew));
  }
  return ascending(removed);
}

/** Whether the message is marked for EXPUNGE. */
export const isDeleted = (row: MessageRow): boolean => hasBits(row.mask, DELETED);
