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
import type { MessageRow } from '../index/messages.ts';
import { BATCH, CHUNK, LOOK_ATTEMPTS } from '../limits.ts';
import { emailIdOf } from '../names/file-name.ts';
import type { Keywords } from '../names/flags.ts';
import { toBaseName } from '../names/ids.ts';
import { type Amount, NOTHING, sum } from '../quota/maildirsize.ts';
import { hasQuota, release, reserve } from '../quota/quota.ts';
import { inParallel } from '../sync/apply.ts';
import type { Workplace } from './alter.ts';
import { amountOf, bringKeywords, carry, renamed } from './carry.ts';
import { enter, type Landed } from './landed.ts';
import { clearUp, hasNoLinks, moveIntoPlace, removeIfThere, tried, withdraw } from './place.ts';

/** A copy that is entered. */
interface Copy {
  readonly source: Uid;
  readonly destination: Uid;
  readonly base: string;
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
  await inParallel(uids, async (uid) => {
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

/** Copies a batch; runs inside a write transaction. `bases` learns of every file, whatever becomes of the transaction. */
function enterBatch(
  work: Workplace,
  to: Folder,
  batch: readonly Uid[],
  staged: Staged,
  bases: Set<string>,
): readonly Copy[] {
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
  return batch.flatMap((source) => {
    const row = index.messages.byUid(work.folder.id, source);
    if (row === undefined) return [];
    const landed = landedCopy(work, row, letters);
    bases.add(landed.base);
    bringFile(work, row, staged, pathOf(to.path, toBaseName(landed.base), landed.place));
    const destination = enter(work.context, to, landed, modSeq);
    if (destination === undefined) throw folderGone();
    return [{ source, destination, base: landed.base }];
  });
}

/** Copies one batch, looking and fetching bytes as often as it takes; all of it or nothing. */
async function copyBatch(work: Workplace, to: Folder, batch: readonly Uid[]): Promise<readonly Copy[]> {
  const { context } = work;
  const staged: Staged = new Map();
  try {
    for (let look = 1; look <= LOOK_ATTEMPTS; look += 1) {
      await bringKeywords(context, work.folder, to, batch);
      const bases = new Set<string>();
      try {
        return await context.index.db.write(() => enterBatch(work, to, batch, staged, bases));
      } catch (error) {
        await withdraw(context, to, bases);
        if (!(error instanceof NotYet)) throw error;
        if (error.need === 'look') await work.sync.rescan();
        else await stage(work, batch, to, staged);
      }
    }
    throw new StoreFailure('unavailable', 'Another program keeps renaming a message; try again.');
  } finally {
    await clearUp(context, async () => {
      for (const temporary of staged.values()) await removeIfThere(context.fs, temporary);
    });
  }
}

/** Takes copies away again, rows and files. */
async function undo(context: StoreContext, to: Folder, copies: readonly Copy[]): Promise<void> {
  const { index } = context;
  await clearUp(context, () => withdraw(context, to, new Set(copies.map(({ base }) => base))));
  await clearUp(context, async () => {
    await index.db.write(() => {
      const modSeq = index.mailboxes.nextModSeq(to.id);
      for (const { destination } of copies) {
        if (modSeq !== undefined && index.messages.byUid(to.id, destination) !== undefined) {
          index.messages.remove(to.id, destination, modSeq);
        }
      }
    });
    index.committed(to.id);
  });
}

/** What the copies will count in the quota. */
function amountOfAll({ context, folder }: Workplace, uids: readonly Uid[]): Amount {
  let amount = NOTHING;
  if (!hasQuota(context)) return amount;
  for (const uid of uids) {
    const row = context.index.messages.byUid(folder.id, uid);
    if (row !== undefined) amount = sum(amount, amountOf(context, folder, row));
  }
  return amount;
}

/** Copies `uids`, ascending; those that have vanished are left out. All or nothing; durable when it resolves. */
export async function copyMessages(work: Workplace, uids: readonly Uid[], to: Folder): Promise<Copied> {
  const { context } = work;
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  const uidValidity = context.index.mailboxes.byId(to.id)?.uidValidity;
  if (uidValidity === undefined) throw folderGone();
  const amount = amountOfAll(work, sorted);
  const [refusal] = await reserve(context, [amount]);
  if (refusal !== undefined) throw refusal;
  const copies: Copy[] = [];
  try {
    for (let at = 0; at < sorted.length; at += BATCH) {
      if (at > 0) await nextTurn();
      const batch = await copyBatch(work, to, sorted.slice(at, at + BATCH));
      copies.push(...batch);
      if (batch.length > 0) context.index.committed(to.id);
    }
    await context.fs.syncDirectory(directoryOf(to.path, false));
  } catch (error) {
    await undo(context, to, copies);
    await clearUp(context, async () => release(context, amount));
    throw error;
  }
  return { uidValidity, pairs: copies.map(({ source, destination }) => ({ source, destination })) };
}
