import type { BigIntStats, PathLike } from 'node:fs';
import { lchown, lstat, mkdir, readlink, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../failure.ts';
import { syncDirectory } from '../../sync-directory.ts';
import { pathOf } from './path.ts';

/** Nothing lies there. */
export const ABSENT = 'absent';

/**
 * What lies at a path (as `pathText` writes it), in words that another file, other content, mode or owner would change,
 * and a move would not.
 */
export async function stateOf(path: string): Promise<string> {
  const place = pathOf(path);
  const found = await look(place);
  if (found === undefined) return ABSENT;
  const identity = `${found.dev}:${found.ino}`;
  const rights = `mode ${(found.mode & 0o7777n).toString(8).padStart(4, '0')}, user ${found.uid}`;
  // A directory's time and size change with what is in it, which is no part of it.
  if (found.isDirectory()) return `directory ${identity}, ${rights}`;
  if (found.isSymbolicLink()) return `link ${identity} to ${await readlink(place)}`;
  return `${found.isFile() ? 'file' : 'special file'} ${identity}, ${found.size} bytes of ${found.mtimeNs}, ${rights}`;
}

async function look(path: PathLike): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The directory that a path stands in, both as `pathText` writes them: no escape holds a slash. */
export const parentOf = (path: string): string => dirname(path);

/** Makes a folder, for its owner only, to stay, with those above it that are missing. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(pathOf(path), { mode: 0o700 });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    await makeFolder(parentOf(path));
    return makeFolder(path);
  }
  const above = await lstat(pathOf(parentOf(path)));
  // What root makes in somebody's folder is theirs, or they could not use it.
  if (process.getuid?.() === 0) await lchown(pathOf(path), above.uid, above.gid);
  await syncDirectory(pathOf(parentOf(path)));
}

/** Removes a folder and those above it as long as they are empty. One that has to stay does no harm. */
export async function removeEmpty(path: string): Promise<void> {
  try {
    await rmdir(pathOf(path));
  } catch {
    return;
  }
  await removeEmpty(parentOf(path));
}
