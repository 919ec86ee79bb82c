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
import type { MessageRow } from '../index/messages.ts';
import { BATCH, LOOK_ATTEMPTS } from '../limits.ts';
import { emailIdOf } from '../names/file-name.ts';
import type { Keywords } from '../names/flags.ts';
import { toBaseName } from '../names/ids.ts';
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
  readonly renames: Renames;
  readonly letters: { readonly from: Keywords; readonly to: Keywords };
  readonly modSeq: (folder: Folder) => number;
}

function crossing(context: StoreContext, from: Folder, to: Folder, renames: Renames): Crossing {
  const { mailboxes, keywords } = context.index;
  const given = new Map<number, number>();
  const modSeq = ({ id }: Folder): number => {
    const known = given.get(id) ?? mailboxes.nextModSeq(id);
    if (known === undefined) throw folderGone();
    given.set(id, known);
    return known;
  };
  return { context, from, to, renames, modSeq, letters: { from: keywords.all(from.id), to: keywords.all(to.id) } };
}

/** The base name of the message in the destination: its own where it is free there and holds no number of another folder. */
function baseIn({ context, from, to }: Crossing, row: MessageRow, info: string): string {
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
  context.index.messages.remove(from.id, row.uid, modSeq(from));
  const { internalDate, size, virtualSize, details } = row;
  const emailId = row.emailId ?? (base === row.base ? undefined : emailIdOf(row.base));
  const { flags } = carried;
  const landed = { base, place, flags, internalDate, sizes: { size, virtualSize }, details, emailId };
  return enter(context, to, landed, () => modSeq(to));
}

/**
 * Moves a batch in one transaction, up to the first message that has to be looked for: UIDs are given in the order of the
 * sources. Returns how many of the batch are done.
 */
async function moveBatch(work: Workplace, to: Folder, batch: readonly Uid[], pairs: Pair[]): Promise<number> {
  const { context, folder: from } = work;
  const { index, fs } = context;
  await bringKeywords(context, from, to, batch);
  const renames = new Renames(fs.now);
  const moved: Pair[] = [];
  let done = 0;
  try {
    await index.db.write(() => {
      for (const folder of [from, to]) {
        if (index.mailboxes.byId(folder.id)?.folder !== folder.name) throw folderGone();
      }
      const step = crossing(context, from, to, renames);
      for (const source of batch) {
        const row = index.messages.byUid(from.id, source);
        const destination = row === undefined ? undefined : moveOne(step, row);
        if (destination !== undefined) moved.push({ source, destination });
        else if (row !== undefined) return;
        done += 1;
      }
    });
  } catch (error) {
    renames.undo();
    throw error;
  }
  pairs.push(...moved);
  if (moved.length > 0) for (const { id } of [from, to]) index.committed(id);
  return done;
}

async function moveByRename(work: Workplace, uids: readonly Uid[], to: Folder, pairs: Pair[]): Promise<void> {
  let looks = 0;
  for (let at = 0; at < uids.length; ) {
    const batch = uids.slice(at, at + BATCH);
    const done = await moveBatch(work, to, batch, pairs);
    at += done;
    if (done === batch.length) {
      await nextTurn();
      continue;
    }
    looks = done > 0 ? 1 : looks + 1;
    if (looks === LOOK_ATTEMPTS)
      throw new StoreFailure('unavailable', 'Another program keeps renaming a message; try again.');
    await work.sync.rescan();
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
 * moved: each is in one of the two mailboxes.
 */
export async function moveMessages(work: Workplace, uids: readonly Uid[], to: Folder): Promise<Copied> {
  const { context, folder: from } = work;
  const uidValidity = context.index.mailboxes.byId(to.id)?.uidValidity;
  if (uidValidity === undefined) throw folderGone();
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  const pairs: Pair[] = [];
  try {
    await moveByRename(work, sorted, to, pairs);
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
