import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BUSY_TIMEOUT_MS, WAL_ATTEMPTS, WAL_AUTOCHECKPOINT_PAGES, WAL_PAUSE_MS } from '../limits.ts';

export interface ConnectionOptions {
  /** For readers: the file must exist, and no statement can change it. */
  readonly readOnly?: boolean;
  /** How long a statement waits for another connection's lock, milliseconds: this thread does nothing else meanwhile. */
  readonly busyTimeoutMs?: number;
}

/** SQLite's own result code behind an error of node:sqlite (https://sqlite.org/rescode.html), without its extension. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

const [SQLITE_NOMEM, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY] = [7, 5, 6, 8];
const [SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_FULL, SQLITE_CANTOPEN] = [10, 11, 13, 14];

const TRANSIENT = new Set([
  SQLITE_NOMEM,
  SQLITE_BUSY,
  SQLITE_LOCKED,
  SQLITE_READONLY,
  SQLITE_IOERR,
  SQLITE_CORRUPT,
  SQLITE_FULL,
  SQLITE_CANTOPEN,
]);

/** Whether the database was locked by somebody else for longer than the busy time-out. */
export const isBusy = (error: unknown): boolean => sqliteCode(error) === SQLITE_BUSY;

/** SQLITE_CONSTRAINT_TRIGGER. Our schema has no triggers: only a database that has moved (../move-marks.ts) refuses so. */
const MOVED = 1811;

/** Whether a statement failed for a reason that lies outside its data: the same statement may work later. */
export const isTransient = (error: unknown): boolean =>
  TRANSIENT.has(sqliteCode(error) ?? 0) || (error instanceof Error && 'errcode' in error && error.errcode === MOVED);

/**
 * Opens the file as every part of the platform does: WAL so that readers never block the writer, synchronous=FULL so
 * that a commit which was answered survives a power cut, foreign keys on. Throws what node:sqlite throws.
 */
export function openConnection(file: string, options: ConnectionOptions = {}): DatabaseSync {
  const { readOnly = false, busyTimeoutMs = BUSY_TIMEOUT_MS } = options;
  if (!readOnly) makePrivateFile(file);
  const db = new DatabaseSync(file, { readOnly, timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
  try {
    if (!readOnly) useWal(db);
    db.exec(`PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${WAL_AUTOCHECKPOINT_PAGES}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The file holds secrets: only its owner may read it. Made before SQLite does, whose -wal and -shm take over its mode. */
function makePrivateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

/** Two processes that make the same new file meet here, and the lock for this switch does not honour the time-out. */
function useWal(db: DatabaseSync): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      db.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || attempt >= WAL_ATTEMPTS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_PAUSE_MS);
    }
  }
}

/**
 * Runs `work` in one transaction that has the write lock from its start, so it never fails half way for want of it.
 * Whatever `work` throws undoes all of it.
 */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    db.exec('COMMIT');
    return value;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
