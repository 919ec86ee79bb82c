/** Puts the copy of an index in the place of one that is lost. */
import { constants, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errno, StoreFailure, sqliteCode } from '../errors.ts';
import { syncPath, syncPathNow } from '../files/sync-path.ts';
import type { StoreLog } from '../log.ts';
import { isSound } from './check-thread.ts';
import { Connection } from './connection.ts';
import { FactTable } from './facts.ts';
import { NEVER_SCANNED, UNTRUSTED } from './mailboxes.ts';
import { MIGRATIONS } from './schema.ts';

/** An index that is about to be opened. */
export interface IndexOpening {
  readonly file: string;
  /** Tells several damaged indexes apart. */
  readonly suffix: string;
  /** Whether this Maildir has had an index: then one that is not there is lost. */
  readonly hadIndex: boolean;
  readonly log: StoreLog;
}

/** The copy that is made from time to time. */
export const copyOf = (file: string): string => `${file}.copy`;

/** Why a file cannot become the index; undefined when it can. */
async function reasonAgainst(file: string): Promise<string | undefined> {
  const version = readVersion(file);
  if (version < 1) return 'it holds no index';
  if (version > MIGRATIONS.length) return 'it was made by a newer version of this program';
  return (await isSound(file)) ? undefined : 'it is damaged';
}

function readVersion(file: string): number {
  const db = new DatabaseSync(file);
  try {
    return Number(db.prepare('PRAGMA user_version').get()?.user_version);
  } finally {
    db.close();
  }
}

/** Brings the future index up to date and marks it: stamps are cleared, so that every folder is read. */
function prepare(file: string): void {
  const db = new Connection(file, 'exclusive');
  try {
    db.writeNow(() => {
      db.prepare('UPDATE mailboxes SET scanned = ? WHERE scanned <> ?').run(UNTRUSTED, NEVER_SCANNED);
      // The UIDs that another server gave belong to a UIDVALIDITY that the mailbox will not have any more.
      db.prepare('DELETE FROM adopted_uids').run();
      const facts = new FactTable(db);
      facts.set('restored', 'yes');
      facts.remove('copied');
      facts.remove('copying');
    });
  } finally {
    db.close(); // the last connection: all is in the one file now
  }
}

/** What the copy itself is not to blame for: no room for another one, or no descriptors left. */
const PASSING = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'];
const SQLITE_FULL = 13;

/** Whether an error speaks against the copy. Other errors are trouble that passes, or our own mistakes. */
function isUnusable(error: unknown): boolean {
  if (error instanceof StoreFailure) return error.code === 'index-replaced'; // damage was met
  const code = sqliteCode(error);
  if (code !== undefined) return code !== SQLITE_FULL;
  const reason = errno(error);
  return reason !== undefined && !PASSING.includes(reason);
}

/** What became of the copy: a file beside it that can take the index's place, or why there is none. */
export interface Candidate {
  readonly beside: string;
  /** The copy that this was made of. */
  readonly inode: number;
  readonly reason: string | undefined;
}

const discard = (beside: string): void => {
  for (const part of ['-wal', '-shm', '-journal', '.damaged', '']) rmSync(beside + part, { force: true });
};

/**
 * Prepares the copy to take the index's place; undefined where there is none. Its reading is done by other threads. Throws
 * what may pass, a full disk above all: to begin anew then would give up what the copy holds.
 */
export async function prepareCopy({ file, suffix }: IndexOpening): Promise<Candidate | undefined> {
  const copy = copyOf(file);
  const inode = statSync(copy, { throwIfNoEntry: false })?.ino;
  if (inode === undefined) return undefined;
  const beside = `${file}.restoring-${suffix}`;
  try {
    await copyFile(copy, beside, constants.COPYFILE_FICLONE);
    const reason = await reasonAgainst(beside);
    if (reason === undefined) {
      prepare(beside);
      await syncPath(beside);
    }
    return { beside, inode, reason };
  } catch (error) {
    discard(beside);
    if (!isUnusable(error)) throw error;
    return { beside, inode, reason: error instanceof Error ? error.message : 'unknown reason' };
  }
}

/** Removes what was prepared; an index that came of it has another name. */
export const discardCandidate = ({ beside }: Candidate): void => discard(beside);

function setCopyAside({ file, suffix, log }: IndexOpening, inode: number, reason: string): void {
  const copy = copyOf(file);
  if (statSync(copy, { throwIfNoEntry: false })?.ino !== inode) return; // another process was quicker
  const aside = `${file}.unusable-${suffix}`;
  renameSync(copy, aside);
  const message = `The copy ${copy} of the mail index cannot be used and was renamed to ${aside}: ${reason}.`;
  log({ level: 'warn', code: 'copy-unusable', message });
}

/**
 * Puts the candidate under the index's name; false where it cannot be used: that is logged, and the copy is renamed. `clear`
 * takes away what lies under the name and beside it.
 */
export function restoreCopy(opening: IndexOpening, { beside, inode, reason }: Candidate, clear: () => void): boolean {
  const { file, log } = opening;
  if (reason !== undefined) {
    setCopyAside(opening, inode, reason);
    return false;
  }
  const since = new Date(statSync(copyOf(file), { throwIfNoEntry: false })?.mtimeMs ?? 0).toISOString();
  try {
    clear();
    linkSync(beside, file);
    syncPathNow(dirname(file));
  } catch (error) {
    if (!isUnusable(error)) throw error;
    setCopyAside(opening, inode, error instanceof Error ? error.message : 'unknown reason');
    return false;
  }
  const message =
    `The mail index ${file} was restored from its copy of ${since} and is corrected from the files. ` +
    'Keywords beyond the 26th of a mailbox, annotations, save dates and mailbox ids that are younger are lost.';
  log({ level: 'warn', code: 'index-restored', message });
  return true;
}
