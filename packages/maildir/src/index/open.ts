/**
 * Opens a user's index. One that cannot be read is set aside under another name, never removed. In the place of a damaged
 * or lost one comes the last copy (copy.ts) if that is sound, else a new one: what the files hold is then brought back
 * from them, under higher UIDVALIDITYs.
 *
 * Processes that find the index missing at once take turns by a lock that dies with its holder (an SQLite file of its
 * own: no other lock of Node's does): a write-ahead log that is left over must be out of the way before the copy gets the
 * index's name, or SQLite would apply it to the copy, and nobody may move away what another has just put there. A copy
 * gets the name by a link, which cannot overwrite, and carries the fact `restored` until its mailboxes have new
 * UIDVALIDITYs (../recovery.ts): no process can use it with the old ones, whoever dies in between.
 */
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { sqliteExtendedCode } from '../errors.ts';
import { Connection, damageMark, isDamaged, whileBusy } from './connection.ts';
import { type Candidate, discardCandidate, type IndexOpening, prepareCopy, restoreCopy } from './restore.ts';

const inodeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino;
/** An empty file is what a first opening leaves that did not get further, or a disk in trouble. */
const isThere = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** Renames the index and its companions, the write-ahead log first: it must never be applied to the next index. */
export function moveAway(file: string, aside: string): void {
  for (const part of ['-wal', '-shm', '']) {
    if (existsSync(file + part)) renameSync(file + part, aside + part);
  }
}

/** Sets the index aside that was found damaged, unless another process was quicker. */
function setAside({ file, suffix, log }: IndexOpening, inode: number | undefined): void {
  const now = inodeOf(file);
  if (now !== undefined && now === inode) {
    const aside = `${file}.damaged-${suffix}`;
    moveAway(file, aside);
    const message = `The damaged mail index ${file} was renamed to ${aside}.`;
    log({ level: 'warn', code: 'index-set-aside', message });
  }
  // Whoever took the damaged index away left the mark: it must not condemn the next index.
  if (now === undefined || now === inode) rmSync(damageMark(file), { force: true });
}

const LOST = 'keywords beyond the 26th of a mailbox, annotations, special uses, save dates and mailbox ids';

/** Puts the copy or, where there is none, an empty file in the place of an index that is not there. */
function replace(opening: IndexOpening, candidate: Candidate | undefined): void {
  const { file, suffix, hadIndex, log } = opening;
  if (isThere(file)) return;
  const clear = (): void => moveAway(file, `${file}.left-${suffix}`);
  if (candidate !== undefined && restoreCopy(opening, candidate, clear)) return;
  // One that is empty stays: another process may be about to fill it. What is left of a log SQLite removes then.
  closeSync(openSync(file, 'a', 0o600));
  if (!hadIndex) return;
  const message = `The mail index ${file} is built anew from the files. What it alone held is lost: ${LOST}.`;
  log({ level: 'warn', code: 'index-rebuilt', message });
}

/**
 * Runs `work` while no other process can be at the same. It runs in the same turn as the lock is taken: to close the lock
 * file anywhere in this process would give the lock up.
 */
export async function alone(file: string, work: () => void): Promise<void> {
  const lockFile = `${file}.lock`;
  closeSync(openSync(lockFile, 'a', 0o600));
  const lock = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    await whileBusy(() => {
      lock.exec('BEGIN EXCLUSIVE');
      work();
    });
  } finally {
    lock.close();
  }
}

/** SQLITE_IOERR_SHMSIZE: the file that processes share the state of the write-ahead log by could not be made. */
const NO_SHARED_MEMORY = 4874;

/**
 * Opens the file that is there, for its owner only: SQLite gives its companions the same mode. Where the disk is so full that
 * SQLite's shared memory cannot be made, this process takes the index for itself, which needs none: mail can be read.
 */
async function connect({ file, log }: IndexOpening): Promise<Connection> {
  try {
    return await whileBusy(() => new Connection(file));
  } catch (error) {
    if (sqliteExtendedCode(error) !== NO_SHARED_MEMORY) throw error;
    const connection = await whileBusy(() => new Connection(file, 'exclusive'));
    const message = `The disk is full: the mail index ${file} is open for this process alone, and mail can only be read.`;
    log({ level: 'warn', code: 'index-exclusive', message });
    return connection;
  }
}

/** Puts an index in its place where there is none, or one that is marked as damaged. */
async function provide(opening: IndexOpening): Promise<void> {
  const { file } = opening;
  const isMarked = existsSync(damageMark(file));
  if (!isMarked && isThere(file)) return;
  const inode = inodeOf(file);
  const candidate = await prepareCopy(opening);
  try {
    await alone(file, () => {
      if (isMarked) setAside(opening, inode);
      replace({ ...opening, hadIndex: opening.hadIndex || (isMarked && inode !== undefined) }, candidate);
    });
  } finally {
    if (candidate !== undefined) discardCandidate(candidate);
  }
}

/** More than one for damage that is met, and for a file that others set aside at that moment. */
const ATTEMPTS = 4;

/** The index's directory must be there. */
export async function openIndex(opening: IndexOpening): Promise<Connection> {
  const { file } = opening;
  let { hadIndex } = opening;
  for (let attempt = 1; ; attempt += 1) {
    await provide({ ...opening, hadIndex });
    const inode = inodeOf(file);
    try {
      return await connect(opening);
    } catch (error) {
      // Another process has set it aside meanwhile, or is about to put the next one in its place.
      const wasTaken = inode === undefined || inodeOf(file) !== inode;
      if (attempt === ATTEMPTS || !(isDamaged(error) || wasTaken)) throw error;
      if (!isDamaged(error)) continue;
      hadIndex = true;
      await alone(file, () => setAside(opening, inode));
    }
  }
}
