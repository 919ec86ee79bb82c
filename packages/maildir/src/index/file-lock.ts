/** A lock on a file that dies with its holder: an SQLite database of its own, since no other lock of Node's does. */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { sqliteCode } from '../errors.ts';

const BUSY = 5;

/** Takes the lock; undefined where another process has it. Calling what it returns gives it back. */
export function takeLock(file: string): (() => void) | undefined {
  closeSync(openSync(file, 'a', 0o600));
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (sqliteCode(error) === BUSY) return undefined;
    throw error;
  }
  return () => db.close();
}
