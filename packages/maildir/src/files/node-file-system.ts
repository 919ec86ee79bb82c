/** The file system of the machine, by `node:fs`. */
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errno, isMissing } from '../errors.ts';
import { QUEUE_ALARM } from '../limits.ts';
import { lightSliceTimer, sliceTimer } from '../slices.ts';
import type { FileSystem, OpenFile, Stat, SynchronousFileSystem, WrittenFile } from './file-system.ts';
import { openForReading } from './read-file.ts';
import { fsync, syncPath, syncPathNow } from './sync-path.ts';

/** Mail is private: owner only, whatever the umask. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

function toStat(stats: BigIntStats): Stat {
  return {
    id: `${stats.dev}:${stats.ino}`,
    kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other',
    size: Number(stats.size),
    mtime: stats.mtimeNs,
    ctime: Number(stats.ctimeMs),
  };
}

function openFile(handle: fs.promises.FileHandle): OpenFile {
  return {
    read: async (buffer, position) => (await handle.read(buffer, 0, buffer.length, position)).bytesRead,
    async write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
      }
    },
    setTime: async (time) => handle.utimes(time / 1000, time / 1000),
    sync: async () => handle.sync(),
    stat: async () => toStat(await handle.stat({ bigint: true })),
    close: async () => handle.close(),
  };
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += fs.writeSync(descriptor, bytes, done, bytes.length - done);
}

function create(path: string, bytes: Uint8Array, time: number): WrittenFile {
  const descriptor = fs.openSync(path, 'wx', FILE_MODE);
  try {
    writeAll(descriptor, bytes);
    fs.futimesSync(descriptor, time / 1000, time / 1000);
  } catch (error) {
    fs.closeSync(descriptor);
    fs.unlinkSync(path);
    throw error;
  }
  return { sync: () => fsync(descriptor), close: () => fs.closeSync(descriptor) };
}

function appendText(path: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_APPEND);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  try {
    fs.writeSync(descriptor, text);
  } finally {
    fs.closeSync(descriptor);
  }
  return true;
}

/** Names per call into the kernel: the fastest of those that stay below a millisecond. */
const DIRECTORY_BATCH = 1024;

/** Some file systems do not tell the kind of an entry: then it has to be looked at. */
function kindOf(path: string, entry: fs.Dirent): 'file' | 'link' | undefined {
  if (entry.isFile()) return 'file';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory() || entry.isFIFO() || entry.isSocket()) return undefined;
  const stats = fs.lstatSync(join(path, entry.name), { throwIfNoEntry: false });
  return stats?.isFile() ? 'file' : stats?.isSymbolicLink() ? 'link' : undefined;
}

/**
 * A synchronous reading in slices: half the time of an asynchronous one, which makes a job for the thread pool of each
 * batch and a promise of each name.
 */
async function files(
  path: string,
  onName: (name: string) => void,
  onLink: (name: string) => void = () => undefined,
): Promise<void> {
  const directory = fs.opendirSync(path, { bufferSize: DIRECTORY_BATCH });
  const isOver = lightSliceTimer();
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      const kind = kindOf(path, entry);
      if (kind === 'file') onName(entry.name);
      else if (kind === 'link') onLink(entry.name);
      if (isOver()) await nextTurn();
    }
  } finally {
    directory.closeSync();
  }
}

/** Everything in a directory, read in slices. */
async function entriesOf(path: string): Promise<fs.Dirent[]> {
  const entries: fs.Dirent[] = [];
  const directory = fs.opendirSync(path, { bufferSize: DIRECTORY_BATCH });
  const isOver = sliceTimer();
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      entries.push(entry);
      if (isOver()) await nextTurn();
    }
  } finally {
    directory.closeSync();
  }
  return entries;
}

/** Node's own makes promises of all names of a directory in one turn of the loop: half a second of it for 100,000. */
async function removeTree(path: string): Promise<void> {
  try {
    if (fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) await fs.promises.unlink(path);
    else await removeDirectory(path);
  } catch (error) {
    if (!isMissing(error)) throw error; // somebody else removes it as well
  }
}

function unlinkNow(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function removeDirectory(path: string): Promise<void> {
  const isOver = sliceTimer();
  for (const entry of await entriesOf(path)) {
    const within = join(path, entry.name);
    if (entry.isFile()) unlinkNow(within);
    else await removeTree(within);
    if (isOver()) await nextTurn();
  }
  await fs.promises.rmdir(path);
}

const synchronous: SynchronousFileSystem = {
  exists: fs.existsSync,
  isLink(path) {
    try {
      return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  },
  names: (directory) => fs.readdirSync(directory),
  stat(path) {
    const stats = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? undefined : toStat(stats);
  },
  create,
  link: fs.linkSync,
  rename: fs.renameSync,
  unlink: fs.unlinkSync,
  appendText,
  readText(path) {
    try {
      return fs.readFileSync(path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  replaceText(path, text) {
    const beside = `${path}.${process.pid}.tmp`; // callers hold the index's write lock: one writer a process
    fs.writeFileSync(beside, text, { mode: FILE_MODE, flush: true });
    fs.renameSync(beside, path);
    syncPathNow(dirname(path));
  },
};

/**
 * The watches of a thread share one queue in the kernel. When it is full it drops events, and Node does not pass that
 * on. Since the queue is read to its end at each turn of the loop, it cannot have been full in a turn that brought few
 * events; after one that brought many, every watch is told that names may be missing.
 */
export class EventQueue {
  readonly #watches = new Set<() => void>();
  readonly #alarm: number;
  #heard = 0;

  /** `capacity`: events that the kernel's queue holds. */
  constructor(capacity: number) {
    this.#alarm = Math.min(Math.floor(capacity / 2), QUEUE_ALARM);
  }

  add(onDoubt: () => void): () => void {
    this.#watches.add(onDoubt);
    return () => this.#watches.delete(onDoubt);
  }

  count(): void {
    if (this.#heard === 0) setImmediate(() => this.#turn());
    this.#heard += 1;
  }

  #turn(): void {
    const isInDoubt = this.#heard >= this.#alarm;
    this.#heard = 0;
    if (isInDoubt) for (const onDoubt of this.#watches) onDoubt();
  }
}

/** What the administrator of this machine has set; the kernel's default where it cannot be read. */
function queueCapacity(): number {
  try {
    return Number.parseInt(fs.readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'), 10) || 2 * QUEUE_ALARM;
  } catch {
    return 2 * QUEUE_ALARM; // no Linux, or no /proc
  }
}

/** Belongs to the thread's event loop, like the kernel's queue itself: see `nodeFileSystem`. */
const queue = new EventQueue(queueCapacity());

/**
 * A port onto the real file system, for any number of stores. There is one in a thread, and no factory for it: all watches of
 * a thread share one queue in the kernel, and whether that may have overflowed shows in the number of events of all of
 * them together. Two that each counted their own would both miss an overflow that they caused together. For a like reason it
 * keeps in mind how fast reads were lately (read-file.ts): the disks are the same for all stores. Nothing else is kept.
 */
export const nodeFileSystem: FileSystem = {
  time: Date.now,
  open: async (path, how) =>
    how === 'read' ? openForReading(path, toStat) : openFile(await fs.promises.open(path, 'wx', FILE_MODE)),
  names: (directory) => fs.promises.readdir(directory),
  files,
  async stat(path) {
    try {
      return toStat(await fs.promises.stat(path, { bigint: true }));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  link: fs.promises.link,
  rename: fs.promises.rename,
  unlink: fs.promises.unlink,
  async makeDirectory(path) {
    try {
      await fs.promises.mkdir(path, { mode: DIRECTORY_MODE });
    } catch (error) {
      if (errno(error) !== 'EEXIST') throw error;
    }
  },
  removeTree,
  syncDirectory: syncPath,
  watch(directory, onName, onError) {
    const stopDoubting = queue.add(() => onName(undefined));
    const watcher = fs.watch(directory, { persistent: false }, (event, name) => {
      queue.count();
      // 'change' is about content or attributes: neither matters, a message's bytes never change.
      if (event === 'rename') onName(name ?? undefined);
    });
    watcher.on('error', onError);
    return () => {
      stopDoubting();
      watcher.close();
    };
  },
  now: synchronous,
};
