/**
 * Moves messages between folders of one store. Each file is renamed inside the transaction that takes it out of the one
 * mailbox and puts it into the other, and lands under its new letters at once: it is in exactly one folder at every moment,
 * and whichever of the two the index names after a crash, the next look at both mends it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Copied, Uid } from '../api.ts';
import { importedBase } from '../compat/imported-base.ts';
import type { Folder, StoreContext } from '../context.ts';
import { errno, folderGone, StoreFailure } from '../errors.ts';
import { directoryOf, pathOf, samePlace } from '../files/places.ts';
import type { MessageRow } from '../index/message-row.ts';
import { BATCH, LOOK_ATTEMPTS, MAX_FILE_NAME } from '../limits.ts';
import { emailIdOf } from '../names/file-name.ts';
import type { Keywords } from '../names/flags.ts';
import { toBaseName } from '../names/ids.ts';
import { sliceTimer } from '../slices.ts';
import type { FolderSync } from '../sync/sync.ts';
import { removeMessages, type Workplace } from './alter.ts';
import { bringKeywords, carry, renamed } from './carry.ts';
import { copyMessages } from './copy.ts';
import { enter } from './landed.ts';
import { Renames } from './place.ts';

type Pair = Copied['pairs'][number];

/** The two mailboxes in one transaction. */
interface Crossing {
  readonly context: StoreContext;
  readonly from: Folder;
  readonly to: Folder;
  /** Finds the names that a file has besides. */
  readonly sync: FolderSync;
  readonly renames: Renames;
  readonly letters: { readonly from: Keywords; readonly to: Keywords };
  readonly modSeq: (folder: Folder) => number;
}

function crossing({ context, folder: from, sync }: Workplace, to: Folder, renames: Renames): Crossing {
  const { mailboxes, keywords } = context.index;
  const given = new Map<number, number>();
  const modSeq = ({ id }: Folder): number => {
    const known = given.get(id) ?? mailboxes.nextModSeq(id);
    if (known === undefined) throw folderGone();
    given.set(id, known);
    return known;
  };
  const letters = { from: keywords.all(from.id), to: keywords.all(to.id) };
  return { context, from, to, sync, renames, modSeq, letters };
}

/** The base name of the message in the destination: its own where it is free there and holds no number of another folder. */
function baseIn({ context, from, to }: Crossing, row: MessageRow, info: string): string {
  if (Buffer.byteLength(row.base + info) > MAX_FILE_NAME) return renamed(context, row.base);
  const own = pathOf(from.path, row.base, row);
  const others = [
    pathOf(to.path, row.base, { inNew: true, info: '' }),
    pathOf(to.path, row.base, { inNew: false, info }),
  ];
  const isTaken =
    (from.id !== to.id && context.index.messages.byBase(to.id, row.base) !== undefined) ||
    others.some((path) => path !== own && context.fs.now.stat(path) !== undefined);
  const isNumbered = from.id !== to.id && importedBase(row.base) !== row.base;
  return isTaken || isNumbered ? renamed(context, row.base) : row.base;
}

/** Takes away the names that a rename by link and unlink has left: the message would come back where it was. */
function mergeTwins({ context, from, sync, renames }: Crossing, row: MessageRow, target: string): void {
  const { now } = context.fs;
  const twins = sync.placesOfTwins(row.base).map((place) => pathOf(from.path, row.base, place));
  if (twins.length === 0) return;
  const id = now.stat(target)?.id;
  for (const twin of twins) if (twin !== target && now.stat(twin)?.id === id) renames.merge(twin, target);
}

/** Moves one message; undefined where its file is not where its row says, or its keywords have changed. */
function moveOne(work: Crossing, row: MessageRow): Uid | undefined {
  const { context, from, to, renames, letters, modSeq } = work;
  const carried = carry(row, letters.from, letters.to);
  if (carried === undefined) return undefined;
  const place = { inNew: false, info: carried.info };
  const base = baseIn(work, row, carried.info);
  const target = pathOf(to.path, toBaseName(base), place);
  if (from.id === to.id && samePlace(row, place)) {
    if (context.fs.now.stat(target) === undefined) return undefined;
  } else if (!renames.rename(pathOf(from.path, row.base, row), target)) return undefined;
  else mergeTwins(work, row, target);
  context.index.messages.remove(from.id, row.uid, modSeq(from));
  const { internalDate, size, virtualSize, details } = row;
  const emailId = row.emailId ?? (base === row.base ? undefined : emailIdOf(row.base));
  const { flags } = carried;
  const landed = { base, place, flags, internalDate, sizes: { size, virtualSize }, details, emailId };
  return enter(context, to, landed, () => modSeq(to));
}

/** What a transaction came to. */
interface Progress {
  /** How many messages are done, the first ones. */
  readonly done: number;
  /** The next one has to be looked for. */
  readonly isLost: boolean;
}

/**
 * Moves messages in one transaction, as many as a slice of the loop allows, up to the first one that has to be looked for:
 * UIDs are given in the order of the sources.
 */
async function moveSome(work: Workplace, to: Folder, uids: readonly Uid[], pairs: Pair[]): Promise<Progress> {
  const { context, folder: from } = work;
  const { index, fs } = context;
  const renames = new Renames(fs.now);
  const moved: Pair[] = [];
  let done = 0;
  try {
    const isLost = await index.db.write(() => {
      for (const folder of [from, to]) {
        if (index.mailboxes.byId(folder.id)?.folder !== folder.name) throw folderGone();
      }
      const step = crossing(work, to, renames);
      const isOver = sliceTimer();
      for (const source of uids) {
        const row = index.messages.byUid(from.id, source);
        const destination = row === undefined ? undefined : moveOne(step, row);
        if (destination !== undefined) moved.push({ source, destination });
        else if (row !== undefined) return true;
        done += 1;
        if (isOver()) return false;
      }
      return false;
    });
    pairs.push(...moved);
    if (moved.length > 0) for (const { id } of [from, to]) index.committed(id);
    return { done, isLost };
  } catch (error) {
    renames.undo();
    throw error;
  }
}

async function moveByRename(
  work: Workplace,
  uids: readonly Uid[],
  to: Folder,
  pairs: Pair[],
  signal?: AbortSignal,
): Promise<void> {
  const { context, folder } = work;
  let looks = 0;
  let ready = 0; // their keywords have letters in the destination
  for (let at = 0; at < uids.length && signal?.aborted !== true; ) {
    if (at >= ready) await bringKeywords(context, folder, to, uids.slice(at, at + BATCH));
    ready = Math.max(ready, at + BATCH);
    const { done, isLost } = await moveSome(work, to, uids.slice(at, ready), pairs);
    at += done;
    await nextTurn();
    if (!isLost) continue;
    looks = done > 0 ? 1 : looks + 1;
    if (looks === LOOK_ATTEMPTS)
      throw new StoreFailure('unavailable', 'Another program keeps renaming a message; try again.');
    await work.sync.rescan();
    ready = at; // or it was given a keyword
  }
}

/** Where a folder lies on another file system, its messages cannot be renamed there. */
async function moveByCopy(work: Workplace, uids: readonly Uid[], to: Folder, pairs: Pair[]): Promise<void> {
  const copied = await copyMessages(work, uids, to);
  const sources = copied.pairs.map(({ source }) => source);
  await removeMessages(work, sources, () => true);
  pairs.push(...copied.pairs);
}

/**
 * Moves `uids`, ascending; those that have vanished are left out. Durable when it resolves. When it rejects, some may have
 * moved: each is in one of the two mailboxes. A signal ends it between two transactions; what was moved by then is answered.
 */
export async function moveMessages(
  work: Workplace,
  uids: readonly Uid[],
  to: Folder,
  signal?: AbortSignal,
): Promise<Copied> {
  const { context, folder: from } = work;
  const uidValidity = context.index.mailboxes.byId(to.id)?.uidValidity;
  if (uidValidity === undefined) throw folderGone();
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  const pairs: Pair[] = [];
  try {
    await moveByRename(work, sorted, to, pairs, signal);
  } catch (error) {
    if (errno(error) !== 'EXDEV') throw error;
    const done = new Set(pairs.map(({ source }) => source));
    const left = sorted.filter((uid) => !done.has(uid));
    await moveByCopy(work, left, to, pairs);
  }
  if (pairs.length > 0) {
    // The destination first: a message that power failure leaves in both is better than one in neither.
    const directories = [directoryOf(to.path, false), directoryOf(from.path, true), directoryOf(from.path, false)];
    for (const directory of new Set(directories)) await context.fs.syncDirectory(directory);
  }
  return { uidValidity, pairs };
}
