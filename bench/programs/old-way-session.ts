// A session of the journal's old way (bench/ingest/old-way.ts): looks through the table for each row, then inserts it.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Session, SessionResult } from '../ingest/old-way.ts';

const { file, first } = workerData as Session; // exactly this is given by whoever starts it
const db = new DatabaseSync(file, { timeout: 60_000 });
db.exec('PRAGMA synchronous = FULL');
const look = db.prepare('SELECT 1 FROM event WHERE app = ? AND time = ? AND hash = ?');
const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?)');

// The one message says until when, milliseconds since 1970.
parentPort?.once('message', (until: number) => {
  const waits: number[] = [];
  for (let number = first; Date.now() < until; number += 1) {
    const start = performance.now();
    const hash = Buffer.alloc(16);
    hash.writeUInt32BE(number);
    if (look.get(1, number, hash) === undefined) insert.run(1, number, hash, 'GET /cart', 12_500);
    waits.push(performance.now() - start);
  }
  db.close();
  parentPort?.postMessage({ waits } satisfies SessionResult);
});
