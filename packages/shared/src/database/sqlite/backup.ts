import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { err, ok, type Result } from '../../result.ts';
import type { DatabaseError } from '../errors.ts';
import { openConnection } from './connection.ts';

/** A copy that was made. */
export interface Backup {
  readonly file: string;
  readonly bytes: number;
}

/** Where a copy lies while it is made: beside its place, so that it gets there by a rename. */
export const unfinishedBackup = (target: string): string => `${target}.part`;

/**
 * Copies the insights database as of one moment while others write to it, checks the copy, and puts it in its place only
 * then: synced, for its owner alone. Blocks its thread for as long as it takes. `exists`: there is a file in that place.
 * `failed`: the disk is full, the database is damaged (the sentence says what the check found), or the like.
 *
 * VACUUM INTO rather than SQLite's backup by pages: that one begins anew whenever another connection writes, so under
 * ingest it would never end.
 */
export function backUpDatabase(file: string, target: string): Result<Backup, DatabaseError> {
  const part = unfinishedBackup(target);
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    if (statSync(target, { throwIfNoEntry: false }) !== undefined) {
      return err({ code: 'exists', message: `${target} is there already.` });
    }
    rmSync(part, { force: true });
    copy(file, part);
    const problem = firstProblem(part);
    if (problem !== undefined) throw new Error(`the copy is not sound: ${problem}`);
    putInPlace(part, target);
    return ok({ file: target, bytes: statSync(target).size });
  } catch (error) {
    rmSync(part, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    return err({ code: 'failed', message: `${file} could not be copied to ${target}: ${reason}.` });
  }
}

function copy(file: string, part: string): void {
  const db = openConnection(file, { readOnly: true });
  try {
    db.prepare('VACUUM INTO ?').run(part);
  } finally {
    db.close();
  }
}

/** What SQLite's integrity check finds first; undefined for a sound file. */
export function firstProblem(file: string): string | undefined {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const found = Object.values(db.prepare('PRAGMA integrity_check(1)').get() ?? {})[0];
    return found === 'ok' ? undefined : String(found);
  } finally {
    db.close();
  }
}

function putInPlace(part: string, target: string): void {
  chmodSync(part, 0o600);
  sync(part);
  renameSync(part, target);
  sync(dirname(target));
}

/** Makes sure that a file's content, or a directory's names, outlive a power failure. */
export function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
