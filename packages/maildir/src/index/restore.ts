/** Puts the copy of an index in the place of one that is lost. */
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errno, StoreFailure, sqliteCode } from '../errors.ts';
import type { StoreLog } from '../log.ts';
import { checkIndex } from './check.ts';
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

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Why a file cannot become the index; undefined when it can. */
function reasonAgainst(file: string): string | undefined {
  const db = new DatabaseSync(file);
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    if (version < 1) return 'it holds no index';
    if (version > MIGRATIONS.length) return 'it was made by a newer version of this program';
    return checkIndex(db) ? undefined : 'it is damaged';
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
  if (error instanceof StoreFailure) return true;
  const code = sqliteCode(error);
  if (code !== undefined) return code !== SQLITE_FULL;
  const reason = errno(error);
  return reason !== undefined && !PASSING.includes(reason);
}

/**
 * False where there is no copy, or none that can be used: that is logged, and it is renamed. Throws what may pass, a full
 * disk above all: to begin anew then would give up what the copy holds. `clear` takes away what lies under the index's name
 * and beside it, once the copy is ready to take its place.
 */
export function restoreCopy({ file, suffix, log }: IndexOpening, clear: () => void): boolean {
  const copy = copyOf(file);
  if (!existsSync(copy)) return false;
  const beside = `${file}.restoring-${suffix}`;
  try {
    copyFileSync(copy, beside, constants.COPYFILE_FICLONE);
    const reason = reasonAgainst(beside);
    if (reason !== undefined) throw new StoreFailure('unavailable', reason);
    prepare(beside);
    sync(beside);
    clear();
    linkSync(beside, file);
    sync(dirname(file));
  } catch (error) {
    if (!isUnusable(error)) throw error;
    const reason = error instanceof Error ? error.message : 'unknown reason';
    const aside = `${file}.unusable-${suffix}`;
    renameSync(copy, aside);
    const message = `The copy ${copy} of the mail index cannot be used and was renamed to ${aside}: ${reason}.`;
    log({ level: 'warn', code: 'copy-unusable', message });
    return false;
  } finally {
    for (const part of ['-wal', '-shm', '-journal', '']) rmSync(beside + part, { force: true });
  }
  const since = new Date(statSync(copy).mtimeMs).toISOString();
  const message =
    `The mail index ${file} was restored from its copy of ${since} and is corrected from the files. ` +
    'Keywords beyond the 26th of a mailbox, annotations, save dates and mailbox ids that are younger are lost.';
  log({ level: 'warn', code: 'index-restored', message });
  return true;
}
