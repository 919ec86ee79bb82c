import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUpDatabase, openConnection, openControl } from '../../src/database/index.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scorpiox-backup-'));
  file = join(folder, 'insights.db');
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  await control.value.addApp('shop');
  await control.value.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a copy is whole though the original is open and has what is only in its log', () => {
  const db = openConnection(file);
  db.exec("INSERT INTO apps (name, created_at) VALUES ('blog', 5)");
  const target = join(folder, 'copies', 'one.db');
  const made = backUpDatabase(file, target);
  expect(made).toEqual({ ok: true, value: { file: target, bytes: statSync(target).size } });
  expect(statSync(target).mode & 0o777).toBe(0o600);
  const copy = new DatabaseSync(target, { readOnly: true });
  expect(copy.prepare('SELECT name FROM apps ORDER BY name').all()).toEqual([{ name: 'blog' }, { name: 'shop' }]);
  copy.close();
  db.close();
  expect(readdirSync(join(folder, 'copies'))).toEqual(['one.db']);
});

test('a file that is there is not overwritten', () => {
  const target = join(folder, 'one.db');
  writeFileSync(target, 'precious');
  expect(backUpDatabase(file, target)).toMatchObject({ ok: false, error: { code: 'exists' } });
  expect(readFileSync(target, 'utf8')).toBe('precious');
});

test('what an earlier attempt left behind is no obstacle', () => {
  const target = join(folder, 'one.db');
  writeFileSync(`${target}.part`, 'half');
  expect(backUpDatabase(file, target)).toMatchObject({ ok: true });
});

test('a damaged database gives no copy, and the sentence says so', () => {
  const db = openConnection(file);
  db.exec(`INSERT INTO apps (name, created_at) SELECT 'app ' || value, 1 FROM json_each('[${'1,2,3,4,5,6,7,8'}]')`);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const bytes = readFileSync(file);
  for (let page = 1; page < bytes.length / 4096; page += 1) bytes.fill(0xff, page * 4096, page * 4096 + 200);
  writeFileSync(file, bytes);
  const target = join(folder, 'one.db');
  expect(backUpDatabase(file, target)).toMatchObject({ ok: false, error: { code: 'failed' } });
  expect(readdirSync(folder).filter((name) => name.startsWith('one'))).toEqual([]);
});
