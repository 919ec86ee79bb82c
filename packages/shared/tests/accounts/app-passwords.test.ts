import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { type Accounts, openAccounts } from '../../src/accounts/index.ts';
import { deriveByNode } from '../../src/accounts/password.ts';
import { deriveScramKeys } from '../../src/accounts/scram.ts';
import type { AccountsDeps } from '../../src/accounts/types.ts';
import { temporaryFolder } from '../folders.ts';

/** Accounts with alice and bob in them. */
async function prepared(deps?: AccountsDeps): Promise<{ accounts: Accounts; file: string }> {
  const file = join(temporaryFolder(), 'accounts.db');
  const accounts = openAccounts(file, deps);
  onTestFinished(() => accounts.close());
  for (const name of ['alice', 'bob']) await accounts.add({ name, password: 'correct horse' });
  return { accounts, file };
}

async function made(accounts: Accounts, name: string, label: string): Promise<string> {
  const added = await accounts.addAppPassword(name, label);
  if (!added.ok) throw new Error(added.error.message);
  return added.value.password;
}

test('an app password opens mail under either name, and never the dashboard', async () => {
  const { accounts } = await prepared();
  const password = await made(accounts, 'Alice', 'Phone');
  expect(password).toMatch(/^[0-9a-hjkmnp-tv-z]{5}(-[0-9a-hjkmnp-tv-z]{5}){4}$/);
  for (const login of ['alice', 'ALICE/PHONE']) {
    expect(await accounts.verifyLogin(login, password)).toEqual({ name: 'alice', appPassword: 'phone' });
  }
  expect(await accounts.verify('alice', password)).toBeUndefined();
  expect(await accounts.verify('alice/phone', password)).toBeUndefined();
  for (const login of ['bob', 'bob/phone', 'alice/laptop', 'alice/', '/phone', 'nobody']) {
    expect(await accounts.verifyLogin(login, password)).toBeUndefined();
  }
  expect(await accounts.verifyLogin('alice/phone', 'correct horse')).toBeUndefined();
  expect(await accounts.verifyLogin('alice', 'correct horse')).toEqual({ name: 'alice' });
});

test('SCRAM knows each by its own name', async () => {
  const { accounts } = await prepared();
  const password = await made(accounts, 'alice', 'phone');
  const login = accounts.scram('alice/phone');
  const keys = await deriveScramKeys(password, login.salt, login.iterations);
  expect(Buffer.from(login.storedKey)).toEqual(keys.storedKey);
  expect(login.confirm()).toEqual({ name: 'alice', appPassword: 'phone' });
  await accounts.removeAppPassword('alice', 'phone');
  expect(login.confirm()).toBeUndefined();
});

test('they are listed without what they are, and taken back one by one, at once and for good', async () => {
  const { accounts, file } = await prepared({ now: () => 1234 });
  const [phone, laptop] = [await made(accounts, 'alice', 'phone'), await made(accounts, 'alice', 'laptop')];
  expect(await accounts.appPasswords('alice')).toEqual({
    ok: true,
    value: [
      { name: 'laptop', login: 'alice/laptop', created: 1234 },
      { name: 'phone', login: 'alice/phone', created: 1234 },
    ],
  });
  const elsewhere = openAccounts(file);
  onTestFinished(() => elsewhere.close());
  expect(await accounts.verifyLogin('alice', phone)).toBeDefined();
  expect(await elsewhere.removeAppPassword('ALICE', 'Phone')).toMatchObject({ ok: true, value: { name: 'phone' } });
  expect(await accounts.verifyLogin('alice', phone)).toBeUndefined();
  expect(await accounts.verifyLogin('alice', laptop)).toBeDefined();
  expect(await accounts.removeAppPassword('alice', 'phone')).toMatchObject({ error: { code: 'no-app-password' } });
});

test('a new password of the account leaves them; a deleted account takes them along', async () => {
  const { accounts, file } = await prepared();
  const phone = await made(accounts, 'alice', 'phone');
  await accounts.setPassword('alice', 'another');
  expect(await accounts.verifyLogin('alice', phone)).toBeDefined();
  // By hand, and as sqlite3 does it: without foreign keys.
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  database.exec("DELETE FROM accounts WHERE name = 'alice'");
  database.close();
  await accounts.add({ name: 'alice', password: 'third' });
  expect(await accounts.verifyLogin('alice', phone)).toBeUndefined();
});

test.each([
  ['', 'phone', 'invalid-name'],
  ['nobody', 'phone', 'not-found'],
  ['alice', '', 'invalid-name'],
  ['alice', 'a/b', 'invalid-name'],
  ['alice', 'x'.repeat(33), 'invalid-name'],
  ['alice', 'taken', 'exists'],
])('for %j one called %j is refused: %s', async (name, label, code) => {
  const { accounts } = await prepared();
  await made(accounts, 'alice', 'taken');
  expect(await accounts.addAppPassword(name, label)).toMatchObject({ ok: false, error: { code } });
});

test('there are a hundred at most', async () => {
  const { accounts } = await prepared();
  for (let i = 0; i < 100; i++) await made(accounts, 'alice', `app${i}`);
  expect(await accounts.addAppPassword('alice', 'more')).toMatchObject({ ok: false, error: { code: 'too-many' } });
});

test('the file holds nothing of it', async () => {
  const { accounts, file } = await prepared();
  const password = await made(accounts, 'alice', 'phone');
  const database = new DatabaseSync(file, { readOnly: true });
  onTestFinished(() => database.close());
  const row = database.prepare('SELECT * FROM app_passwords').get();
  expect(JSON.stringify(row)).not.toContain(password);
  expect(Object.keys(row ?? {})).toEqual(['account', 'name', 'hash', 'scram', 'created']);
});

test('a wrong password costs one derivation and a good app password none, for whatever name', async () => {
  let derivations = 0;
  const { accounts } = await prepared({
    argon2: (input) => {
      derivations += 1;
      return deriveByNode(input);
    },
  });
  const phone = await made(accounts, 'alice', 'phone');
  const cost = async (name: string, password: string) => {
    derivations = 0;
    await accounts.verifyLogin(name, password);
    return derivations;
  };
  expect(await cost('alice', phone)).toBe(0);
  expect([await cost('alice', 'wrong'), await cost('nobody', 'wrong'), await cost('.etc', 'wrong')]).toEqual([1, 1, 1]);
  expect([await cost('alice/phone', 'wrong'), await cost('nobody/phone', 'wrong')]).toEqual([0, 0]);
});
