import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { unpackHistogram } from '../../src/database/histogram.ts';
import { migrate } from '../../src/database/sqlite/migrate.ts';
import { MIGRATIONS } from '../../src/database/sqlite/schema.ts';

const OVERVIEW = MIGRATIONS.findIndex(({ name }) => name.startsWith('rollups of applications'));

function unpacked(packed: unknown): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  if (packed instanceof Uint8Array) unpackHistogram(packed, (bucket, count) => found.push([bucket, count]));
  return found;
}

test('what was summed up by operation before is summed up by application too', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, MIGRATIONS.slice(0, OVERVIEW), Date.now);
  for (const [prefix, minute, later] of [
    ['', 61, 95],
    ['hour_', 60, 120],
    ['day_', 0, 1440],
  ] as const) {
    db.exec(`
      INSERT INTO ${prefix}rollups VALUES
        (1, 'request', ${minute}, 'a', 3, 1, 3, 30, 1, 20), (1, 'request', ${minute}, 'b', 2, 0, 2, 5, 2, 4),
        (1, 'exception', ${later}, 'E', 1.5, 0, 0, 0, NULL, NULL);
      INSERT INTO ${prefix}rollup_buckets VALUES
        (1, 'request', ${minute}, 'a', -1, 1), (1, 'request', ${minute}, 'a', 64, 2), (1, 'request', ${minute}, 'b', 64, 1.5);`);
  }
  migrate(db, MIGRATIONS, Date.now);
  for (const prefix of ['', 'hour_', 'day_']) {
    const rows = db.prepare(`SELECT * FROM ${prefix}app_rollups ORDER BY kind DESC`).all();
    const sums = { count: 5, failures: 1, timed: 5, sum_us: 35, min_us: 1, max_us: 20 };
    expect(rows).toMatchObject([
      { kind: 'request', ...sums },
      { kind: 'exception', count: 1.5, min_us: null },
    ]);
    expect(rows.map(({ latency }) => unpacked(latency))).toEqual([
      [
        [-1, 1],
        [64, 3.5],
      ],
      [],
    ]);
  }
  const hours = db.prepare('SELECT * FROM app_hours').all();
  expect(hours.map(({ requests, failures, exceptions }) => [requests, failures, exceptions].map(unpacked))).toEqual([
    [[[1, 5]], [[1, 1]], [[35, 1.5]]],
  ]);
  expect(db.prepare('SELECT minute, early, late FROM app_activity').all()).toMatchObject([
    { minute: 60, early: 2, late: 32 },
  ]);
});
