import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseDatabase } from '../../src/config/index.ts';
import { fromServer } from '../../src/database/console/errors.ts';
import { type ConsoleOptions, nameOf, openConsole } from '../../src/database/console/index.ts';
import { temporaryFolder } from '../folders.ts';
import { consoleContract } from './console-contract.ts';
import { makeTestDatabase, SKIP } from './sqlserver/test-server.ts';

const QUIET: ConsoleOptions = { tell: () => undefined, lockTimeoutMs: 100 };

consoleContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scorpiox-console-'));
  return {
    location: { kind: 'sqlite', file: join(folder, 'some.db') },
    types: { integer: 'integer', text: 'text', bytes: 'blob', real: 'real' },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
});

describe.skipIf(SKIP !== undefined)(`SQL Server${SKIP === undefined ? '' : ` (${SKIP})`}`, () => {
  consoleContract('SQL Server', async () => {
    const { location, drop } = await makeTestDatabase();
    const types = { integer: 'bigint', text: 'nvarchar(64)', bytes: 'varbinary(8)', real: 'float' };
    return { location, types, remove: drop };
  });
});

async function openFile(file: string, options: Partial<ConsoleOptions> = {}) {
  const opened = await openConsole({ kind: 'sqlite', file }, { ...QUIET, ...options });
  if (!opened.ok) throw opened.error;
  onTestFinished(() => opened.value.close());
  return opened.value;
}

describe('a file of SQLite', () => {
  test('is not made unless that was asked for, and then for its owner only', async () => {
    const file = join(temporaryFolder(), 'none.db');
    const opened = await openConsole({ kind: 'sqlite', file }, QUIET);
    expect(opened).toMatchObject({ ok: false, error: { code: 'unavailable', message: `there is no file ${file}` } });
    expect(existsSync(file)).toBe(false);
    await openFile(file, { create: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('keeps its journal mode', async () => {
    const file = join(temporaryFolder(), 'some.db');
    const db = await openFile(file, { create: true });
    await db.run({ text: 'CREATE TABLE t (a)' });
    expect((await db.run({ text: 'PRAGMA journal_mode' })).sets[0]).toEqual([{ journal_mode: 'delete' }]);
  });

  test('that is none is told at once', async () => {
    const file = join(temporaryFolder(), 'text.db');
    writeFileSync(file, 'this is no database, and is long enough to be looked at as one '.repeat(40));
    expect(await openConsole({ kind: 'sqlite', file }, QUIET)).toMatchObject({
      ok: false,
      error: { code: 'unavailable' },
    });
    expect(readFileSync(file, 'utf8')).toMatch(/^this is no database/);
  });

  test('opened for reading only is not written', async () => {
    const file = join(temporaryFolder(), 'some.db');
    await (await openFile(file, { create: true })).run({ text: 'CREATE TABLE t (a)' });
    const reader = await openFile(file, { readOnly: true });
    await expect(reader.run({ text: 'INSERT INTO t VALUES (1)' })).rejects.toMatchObject({ code: 'not-permitted' });
  });

  test('a second statement in a text is a mistake, not something left undone', async () => {
    const db = await openFile(join(temporaryFolder(), 'some.db'), { create: true });
    await db.run({ text: 'CREATE TABLE t (a); -- and no more' });
    await expect(db.run({ text: 'INSERT INTO t VALUES (1); DELETE FROM t' })).rejects.toThrow(TypeError);
    expect((await db.run({ text: 'SELECT * FROM t' })).sets[0]).toEqual([]);
  });
});

describe('a SQL Server', () => {
  const location = (port: number) => {
    const parsed = parseDatabase(`mssql://sa:p%40ss@127.0.0.1:${port}/insights?encrypt=false`, '/');
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value;
  };

  test('is named without its password', () => {
    expect(nameOf(location(1444))).toBe('mssql://sa@127.0.0.1:1444/insights');
    expect(JSON.stringify(location(1444))).not.toContain('p@ss');
  });

  test('that is not there is unavailable, with the reason', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    server.close();
    await once(server, 'close');
    const opened = await openConsole(location(address.port), QUIET);
    expect(opened).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(opened.ok ? '' : opened.error.message).toContain('ECONNREFUSED');
  });

  test.each([
    [1222, 'locked'],
    [1205, 'locked'],
    [2601, 'duplicate'],
    [2627, 'duplicate'],
    [1505, 'duplicate'],
    [9002, 'full'],
    [208, 'no-such-object'],
    [300, 'not-permitted'],
    [245, 'refused'],
  ])('error %i is %s', (number, code) => {
    const thrown = Object.assign(new Error('said the server'), { number, code: 'EREQUEST' });
    expect(fromServer(thrown)).toMatchObject({ code, number, message: 'said the server' });
    // What a server says first may be the cause, and what the driver throws its consequence (a transaction that was ended).
    const last = Object.assign(new Error('aborted'), { code: 'EABORT', precedingErrors: [thrown] });
    expect(fromServer(last)).toMatchObject({ code, number });
  });

  test.each(['ETIMEOUT', 'ESOCKET', 'ECONNCLOSED'])('%s leaves it unknown what was done', (code) => {
    expect(fromServer(Object.assign(new Error('gone'), { code }))).toMatchObject({ code: 'lost' });
  });
});
