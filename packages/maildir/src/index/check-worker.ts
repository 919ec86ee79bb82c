// The thread that checks a copy: says whether the database named by its data can be read.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { checkIndex } from './check.ts';

function check(file: string): boolean {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return checkIndex(db);
  } finally {
    db.close();
  }
}

parentPort?.postMessage(check(String(workerData)));
