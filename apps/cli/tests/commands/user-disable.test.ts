import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openAccounts } from '@scorpiox/shared/accounts';
import { openControl } from '@scorpiox/shared/database';
import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

const user = (dataDir: string, ...args: readonly string[]) => scorpioxHere(['user', ...args, '--data-dir', dataDir]);

async function withAlice(): Promise<string> {
  const dataDir = await temporaryFolder();
  const accounts = openAccounts(join(dataDir, 'accounts.db'));
  await accounts.add({ name: 'alice', password: 'first', role: 'viewer' });
  accounts.close();
  return dataDir;
}

async function signIn(dataDir: string) {
  const accounts = openAccounts(join(dataDir, 'accounts.db'));
  try {
    return await accounts.verifyLogin('alice', 'first');
  } finally {
    accounts.close();
  }
}

it('disables an account, shows it so, and enables it again', async () => {
  const dataDir = await withAlice();
  expect(await user(dataDir, 'disable', 'Alice')).toMatchObject({ code: 0, stdout: '' });
  expect(await signIn(dataDir)).toBeUndefined();
  expect((await user(dataDir, 'list', '--json')).stdout).toBe(
    '[{"name":"alice","role":"viewer","status":"disabled"}]\n',
  );
  expect(await user(dataDir, 'disable', 'alice')).toMatchObject({ code: 0 });
  expect(existsSync(join(dataDir, 'insights.db'))).toBe(false);
  expect(await user(dataDir, 'enable', 'alice')).toMatchObject({ code: 0, stdout: '' });
  expect(await signIn(dataDir)).toMatchObject({ name: 'alice' });
  expect((await user(dataDir, 'list')).stdout).toBe('alice\tviewer\tactive\n');
});

it('ends the sessions in the dashboard for good', async () => {
  const dataDir = await withAlice();
  const opened = await openControl({ kind: 'sqlite', file: join(dataDir, 'insights.db') });
  if (!opened.ok) throw new Error(opened.error.message);
  const control = opened.value;
  const [alice, bob] = await Promise.all(
    ['alice', 'bob'].map((name) => control.createSession({ user: name, role: 'viewer', ttlMs: 60_000 })),
  );
  await user(dataDir, 'disable', 'alice');
  await user(dataDir, 'enable', 'alice');
  expect(await control.findSession(alice?.token ?? '')).toBeUndefined();
  expect(await control.findSession(bob?.token ?? '')).toMatchObject({ user: 'bob' });
  await control.close();
});

it.each(['disable', 'enable'])('%s: 67 where there is nobody of that name', async (verb) => {
  expect(await user(await withAlice(), verb, 'nobody')).toMatchObject({ code: 67, stdout: '' });
});

it('ends with 6 where sessions may be left that come back, and says so', async () => {
  const dataDir = await withAlice();
  const env = { SCORPIOX_INSIGHTS_DATABASE: `sqlite:${dataDir}` }; // a folder: there, and no database
  const ended = await scorpioxHere(['user', 'disable', 'alice', '--data-dir', dataDir], { env });
  expect(ended).toMatchObject({ code: 6, stderr: expect.stringContaining('before you enable it') });
  expect(await signIn(dataDir)).toBeUndefined();
});
