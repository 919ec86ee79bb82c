// The journal's old way: IF NOT EXISTS (SELECT …) INSERT …, without an index, on SQLite, from 81 sessions at once, each a
// thread with a connection of its own. Two sessions send each row, as retries do: what both insert is a duplicate.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { seconds } from '../table.ts';

const ROWS = 900_000;
const SESSIONS = 81;
const LASTS_MS = 10_000;
/** Numbers that two sessions have to themselves. */
const OWN = 100_000;

export interface Session {
  readonly file: string;
  /** The number of its first row. */
  readonly first: number;
}

export interface SessionResult {
  /** Milliseconds that each row took. */
  readonly waits: readonly number[];
}

interface OldWay {
  /** Rows a second, all sessions together. */
  readonly rate: number;
  /** Milliseconds that each row took. */
  readonly waits: readonly number[];
  /** Rows that are there twice. */
  readonly duplicates: number;
}

function fill(file: string): void {
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
    CREATE TABLE event (app INTEGER, time INTEGER, hash BLOB, name TEXT, duration INTEGER);
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS - 1})
      INSERT INTO event SELECT i % 15, i, randomblob(16), 'GET /cart', 12500 FROM n;
    PRAGMA wal_checkpoint(TRUNCATE)`);
  db.close();
}

export async function oldWay(): Promise<OldWay> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-old-'));
  const file = join(folder, 'old.db');
  const workers: Worker[] = [];
  try {
    fill(file);
    for (let at = 0; at < SESSIONS; at += 1) {
      const session: Session = { file, first: ROWS + Math.floor(at / 2) * OWN };
      const worker = new Worker(new URL('../programs/old-way-session.ts', import.meta.url), { workerData: session });
      workers.push(worker);
      await once(worker, 'online');
    }
    let results: readonly SessionResult[] = [];
    const taken = await seconds(async () => {
      const until = Date.now() + LASTS_MS;
      results = await Promise.all(workers.map((worker) => run(worker, until)));
    });
    const waits = results.flatMap((result) => result.waits);
    return { rate: waits.length / taken, waits, duplicates: duplicatesIn(file) };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(worker: Worker, until: number): Promise<SessionResult> {
  const answer = once(worker, 'message');
  worker.postMessage(until);
  const [result] = await answer;
  return result as SessionResult; // the one message of bench/programs/old-way-session.ts
}

function duplicatesIn(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare('SELECT count(*) - count(DISTINCT hash) AS n FROM event WHERE time >= ?').get(ROWS);
  db.close();
  return Number(row?.n);
}
