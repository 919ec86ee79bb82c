/**
 * Copies the logs of refs, which no command of git does. Where a log lies before its ref is made, git goes on writing in it.
 * Refs that are kept in tables (reftable) have their logs there too: those are not copied.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { systemErrorCode } from '../../failure.ts';
import { pathOf } from '../../plan/actions/path.ts';
import { parentOf, removeEmpty } from '../../plan/actions/place.ts';

const logOf = (repository: string, ref: string): string => `${repository}/logs/${ref}`;

/** What a ref without a log answers: nothing, or a folder of other refs' logs, lies there. */
const NONE: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

/** Gives a ref that is yet to be made the log of another, if that has one. False where nothing was copied. */
export async function copyLog(repository: string, from: string, to: string): Promise<boolean> {
  const target = logOf(repository, to);
  await removeEmpty(target); // git leaves folders, and takes them away itself where it makes a log
  try {
    await mkdir(pathOf(parentOf(target)), { recursive: true });
    await copyFile(pathOf(logOf(repository, from)), pathOf(target), constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (NONE.includes(code)) await removeEmpty(parentOf(target));
    // What has a log there, or a log in place of a folder, is a ref in the way: git will say so.
    else if (code !== 'EEXIST') throw error;
    return false;
  }
}

/** Takes such a log away again, where its ref was not made. */
export async function removeLog(repository: string, ref: string): Promise<void> {
  await rm(pathOf(logOf(repository, ref)), { force: true });
  await removeEmpty(parentOf(logOf(repository, ref)));
}
