/**
 * Reads message files. Most are small and lie in the page cache, where a read takes microseconds and the thread pool
 * several times as long; but a read that waits for the disk must not hold up the event loop.
 *
 * Nothing tells beforehand whether a file lies in the cache. So it is tried: small files are read at once as long as that
 * turns out to be quick. A read that was slow has met a disk: the next ones of the process go to the thread pool, twice as
 * many each time that the trial after them is slow again, and few again once one is quick. Of a cold folder, then, one
 * read in a thousand waits in the loop. Large files always go to the thread pool, so that the loop turns between chunks.
 */
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { CHUNK, COLD_READS, MAX_COLD_READS, SLOW_READ } from '../limits.ts';
import type { OpenFile, Stat } from './file-system.ts';

const readLater = promisify(fs.read);

/** Decides whether the next small read may be tried at once. */
export class ReadPace {
  readonly #now: () => number;
  #waiting = 0;
  #penalty = COLD_READS;

  /** @param now milliseconds of a steady clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** To be asked before each read. */
  isQuick(): boolean {
    if (this.#waiting === 0) return true;
    this.#waiting -= 1;
    return false;
  }

  /** Runs a read at once and takes note of how long it was. */
  measure<T>(read: () => T): T {
    const start = this.#now();
    try {
      return read();
    } finally {
      if (this.#now() - start < SLOW_READ) this.#penalty = COLD_READS;
      else {
        this.#waiting = this.#penalty;
        this.#penalty = Math.min(2 * this.#penalty, MAX_COLD_READS);
      }
    }
  }
}

/** Belongs to the process, like its disks. */
const pace = new ReadPace(() => performance.now());

/**
 * Opens a regular file for reading. A symbolic link is refused; a pipe under a message's name does not block, and is
 * refused as well.
 */
export function openForReading(path: string, toStat: (stats: fs.BigIntStats) => Stat): OpenFile {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const descriptor = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const look = (): Stat => toStat(fs.fstatSync(descriptor, { bigint: true }));
  try {
    const stat = look();
    if (stat.kind !== 'file') throw Object.assign(new Error('No regular file.'), { code: 'EISDIR' });
    return reading(descriptor, stat.size <= CHUNK, look);
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
}

function reading(descriptor: number, isSmall: boolean, look: () => Stat): OpenFile {
  const refuse = async (): Promise<never> => {
    throw Object.assign(new Error('The file was opened for reading.'), { code: 'EPERM' });
  };
  /** Under way in the thread pool: the descriptor may not be closed, and become another file's, before they are done. */
  const reads = new Set<Promise<unknown>>();
  let isOpen = true;
  return {
    async read(buffer, position) {
      if (!isOpen) throw Object.assign(new Error('The file was closed.'), { code: 'EBADF' });
      if (isSmall && pace.isQuick())
        return pace.measure(() => fs.readSync(descriptor, buffer, 0, buffer.length, position));
      const read = readLater(descriptor, buffer, 0, buffer.length, position);
      reads.add(read);
      try {
        return (await read).bytesRead;
      } finally {
        reads.delete(read);
      }
    },
    write: refuse,
    setTime: refuse,
    sync: refuse,
    stat: async () => look(),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      if (reads.size > 0) await Promise.allSettled(reads);
      fs.closeSync(descriptor);
    },
  };
}
