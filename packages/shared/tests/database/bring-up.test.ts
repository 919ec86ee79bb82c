import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { bringFileUp, isBehind, MIGRATIONS, type Migration, type MigrationProgress } from '../../src/database/index.ts';
import { openConnection } from '../../src/database/sqlite/connection.ts';
import { migrate } from '../../src/database/sqlite/migrate.ts';
import { temporaryFolder } from '../folders.ts';

const DAY = 24 * 60;
const newest = MIGRATIONS.at(-1)?.version ?? 0;

/** A database as the program of a version left it, and a connection to it. */
function oldDatabase(version: number): { readonly file: string; readonly db: DatabaseSync } {
  const file = join(temporaryFolder(), 'insights.db');
  const db = openConnection(file);
  onTestFinished(() => db.close());
  migrate(db, MIGRATIONS.slice(0, version), Date.now);
  return { file, db };
}

const behind = (file: string) => isBehind({ kind: 'sqlite', file });
const versionOf = (db: DatabaseSync) => db.prepare('SELECT max(version) AS version FROM migrations').get()?.version;

/** Sums by the minute of two applications, two kinds and three operations, over days with gaps and on their edges. */
function fillRollups(db: DatabaseSync): void {
  const insert = db.prepare('INSERT INTO rollups VALUES (?, ?, ?, ?, ?, 1, 2, ?, ?, ?)');
  const bucket = db.prepare('INSERT INTO rollup_buckets VALUES (?, ?, ?, ?, ?, 2)');
  const minutes = [0, 59, 60, DAY - 1, DAY, 3 * DAY + 1, 3 * DAY + 2, 40 * DAY, 41 * DAY - 1];
  for (const app of [1, 7]) {
    for (const kind of ['dependency', 'request']) {
      for (const [index, minute] of minutes.entries()) {
        for (const name of ['a', 'b', `only ${minute}`]) {
          insert.run(app, kind, minute + app, name, index + 1, index * 10, index === 2 ? null : index, index * 5);
          for (const number of [-1, index]) bucket.run(app, kind, minute + app, name, number);
        }
      }
    }
  }
}

test('the sums by hours and days are those that one statement over everything makes', () => {
  const { file, db } = oldDatabase(2);
  fillRollups(db);
  expect(bringFileUp(file, () => {})).toEqual({ ok: true });
  for (const [length, minutes] of [
    ['hour', 60],
    ['day', DAY],
  ] as const) {
    const start = `minute - minute % ${minutes}`;
    const sums =
      db.prepare(`SELECT app_id, kind, ${start} AS minute, name, sum(count) AS count, sum(failures) AS failures,
      sum(timed) AS timed, sum(sum_us) AS sum_us, min(min_us) AS min_us, max(max_us) AS max_us
      FROM rollups GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`);
    expect(db.prepare(`SELECT * FROM ${length}_rollups ORDER BY 1, 2, 3, 4`).all()).toEqual(sums.all());
    const buckets = db.prepare(`SELECT app_id, kind, ${start} AS minute, name, bucket, sum(count) AS count
      FROM rollup_buckets GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`);
    expect(db.prepare(`SELECT * FROM ${length}_rollup_buckets ORDER BY 1, 2, 3, 4, 5`).all()).toEqual(buckets.all());
  }
});

test('how far it is, is told within a step by the rows that it has read', () => {
  const { file, db } = oldDatabase(2);
  fillRollups(db);
  const seen: MigrationProgress[] = [];
  const rows = 5_000;
  const heavy: Migration = {
    version: newest + 1,
    name: 'heavy',
    sql: '',
    reads: ['rollups', 'not_there'],
    move: (_, step) => step(rows), // more than there are, as when some came since they were counted
  };
  expect(bringFileUp(file, (progress) => seen.push(progress), [...MIGRATIONS, heavy])).toEqual({ ok: true });
  expect(seen[0]).toMatchObject({ done: undefined });
  const known = seen.slice(1).map(({ done = Number.NaN }) => done);
  expect(known[0]).toBe(0);
  expect(known).toEqual(known.toSorted((a, b) => a - b));
  const inside = seen.filter(({ detail }) => detail === 'version 3: rollups of hours and days');
  expect(new Set(inside.map(({ done }) => done)).size).toBeGreaterThan(10);
  expect(known.at(-1)).toBeLessThan(1); // what is left is the change of the schema itself
});

test('it waits while another process has the lock, however often that takes the longest wait', () => {
  const { file, db } = oldDatabase(2);
  db.exec('BEGIN IMMEDIATE');
  let waits = 0;
  const outcome = bringFileUp(file, ({ detail }) => {
    if (!detail.startsWith('waits for another process')) return;
    waits += 1;
    if (waits === 2) db.exec('COMMIT');
  });
  expect([outcome, waits, versionOf(db)]).toEqual([{ ok: true }, 2, newest]);
});

test('a step that fails leaves the database as it was, and is told in a sentence', () => {
  const { file, db } = oldDatabase(2);
  fillRollups(db);
  const broken: Migration = { version: newest + 1, name: 'broken', sql: 'INSERT INTO not_there VALUES (1)' };
  const outcome = bringFileUp(file, () => {}, [...MIGRATIONS, broken]);
  expect(outcome).toMatchObject({ ok: false, error: { code: 'cannot-open' } });
  if (!outcome.ok) expect(outcome.error.message).toMatch(/insights\.db cannot be brought .* as it was: .*not_there/);
  expect(versionOf(db)).toBe(2);
  expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'hour_rollups'").get()).toBeUndefined();
});

test('a database of an older program is behind; a new one, a current one, a newer one and a stray file are not', async () => {
  const { file, db } = oldDatabase(2);
  expect(await behind(file)).toEqual({ ok: true, value: true });
  expect(versionOf(db)).toBe(2);
  bringFileUp(file, () => {});
  expect(await behind(file)).toEqual({ ok: true, value: false });
  db.exec("INSERT INTO migrations VALUES (999, 'future', 0)");
  expect(await behind(file)).toEqual({ ok: true, value: false });
  expect(bringFileUp(file, () => {})).toMatchObject({ ok: false, error: { code: 'schema-too-new' } });
  const stray = join(temporaryFolder(), 'notes.txt');
  writeFileSync(stray, 'not a database');
  const missing = join(temporaryFolder(), 'nested', 'insights.db');
  expect([await behind(stray), await behind(missing)]).toEqual(Array(2).fill({ ok: true, value: false }));
  expect(existsSync(missing)).toBe(false);
});
