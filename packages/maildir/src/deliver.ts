/**
 * Delivers a message: tmp/, fsync, link into place (which cannot overwrite), fsync of the directory, index. A message is
 * whole or absent at every moment; one that has no UID yet when the process dies gets it at the next look.
 */
import { join } from 'node:path';
import type { NewMessage, Uid } from './api.ts';
import type { Sizes } from './content.ts';
import type { Folder, StoreContext } from './context.ts';
import { errno, isMissing, StoreFailure } from './errors.ts';
import { formatInfo, parseFileName, parseInfo } from './file-name.ts';
import type { FileSystem, OpenFile } from './file-system.ts';
import { nameFlags, type StoredFlags, storeFlags } from './flags.ts';
import { toBaseName, toUid } from './ids.ts';
import type { Place } from './index/messages.ts';
import { ensureKeywords } from './keywords.ts';
import { SizeCounter } from './line-ends.ts';
import { directoryOf, pathOf } from './places.ts';

async function* chunksOf(content: NewMessage['content']): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
}

/** Writes the content, checking it against the announced length. */
async function writeContent(file: OpenFile, message: NewMessage): Promise<Sizes> {
  const counter = new SizeCounter();
  for await (const chunk of chunksOf(message.content)) {
    counter.add(chunk);
    if (message.length !== undefined && counter.size > message.length) {
      throw new StoreFailure('too-large', 'More data arrived than was announced.');
    }
    await file.write(chunk);
  }
  if (message.length !== undefined && counter.size < message.length) {
    throw new StoreFailure('incomplete', 'The message ended before its announced length.');
  }
  return counter;
}

/** Writes a message to tmp/ and makes it durable there. Leaves nothing behind when it fails. */
async function writeTemporary(fs: FileSystem, path: string, message: NewMessage, date: number): Promise<Sizes> {
  const file = await fs.open(path, 'create');
  try {
    try {
      const sizes = await writeContent(file, message);
      await file.setTime(date);
      await file.sync();
      return sizes;
    } finally {
      await file.close();
    }
  } catch (error) {
    await removeIfThere(fs, path);
    throw error;
  }
}

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];

/** Whether a hard link was refused because there can be none here. */
export const hasNoLinks = (error: unknown): boolean => NO_LINKS.includes(errno(error) ?? '');

/** Moves a file without overwriting another one. */
export async function moveIntoPlace(fs: FileSystem, from: string, to: string): Promise<void> {
  try {
    await fs.link(from, to);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    if ((await fs.stat(to)) !== undefined) throw error;
    await fs.rename(from, to); // no hard links here; names are unique by time, process and randomness
    return;
  }
  await fs.unlink(from);
}

/** Removes files that are not needed any more; it does not matter if they are gone. */
export async function removeIfThere(fs: FileSystem, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** A file that is in place and durable, to be entered into the index. */
export interface Landed {
  readonly base: string;
  readonly place: Place;
  readonly flags: StoredFlags;
  readonly internalDate: number;
  readonly sizes: Sizes;
  readonly exact: boolean;
}

/** Enters a landed file; runs inside a write transaction. Undefined when the mailbox is gone. */
export function enter(context: StoreContext, folder: Folder, landed: Landed, modSeq: () => number): Uid | undefined {
  const { index } = context;
  const { flags, internalDate, sizes, place } = landed;
  const base = toBaseName(landed.base);
  const known = index.messages.byBase(folder.id, base);
  if (known !== undefined) {
    // Somebody's look at the folder was quicker with the UID; it could not know what only the index holds.
    if (flags.extra !== '') index.messages.update(folder.id, known.uid, { ...known, extra: flags.extra }, modSeq());
    if (landed.exact) index.messages.setSizes(folder.id, known.uid, sizes.size, sizes.virtualSize);
    return known.uid;
  }
  const uid = index.mailboxes.giveUid(folder.id);
  if (uid === undefined) return undefined;
  const { size, virtualSize } = sizes;
  const row = { base, ...place, ...flags, recent: true, internalDate, size, virtualSize, exact: landed.exact };
  index.messages.add(folder.id, uid, modSeq(), row);
  return toUid(uid);
}

/** The base name with the sizes that other Maildir programs read from it. */
export const withSizes = (base: string, sizes: Sizes, exact: boolean): string =>
  exact ? `${base},S=${sizes.size},W=${sizes.virtualSize}` : `${base},S=${sizes.size}`;

async function land(context: StoreContext, folder: Folder, message: NewMessage): Promise<Landed> {
  const { fs } = context;
  const named = nameFlags(message.flags ?? []);
  const flags = storeFlags(named, await ensureKeywords(context, folder, named.keywords));
  const internalDate = message.internalDate ?? context.clock();
  const name = context.newBase();
  const temporary = join(folder.path, 'tmp', name);
  const sizes = await writeTemporary(fs, temporary, message, internalDate);
  const inNew = (message.flags ?? []).length === 0;
  const place = { inNew, info: inNew ? '' : formatInfo({ ...parseInfo(''), mask: flags.mask }) };
  const base = withSizes(name, sizes, true);
  const path = pathOf(folder.path, toBaseName(base), place);
  try {
    await moveIntoPlace(fs, temporary, path);
    await fs.syncDirectory(directoryOf(folder.path, inNew));
  } catch (error) {
    await removeIfThere(fs, temporary);
    await withdraw(context, folder, new Set([base]));
    throw error;
  }
  return { base, place, flags, internalDate, sizes, exact: true };
}

/** Takes landed files away again, under whatever flags they have by now; each directory is read and synced once. */
export async function withdraw(context: StoreContext, folder: Folder, bases: ReadonlySet<string>): Promise<void> {
  const { fs } = context;
  const touched = new Set<string>();
  for (const inNew of [true, false]) {
    const directory = directoryOf(folder.path, inNew);
    if ((await fs.stat(directory)) === undefined) continue; // the mailbox was deleted: nothing to take away
    for (const name of await fs.names(directory)) {
      if (!bases.has(parseFileName(name)?.base ?? '')) continue;
      await removeIfThere(fs, join(directory, name));
      touched.add(directory);
    }
  }
  for (const directory of touched) await fs.syncDirectory(directory);
}

/** Delivers one message; durable, with its UID, when it resolves. */
export async function deliver(context: StoreContext, folder: Folder, message: NewMessage): Promise<Uid> {
  const landed = await land(context, folder, message);
  const { index } = context;
  try {
    const uid = await index.db.write(() =>
      enter(context, folder, landed, () => index.mailboxes.nextModSeq(folder.id) ?? 0),
    );
    if (uid === undefined) throw new StoreFailure('no-such-mailbox', 'The mailbox was deleted meanwhile.');
    index.committed(folder.id);
    return uid;
  } catch (error) {
    await withdraw(context, folder, new Set([landed.base])); // refused is refused: the sender will try again
    throw error;
  }
}
