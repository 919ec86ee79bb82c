import type { DatabaseSync } from 'node:sqlite';

/** Reads everything as of one moment, whatever is committed meanwhile. */
export function inSnapshot<T>(db: DatabaseSync, read: () => T): T {
  db.exec('BEGIN');
  try {
    return read();
  } finally {
    db.exec('COMMIT');
  }
}
