/** The file system of the machine, by `node:fs`. */
import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { errno, isMissing } from './errors.ts';
import type { FileSystem, OpenFile, Stat, SynchronousFileSystem } from './file-system.ts';

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

async function syncDirectory(path: string): Promise<void> {
  const handle = await fs.promises.open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function syncPathNow(path: string): void {
  const descriptor = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

const synchronous: SynchronousFileSystem = {
  names: (directory) => fs.readdirSync(directory),
  stat(path) {
    const stats = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? undefined : toStat(stats);
  },
  rename: fs.renameSync,
  unlink: fs.unlinkSync,
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

/** A port onto the real file system. */
export const nodeFileSystem: FileSystem = {
  time: Date.now,
  open: async (path, how) => openFile(await fs.promises.open(path, how === 'read' ? 'r' : 'wx', FILE_MODE)),
  names: (directory) => fs.promises.readdir(directory),
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
  removeTree: (path) => fs.promises.rm(path, { recursive: true, force: true }),
  syncDirectory,
  watch(directory, onName, onError) {
    const watcher = fs.watch(directory, { persistent: false }, (event, name) => {
      // 'change' is about content or attributes: neither matters, a message's bytes never change.
      if (event === 'rename') onName(name ?? undefined);
    });
    watcher.on('error', onError);
    return () => watcher.close();
  },
  now: synchronous,
};
