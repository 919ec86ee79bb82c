// The thread of the text index, which dies once, after its first transaction with texts. A module without arguments:
// whoever starts it makes one that calls `dieOnce`.
import { existsSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import '../../src/text/text-worker.ts';

function hasTexts(file: string): boolean {
  if (!existsSync(file)) return false;
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(db.prepare('SELECT count(*) AS n FROM messages').get()?.n) > 0;
  } catch {
    return false; // it is being made
  } finally {
    db.close();
  }
}

/** @param file the text index @param mark a file that says that the thread has died */
export function dieOnce(file: string, mark: string): void {
  if (existsSync(mark)) return;
  if (hasTexts(file)) {
    writeFileSync(mark, '');
    process.exit(1);
  }
  setImmediate(() => dieOnce(file, mark));
}
