/** Copies messages between folders of one store: hard links where the file system has them, all or nothing. */
import { join } from 'node:path';
import type { Workplace } from './alter.ts';
import type { Copied, Uid } from './api.ts';
import { inParallel } from './apply.ts';
import type { Folder, StoreContext } from './context.ts';
import { enter, hasNoLinks, type Landed, moveIntoPlace, removeIfThere, withdraw, withSizes } from './deliver.ts';
import { isMissing, StoreFailure } from './errors.ts';
import { formatInfo, parseInfo } from './file-name.ts';
import type { OpenFile } from './file-system.ts';
import { nameFlags, type StoredFlags, showFlags, storeFlags } from './flags.ts';
import { toBaseName } from './ids.ts';
import type { MessageRow } from './index/messages.ts';
import { ensureKeywords } from './keywords.ts';
import { CHUNK } from './limits.ts';
import { openFileOf } from './open-message.ts';
import { directoryOf, pathOf } from './places.ts';

/** A message on its way: its file lies in the destination's tmp/. */
interface Underway {
  readonly source: Uid;
  readonly temporary: string;
  readonly landed: Landed;
}

async function copyBytes(context: StoreContext, from: OpenFile, to: string, date: number): Promise<void> {
  const file = await context.fs.open(to, 'create');
  try {
    const buffer = new Uint8Array(CHUNK);
    for (let at = 0; ; ) {
      const read = await from.read(buffer, at);
      if (read === 0) break;
      await file.write(buffer.subarray(0, read));
      at += read;
    }
    await file.setTime(date);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts the message's bytes at `to`; false when the message is gone. */
async function bringOver(work: Workplace, row: MessageRow, to: string): Promise<boolean> {
  const { context, folder } = work;
  try {
    await context.fs.link(pathOf(folder.path, row.base, row), to);
    return true;
  } catch (error) {
    if (!hasNoLinks(error) && !isMissing(error)) throw error;
  }
  const file = await openFileOf(work, row.uid);
  if (file === undefined) return false;
  try {
    await copyBytes(context, file, to, row.internalDate);
    return true;
  } finally {
    await file.close();
  }
}

/** The message's flags in the destination's letters. */
async function flagsFor(work: Workplace, row: MessageRow, destination: Folder): Promise<StoredFlags> {
  const named = nameFlags([...showFlags(row, work.context.index.keywords.all(work.folder.id))]);
  return storeFlags(named, await ensureKeywords(work.context, destination, named.keywords));
}

async function prepare(work: Workplace, row: MessageRow, destination: Folder): Promise<Underway | undefined> {
  const name = work.context.newBase();
  const flags = await flagsFor(work, row, destination);
  const temporary = join(destination.path, 'tmp', name);
  if (!(await bringOver(work, row, temporary))) return undefined;
  const place = { inNew: false, info: formatInfo({ ...parseInfo(''), mask: flags.mask }) };
  const base = withSizes(name, row, row.exact);
  const { internalDate, size, virtualSize, exact } = row;
  return {
    source: row.uid,
    temporary,
    landed: { base, place, flags, internalDate, sizes: { size, virtualSize }, exact },
  };
}

/** Enters all copies in one transaction, in the order of their sources. */
async function enterAll(context: StoreContext, destination: Folder, underway: readonly Underway[]): Promise<Copied> {
  const { index } = context;
  const copied = await index.db.write(() => {
    const mailbox = index.mailboxes.byId(destination.id);
    if (mailbox === undefined) throw new StoreFailure('no-such-mailbox', 'The destination was deleted meanwhile.');
    const modSeq = index.mailboxes.nextModSeq(destination.id) ?? 0;
    const pairs = underway.map(({ source, landed }) => {
      const uid = enter(context, destination, landed, () => modSeq);
      if (uid === undefined) throw new StoreFailure('no-such-mailbox', 'The destination was deleted meanwhile.');
      return { source, destination: uid };
    });
    return { uidValidity: mailbox.uidValidity, pairs };
  });
  index.committed(destination.id);
  return copied;
}

async function undo(context: StoreContext, destination: Folder, underway: readonly Underway[]): Promise<void> {
  for (const { temporary } of underway) await removeIfThere(context.fs, temporary);
  await withdraw(context, destination, new Set(underway.map(({ landed }) => landed.base)));
}

/** Copies `uids`, ascending; those that have vanished are left out. */
export async function copyMessages(work: Workplace, uids: readonly Uid[], destination: Folder): Promise<Copied> {
  const { context, folder } = work;
  const underway: Underway[] = [];
  const rows = [...new Set(uids)]
    .sort((a, b) => a - b)
    .map((uid) => context.index.messages.byUid(folder.id, uid))
    .filter((row) => row !== undefined);
  try {
    for (const row of rows) {
      const one = await prepare(work, row, destination);
      if (one !== undefined) underway.push(one);
    }
    await inParallel(underway, ({ temporary, landed }) =>
      moveIntoPlace(context.fs, temporary, pathOf(destination.path, toBaseName(landed.base), landed.place)),
    );
    await context.fs.syncDirectory(directoryOf(destination.path, false));
    return await enterAll(context, destination, underway);
  } catch (error) {
    await undo(context, destination, underway);
    throw error;
  }
}
