import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, for its owner only, with those above it that are missing; errors of the system are thrown. Node's own
 * recursive mkdir never ends where a folder that is there cannot take another and says ENOENT, as those of /proc do.
 */
export async function makeFolders(path: string): Promise<void> {
  if (isFolder(path)) return;
  await makeFolders(dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!isFolder(path)) throw error; // another program may have been as fast
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
