import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { LOG_MOST_BYTES, LOG_PATIENCE_MS } from '../../limits.ts';

/*
 * The write-ahead log begins anew only when a writer finds all of it copied into the database and nobody reading from it.
 * While one reader is at work for long (a backup), or several without a gap between them, it grows with every commit, and
 * the file never gets smaller by itself.
 *
 * So a log that is too long is copied and emptied by a checkpoint that waits for its readers. New ones do not hinder it:
 * they see the state that it copies. It waits no longer than a commit may take; while it cannot succeed it is tried again
 * for each time that the log has grown by as much.
 */

interface LogLimits {
  /** Bytes beyond which the log is too long. */
  readonly mostBytes: number;
  /** How long readers are waited for, milliseconds. */
  readonly patienceMs: number;
}

const LIMITS: LogLimits = { mostBytes: LOG_MOST_BYTES, patienceMs: LOG_PATIENCE_MS };

/** Makes the function that keeps the log of `file` short, to be called between transactions of this connection. */
export function makeLogKeeper(db: DatabaseSync, file: string, { mostBytes, patienceMs } = LIMITS): () => void {
  const patience = db.prepare('PRAGMA busy_timeout').get()?.timeout;
  let most = mostBytes;
  return () => {
    const bytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes <= most) return;
    db.exec(`PRAGMA busy_timeout = ${patienceMs}`);
    try {
      const outcome = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      most = outcome?.busy === 0 ? mostBytes : bytes + mostBytes;
    } catch {
      most = bytes + mostBytes; // a full disk, say: what was committed is safe where it is
    } finally {
      db.exec(`PRAGMA busy_timeout = ${patience}`);
    }
  };
}
