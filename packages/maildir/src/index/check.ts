/** Whether an index can be read, page by page. */
import type { DatabaseSync } from 'node:sqlite';

/** SQLite's quick check: every page and row, without comparing indexes with their tables. Milliseconds per ten megabytes. */
export function checkIndex(db: DatabaseSync): boolean {
  return db.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok';
}
