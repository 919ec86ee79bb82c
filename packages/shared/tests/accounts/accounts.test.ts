import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Accounts, AccountsUnavailable, openAccounts } from '../../src/accounts/index.ts';
import { deriveByNode } from '../../src/accounts/password.ts';
import type { AccountsDeps, Argon2Input } from '../../src/accounts/types.ts';
import { temporaryFolder } from '../folders.ts';

/** Opens accounts that are closed after the test. */
function open(file = join(temporaryFolder(), 'accounts.db'), deps?: AccountsDeps): Accounts {
  const accounts = openAccounts(file, deps);
  onTestFinished(() => accounts.close());
  return accounts;
}

/** The real derivation, recorded. */
function recorder() {
  const calls: Argon2Input[] = [];
  const argon2 = (input: Argon2Input) => {
    calls.push(input);
    return deriveByNode(input);
  };
  return { calls, argon2 };
}

/** A derivation of no cost that ends when it is told to. */
function slowly() {
  const waiting: (() => void)[] = [];
  const argon2 = ({ length }: Argon2Input) =>
    new Promise<Uint8Array>((resolve) => waiting.push(() => resolve(new Uint8Array(length))));
  return { waiting, argon2 };
}

const password = 'correct horse';

describe('accounts', () => {
  test('are added, found in any case, listed by name, and kept when the file is opened again', async () => {
    const file = join(temporaryFolder(), 'accounts.db');
    const first = openAccounts(file);
    expect(await first.add({ name: 'Bob@Example.NET', password, role: 'admin' })).toEqual({
      ok: true,
      value: { name: 'bob@example.net', role: 'admin' },
    });
    expect(await first.add({ name: 'alice', password })).toEqual({ ok: true, value: { name: 'alice' } });
    first.close();
    const again = open(file);
    expect(again.list()).toEqual([{ name: 'alice' }, { name: 'bob@example.net', role: 'admin' }]);
    expect(again.find('BOB@example.net')).toEqual({ name: 'bob@example.net', role: 'admin' });
    expect(again.find('carol')).toBeUndefined();
    expect(await again.verify('ALICE', password)).toEqual({ name: 'alice' });
  });

  test('get another role, or none, and stay what they are otherwise', async () => {
    const accounts = open();
    await accounts.add({ name: 'alice', password });
    expect(await accounts.setRole('ALICE', 'admin')).toEqual({ ok: true, value: { name: 'alice', role: 'admin' } });
    expect(await accounts.verify('alice', password)).toEqual({ name: 'alice', role: 'admin' });
    expect(await accounts.setRole('alice', undefined)).toEqual({ ok: true, value: { name: 'alice' } });
    expect(await accounts.verify('alice', password)).toEqual({ name: 'alice' });
    expect(await accounts.setRole('bob', 'admin')).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await accounts.setRole('no/name', 'admin')).toMatchObject({ ok: false, error: { code: 'invalid-name' } });
  });

  test('that are disabled are there and let nobody in, at once and in every process', async () => {
    const file = join(temporaryFolder(), 'accounts.db');
    const [here, there] = [open(file), open(file)];
    await here.add({ name: 'alice', password, role: 'admin' });
    const made = await here.addAppPassword('alice', 'phone');
    const app = made.ok ? made.value.password : '';
    expect(await here.verify('alice', password)).toBeDefined(); // remembered from here on
    const [before, exchange] = [here.changes(), here.scram('alice')];

    const disabled = { name: 'alice', role: 'admin', disabled: true };
    expect(await there.setDisabled('Alice', true)).toEqual({ ok: true, value: disabled });
    expect(here.changes()).not.toBe(before);
    expect(await here.verify('alice', password)).toBeUndefined();
    expect(await here.verifyLogin('alice', password)).toBeUndefined();
    expect(await here.verifyLogin('alice', app)).toBeUndefined();
    expect(await here.verifyLogin('alice/phone', app)).toBeUndefined();
    for (const login of [exchange, here.scram('alice'), here.scram('alice/phone')]) {
      expect(login.confirm()).toBeUndefined();
    }
    expect(here.find('alice')).toEqual(disabled);
    expect(here.list()).toEqual([disabled]);
    expect(await here.setPassword('alice', 'new one')).toEqual({ ok: true, value: disabled });
    expect(await here.verify('alice', 'new one')).toBeUndefined();

    const after = here.changes();
    expect(here.changes()).toBe(after);
    expect(await there.setDisabled('alice', false)).toMatchObject({ ok: true });
    expect(await here.verify('alice', 'new one')).toEqual({ name: 'alice', role: 'admin' });
    expect(await here.verifyLogin('alice/phone', app)).toMatchObject({ appPassword: 'phone' });
    expect(here.scram('alice/phone').confirm()).toMatchObject({ appPassword: 'phone' });
    expect(await here.setDisabled('bob', true)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await here.setDisabled('no/name', true)).toMatchObject({ ok: false, error: { code: 'invalid-name' } });
  });

  test('exist once, also when two are added at the same moment', async () => {
    const accounts = open();
    const results = await Promise.all(['alice', 'ALICE', 'alice'].map((name) => accounts.add({ name, password })));
    expect(results.map((result) => (result.ok ? 'added' : result.error.code)).sort()).toEqual([
      'added',
      'exists',
      'exists',
    ]);
  });

  test.each([
    '',
    '.',
    '..',
    '.alice',
    'a/b',
    '/',
    'a b',
    'a\0',
    'ü',
    '\u212aelvin',
    'a'.repeat(65),
    '../x',
    'a\\b',
    'a\n',
  ])('the name %j is refused everywhere', async (name) => {
    const accounts = open();
    expect(await accounts.add({ name, password })).toMatchObject({ ok: false, error: { code: 'invalid-name' } });
    expect(await accounts.setPassword(name, password)).toMatchObject({ ok: false, error: { code: 'invalid-name' } });
    expect(accounts.find(name)).toBeUndefined();
    expect(await accounts.verify(name, password)).toBeUndefined();
  });

  test.each(['a', 'a.b', 'a..b', '-a', '_', '+', 'a@b', 'a'.repeat(64)])('the name %j is taken', async (name) => {
    expect(await open().add({ name, password })).toMatchObject({ ok: true });
  });

  test.each(['', 'a\0b', 'x'.repeat(1025), 'ü'.repeat(600)])('a password of %j is refused', async (bad) => {
    const accounts = open();
    expect(await accounts.add({ name: 'alice', password: bad })).toMatchObject({
      ok: false,
      error: { code: 'invalid-password' },
    });
    expect(await accounts.verify('alice', bad)).toBeUndefined();
  });

  test('setPassword tells an account that is not there', async () => {
    expect(await open().setPassword('alice', password)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });
});

describe('the file', () => {
  test('is for its owner only, its folder and its journals too', async () => {
    const folder = join(temporaryFolder(), 'new/data');
    const accounts = open(join(folder, 'accounts.db'));
    await accounts.add({ name: 'alice', password });
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(folder)).toBe(0o700);
    for (const name of ['accounts.db', 'accounts.db-wal', 'accounts.db-shm'])
      expect(mode(join(folder, name))).toBe(0o600);
  });

  test('holds argon2id with OWASP’s parameters and never the password; equal passwords look different', async () => {
    const file = join(temporaryFolder(), 'accounts.db');
    const accounts = open(file);
    await accounts.add({ name: 'alice', password });
    await accounts.add({ name: 'bob', password });
    const database = new DatabaseSync(file, { readOnly: true });
    onTestFinished(() => database.close());
    const stored = database
      .prepare('SELECT password FROM accounts')
      .all()
      .map((row) => String(row.password));
    for (const text of stored)
      expect(text).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(new Set(stored).size).toBe(2);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  test('of a newer program is left alone, with a sentence that says so', () => {
    const file = join(temporaryFolder(), 'accounts.db');
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openAccounts(file)).toThrow(/newer Scorpiox/);
  });

  test('that is no database, or cannot be made, is AccountsUnavailable', () => {
    const folder = temporaryFolder();
    expect(() => openAccounts(folder)).toThrow(AccountsUnavailable);
    expect(() => openAccounts('/dev/null/accounts.db')).toThrow(AccountsUnavailable);
  });

  test('closed: sign-ins reject, changes answer unavailable', async () => {
    const accounts = open();
    accounts.close();
    await expect(accounts.verify('alice', password)).rejects.toThrow(AccountsUnavailable);
    expect(await accounts.add({ name: 'alice', password })).toMatchObject({
      ok: false,
      error: { code: 'unavailable' },
    });
  });
});

describe('verify', () => {
  test('takes the password and nothing like it', async () => {
    const accounts = open();
    await accounts.add({ name: 'alice', password });
    expect(await accounts.verify('alice', password)).toEqual({ name: 'alice' });
    for (const wrong of ['', 'Correct horse', `${password} `, 'x'])
      expect(await accounts.verify('alice', wrong)).toBeUndefined();
  });

  test('takes the same letters in composed and decomposed form', async () => {
    const accounts = open();
    await accounts.add({ name: 'alice', password: 'gr\u00fcn' });
    expect(await accounts.verify('alice', 'gru\u0308n')).toBeDefined();
  });

  test('does the same work for a name that is unknown or impossible as for a wrong password', async () => {
    const { calls, argon2 } = recorder();
    const accounts = open(undefined, { argon2 });
    await accounts.add({ name: 'alice', password });
    calls.length = 0;
    for (const name of ['alice', 'nobody', '../etc']) await accounts.verify(name, 'wrong');
    const work = calls.map(({ memory, passes, parallelism, length, salt }) => ({
      memory,
      passes,
      parallelism,
      length,
      salt: salt.length,
    }));
    expect(work).toHaveLength(3);
    expect(new Set(work.map((cost) => JSON.stringify(cost))).size).toBe(1);
  });

  test('remembers the last good password, and only that', async () => {
    const { calls, argon2 } = recorder();
    const accounts = open(undefined, { argon2 });
    await accounts.add({ name: 'alice', password });
    await accounts.verify('alice', password);
    calls.length = 0;
    for (let i = 0; i < 5; i++) expect(await accounts.verify('alice', password)).toBeDefined();
    expect(calls).toHaveLength(0);
    expect(await accounts.verify('alice', 'wrong')).toBeUndefined();
    expect(calls).toHaveLength(1);
    expect(await accounts.verify('alice', password)).toBeDefined();
    expect(calls).toHaveLength(1);
  });

  test('forgets at once when another process changes the password, the role, or the account itself', async () => {
    const file = join(temporaryFolder(), 'accounts.db');
    const [here, there] = [open(file), open(file)];
    await here.add({ name: 'alice', password });
    expect(await here.verify('alice', password)).toBeDefined();

    await there.setPassword('alice', 'new one');
    expect(await here.verify('alice', password)).toBeUndefined();
    expect(await here.verify('alice', 'new one')).toBeDefined();

    // By hand, without any of this code: deleted and made again with another password.
    const database = new DatabaseSync(file);
    onTestFinished(() => database.close());
    database.exec("DELETE FROM accounts WHERE name = 'alice'");
    await there.add({ name: 'alice', password: 'third' });
    expect(await here.verify('alice', 'new one')).toBeUndefined();
    expect(await here.verify('alice', 'third')).toBeDefined();

    database.exec("UPDATE accounts SET role = 'admin'");
    expect(await here.verify('alice', 'third')).toEqual({ name: 'alice', role: 'admin' });
    database.exec("UPDATE accounts SET password = 'rubbish'");
    expect(await here.verify('alice', 'third')).toBeUndefined();
  });

  test('judges by the password that is in force when it answers', async () => {
    const file = join(temporaryFolder(), 'accounts.db');
    await open(file).add({ name: 'alice', password });
    let changeMeanwhile = true;
    const slow = open(file, {
      argon2: async (input) => {
        const derived = await deriveByNode(input);
        if (changeMeanwhile) {
          changeMeanwhile = false;
          await open(file).setPassword('alice', 'new one');
        }
        return derived;
      },
    });
    expect(await slow.verify('alice', password)).toBeUndefined();
  });

  test('derives two at a time, in order, and refuses when too many wait', async () => {
    const { waiting, argon2 } = slowly();
    const accounts = open(undefined, { argon2 });
    const outcomes: string[] = [];
    const attempts = Array.from({ length: 260 }, (_, i) =>
      accounts.verify(`user${i}`, 'x').then(
        () => outcomes.push('answered'),
        (error: unknown) => outcomes.push(error instanceof AccountsUnavailable ? error.code : 'other'),
      ),
    );
    await setImmediate();
    expect(waiting).toHaveLength(2);
    expect(outcomes).toEqual(['busy', 'busy']); // 2 run, 256 wait
    while (outcomes.length < 260) {
      expect(waiting.length).toBeLessThanOrEqual(2);
      for (const finish of waiting.splice(0)) finish();
      await setImmediate();
    }
    await Promise.all(attempts);
    expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(258);
  });

  test('a stored hash that asks for too much matches nothing and costs nothing', async () => {
    const file = join(temporaryFolder(), 'accounts.db');
    const { calls, argon2 } = recorder();
    const accounts = open(file, { argon2 });
    await accounts.add({ name: 'alice', password });
    calls.length = 0;
    const database = new DatabaseSync(file);
    onTestFinished(() => database.close());
    for (const cost of ['m=9999999,t=2,p=1', 'm=19456,t=99,p=1', 'm=19456,t=0,p=1', 'm=1,t=1,p=1']) {
      const hash = `$argon2id$v=19$${cost}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
      database.prepare('UPDATE accounts SET password = ?').run(hash);
      expect(await accounts.verify('alice', password)).toBeUndefined();
    }
    expect(calls).toHaveLength(0);
  });
});
