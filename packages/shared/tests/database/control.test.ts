import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Control, connectionString, openControl } from '../../src/database/index.ts';
import { type ControlFixture, controlContract } from './control-contract.ts';

let folder: string;
let file: string;
const opened: Control[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scorpiox-control-'));
  file = join(folder, 'nested', 'insights.db');
});
afterEach(async () => {
  for (const control of opened.splice(0)) await control.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(now?: () => number): Promise<Control> {
  const result = await openControl({ kind: 'sqlite', file }, now ? { now } : {});
  if (!result.ok) throw new Error(result.error.message);
  opened.push(result.value);
  return result.value;
}

async function makeFixture(): Promise<ControlFixture> {
  return {
    open,
    holds: async (text) => Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]).includes(text),
    close: async () => {}, // afterEach does it
  };
}

controlContract('SQLite', makeFixture);

test('a connection string has no double slash', () => {
  expect(connectionString('k', 'http://127.0.0.1:8080/')).toBe(
    'InstrumentationKey=k;IngestionEndpoint=http://127.0.0.1:8080',
  );
});

describe('the file', () => {
  test('is readable by its owner only', async () => {
    await open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
  });

  test('processes that start at once migrate it once', async () => {
    const child = fileURLToPath(new URL('../programs/open-database.ts', import.meta.url));
    const children = Array.from({ length: 4 }, () => fork(child, [file]));
    const codes = await Promise.all(children.map(async (one) => (await once(one, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0, 0]);
    const db = new DatabaseSync(file);
    expect(
      db
        .prepare('SELECT version FROM migrations ORDER BY version')
        .all()
        .map((row) => row.version),
    ).toEqual([1, 2]);
    expect(db.prepare('SELECT count(*) AS n FROM apps').get()).toEqual({ n: 1 });
    db.close();
  });

  test('of a newer program is left alone', async () => {
    await (await open()).close();
    opened.length = 0;
    const db = new DatabaseSync(file);
    db.exec("INSERT INTO migrations VALUES (999, 'future', 0)");
    db.close();
    const result = await openControl({ kind: 'sqlite', file });
    expect(result).toMatchObject({ ok: false, error: { code: 'schema-too-new' } });
  });

  test('that is no database is refused by name and not touched', async () => {
    const stray = join(folder, 'notes.txt');
    writeFileSync(stray, 'not a database, but long enough to look at: '.repeat(50));
    const before = readFileSync(stray);
    const result = await openControl({ kind: 'sqlite', file: stray });
    expect(result).toMatchObject({ ok: false, error: { code: 'cannot-open' } });
    if (!result.ok) expect(result.error.message).toContain(stray);
    expect(readFileSync(stray).equals(before)).toBe(true);
  });
});
