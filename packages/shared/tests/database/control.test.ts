import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Control, connectionString, openControl } from '../../src/database/index.ts';
import { openConnection } from '../../src/database/sqlite/connection.ts';
import { migrate } from '../../src/database/sqlite/migrate.ts';
import { MIGRATIONS } from '../../src/database/sqlite/schema.ts';
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
    'InstrumentationKey=k;IngestionEndpoint=http://127.0.0.1:8080;LiveEndpoint=http://127.0.0.1:8080',
  );
});

describe('while another process has the write lock', () => {
  /** Holds the lock until the test lets it go. */
  function lock(): () => void {
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    return () => {
      if (other.isTransaction) other.exec('ROLLBACK');
      other.close();
    };
  }

  test('links and sessions that are none are told from others at once', async () => {
    const control = await open();
    const unlock = lock();
    expect(await control.useSignInLink('junk')).toBeUndefined();
    await control.endSession('junk');
    unlock();
  });

  test('what is to be written waits for it without holding up the event loop', async () => {
    const control = await open();
    const { token: link } = await control.addSignInLink({ user: 'alice', role: 'admin', ttlMs: 60_000 });
    const unlock = lock();
    const grant = { user: 'alice', role: 'admin', ttlMs: 60_000 } as const;
    const writes = Promise.all([control.createSession(grant), control.useSignInLink(link), control.addApp('shop')]);
    // Only an event loop that goes on comes here before the writes give up.
    setTimeout(unlock, 50);
    const [session, principal, app] = await writes;
    expect(await control.findSession(session.token)).toEqual({ user: 'alice', role: 'admin' });
    expect(principal).toEqual({ user: 'alice', role: 'admin' });
    expect(app).toMatchObject({ ok: true });
  });
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
    ).toEqual(MIGRATIONS.map(({ version }) => version));
    expect(db.prepare('SELECT count(*) AS n FROM apps').get()).toEqual({ n: 1 });
    db.close();
  });

  test('keeps the keys of a program from before keys could be shared', async () => {
    const db = openConnection(file);
    migrate(db, MIGRATIONS.slice(0, 3), Date.now);
    const key = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
    db.exec(`INSERT INTO apps (name, created_at) VALUES ('shop', 5);
      INSERT INTO ingest_keys (key, app_id, created_at) VALUES ('${key}', 1, 5)`);
    const control = await open();
    expect(await control.findKey(key)).toEqual({ app: { id: 1, name: 'shop' } });
    expect(await control.keys()).toEqual([{ key, app: 'shop', createdAt: 5 }]);
    db.close();
  });

  test('gets its sums by hours and days from those by minutes that it has', async () => {
    const db = openConnection(file);
    migrate(db, MIGRATIONS.slice(0, 2), Date.now);
    for (const [minute, duration] of [
      [1439, 5],
      [1440, null],
      [1499, 7],
      [1500, 9],
    ] as const) {
      db.prepare("INSERT INTO rollups VALUES (1, 'request', ?, 'op', 2, 1, 2, 10, ?, ?)").run(
        minute,
        duration,
        duration,
      );
      db.prepare("INSERT INTO rollup_buckets VALUES (1, 'request', ?, 'op', 3, 2)").run(minute);
    }
    await open();
    const sums = (table: string) =>
      db.prepare(`SELECT minute, count, failures, sum_us AS sum, min_us AS min, max_us AS max FROM ${table}`).all();
    expect(sums('hour_rollups')).toEqual([
      { minute: 1380, count: 2, failures: 1, sum: 10, min: 5, max: 5 },
      { minute: 1440, count: 4, failures: 2, sum: 20, min: 7, max: 7 },
      { minute: 1500, count: 2, failures: 1, sum: 10, min: 9, max: 9 },
    ]);
    expect(sums('day_rollups')).toEqual([
      { minute: 0, count: 2, failures: 1, sum: 10, min: 5, max: 5 },
      { minute: 1440, count: 6, failures: 3, sum: 30, min: 7, max: 9 },
    ]);
    expect(db.prepare('SELECT minute, bucket, count FROM day_rollup_buckets').all()).toEqual([
      { minute: 0, bucket: 3, count: 2 },
      { minute: 1440, bucket: 3, count: 6 },
    ]);
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
