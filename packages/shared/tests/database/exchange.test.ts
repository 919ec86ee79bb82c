import { copyFileSync, existsSync, linkSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  backUpDatabase,
  copyChecked,
  exchangeDatabase,
  openConnection,
  openControl,
} from '../../src/database/index.ts';

let folder: string;
let file: string;
let backup: string;
let incoming: string;
let aside: string;

/** A database with `shop` in it, a backup of it, and then `blog` in it as well. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scorpiox-exchange-'));
  [file, backup, incoming, aside] = ['insights.db', 'backup.db', 'incoming.db', 'aside.db'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string]; // four names, four paths
  const control = await openControl({ kind: 'sqlite', file });
  if (!control.ok) throw new Error(control.error.message);
  await control.value.addApp('shop');
  backUpDatabase(file, backup);
  await control.value.addApp('blog');
  await control.value.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function appsOf(path: string): unknown[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db
      .prepare('SELECT name FROM apps ORDER BY name')
      .all()
      .map(({ name }) => name);
  } finally {
    db.close();
  }
}

test('the copy takes the place, and the old one stays whole, with what was in its log', () => {
  copyFileSync(file, `${file}.whole`);
  const db = openConnection(file);
  db.exec("INSERT INTO apps (name, created_at) VALUES ('late', 5); PRAGMA wal_autocheckpoint = 0");
  copyFileSync(`${file}-wal`, join(folder, 'log'));
  db.close();
  copyFileSync(join(folder, 'log'), `${file}-wal`); // as a process that was killed leaves it
  expect(copyChecked(backup, incoming)).toMatchObject({ ok: true, value: { version: expect.any(Number) } });
  expect(exchangeDatabase({ file, incoming, aside })).toEqual({ ok: true, value: undefined });
  expect(appsOf(file)).toEqual(['shop']);
  expect(appsOf(aside)).toEqual(['blog', 'late', 'shop']);
  expect(readdirSync(folder).filter((name) => /-wal|-shm|-journal/.test(name))).toEqual([]);
  expect(exchangeDatabase({ file, incoming: aside, aside: incoming })).toMatchObject({ ok: true });
  expect([appsOf(file), appsOf(incoming)]).toEqual([['blog', 'late', 'shop'], ['shop']]);
});

test('while anybody has it open nothing is changed, though nobody reads or writes', () => {
  copyChecked(backup, incoming);
  const db = openConnection(file);
  db.prepare('SELECT 1 FROM apps').get();
  expect(exchangeDatabase({ file, incoming, aside })).toMatchObject({ ok: false, error: { code: 'busy' } });
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  db.close();
  expect([appsOf(file), existsSync(aside)]).toEqual([['blog', 'shop'], false]);
});

test('cut off after the link, it is done again or taken back', () => {
  copyChecked(backup, incoming);
  linkSync(file, aside);
  expect(exchangeDatabase({ file, incoming, aside })).toMatchObject({ ok: true });
  expect([appsOf(file), appsOf(aside)]).toEqual([['shop'], ['blog', 'shop']]);
  rmSync(aside);
  linkSync(file, aside);
  expect(exchangeDatabase({ file, incoming: aside, aside: incoming })).toMatchObject({ ok: true });
  expect([appsOf(file), existsSync(aside)]).toEqual([['shop'], false]);
});

test('what lies where the old one would go is not replaced; where nothing is, it takes its place alone', () => {
  copyChecked(backup, incoming);
  writeFileSync(aside, 'precious');
  expect(exchangeDatabase({ file, incoming, aside })).toMatchObject({ ok: false, error: { code: 'exists' } });
  rmSync(file);
  writeFileSync(`${file}-wal`, 'a log without its database');
  expect(exchangeDatabase({ file, incoming, aside })).toMatchObject({ ok: false, error: { code: 'failed' } });
  rmSync(`${file}-wal`);
  expect(exchangeDatabase({ file, incoming, aside })).toMatchObject({ ok: true });
  expect(appsOf(file)).toEqual(['shop']);
});

test('a damaged backup, another database, one of a newer program and one that is in use are no backups', () => {
  const refused = (from: string) => {
    const made = copyChecked(from, incoming);
    expect(existsSync(incoming)).toBe(false);
    return made;
  };
  const other = join(folder, 'other.db');
  const make = (sql: string) => {
    const db = new DatabaseSync(other);
    db.exec(sql);
    db.close();
  };
  make('CREATE TABLE x (y)');
  expect(refused(other)).toMatchObject({ error: { code: 'failed', message: expect.stringContaining('no insights') } });
  rmSync(other);
  copyFileSync(backup, other);
  make("INSERT INTO migrations VALUES (999, 'later', 1)");
  expect(refused(other)).toMatchObject({ error: { code: 'schema-too-new' } });
  writeFileSync(other, 'no database at all, but long enough to look like one'.repeat(100));
  expect(refused(other)).toMatchObject({ error: { code: 'failed' } });
  expect(refused(join(folder, 'missing.db'))).toMatchObject({ error: { code: 'failed' } });
  writeFileSync(`${backup}-wal`, 'log');
  expect(refused(backup)).toMatchObject({ error: { message: expect.stringContaining('has a log beside it') } });
});
