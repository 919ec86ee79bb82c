import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { migrate } from '../../src/database/sqlite/migrate.ts';
import { MIGRATIONS } from '../../src/database/sqlite/schema.ts';

const FAILED_TRACES = MIGRATIONS.findIndex(({ name }) => name === 'errors in the sums of traces');

test('errors in traces that are kept are failures in the sums afterwards, by minutes, hours and days', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, MIGRATIONS.slice(0, FAILED_TRACES), Date.now);
  const event = db.prepare(`
    INSERT INTO events (app_id, time, hash, received_at, kind, name, weight, success, severity)
    VALUES (1, ?, randomblob(16), 0, ?, 'n', ?, ?, ?)`);
  const minute = (at: number) => at * 60_000_000;
  for (const [at, kind, weight, success, severity] of [
    [1441, 'trace', 3, null, 'error'],
    [1441, 'trace', 2, null, 'critical'],
    [1441, 'trace', 7, null, 'warning'],
    [1441, 'request', 1, 1, 'error'],
    [1499, 'trace', 1, 0, null],
    [1500, 'trace', 5, null, 'error'],
  ] as const) {
    event.run(minute(at) + 1, kind, weight, success, severity);
  }
  const sums = (prefix: string, at: number, kind: string, count: number, failures: number) =>
    db
      .prepare(
        `INSERT INTO ${prefix}app_rollups (app_id, kind, minute, count, failures, timed, sum_us) VALUES (1, ?, ?, ?, ?, 0, 0)`,
      )
      .run(kind, at, count, failures);
  // The events of minute 100 are deleted.
  for (const [at, count, failures] of [
    [100, 9, 4],
    [1441, 12, 0],
    [1499, 1, 1],
    [1500, 5, 0],
  ] as const) {
    sums('', at, 'trace', count, failures);
  }
  sums('', 1441, 'request', 1, 0);
  for (const [at, count] of [
    [60, 9],
    [1440, 13],
    [1500, 5],
  ] as const) {
    sums('hour_', at, 'trace', count, at === 60 ? 4 : 0);
  }
  sums('day_', 0, 'trace', 9, 4);
  sums('day_', 1440, 'trace', 18, 1);
  migrate(db, MIGRATIONS, Date.now);
  const failures = (prefix: string, kind = 'trace') =>
    db
      .prepare(`SELECT minute, failures FROM ${prefix}app_rollups WHERE kind = ? ORDER BY minute`)
      .all(kind)
      .map((row) => [row.minute, row.failures]);
  expect(failures('')).toEqual([
    [100, 4],
    [1441, 5],
    [1499, 1],
    [1500, 5],
  ]);
  expect(failures('', 'request')).toEqual([[1441, 0]]);
  expect(failures('hour_')).toEqual([
    [60, 4],
    [1440, 6],
    [1500, 5],
  ]);
  expect(failures('day_')).toEqual([
    [0, 4],
    [1440, 11],
  ]);
});
