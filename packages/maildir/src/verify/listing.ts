/** A folder's files as they are: names as bytes, looked at one by one, never followed. */
import type { Dir, Stats } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { errno } from '../errors.ts';

/** Something that stands in a directory. */
export interface Entry {
  readonly name: Uint8Array;
  readonly stat: Stats;
  /** For a symbolic link: what it leads to, if anything. */
  readonly target?: Stats | undefined;
}

const SLASH = Buffer.from('/');

/** Each entry of a directory but the two of every directory. Those that vanish meanwhile are passed over. */
export async function* entriesOf(directory: string): AsyncGenerator<Entry> {
  // Node's types know names as texts only; with this encoding they are bytes.
  const entries = (await opendir(directory, { encoding: 'buffer' as BufferEncoding })) as Dir;
  for await (const entry of entries) {
    const name = entry.name as unknown as Buffer;
    const path = Buffer.concat([Buffer.from(directory), SLASH, name]);
    const own = await lookAt(path, lstat);
    if (own === undefined) continue;
    yield own.isSymbolicLink() ? { name, stat: own, target: await lookAt(path, stat) } : { name, stat: own };
  }
}

async function lookAt(path: Buffer, look: (path: Buffer) => Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await look(path);
  } catch (error) {
    if (errno(error) === 'ENOENT' || errno(error) === 'ELOOP') return undefined;
    throw error;
  }
}
