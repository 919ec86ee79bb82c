/** Files as their octets, a window at a time: none is ever held whole. A symbolic link is never followed. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pathOf } from '../../plan/actions/path.ts';
import { LEAST_BYTES, WINDOW_BYTES } from './limits.ts';

/** A pipe does not hold it up: nobody needs to write there. */
const NOT_FOLLOWED = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens what lies at a path (as `pathText` writes it) for reading. */
export const openToRead = (path: string): Promise<FileHandle> => open(pathOf(path), NOT_FOLLOWED);

/** The octets of a file from its beginning. Each window is good until the next is asked for: they share their memory. */
export async function* windowsOf(file: FileHandle): AsyncGenerator<Buffer> {
  const { size } = await file.stat();
  // Many files are small; one that grows meanwhile is read in more of them.
  const buffer = Buffer.allocUnsafeSlow(Math.min(WINDOW_BYTES, Math.max(size, LEAST_BYTES)));
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** SHA-256 of octets, in hex. */
export async function digestOf(octets: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const window of octets) hash.update(window);
  return hash.digest('hex');
}
