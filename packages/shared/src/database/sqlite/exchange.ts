import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../result.ts';
import type { DatabaseError } from '../errors.ts';
import { IN_USE_MS } from '../limits.ts';
import { firstProblem, sync } from './backup.ts';
import { isBusy } from './connection.ts';
import { readVersion } from './migrate.ts';
import { tooNew } from './open.ts';
import { MIGRATIONS } from './schema.ts';

/*
 * One database in the place of another
 *
 * Invariants: at the name that programs open, a whole database lies at every moment, the old one or the new one; the old one
 * stays whole under another name; nobody has it open while it goes.
 *
 * Hazards: with a log beside it a file is only a part of a database, and a log of the one beside the other would spoil it.
 * Whoever has a file open goes on with it under whatever name. The process may die between any two calls.
 *
 * Rules:
 * 1. Leaving WAL needs the file alone, so it tells whether anybody else has it open; it also empties and removes the log. The
 *    lock that is taken then keeps everybody out until the names are changed.
 * 2. The old one gets its second name by a link, then the new one takes the first name by a rename: there is no moment
 *    without a database. What lies at the second name already is never replaced.
 */

/** What was put beside a database to take its place. */
export interface CheckedCopy {
  /** Of its schema. */
  readonly version: number;
  readonly bytes: number;
}

/**
 * Copies a backup to where its place is by a rename, and checks the copy: sound, an insights database, of no newer version
 * than this program's. What lies at `target` from an attempt before is replaced. Errors: `cannot-open`, `schema-too-new`, `failed`.
 */
export function copyChecked(backup: string, target: string): Result<CheckedCopy, DatabaseError> {
  try {
    if (hasLog(backup))
      return failed(`${backup} has a log beside it: it is in use, or was not closed, and is no backup`);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    rmSync(target, { force: true });
    copyFileSync(backup, target, constants.COPYFILE_FICLONE);
    chmodSync(target, 0o600);
    const checked = check(backup, target);
    if (!checked.ok) rmSync(target, { force: true });
    else sync(target);
    return checked;
  } catch (error) {
    rmSync(target, { force: true });
    return failed(`${backup} cannot be restored: ${reasonOf(error)}`);
  }
}

function check(backup: string, copy: string): Result<CheckedCopy, DatabaseError> {
  const problem = firstProblem(copy);
  if (problem !== undefined) return failed(`${backup} is damaged: ${problem}`);
  const db = new DatabaseSync(copy);
  try {
    const version = readVersion(db);
    if (version === 0) return failed(`${backup} is no insights database`);
    if (version > (MIGRATIONS.at(-1)?.version ?? 0)) return tooNew(backup, version);
    db.exec('PRAGMA journal_mode = DELETE'); // no log beside it when its name changes
    return ok({ version, bytes: statSync(copy).size });
  } finally {
    db.close();
  }
}

export interface Exchange {
  /** The name that programs open. */
  readonly file: string;
  /** What is to lie there; where nothing does, `file` is only set aside. */
  readonly incoming: string;
  /** Where that goes which lies there now, if anything does. */
  readonly aside: string;
}

/** Puts one database in the place of another. Errors: `busy` (somebody has it open), `exists` (at `aside`), `failed`. */
export function exchangeDatabase(exchange: Exchange): Result<void, DatabaseError> {
  const { file, incoming, aside } = exchange;
  if (!existsSync(file)) {
    if (hasLog(file))
      return failed(
        `${file} is not there, and its log is: it would spoil what takes that name. Put both back together, or move ${file}-wal away`,
      );
    renameSync(incoming, file);
    sync(dirname(file));
    return ok(undefined);
  }
  // Cut off after the link: what was to be kept is where it was, under both names.
  if (isSameFile(file, incoming)) {
    rmSync(incoming);
    return ok(undefined);
  }
  if (existsSync(aside) && !isSameFile(file, aside)) {
    return err({ code: 'exists', message: `${aside} is there already.` });
  }
  try {
    const db = new DatabaseSync(file, { timeout: IN_USE_MS });
    try {
      db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
      if (hasLog(file)) return failed(`${file} still has its log beside it`);
      change(exchange);
      db.exec('ROLLBACK');
      return ok(undefined);
    } finally {
      db.close();
    }
  } catch (error) {
    if (isBusy(error)) return err({ code: 'busy', message: `${file} is in use by another process.` });
    return failed(`${file} cannot be replaced: ${reasonOf(error)}`);
  }
}

function change({ file, incoming, aside }: Exchange): void {
  if (existsSync(incoming)) {
    if (!existsSync(aside)) linkSync(file, aside);
    sync(dirname(aside));
    renameSync(incoming, file);
  } else {
    renameSync(file, aside);
  }
  sync(dirname(file));
}

/** What is written of a transaction before it is in the file; an empty one says nothing. */
const hasLog = (file: string): boolean => (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;

function isSameFile(one: string, other: string): boolean {
  const [first, second] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return first !== undefined && second !== undefined && first.dev === second.dev && first.ino === second.ino;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const failed = (sentence: string): Result<never, DatabaseError> => err({ code: 'failed', message: `${sentence}.` });
