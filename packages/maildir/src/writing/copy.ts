/**
 * Copies messages between folders of one store: hard links where the file system has them, all or nothing. Files appear
 * inside the transactions that enter them, a batch at a time: nobody can give them UIDs before, and so UIDs ascend. Where
 * there are no hard links, the bytes of a batch are brought to tmp/ and synced before its transaction.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Copied, Uid } from '../api.ts';
import { openFileOf } from '../content/open-message.ts';
import type { Folder, StoreContext } from '../context.ts';
import { folderGone, StoreFailure } from '../errors.ts';
import type { OpenFile } from '../files/file-system.ts';
import { directoryOf, pathOf } from '../files/places.ts';
import type { MessageRow } from '../index/message-row.ts';
import { BATCH, CHUNK, LOOK_ATTEMPTS } from '../limits.ts';
import { emailIdOf } from '../names/file-name.ts';
import type { Keywords } from '../names/flags.ts';
import { toBaseName } from '../names/ids.ts';
import { type Amount, NOTHING, sum } from '../quota/maildirsize.ts';
import { hasQuota, release, reserve } from '../quota/quota.ts';
import { inSlices, sliceTimer } from '../slices.ts';
import { inBatches, inParallel } from '../sync/apply.ts';
import type { Workplace } from './alter.ts';
import { amountOf, bringKeywords, carry, renamed } from './carry.ts';
import { enter, type Landed } from './landed.ts';
import { clearUp, hasNoLinks, moveIntoPlace, type Placed, removeIfThere, tried, withdraw } from './place.ts';

/** A copy that is entered. */
interface Copy {
  readonly source: Uid;
  readonly destination: Uid;
  readonly base: string;
  readonly path: string;
}

/** Messages whose bytes lie in the destination's tmp/, by UID. */
type Staged = Map<Uid, string>;

async function copyBytes(context: StoreContext, from: OpenFile, to: string): Promise<void> {
  const { mtime } = await from.stat();
  const file = await context.fs.open(to, 'create');
  try {
    const buffer = new Uint8Array(CHUNK);
    for (let at = 0; ; ) {
      const read = await from.read(buffer, at);
      if (read === 0) break;
      await file.write(buffer.subarray(0, read));
      at += read;
    }
    await file.setTime(Number(mtime / 1_000_000n));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Brings the bytes of messages to tmp/; those that are gone are left out. */
async function stage(work: Workplace, uids: readonly Uid[], to: Folder, staged: Staged): Promise<void> {
  const { context } = work;
  const missing = uids.filter((uid) => !staged.has(uid));
  await inParallel(missing, async (uid) => {
    const file = await openFileOf(work, uid);
    if (file === undefined) return;
    try {
      const temporary = join(to.path, 'tmp', context.newBase());
      staged.set(uid, temporary);
      await copyBytes(context, file, temporary);
    } finally {
      await file.close();
    }
  });
}

/** What stands in the way of a batch: its files have to be looked for, or its bytes copied. */
class NotYet extends Error {
  readonly need: 'look' | 'bytes';

  constructor(need: 'look' | 'bytes') {
    super('A batch cannot be copied yet.');
    this.need = need;
  }
}

/** Puts a message's file at `path` by a link or from tmp/; throws `NotYet`. */
function bringFile({ context, folder }: Workplace, row: MessageRow, staged: Staged, path: string): void {
  const { now } = context.fs;
  const temporary = staged.get(row.uid);
  if (temporary !== undefined) {
    moveIntoPlace(now, temporary, path);
    staged.delete(row.uid);
    return;
  }
  try {
    if (!tried(() => now.link(pathOf(folder.path, row.base, row), path))) throw new NotYet('look');
  } catch (error) {
    throw hasNoLinks(error) ? new NotYet('bytes') : error;
  }
}

function landedCopy(work: Workplace, row: MessageRow, letters: { from: Keywords; to: Keywords }): Landed {
  const carried = carry(row, letters.from, letters.to);
  if (carried === undefined) throw new NotYet('look');
  const { internalDate, size, virtualSize, details } = row;
  return {
    base: renamed(work.context, row.base),
    place: { inNew: false, info: carried.info },
    flags: carried.flags,
    internalDate,
    sizes: { size, virtualSize },
    details,
    emailId: row.emailId ?? emailIdOf(row.base),
  };
}

/** What a transaction came to. */
interface Progress {
  /** How many sources are done, the first ones. */
  readonly done: number;
  readonly copies: readonly Copy[];
}

/**
 * Copies as many messages as a slice of the loop allows; runs inside a write transaction. `placed` learns of every file,
 * whatever becomes of the transaction.
 */
function enterSome(work: Workplace, to: Folder, uids: readonly Uid[], staged: Staged, placed: Placed[]): Progress {
  const { index } = work.context;
  if (index.mailboxes.byId(work.folder.id)?.folder !== work.folder.name) throw folderGone();
  if (index.mailboxes.byId(to.id)?.folder !== to.name) throw folderGone();
  const letters = { from: index.keywords.all(work.folder.id), to: index.keywords.all(to.id) };
  let given: number | undefined;
  const modSeq = (): number => {
    given ??= index.mailboxes.nextModSeq(to.id);
    if (given === undefined) throw folderGone();
    return given;
  };
  const copies: Copy[] = [];
  const isOver = sliceTimer();
  let done = 0;
  for (const source of uids) {
    const row = index.messages.byUid(work.folder.id, source);
    if (row !== undefined) {
      const landed = landedCopy(work, row, letters);
      const path = pathOf(to.path, toBaseName(landed.base), landed.place);
      bringFile(work, row, staged, path);
      placed.push({ base: landed.base, path });
      const destination = enter(work.context, to, landed, modSeq);
      if (destination === undefined) throw folderGone();
      copies.push({ source, destination, base: landed.base, path });
    }
    done += 1;
    if (isOver()) break;
  }
  return { done, copies };
}

/** One transaction; the files of one that fails go before its lock, so that nobody gives them UIDs. */
async function copySome(work: Workplace, to: Folder, uids: readonly Uid[], staged: Staged): Promise<Progress> {
  const { index, fs } = work.context;
  const placed: Placed[] = [];
  const astray: Placed[] = []; // renamed meanwhile by another program, or their folder was
  let isEntered = false;
  try {
    return await index.db.write(() => {
      try {
        const progress = enterSome(work, to, uids, staged, placed);
        isEntered = true;
        return progress;
      } catch (error) {
        for (const one of placed) if (!tried(() => fs.now.unlink(one.path))) astray.push(one);
        throw error;
      }
    });
  } catch (error) {
    const left = isEntered ? placed : astray;
    if (left.length > 0) await clearUp(work.context, () => withdraw(work.context, to.path, left));
    throw error;
  }
}

/** Copies one batch, looking and fetching bytes as often as it takes. Everything entered is in `copies`. */
async function copyBatch(work: Workplace, to: Folder, batch: readonly Uid[], copies: Copy[]): Promise<void> {
  const { context } = work;
  const staged: Staged = new Map();
  try {
    let at = 0;
    for (let look = 1; look <= LOOK_ATTEMPTS; look += 1) {
      await bringKeywords(context, work.folder, to, batch.slice(at));
      try {
        while (at < batch.length) {
          const progress = await copySome(work, to, batch.slice(at), staged);
          at += progress.done;
          copies.push(...progress.copies);
          context.index.committed(to.id);
          await nextTurn();
        }
        return;
      } catch (error) {
        if (!(error instanceof NotYet)) throw error;
        if (error.need === 'look') await work.sync.rescan();
        else await stage(work, batch.slice(at), to, staged);
      }
    }
    throw new StoreFailure('unavailable', 'Another program keeps renaming a message; try again.');
  } finally {
    await clearUp(context, async () => {
      for (const temporary of staged.values()) await removeIfThere(context.fs, temporary);
    });
  }
}

/** Takes copies away again, row and file together; what has another name by now is looked for then. */
async function undo(context: StoreContext, to: Folder, copies: readonly Copy[]): Promise<void> {
  const { index, fs } = context;
  const left = new Set(copies);
  await clearUp(context, () =>
    inBatches(context, to, copies, (batch, modSeq) => {
      for (const copy of batch) {
        const row = index.messages.byUid(to.id, copy.destination);
        const path = row === undefined ? copy.path : pathOf(to.path, row.base, row);
        if (tried(() => fs.now.unlink(path))) left.delete(copy);
        if (row !== undefined) index.messages.remove(to.id, row.uid, modSeq());
      }
    }),
  );
  await clearUp(context, () => withdraw(context, to.path, left));
  await clearUp(context, () => fs.syncDirectory(directoryOf(to.path, false)));
}

/** What the copies will count in the quota. */
async function amountOfAll({ context, folder }: Workplace, uids: readonly Uid[]): Promise<Amount> {
  let amount = NOTHING;
  if (!hasQuota(context)) return amount;
  await inSlices(uids, (uid) => {
    const row = context.index.messages.byUid(folder.id, uid);
    if (row !== undefined) amount = sum(amount, amountOf(context, folder, row));
  });
  return amount;
}

/**
 * Copies `uids`, ascending; those that have vanished are left out. All or nothing; durable when it resolves. Throws what the
 * signal's reason is.
 */
export async function copyMessages(
  work: Workplace,
  uids: readonly Uid[],
  to: Folder,
  signal?: AbortSignal,
): Promise<Copied> {
  const { context } = work;
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  const uidValidity = context.index.mailboxes.byId(to.id)?.uidValidity;
  if (uidValidity === undefined) throw folderGone();
  const amount = await amountOfAll(work, sorted);
  const [refusal] = await reserve(context, [amount]);
  if (refusal !== undefined) throw refusal;
  const copies: Copy[] = [];
  try {
    for (let at = 0; at < sorted.length; at += BATCH) {
      signal?.throwIfAborted();
      await copyBatch(work, to, sorted.slice(at, at + BATCH), copies);
    }
    await context.fs.syncDirectory(directoryOf(to.path, false));
  } catch (error) {
    await undo(context, to, copies);
    await clearUp(context, async () => release(context, amount));
    throw error;
  }
  return { uidValidity, pairs: copies.map(({ source, destination }) => ({ source, destination })) };
}
