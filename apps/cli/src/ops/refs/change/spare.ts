import { createHash } from 'node:crypto';
import { lstat, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemErrorCode } from '../../failure.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { parentOf } from '../../plan/actions/place.ts';

/**
 * The place beside a file where what is to take its place is made ready (both as `pathText` writes them). It is the same at
 * each try, so that one who dies leaves nothing that the next one does not find.
 */
export function spareOf(path: string): string {
  const key = createHash('sha256').update(basename(path)).digest('hex').slice(0, 16);
  return join(parentOf(path), `.scorpiox-${key}.tmp`);
}

/** Whether a name is that of such a place. */
export const isSpare = (name: string): boolean => /^\.scorpiox-[0-9a-f]{16}\.tmp$/.test(name);

/** Whether somebody died before what was made ready took its place. */
export async function hasSpare(path: string): Promise<boolean> {
  try {
    await lstat(pathOf(spareOf(path)));
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}

export const removeSpare = (path: string): Promise<void> => rm(pathOf(spareOf(path)), { force: true });
