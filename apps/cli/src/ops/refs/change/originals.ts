/**
 * The octets of files as they were before they were changed, each file under its SHA-256, for their owner only. A run's
 * journal says which it needs. What two runs need is there once, so none is removed when a run is taken back.
 */
import type { FileHandle } from 'node:fs/promises';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../failure.ts';
import { makeFolders } from '../../make-folders.ts';
import { syncDirectory } from '../../sync-directory.ts';
import { digestOf, windowsOf } from './contents.ts';

/** Keeps what a file holds, on disk when this returns; whether that was what its name says. */
export async function keepOriginal(folder: string, digest: string, file: FileHandle): Promise<boolean> {
  await makeFolders(folder);
  const spare = join(folder, `.${digest}-${process.pid}`);
  const copy = await open(spare, 'w', 0o600);
  try {
    const copied = await digestOf(copying(file, copy));
    await copy.sync();
    if (copied !== digest) return false;
    await rename(spare, join(folder, digest));
    await syncDirectory(folder);
    return true;
  } finally {
    await copy.close();
    await rm(spare, { force: true });
  }
}

async function* copying(file: FileHandle, copy: FileHandle): AsyncGenerator<Buffer> {
  for await (const window of windowsOf(file)) {
    await copy.writeFile(window);
    yield window;
  }
}

/** What was kept. */
export async function* original(folder: string, digest: string): AsyncGenerator<Buffer> {
  const file = await openOriginal(folder, digest);
  try {
    yield* windowsOf(file);
  } finally {
    await file.close();
  }
}

async function openOriginal(folder: string, digest: string): Promise<FileHandle> {
  try {
    return await open(join(folder, digest), 'r');
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    throw new Error(`what the file held is not in ${folder} any more`);
  }
}
