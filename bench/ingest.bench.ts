// Events durable per second, through HTTP, JSON, validation, identity, the group commit and the rollups, beside bare batched
// inserts into a table with the same key, synchronous=FULL, in the same run.

import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { addApp } from '../tests/support/api.ts';
import { peakSince, startPeak } from '../tests/support/memory.ts';
import { startPlatform } from '../tests/support/platform.ts';
import { figure, printTable, seconds } from './table.ts';

const CONNECTIONS = 81;
const BATCH = 100;
const BATCHES = 1500;

function bareInserts(): void {
  const database = new DatabaseSync(join(mkdtempSync(join(tmpdir(), 'bench-')), 'bare.db'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE event (app INTEGER, time INTEGER, hash BLOB, name TEXT, duration INTEGER, PRIMARY KEY (app, time, hash)) WITHOUT ROWID`);
  const insert = database.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  for (let batch = 0; batch < BATCHES; batch += 1) {
    database.exec('BEGIN');
    for (let row = 0; row < BATCH; row += 1) insert.run(1, Date.now(), randomBytes(16), 'GET /cart', 12_500);
    database.exec('COMMIT');
  }
}

function batch(number: number): string {
  const time = new Date().toISOString();
  const events = Array.from({ length: BATCH }, (_, row) => ({
    kind: 'request',
    time,
    name: `GET /page/${row % 20}`,
    id: `${number}-${row}`,
    durationMs: (row * 7) % 500,
    success: row % 50 !== 0,
    code: '200',
  }));
  return JSON.stringify(events);
}

const bare = (BATCHES * BATCH) / (await seconds(bareInserts));
const platform = await startPlatform();
try {
  const keys = await Promise.all(
    Array.from({ length: 15 }, async (_, n) => (await addApp(platform, `bench-${n}`)).key),
  );
  const server = startPeak(platform.process.pid, 'apps/insights-api');
  const waits: number[] = [];
  let next = 0;
  async function connection(): Promise<void> {
    for (let number = next++; number < BATCHES; number = next++) {
      const start = performance.now();
      const answer = await fetch(`http://127.0.0.1:${platform.ports.api}/api/ingest`, {
        method: 'POST',
        headers: { authorization: `Bearer ${keys[number % keys.length]}` },
        body: batch(number),
      });
      if (answer.status !== 200) throw new Error(`ingest answered ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
      waits.push(performance.now() - start);
    }
  }
  const taken = await seconds(async () => {
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  });
  waits.sort((a, b) => a - b);
  const ours = (BATCHES * BATCH) / taken;
  printTable(
    `Ingest: ${CONNECTIONS} connections, batches of ${BATCH}, the load generator on the same machine`,
    ['what', 'figure'],
    [
      ['events durable per second', figure(ours)],
      ['bare batched inserts per second', figure(bare)],
      ['ratio', figure(ours / bare)],
      [
        'p50 / p99 of the answer, ms',
        `${figure(waits[Math.floor(waits.length / 2)] ?? 0)} / ${figure(waits[Math.floor(waits.length * 0.99)] ?? 0)}`,
      ],
      ["the API's memory rose by, MB", figure(peakSince(server) / 2 ** 20)],
    ],
  );
} finally {
  await platform.stop();
}
