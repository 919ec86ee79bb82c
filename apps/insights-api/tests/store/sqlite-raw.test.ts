import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseQuery } from '@scorpiox/shared/query-language';
import { expect, test } from 'vitest';
import { toCondition } from '../../src/store/raw/predicate.ts';
import { SqliteDialect } from '../../src/store/sqlite/raw/dialect.ts';
import { endText, OPERATION } from '../../src/store/sqlite/raw/read-raw.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { openRawDatabase } from '../helpers/raw-database.ts';
import { rawContract } from './raw-contract.ts';
import { RAW_QUERIES } from './raw-queries.ts';

rawContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-raw-'));
  const { store, apps, close } = await openRawDatabase(folder, ['shop', 'blog']);
  return {
    store,
    shop: apps.get('shop') ?? 0,
    blog: apps.get('blog') ?? 0,
    close: async () => {
      close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

test('conditions are these, and none of them holds a text of the asker', async () => {
  const all = RAW_QUERIES.map((typed) => {
    const parsed = parseQuery(typed);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const dialect = new SqliteDialect();
    return `-- ${typed}\n${toCondition(parsed.value.query, dialect)}\n-- ${JSON.stringify(dialect.parameters)}\n`;
  });
  await expect(all.join('\n')).toMatchFileSnapshot('sqlite-conditions.sql');
});

test('slices are ranges of the key, and a trace is found by its index', async () => {
  const { db, close } = await openRawDatabase(temporaryFolder(), ['shop']);
  const plan = (sql: string) =>
    db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail);
  const key = "app_id = 1 AND (time, hash) < (9, x'')";
  expect(
    plan(`SELECT time, hash FROM events WHERE ${key} AND time >= 1 ORDER BY time DESC, hash DESC LIMIT 1 OFFSET 9`),
  ).toEqual(['SEARCH events USING PRIMARY KEY (app_id=? AND time>? AND (time,hash)<(?,?))']);
  expect(plan(`SELECT * FROM events WHERE ${key} AND (time, hash) >= (1, x'') ORDER BY time DESC, hash DESC`)).toEqual([
    'SEARCH events USING PRIMARY KEY (app_id=? AND (time,hash)>(?,?) AND (time,hash)<(?,?))',
  ]);
  expect(plan(endText('oldest'))).toEqual([
    'SEARCH events USING PRIMARY KEY (app_id=? AND (time,hash)>(?,?) AND time<?)',
  ]);
  expect(plan(OPERATION)).toContain('SEARCH e USING INDEX events_by_operation (<expr>=? AND <expr>=?)');
  close();
});
