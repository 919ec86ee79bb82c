/** What a store is opened with, and what is made of it: the directories, the index, and what the parts of the store share. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Delivery, StoreContext } from './context.ts';
import { StoreFailure, toStoreError } from './errors.ts';
import type { FileSystem } from './files/file-system.ts';
import { nodeFileSystem } from './files/node-file-system.ts';
import * as folders from './folders/folders.ts';
import type { Repeat } from './index/copy.ts';
import { MailIndex } from './index/index.ts';
import { openIndex } from './index/open.ts';
import { FLAG_SYNC, GROUP } from './limits.ts';
import { newStats, type StoreLog, type StoreStats } from './log.ts';
import { baseNames } from './names/file-name.ts';
import { readBootId } from './reboot.ts';
import { OwnChanges, tellingOwnChanges } from './sync/own-changes.ts';
import type { TextService } from './text/service.ts';
import { Groups } from './writing/groups.ts';
import { LateSync } from './writing/late-sync.ts';
import { Underway } from './writing/underway.ts';

/** What opening a store needs; everything but the two paths has a default. */
export interface MailStoreOptions {
  /** The Maildir's root; made, with the directories above it, when it is not there. */
  readonly maildir: string;
  /**
   * The user's index; made, or restored or rebuilt, when it is not there or damaged. Outside the Maildir or in it, on a disk
   * of the machine: SQLite's write-ahead log needs shared memory. Files beside it begin with its name.
   */
  readonly indexFile: string;
  /** Milliseconds since the epoch; `Date.now` when absent. Fractions are cut off. */
  readonly clock?: () => number;
  /** So many random bytes, for names; `randomBytes` of `node:crypto` when absent. */
  readonly random?: (bytes: number) => Uint8Array;
  /** Stands in the names of new files; the machine's when absent. */
  readonly hostName?: string;
  /** Stands in the names of new files beside it; the process's when absent. */
  readonly processId?: number;
  /**
   * How message files, folders and the small files beside them are read, written and watched; the machine's when absent
   * (`nodeFileSystem`). Two things go past it: the index and its copies, which SQLite reads and writes, and the thread of
   * the text index, which reads messages by itself.
   */
  readonly fileSystem?: FileSystem;
  /**
   * Names the machine's boot; the kernel's `boot_id` when absent. Undefined where nothing does: flags are synced before they
   * are answered then.
   */
  readonly bootId?: () => string | undefined;
  /** Told of what is worth an operator's attention; nobody when absent. */
  readonly log?: StoreLog;
  /** What builds and searches the text index; without it `findText` leaves every message to be read. */
  readonly text?: TextService;
  /** The text index's file; `text.db` beside the index when absent. No two stores may share one. */
  readonly textFile?: string;
  /** Calls something every so many milliseconds without keeping the process alive; returns what stops it. */
  readonly repeat?: Repeat;
}

function makeLateSync(
  fs: FileSystem,
  index: MailIndex,
  boot: string | undefined,
  log: StoreLog,
  stats: StoreStats,
): LateSync {
  return new LateSync({
    syncLog: () => index.db.syncLog(),
    syncDirectory: (path) => fs.syncDirectory(path),
    delay: boot === undefined ? undefined : FLAG_SYNC,
    onFailure(error) {
      stats.lateSyncFailures += 1;
      const reason = error instanceof Error ? error.message : 'unknown reason';
      const message = `Flags that were answered may not survive a power failure: ${reason}`;
      log({ level: 'warn', code: 'flags-unsynced', message });
    },
  });
}

/** Runs a step of opening; what fails is said with the path that it is about. */
async function about<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = toStoreError(error);
    if (known === undefined) throw error;
    if (known.code !== 'no-such-mailbox') throw new StoreFailure(known.code, `${path}: ${known.message}`, error);
    throw new StoreFailure('unavailable', `${path}: This path, or a part of it, is no directory.`, error);
  }
}

/** Makes what is missing, and opens the index. */
export async function openContext(options: MailStoreOptions): Promise<StoreContext> {
  const { maildir, indexFile, random = randomBytes, hostName = hostname(), fileSystem = nodeFileSystem } = options;
  const { processId = process.pid } = options;
  const log = options.log ?? (() => undefined);
  const given = options.clock ?? Date.now;
  const clock = (): number => Math.floor(given());
  const newBase = baseNames({ clock, random, hostName, processId });
  await about(maildir, async () => {
    await folders.makeTree(fileSystem, maildir);
    await folders.ensureDirectories(fileSystem, maildir);
  });
  const hadIndex = (await fileSystem.stat(join(maildir, folders.UIDVALIDITY_FILE))) !== undefined;
  const connection = await about(indexFile, async () => {
    await folders.makeTree(fileSystem, dirname(indexFile));
    return openIndex({ file: indexFile, suffix: newBase(), hadIndex, log });
  });
  const index = new MailIndex(connection);
  const stats = newStats();
  const unreadableFolders = new Set<string>();
  const boot = (options.bootId ?? readBootId)();
  const lateSync = makeLateSync(fileSystem, index, boot, log, stats);
  const deliveries = new Groups<Delivery>(GROUP);
  const underway = new Underway();
  const own = new OwnChanges();
  const fs = tellingOwnChanges(fileSystem, index.db, own);
  const textFile = options.textFile ?? join(dirname(indexFile), 'text.db');
  const text = options.text?.open({ maildir, indexFile, textFile }, log);
  return {
    maildir,
    fs,
    index,
    clock,
    newBase,
    log,
    stats,
    unreadableFolders,
    boot,
    deliveries,
    underway,
    own,
    lateSync,
    text,
    textFile,
  };
}
