import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Accounts, openAccounts } from '../../src/accounts/index.ts';
import { temporaryFolder } from '../folders.ts';

async function withAlice(): Promise<Accounts> {
  const accounts = openAccounts(join(temporaryFolder(), 'accounts.db'));
  onTestFinished(() => accounts.close());
  await accounts.add({ name: 'alice', password: 'correct horse', role: 'admin' });
  await accounts.addAppPassword('alice', 'phone');
  await accounts.setDisabled('alice', true);
  return accounts;
}

test('a removed account is put back as it was, through JSON', async () => {
  const accounts = await withAlice();
  const record = accounts.record('Alice');
  if (record === undefined) throw new Error('no record');
  expect(await accounts.remove('alice', record.version)).toMatchObject({ ok: true });
  expect(accounts.record('alice')).toBeUndefined();
  expect(await accounts.appPasswords('alice')).toMatchObject({ ok: false });
  expect(await accounts.restore(JSON.parse(JSON.stringify(record)))).toMatchObject({ ok: true });
  expect(accounts.record('alice')).toEqual(record);
  await accounts.setDisabled('alice', false);
  expect(await accounts.verify('alice', 'correct horse')).toEqual({ name: 'alice', role: 'admin' });
});

test('an account that has changed since is not removed', async () => {
  const accounts = await withAlice();
  const version = accounts.record('alice')?.version ?? '';
  await accounts.setRole('alice', 'viewer');
  expect(await accounts.remove('alice', version)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  expect(accounts.find('alice')).toBeDefined();
});

test('an account is not put back over another one, nor half', async () => {
  const accounts = await withAlice();
  const record = accounts.record('alice');
  if (record === undefined) throw new Error('no record');
  expect(await accounts.restore(record)).toMatchObject({ ok: false, error: { code: 'exists' } });
  await accounts.remove('alice', record.version);
  const [one] = record.appPasswords;
  if (one === undefined) throw new Error('no app password');
  const broken = { ...record, appPasswords: [one, one] };
  expect(await accounts.restore(broken)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  expect(accounts.find('alice')).toBeUndefined();
  expect(await accounts.restore({ ...record, name: '../alice' })).toMatchObject({ error: { code: 'invalid-name' } });
});
