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
  expect(added.connectionString).toBe(`InstrumentationKey=${added.key};IngestionEndpoint=https://insights.example`);
  const db = await control(dataDir);
  expect(await db.findKey(added.key)).toMatchObject({ name: 'shop' });
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
