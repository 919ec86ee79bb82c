/** Puts a file, or the names in a directory, on the disk. */
import { closeSync, fsync as fsyncByCallback, fsyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** The only call that waits for the disk, and so the only one of a small delivery that goes to the thread pool. */
export const fsync = promisify(fsyncByCallback);

/** Resolves once what the path names is on the disk; of a directory, that is which names are in it. */
export async function syncPath(path: string): Promise<void> {
  const descriptor = openSync(path, 'r');
  try {
    await fsync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The same in this turn, which waits for the disk. */
export function syncPathNow(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
