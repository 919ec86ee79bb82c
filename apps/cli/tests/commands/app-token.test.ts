import { join } from 'node:path';
import { openControl } from '@scorpiox/shared/database';
import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { scorpiox, temporaryFolder } from '../support/scorpiox.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function control(dataDir: string) {
  const opened = await openControl({ kind: 'sqlite', file: join(dataDir, 'insights.db') });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

it('adds an application whose key the API knows, with a connection string for SDKs', async () => {
  const dataDir = await temporaryFolder();
  const env = { SCORPIOX_DATA_DIR: dataDir, SCORPIOX_INSIGHTS_PUBLIC_URL: 'https://insights.example' };
  const { code, stdout } = await scorpiox(['app', 'add', 'shop', '--json'], { env });
  const added = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(Object.keys(added)).toEqual(['name', 'key', 'connectionString']);
  expect(added.key).toMatch(UUID);
  const address = 'https://insights.example';
  expect(added.connectionString).toBe(
    `InstrumentationKey=${added.key};IngestionEndpoint=${address};LiveEndpoint=${address}`,
  );
  const db = await control(dataDir);
  expect(await db.findKey(added.key)).toMatchObject({ app: { name: 'shop' } });
  await db.close();
});

it('prints one line with tabs in a pipe', async () => {
  const dataDir = await temporaryFolder();
  const { stdout } = await scorpioxHere(['app', 'add', 'shop', '--data-dir', dataDir]);
  expect(stdout).toMatch(/^shop\t[0-9a-f-]{36}\tInstrumentationKey=[^\t\n]*\n$/);
});

it('says that a name is taken, and 64 to a name that cannot be', async () => {
  const dataDir = await temporaryFolder();
  await scorpioxHere(['app', 'add', 'shop', '--data-dir', dataDir]);
  const again = await scorpioxHere(['app', 'add', 'Shop', '--data-dir', dataDir]);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toMatch(/^scorpiox: .*Shop.*\n$/);
  expect(await scorpioxHere(['app', 'add', 'a/b', '--data-dir', dataDir])).toMatchObject({ code: 64, stdout: '' });
});

it('issues a token that the API knows with its role', async () => {
  const dataDir = await temporaryFolder();
  const { code, stdout, stderr } = await scorpioxHere([
    'token',
    'add',
    'grafana',
    '--role',
    'viewer',
    '--json',
    '--data-dir',
    dataDir,
  ]);
  const added = JSON.parse(stdout);
  expect({ code, stderr, keys: Object.keys(added) }).toEqual({ code: 0, stderr: '', keys: ['name', 'token'] });
  const db = await control(dataDir);
  expect(await db.findToken(added.token)).toEqual({ user: 'grafana', role: 'viewer' });
  await db.close();
});

it('ends with 69 and the reason when the database is none', async () => {
  const dataDir = await temporaryFolder();
  const env = { SCORPIOX_INSIGHTS_DATABASE: `sqlite:${dataDir}` };
  const { code, stderr } = await scorpioxHere(['app', 'add', 'shop', '--data-dir', dataDir], { env });
  expect(code).toBe(69);
  expect(stderr).toContain(dataDir);
});

it('makes, limits, lists and revokes keys; a shared one names no application', async () => {
  const dataDir = await temporaryFolder();
  const run = (...args: string[]) => scorpioxHere(['app', ...args, '--data-dir', dataDir]);
  await run('add', 'shop');
  const own = JSON.parse((await run('key', 'add', 'shop', '--rate-limit', '50', '--json')).stdout);
  const shared = JSON.parse((await run('key', 'add', '--json')).stdout);
  expect(own).toMatchObject({ app: 'shop', rateLimit: '50', revoked: '' });
  expect(shared).toMatchObject({ app: '', rateLimit: '' });
  expect(shared.connectionString).toContain(shared.key);
  expect(await run('key', 'limit', own.key, 'default')).toMatchObject({ code: 0, stdout: '' });
  expect(await run('key', 'revoke', own.key.toUpperCase())).toMatchObject({ code: 0 });
  const listed: Record<string, string>[] = JSON.parse((await run('key', 'list', '--json')).stdout);
  expect(listed.map(({ app, rateLimit }) => [app, rateLimit])).toEqual([
    ['', ''],
    ['shop', ''],
    ['shop', ''],
  ]);
  expect(listed.filter(({ revoked }) => revoked !== '').map(({ key }) => key)).toEqual([own.key]);
});

it('sets how long events are kept, and refuses what is no number, out of bounds or of nobody', async () => {
  const dataDir = await temporaryFolder();
  const run = (...args: string[]) => scorpioxHere(['app', ...args, '--data-dir', dataDir]);
  await run('add', 'shop');
  expect(await run('retention', 'shop', '90')).toMatchObject({ code: 0, stderr: expect.stringContaining('90 days') });
  const db = await control(dataDir);
  expect(await db.findApp('shop')).toMatchObject({ retentionDays: 90 });
  await db.close();
  for (const days of ['0', '1.5', 'x', '99999']) {
    expect(await run('retention', 'shop', days)).toMatchObject({ code: 64, stdout: '' });
  }
  expect(await run('retention', 'nobody', '5')).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody') });
  expect(await run('key', 'revoke', 'no-key')).toMatchObject({ code: 1 });
});

it('lists applications and tokens, and takes a token back', async () => {
  const dataDir = await temporaryFolder();
  const run = (...args: string[]) => scorpioxHere([...args, '--data-dir', dataDir]);
  await run('app', 'add', 'shop');
  await run('app', 'retention', 'shop', '7');
  expect((await run('app', 'list', '--jq', '.[] | .name, .retentionDays')).stdout).toBe('shop\n7\n');
  await run('token', 'add', 'grafana', '--role', 'viewer');
  expect((await run('token', 'list')).stdout).toMatch(/^grafana\tviewer\t\d{4}-[^\t]*\n$/);
  expect(await run('token', 'revoke', 'grafana')).toMatchObject({ code: 0, stdout: '' });
  expect((await run('token', 'list', '--json')).stdout).toBe('[]\n');
  expect(await run('token', 'revoke', 'grafana')).toMatchObject({ code: 1 });
});
