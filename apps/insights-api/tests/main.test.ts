import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countStored, prepareData } from './helpers/control.ts';
import { nativeRequest } from './helpers/events.ts';
import { temporaryFolder } from './helpers/folder.ts';
import { startProgram } from './helpers/process.ts';

const environment = (folder: string, more: Record<string, string> = {}) => ({
  SCORPIOX_DATA_DIR: folder,
  SCORPIOX_INSIGHTS_PORT: '0',
  ...more,
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it cleanly, with what was answered on disk', async (signal) => {
  const folder = temporaryFolder();
  const { file, key } = await prepareData(folder);
  const api = startProgram('src/main.ts', [], environment(folder));
  const address = await api.address();
  const body = JSON.stringify([nativeRequest({ time: new Date().toISOString() })]);
  const sent = await fetch(`${address}/api/ingest`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${key}` },
  });
  expect(sent.status).toBe(200);
  api.child.kill(signal);
  expect(await api.ended).toEqual([0, null]);
  expect(countStored(file).events).toBe(1);
  expect(api.output()).not.toContain(key);
});

test('it stops when the process that started it is gone', async () => {
  const api = startProgram('src/main.ts', [], environment(temporaryFolder()));
  await api.address();
  api.child.disconnect();
  expect(await api.ended).toEqual([0, null]);
});

test('a port in use is named with the key that sets it', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const taken = holder.address();
  const port = typeof taken === 'object' ? String(taken?.port) : '';
  const api = startProgram('src/main.ts', [], environment(temporaryFolder(), { SCORPIOX_INSIGHTS_PORT: port }));
  expect(await api.ended).toEqual([69, null]);
  expect(api.output()).toMatch(new RegExp(`Port ${port} on 127.0.0.1 is in use.*insights\\.port`));
});

test('an unknown key of the configuration is named', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'scorpiox.toml');
  writeFileSync(config, '[insights]\nprot = 8080\n');
  const api = startProgram('src/main.ts', ['--config', config], environment(folder));
  expect(await api.ended).toEqual([64, null]);
  expect(api.output()).toContain('insights.prot');
});

test('an unknown option is a usage error', async () => {
  const api = startProgram('src/main.ts', ['--nonsense'], environment(temporaryFolder()));
  expect(await api.ended).toEqual([64, null]);
  expect(api.output()).toContain('usage:');
});

test('a database that it cannot use is named, without its password', async () => {
  const database = 'mssql://sa:hunter2@127.0.0.1:1/insights';
  const api = startProgram('src/main.ts', [], environment(temporaryFolder(), { SCORPIOX_INSIGHTS_DATABASE: database }));
  expect(await api.ended).toEqual([69, null]);
  expect(api.output()).toContain('insights.database');
  expect(api.output()).not.toContain('hunter2');
});

test('accounts that it cannot open are named in a sentence', async () => {
  const folder = temporaryFolder();
  const accounts = join(folder, 'accounts.db');
  mkdirSync(accounts);
  const api = startProgram('src/main.ts', [], environment(folder));
  expect(await api.ended).toEqual([69, null]);
  expect(api.output()).toContain(`The accounts in ${accounts} cannot be used`);
  expect(api.output()).not.toMatch(/^ +at /m);
});
