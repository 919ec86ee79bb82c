import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Accounts, openAccounts, type ScramLogin } from '../../src/accounts/index.ts';
import { deriveScramKeys, parseScram, scramText } from '../../src/accounts/scram.ts';
import { temporaryFolder } from '../folders.ts';

function open(file = join(temporaryFolder(), 'accounts.db')): Accounts {
  const accounts = openAccounts(file);
  onTestFinished(() => accounts.close());
  return accounts;
}

const told = ({ salt, iterations }: ScramLogin) => ({ salt: Buffer.from(salt).toString('hex'), iterations });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** A file as it was before there was SCRAM, with one account whose password is `correct horse`. */
async function oldFile(): Promise<string> {
  const file = join(temporaryFolder(), 'accounts.db');
  const made = openAccounts(file);
  await made.add({ name: 'alice', password: 'correct horse' });
  made.close();
  const database = new DatabaseSync(file);
  database.exec(`DROP TABLE app_passwords; DROP TABLE secrets; DROP TRIGGER accounts_app_passwords;
    ALTER TABLE accounts DROP COLUMN scram; ALTER TABLE accounts DROP COLUMN disabled; PRAGMA user_version = 1`);
  database.close();
  return file;
}

describe('keys', () => {
  test('of RFC 7677’s example give its signatures', async () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    const { serverKey, storedKey } = await deriveScramKeys('pencil', salt, 4096);
    const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const said = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=${nonce}`;
    const sign = (key: Uint8Array) => createHmac('sha256', key).update(said).digest('base64');
    expect(sign(serverKey)).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
    expect(storedKey).toHaveLength(32);
  });

  test('are stored as text and read again', async () => {
    const keys = await deriveScramKeys('pencil', Buffer.alloc(16, 7), 4096);
    expect(scramText(keys)).toMatch(/^SCRAM-SHA-256\$4096:[\w+/=]+\$[\w+/]{43}=:[\w+/]{43}=$/);
    const read = parseScram(scramText(keys));
    expect(read && { ...read, storedKey: hex(read.storedKey), serverKey: hex(read.serverKey) }).toEqual({
      ...keys,
      storedKey: hex(keys.storedKey),
      serverKey: hex(keys.serverKey),
    });
  });

  test.each([
    '',
    'rubbish',
    'SCRAM-SHA-256$1:AA==$A:B',
    `SCRAM-SHA-256$99999999:AA==$${'A'.repeat(43)}=:${'A'.repeat(43)}=`,
  ])('a stored text %j is none', (text) => {
    expect(parseScram(text)).toBeUndefined();
  });
});

describe('scram', () => {
  test('of a name that is there confirms it; another password is another salt', async () => {
    const accounts = open();
    await accounts.add({ name: 'alice', password: 'correct horse', role: 'admin' });
    const before = accounts.scram('ALICE');
    expect(before.iterations).toBe(50_000);
    expect(before.confirm()).toEqual({ name: 'alice', role: 'admin' });
    await accounts.setPassword('alice', 'another');
    expect(before.confirm()).toBeUndefined();
    expect(told(accounts.scram('alice'))).not.toEqual(told(before));
  });

  test('of a name that is not there looks the same, always, and confirms nothing', async () => {
    const file = join(temporaryFolder(), 'accounts.db');
    const accounts = open(file);
    await accounts.add({ name: 'alice', password: 'correct horse' });
    for (const name of ['nobody', 'NOBODY', '.etc', 'ü', '']) {
      const login = accounts.scram(name);
      expect(login.confirm()).toBeUndefined();
      expect(login).toMatchObject({ iterations: 50_000, salt: { length: 16 }, storedKey: { length: 32 } });
    }
    expect(told(open(file).scram('nobody'))).toEqual(told(accounts.scram('Nobody')));
    expect(told(accounts.scram('nobody'))).not.toEqual(told(accounts.scram('somebody')));
    expect(told(open().scram('nobody'))).not.toEqual(told(accounts.scram('nobody')));
    expect(accounts.scram('alice/none')).toMatchObject({ iterations: 4096, salt: { length: 16 } });
  });

  test('stored keys that are rubbish are as good as none', async () => {
    const file = join(temporaryFolder(), 'accounts.db');
    const accounts = open(file);
    await accounts.add({ name: 'alice', password: 'correct horse' });
    const database = new DatabaseSync(file);
    database.exec("UPDATE accounts SET scram = 'rubbish'");
    database.close();
    expect(accounts.scram('alice').confirm()).toBeUndefined();
  });
});

describe('an account from before there was SCRAM', () => {
  test('keeps its password, and has keys after its first good sign-in, without a change that a stranger could see', async () => {
    const accounts = open(await oldFile());
    const stranger = accounts.scram('alice');
    expect(stranger.confirm()).toBeUndefined();
    expect(await accounts.verifyLogin('alice', 'wrong')).toBeUndefined();
    expect(accounts.scram('alice').confirm()).toBeUndefined();
    expect(await accounts.verifyLogin('alice', 'correct horse')).toEqual({ name: 'alice' });
    const now = accounts.scram('alice');
    expect(now.confirm()).toEqual({ name: 'alice' });
    expect(told(now)).toEqual(told(stranger));
    const keys = await deriveScramKeys('correct horse', now.salt, now.iterations);
    expect(hex(now.storedKey)).toBe(hex(keys.storedKey));
  });

  test('signs in where its keys cannot be written', async () => {
    const file = await oldFile();
    const accounts = open(file);
    const database = new DatabaseSync(file);
    onTestFinished(() => database.close());
    database.exec("CREATE TRIGGER full BEFORE UPDATE ON accounts BEGIN SELECT RAISE(ABORT, 'full'); END");
    expect(await accounts.verifyLogin('alice', 'correct horse')).toEqual({ name: 'alice' });
    expect(accounts.scram('alice').confirm()).toBeUndefined();
  });
});
