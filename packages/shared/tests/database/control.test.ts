import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Control, connectionString, openControl } from '../../src/database/index.ts';

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

describe('applications', () => {
  test('an added application is found by its key in any letter case', async () => {
    const control = await open();
    const added = await control.addApp('shop');
    if (!added.ok) throw new Error(added.error.message);
    expect(added.value.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await control.findKey(added.value.key.toUpperCase())).toMatchObject({ name: 'shop' });
    expect(await control.findKey('00000000-0000-0000-0000-000000000000')).toBeUndefined();
    expect(await control.apps()).toMatchObject([{ name: 'shop', key: added.value.key }]);
  });

  test('adding a name twice is refused, whatever its case, and leaves one', async () => {
    const control = await open();
    await control.addApp('shop');
    expect(await control.addApp('Shop')).toMatchObject({ ok: false, error: { code: 'exists' } });
    expect(await control.apps()).toHaveLength(1);
  });

  test('ensureApp gives the same key each time', async () => {
    const control = await open();
    const first = await control.ensureApp('imap');
    expect(await control.ensureApp('imap')).toEqual(first);
    expect(await control.apps()).toHaveLength(1);
  });

  test.each(['', ' shop', 'shop ', 'a\nb', 'a/b', 'x'.repeat(65), '-shop'])('%j is no name', async (name) => {
    const control = await open();
    expect(await control.addApp(name)).toMatchObject({ ok: false, error: { code: 'invalid-name' } });
    expect(await control.addToken(name, 'viewer')).toMatchObject({ ok: false, error: { code: 'invalid-name' } });
  });

  test('a connection string has no double slash', () => {
    expect(connectionString('k', 'http://127.0.0.1:8080/')).toBe(
      'InstrumentationKey=k;IngestionEndpoint=http://127.0.0.1:8080',
    );
  });
});

describe('tokens, links, sessions', () => {
  test('a token names its owner and role, and the file holds no token', async () => {
    const control = await open();
    const issued = await control.addToken('ci', 'viewer');
    if (!issued.ok) throw new Error(issued.error.message);
    expect(await control.findToken(issued.value.token)).toEqual({ user: 'ci', role: 'viewer' });
    expect(await control.findToken('sxt_other')).toBeUndefined();
    expect(await control.addToken('ci', 'admin')).toMatchObject({ ok: false, error: { code: 'exists' } });
    const { token: session } = await control.createSession({ user: 'alice', role: 'admin', ttlMs: 1000 });
    const { token: link } = await control.addSignInLink({ user: 'alice', role: 'admin', ttlMs: 1000 });
    const bytes = Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)]);
    for (const secret of [issued.value.token, session, link]) expect(bytes.includes(secret)).toBe(false);
  });

  test('a link works once, even when two connections take it', async () => {
    const [one, two] = [await open(), await open()];
    const { token } = await one.addSignInLink({ user: 'alice', role: 'admin', ttlMs: 60_000 });
    const results = await Promise.all([one.useSignInLink(token), two.useSignInLink(token)]);
    expect(results.filter((principal) => principal?.user === 'alice')).toHaveLength(1);
  });

  test('links and sessions expire', async () => {
    let now = 1_000_000;
    const control = await open(() => now);
    const { token: link } = await control.addSignInLink({ user: 'alice', role: 'admin', ttlMs: 1000 });
    const { token: session } = await control.createSession({ user: 'alice', role: 'viewer', ttlMs: 1000 });
    expect(await control.findSession(session)).toEqual({ user: 'alice', role: 'viewer' });
    now += 1000;
    expect(await control.useSignInLink(link)).toBeUndefined();
    expect(await control.findSession(session)).toBeUndefined();
  });

  test('an ended session is gone', async () => {
    const control = await open();
    const { token } = await control.createSession({ user: 'alice', role: 'viewer', ttlMs: 60_000 });
    await control.endSession(token);
    expect(await control.findSession(token)).toBeUndefined();
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
