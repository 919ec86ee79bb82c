import type { PathLike } from 'node:fs';
import { open } from 'node:fs/promises';

/** Makes sure that the names in a directory outlive a power failure. */
export async function syncDirectory(path: PathLike): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
