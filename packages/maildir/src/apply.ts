/**
 * Brings observations of a folder into the index. What was seen may be outdated by now, so every observation is checked
 * again inside the write transaction: the file by a stat, the row against the one that was compared. No process of ours
 * can change either between that check and the commit. What fails the check is left for another look.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { measure } from './content.ts';
import type { Folder, StoreContext } from './context.ts';
import { folderGone, isMissing, toStoreError } from './errors.ts';
import { claimedSizes, deliveryTime, parseInfo } from './file-name.ts';
import type { PlaceRow } from './index/messages.ts';
import { BATCH, MAX_INTERNAL_DATE, PARALLEL } from './limits.ts';
import { pathOf, samePlace } from './places.ts';
import type { Moved, Seen } from './reconcile.ts';

/** A new file with what had to be read before the transaction. */
interface Prepared extends Seen {
  /** Virtual size, where the name claims none that is plausible. */
  readonly measured: { readonly size: number; readonly virtualSize: number } | undefined;
  /** Microseconds since the epoch: the order in which UIDs are given. */
  readonly order: number;
}

/** Runs `work` over `items`, some at the same time. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

/** Runs `work` in a transaction, while the folder is still the mailbox's, for each batch of `items`, and lets the loop turn in between. */
export async function inBatches<T>(
  context: StoreContext,
  folder: Folder,
  items: readonly T[],
  work: (batch: readonly T[], modSeq: () => number) => void,
): Promise<void> {
  for (let at = 0; at < items.length; at += BATCH) {
    const changed = await context.index.db.write(() => {
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

type Preparation = Prepared | 'elsewhere' | 'no-message';

async function prepare(context: StoreContext, folder: Folder, seen: Seen): Promise<Preparation> {
  const path = pathOf(folder.path, seen.base, seen);
  const stat = await context.fs.stat(path);
  if (stat === undefined) return 'elsewhere';
  if (stat.kind !== 'file') return 'no-message';
  const order = deliveryTime(seen.base) ?? Number(stat.mtime / 1000n);
  if (trusted(seen.base, stat.size) !== undefined) return { ...seen, order, measured: undefined };
  try {
    const file = await context.fs.open(path, 'read');
    try {
      return { ...seen, order, measured: await measure(file) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return 'elsewhere'; // renamed or removed meanwhile
    const known = toStoreError(error);
    if (known === undefined) throw error;
    // One file that cannot be read must not keep the others from being shown; it is tried again at the next look.
    context.log({ level: 'warn', code: 'unreadable-file', message: `${path} is not shown: ${known.message}` });
    return 'no-message';
  }
}

/** The virtual size that the name claims, if the name is right about the file's size. */
function trusted(base: string, size: number): number | undefined {
  const claimed = claimedSizes(base);
  if (claimed.size !== size || claimed.virtual === undefined) return undefined;
  return claimed.virtual >= size && claimed.virtual <= 2 * size ? claimed.virtual : undefined;
}

/** Gives UIDs to files that have none, in order of delivery. Returns false when some were not where they were seen. */
export async function addFiles(
  context: StoreContext,
  folder: Folder,
  added: readonly Seen[],
  firstScan: boolean,
): Promise<boolean> {
  const prepared: Prepared[] = [];
  let complete = true;
  await inParallel(added, async (seen) => {
    const one = await prepare(context, folder, seen);
    if (one === 'elsewhere') complete = false;
    else if (one !== 'no-message') prepared.push(one);
  });
  prepared.sort((a, b) => a.order - b.order || (a.base < b.base ? -1 : 1));
  await inBatches(context, folder, prepared, (batch, modSeq) => {
    for (const one of batch) if (!addFile(context, folder, one, firstScan, modSeq)) complete = false;
  });
  return complete;
}

/** INTERNALDATE from a file's time, in milliseconds and within the years that a date-time can be written in. */
function internalDateOf(mtime: bigint): number {
  const milliseconds = Number((mtime + 500_000n) / 1_000_000n);
  return Math.min(Math.max(0, milliseconds), MAX_INTERNAL_DATE);
}

function addFile(
  context: StoreContext,
  folder: Folder,
  one: Prepared,
  firstScan: boolean,
  modSeq: () => number,
): boolean {
  const { index, fs } = context;
  if (index.messages.byBase(folder.id, one.base) !== undefined) return true; // another process was quicker
  const stat = fs.now.stat(pathOf(folder.path, one.base, one));
  if (stat === undefined) return false;
  const uid = index.mailboxes.giveUid(folder.id);
  if (uid === undefined) return true; // the mailbox is gone
  const exact = one.measured?.size === stat.size;
  index.messages.add(folder.id, uid, modSeq(), {
    base: one.base,
    inNew: one.inNew,
    info: one.info,
    mask: parseInfo(one.info).mask,
    extra: '',
    // What lay in cur/ before this index knew the folder has been seen by somebody.
    recent: one.inNew || !firstScan,
    internalDate: internalDateOf(stat.mtime),
    size: stat.size,
    virtualSize: exact ? one.measured.virtualSize : (trusted(one.base, stat.size) ?? stat.size),
    exact,
  });
  return true;
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

/** Forgets messages that a stable scan did not find. Returns false when some turned out to be there. */
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
