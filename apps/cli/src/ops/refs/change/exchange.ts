/*
 * A file's content is exchanged
 *
 * Whoever opens the file, at any moment and after any power failure, reads the old content or the new one, whole.
 *
 * - New content is made ready beside the file (spare.ts), synced, and renamed over it; then the folder is synced.
 * - It is not renamed unless the file held what was expected, the new content is what was foreseen, and the file is still the
 *   one that was read. A program that writes to it between that last look and the rename loses what it wrote: a system
 *   without mandatory locks has no way to rule that out.
 * - Mode, owner and group are kept. The date becomes that of the change, also on the way back: build tools go by it. Access
 *   control lists and extended attributes are lost on Linux, where Node does not know them.
 * - The place beside the file is the same for each try (spare.ts). Where two runs change a file at once, only one whose own
 *   content still lies there goes on.
 * - A file of several names (hard links) would be parted from the others: that has to be asked for.
 */
import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat, open, rename } from 'node:fs/promises';
import { err, ok, type Result } from '@scorpiox/shared/result';
import { type Failure, systemErrorCode } from '../../failure.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { parentOf } from '../../plan/actions/place.ts';
import { syncDirectory } from '../../sync-directory.ts';
import { digestOf, openToRead, windowsOf } from './contents.ts';
import { removeSpare, spareOf } from './spare.ts';

export interface Exchange {
  /** As `pathText` writes it. */
  readonly path: string;
  /** SHA-256 of what it holds, and of what it is to hold. */
  readonly from: string;
  readonly to: string;
  /** Whether it may have other names, which keep the old content. */
  readonly mayHaveNames: boolean;
}

/** `content` gives the new content, of the file as it is. Errors of the system are thrown. */
export async function exchange(
  { path, from, to, mayHaveNames }: Exchange,
  content: (old: FileHandle) => AsyncIterable<Buffer>,
): Promise<Result<void, Failure>> {
  await removeSpare(path);
  const old = await openToRead(path);
  try {
    const seen = await old.stat({ bigint: true });
    if (!seen.isFile()) return refuse('stale', `${path} is no file any more.`);
    if (seen.nlink > 1n && !mayHaveNames) return refuse('refused', `${path} has other names (hard links).`);
    const now = await digestOf(windowsOf(old));
    if (now === to) return ok(undefined);
    if (now !== from) return refuse('stale', `${path} has changed.`);
    const { made, digest } = await makeReady(path, seen, content(old));
    if (!(await isStill(path, seen))) return refuse('stale', `${path} has changed.`);
    if (!(await isStill(spareOf(path), made))) return refuse('try-again', `Another program changes ${path} too.`);
    if (digest !== to) return refuse('error', `${path} cannot be given the content that was planned for it.`);
    await rename(pathOf(spareOf(path)), pathOf(path));
    await syncDirectory(pathOf(parentOf(path)));
    return ok(undefined);
  } finally {
    await old.close();
    await removeSpare(path);
  }
}

const refuse = (kind: Failure['kind'], message: string): Result<never, Failure> => err({ kind, message });

/** Writes the new content beside the file, on disk when this returns, and tells its SHA-256. */
async function makeReady(
  path: string,
  like: BigIntStats,
  content: AsyncIterable<Buffer>,
): Promise<{ readonly made: BigIntStats; readonly digest: string }> {
  const file = await open(pathOf(spareOf(path)), 'wx', 0o600);
  try {
    const digest = await digestOf(writing(file, content));
    await giveRights(path, file, like);
    await file.sync();
    return { made: await file.stat({ bigint: true }), digest };
  } finally {
    await file.close();
  }
}

async function* writing(file: FileHandle, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const octets of content) {
    await file.writeFile(octets);
    yield octets;
  }
}

/** Owner before mode: a change of owner takes set-user-ID away. */
async function giveRights(path: string, file: FileHandle, { uid, gid, mode }: BigIntStats): Promise<void> {
  const own = await file.stat({ bigint: true });
  try {
    if (own.uid !== uid || own.gid !== gid) await file.chown(Number(uid), Number(gid));
  } catch (error) {
    if (systemErrorCode(error) !== 'EPERM') throw error;
    throw Object.assign(new Error(`EPERM: ${path} would not stay that of user ${uid} and group ${gid}`), {
      code: 'EPERM',
    });
  }
  await file.chmod(Number(mode & 0o7777n));
}

async function isStill(path: string, seen: BigIntStats): Promise<boolean> {
  const now = await lstat(pathOf(path), { bigint: true });
  return (['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const).every((field) => now[field] === seen[field]);
}
