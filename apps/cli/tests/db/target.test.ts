import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatabaseLocation, parseDatabase } from '@scorpiox/shared/config';
import { expect, test } from 'vitest';
import { readTarget } from '../../src/ops/db/target.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const located = (text: string): DatabaseLocation => {
  const parsed = parseDatabase(text, '/');
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};

const CONFIGURED = located('mssql://sa:hidden%40home@db.example.net/insights?encrypt=false');
const around = (typed?: string) => ({ configured: CONFIGURED, cwd: '/work', ask: async () => typed });

const password = (location: DatabaseLocation): string | undefined =>
  location.kind === 'mssql' ? location.password.reveal() : undefined;

/** The location, its password in the open. */
async function read(written: string | undefined, typed?: string) {
  const target = await readTarget(written, around(typed));
  return target.ok ? { ...target.value, password: password(target.value) } : target.error;
}

test('nothing named is the configured one', async () => {
  expect(await read(undefined)).toMatchObject({ database: 'insights', password: 'hidden@home' });
});

test('a file of SQLite begins at the working directory', async () => {
  expect(await read('sqlite:x.db')).toMatchObject({ kind: 'sqlite', file: '/work/x.db' });
});

test('another database of the configured server, under the same user, has its password and its options', async () => {
  expect(await read('mssql://sa@db.example.net:1433/scratch')).toMatchObject({
    database: 'scratch',
    password: 'hidden@home',
    encrypt: false,
  });
});

test.each([
  'mssql://sa@other.example.net/insights',
  'mssql://app@db.example.net/insights',
])("%s never gets the configured one's password: it is asked for", async (written) => {
  expect(await read(written, 'typed')).toMatchObject({ password: 'typed' });
  expect(await read(written)).toMatchObject({ kind: 'usage', message: expect.stringContaining('is not known here') });
});

test('a password on the command line is refused, and not repeated', async () => {
  const refused = await read('mssql://sa:hunter2@db.example.net/insights');
  expect(refused).toMatchObject({ kind: 'usage', message: expect.stringContaining('others can see it') });
  expect(JSON.stringify(refused)).not.toContain('hunter2');
});

test('a file holds an address with its password, if nobody else can read it', async () => {
  const file = join(await temporaryFolder(), 'address');
  await writeFile(file, 'mssql://sa:in%20file@[::1]:1444/a%20b?trustServerCertificate=true\n', { mode: 0o600 });
  expect(await read(`@${file}`)).toMatchObject({
    host: '::1',
    port: 1444,
    database: 'a b',
    password: 'in file',
    trustServerCertificate: true,
  });
  await chmod(file, 0o640);
  expect(await read(`@${file}`)).toMatchObject({ kind: 'usage', message: expect.stringContaining('chmod 600') });
});

test.each([
  'mysql://x',
  'mssql://db.example.net/insights',
  'mssql:x',
  '@nowhere',
  'sqlite:',
])('%s is no database', async (written) => {
  expect(await read(written, 'typed')).toMatchObject({ kind: 'usage' });
});

test('what a file holds that is no address is not shown: it may be a password', async () => {
  const file = join(await temporaryFolder(), 'address');
  await writeFile(file, 'hunter2', { mode: 0o600 });
  const refused = await read(`@${file}`);
  expect(refused).toMatchObject({ kind: 'usage' });
  expect(JSON.stringify(refused)).not.toContain('hunter2');
});
