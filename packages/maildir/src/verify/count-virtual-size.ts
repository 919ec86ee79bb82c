import { open } from 'node:fs/promises';
import { errno } from '../errors.ts';
import { CHUNK } from '../limits.ts';

/** A file's bytes with every bare LF counted as CRLF; undefined where it is gone. */
export async function countVirtualSize(path: string, signal?: AbortSignal): Promise<number | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      return await count(
        (buffer) => file.read(buffer, 0, buffer.length, null).then(({ bytesRead }) => bytesRead),
        signal,
      );
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function count(read: (buffer: Buffer) => Promise<number>, signal: AbortSignal | undefined): Promise<number> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  let size = 0;
  let before = 0;
  for (;;) {
    signal?.throwIfAborted();
    const length = await read(buffer);
    if (length === 0) return size;
    size += length;
    for (let at = buffer.indexOf(0x0a); at >= 0 && at < length; at = buffer.indexOf(0x0a, at + 1)) {
      if ((at === 0 ? before : buffer[at - 1]) !== 0x0d) size += 1;
    }
    before = buffer[length - 1] ?? 0;
  }
}
