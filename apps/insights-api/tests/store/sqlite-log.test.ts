import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openConnection } from '@scorpiox/shared/database';
import { expect, test } from 'vitest';
import { makeLogKeeper } from '../../src/store/sqlite/log-keeper.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('the log grows while somebody reads for long, and is emptied afterwards', () => {
  const file = join(temporaryFolder(), 'insights.db');
  const writer = openConnection(file);
  writer.exec('PRAGMA wal_autocheckpoint = 1; CREATE TABLE t (x BLOB)');
  const keepShort = makeLogKeeper(writer, file, { mostBytes: 100_000, patienceMs: 1 });
  const logBytes = () => statSync(`${file}-wal`).size;
  const write = () => {
    writer.exec('INSERT INTO t VALUES (randomblob(30000))');
    keepShort();
  };
  const reader = openConnection(file, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM t').get();
  for (let index = 0; index < 20; index += 1) write();
  expect(logBytes()).toBeGreaterThan(500_000);
  reader.exec('COMMIT');
  // From now on there is always somebody who reads from the log, though nobody for long.
  const others = [reader, openConnection(file, { readOnly: true })];
  for (const [index, other] of [...others, ...others, ...others].entries()) {
    other.exec('BEGIN');
    other.prepare('SELECT count(*) FROM t').get();
    write();
    if (index > 0) others[(index + 1) % 2]?.exec('COMMIT');
  }
  others[1]?.exec('COMMIT');
  for (let index = 0; index < 4; index += 1) write();
  expect(logBytes()).toBeLessThan(200_000);
  expect(writer.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 30 });
  expect(writer.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 10_000 });
  for (const db of [...others, writer]) db.close();
});
