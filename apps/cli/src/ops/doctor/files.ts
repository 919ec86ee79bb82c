import type { Stats } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { systemErrorCode } from '../failure.ts';

/** What lies there; undefined where nothing does. Other errors are thrown. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Whether this user may write there. */
export const isWritable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );

/** Whether this user may read it. */
export const isReadable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

/** Whether others than its owner may read it. */
export const isOpenToOthers = ({ mode }: Stats): boolean => (mode & 0o077) !== 0;
