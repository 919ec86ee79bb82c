/**
 * Puts files into a folder, and takes them away again.
 *
 * Files go from tmp/ into place by rename, after a look that nothing lies there: names hold the time, the process and 64
 * random bits, so that the look is a second net. A link could not overwrite at all, but it takes two calls more, fails
 * where there are no hard links, and leaves the message under two names when the process dies before the unlink.
 */
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoreContext } from '../context.ts';
import { errno, isMissing, StoreFailure } from '../errors.ts';
import type { FileSystem, SynchronousFileSystem } from '../files/file-system.ts';
import { directoryOf } from '../files/places.ts';
import { GROUP, WITHDRAWALS } from '../limits.ts';
import { parseFileName } from '../names/file-name.ts';

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];

/** Whether a hard link was refused because there can be none here. */
export const hasNoLinks = (error: unknown): boolean => NO_LINKS.includes(errno(error) ?? '');

/** Renames a file, never over another one. */
export function moveIntoPlace(now: SynchronousFileSystem, from: string, to: string): void {
  if (now.stat(to) !== undefined)
    throw new StoreFailure('unavailable', 'Something else has the name of a new message.');
  now.rename(from, to);
}

/** Removes a file that is not needed any more; it does not matter if it is gone. */
export async function removeIfThere(fs: FileSystem, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** True when done; false when the file was not there. */
export function tried(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** A file that was put into a folder, or may have been. */
export interface Placed {
  readonly base: string;
  readonly path: string;
}

/**
 * Takes landed files away again, durably: where they were put, by calls of microseconds, before anybody gives them a UID. For
 * those that have other flags by now the directories are read, once for all; and every folder's for those that are not there
 * either: their names are nobody else's.
 */
export async function withdraw(context: StoreContext, folder: string, placed: Iterable<Placed>): Promise<void> {
  const { fs } = context;
  const touched = new Set<string>();
  const moved = new Set<string>();
  let count = 0;
  for (const { base, path } of placed) {
    if (tried(() => fs.now.unlink(path))) touched.add(dirname(path));
    else moved.add(base);
    count += 1;
    if (count % GROUP === 0) await nextTurn(); // not by time: what a group has placed goes before events of it are looked at
  }
  // More than once: a file or its folder may be renamed again between the listing that names it and the unlink.
  for (let look = 1; look <= WITHDRAWALS && moved.size > 0; look += 1) {
    await withdrawMoved(fs, folder, moved, touched);
    if (moved.size > 0) await withdrawAnywhere(context, moved, touched);
  }
  for (const directory of touched) if (fs.now.exists(directory)) await fs.syncDirectory(directory);
}

/** Removes the files of these bases from one folder; those that were found are taken out of `bases`. */
async function withdrawMoved(fs: FileSystem, folder: string, bases: Set<string>, touched: Set<string>): Promise<void> {
  for (const inNew of [true, false]) {
    const directory = directoryOf(folder, inNew);
    for (const name of await namesIn(fs, directory)) {
      const base = parseFileName(name)?.base ?? '';
      if (!bases.has(base)) continue;
      if (!tried(() => fs.now.unlink(join(directory, name)))) continue; // renamed once more: another look finds it
      touched.add(directory);
      bases.delete(base);
    }
  }
}

/** None where the folder was deleted or renamed, or just is. */
async function namesIn(fs: FileSystem, directory: string): Promise<readonly string[]> {
  try {
    return await fs.names(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** The same in every folder: another program may have renamed the one that the files were put into, or moved them. */
async function withdrawAnywhere(
  { fs, maildir }: StoreContext,
  bases: Set<string>,
  touched: Set<string>,
): Promise<void> {
  const folders = (await fs.names(maildir)).filter((name) => name.startsWith('.'));
  for (const folder of ['', ...folders]) {
    if (bases.size === 0) return;
    await withdrawMoved(fs, join(maildir, folder), bases, touched);
  }
}

/** Clears up after a failure that is about to be told; that the clearing up fails as well is for the operator. */
export async function clearUp(context: StoreContext, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = errno(error) ?? 'unknown reason';
    const message = `Files of an operation that failed could not be taken away (${reason}).`;
    context.log({ level: 'warn', code: 'leftover-kept', message });
  }
}

/** Renames inside one transaction, or a part of it, to be undone when the index refuses it. */
export class Renames {
  readonly #now: SynchronousFileSystem;
  readonly #done: (() => void)[] = [];

  constructor(now: SynchronousFileSystem) {
    this.#now = now;
  }

  /** False when the file is not there. */
  rename(from: string, to: string): boolean {
    if (!tried(() => this.#now.rename(from, to))) return false;
    this.#done.push(() => this.#now.rename(to, from));
    return true;
  }

  /** Takes away the name `from` of a file that is called `to` as well; false when it is not there. */
  merge(from: string, to: string): boolean {
    if (!tried(() => this.#now.unlink(from))) return false;
    this.#done.push(() => this.#now.link(to, from));
    return true;
  }

  /** Names that somebody else has changed since stay: the next look finds those files. */
  undo(): void {
    for (const back of this.#done.reverse()) tried(back);
    this.#done.length = 0;
  }
}
