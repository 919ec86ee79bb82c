import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { matchesShaCrypt, parseShaCrypt } from '../../src/accounts/foreign/sha-crypt.ts';
import {
  type Accounts,
  type AdoptedPassword,
  openAccounts,
  parseDovecotPassword,
  peekAccounts,
} from '../../src/accounts/index.ts';
import { ARGON2 } from '../../src/accounts/limits.ts';
import { deriveByNode } from '../../src/accounts/password.ts';
import type { Argon2Input } from '../../src/accounts/types.ts';
import { temporaryFolder } from '../folders.ts';

const PASSWORD = 'sécret ✓';

/** What `doveadm pw -p 'sécret ✓'` (Dovecot 2.3) made of it. */
const DOVECOT = {
  'SHA512-CRYPT':
    '{SHA512-CRYPT}$6$MGjmkVotocsn9EIM$ZGi.3v7hGPFTVUl/fJRg6TXWxcLhlzj0u73YnBIX1V9NC1dm6ZY3fBECm9JHto53BirCBP64gYme3rtej41RB0',
  'SHA256-CRYPT': '{SHA256-CRYPT}$5$oieETzNO3fDtgQAF$B9dKGSJGmG5KmK6eI73c3Xb5.Z4Pm/QwEIzO/tQzH62',
  'BLF-CRYPT': '{BLF-CRYPT}$2y$05$sz3QyVnHe7LHbCYxfL7ldOzW8A9xAtJQ8rf5TQpV6e.H4XmLhiis2',
  ARGON2ID:
    '{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$goOQbQXWIpATA43qQuaQcg$Qkdx2ScYaMOWplzOYaEheN26kCC59cWC8PtEExLdZrc',
  'SCRAM-SHA-256':
    '{SCRAM-SHA-256}4096,ZoN+4t4966fJ7sRoRJxWqg==,SxVUlr0jMg6DpYbps0Qf3mBrgzRVvkCfyESEz2quKnQ=,cN/VSxyhCt0MfMtrtUzl9kuS3bpULl7Geb1HbNAlWAg=',
  SSHA: '{SSHA}ynjguX+cjMk5r1gSO2D8LjXgHkPCvU/v',
  SSHA256: '{SSHA256}qYXdE73Chtb0QPUsT7FW/TKqmwHtwJW6sTVpoRVhIfJBN/9q',
  SSHA512: '{SSHA512}uSdrgLf2jezXMc7glrf9i53Gsg0x5ZO1QWpkr59jtMTEsB82xZ+Ozt+HbsdpbbObjLbci64Jbmzky4zRbVwxev3if2w=',
  SHA: '{SHA}wk+RB/ZLv5UqPuuF2gf/B3KuzFo=',
  SHA256: '{SHA256}C4PF43PZhv2E8X7oQGhWWA7pgQVaPzAcncagsX09VUA=',
  'SHA256.HEX': '{SHA256.HEX}0b83c5e373d986fd84f17ee8406856580ee981055a3f301c9dc6a0b17d3d5540',
  'SSHA.HEX': '{SSHA.HEX}a1fed810082af6c097f3646daf6d2df70eee7bfec8bf3564',
  SMD5: '{SMD5}hOslXsJfZ3onT4yx2OsCrCEfGRA=',
  'LDAP-MD5': '{LDAP-MD5}T6KA8zzfLymeh9toxVQBHA==',
  'PLAIN-MD5': '{PLAIN-MD5}4fa280f33cdf2f299e87db68c554011c',
  PLAIN: '{PLAIN}sécret ✓',
  'PLAIN.B64': '{PLAIN.B64}c8OpY3JldCDinJM=',
  'CRYPT, bcrypt': '{CRYPT}$2y$05$Tt8pshJXW3Q8sB0IaQTWMudbruvAEmuQONv7N.RlnsxKZOISTKvtK',
  'no scheme':
    '$6$MGjmkVotocsn9EIM$ZGi.3v7hGPFTVUl/fJRg6TXWxcLhlzj0u73YnBIX1V9NC1dm6ZY3fBECm9JHto53BirCBP64gYme3rtej41RB0',
};

function adoptable(field: string): AdoptedPassword {
  const parsed = parseDovecotPassword(field);
  if ('why' in parsed) throw new Error(`${parsed.scheme}: ${parsed.why}`);
  return parsed;
}

const quickly = async ({ password, salt, length }: Argon2Input) =>
  createHash('sha512').update(password).update(salt).digest().subarray(0, length);

/** Accounts whose derivations are counted; alice comes with this password. */
async function withAlice(password: AdoptedPassword) {
  const file = join(temporaryFolder(), 'accounts.db');
  const derivations: Argon2Input[] = [];
  const argon2 = (input: Argon2Input) => {
    derivations.push(input);
    // Our own is costly on purpose, and tried elsewhere: only Dovecot's has to be derived as it is.
    return input.memory === ARGON2.memory ? quickly(input) : deriveByNode(input);
  };
  const accounts: Accounts = openAccounts(file, { argon2 });
  onTestFinished(() => accounts.close());
  expect(await accounts.adopt({ name: 'Alice', disabled: false, password })).toMatchObject({ ok: true });
  const database = new DatabaseSync(file);
  onTestFinished(() => database.close());
  const stored = () => {
    const row = database.prepare(`SELECT password, scram FROM accounts WHERE name = 'alice'`).get();
    return { password: String(row?.password), scram: row?.scram };
  };
  return { file, accounts, stored, derivations };
}

const OURS = /^\$argon2id\$/;

describe('a password of Dovecot’s', () => {
  test.each(Object.entries(DOVECOT))('by %s opens what it opened, and nothing like it does', async (_, field) => {
    const { accounts, stored } = await withAlice(adoptable(field));
    expect(await accounts.verify('alice', `${PASSWORD} `)).toBeUndefined();
    expect(await accounts.verify('ALICE', PASSWORD)).toEqual({ name: 'alice' });
    // From the first good sign-in on it is our own.
    expect(stored()).toEqual({
      password: expect.stringMatching(OURS),
      scram: expect.stringContaining('SCRAM-SHA-256$'),
    });
    expect(await accounts.verify('alice', PASSWORD)).toEqual({ name: 'alice' });
    expect(accounts.scram('alice').confirm()).toEqual({ name: 'alice' });
  });

  test('SCRAM’s keys open at once, and stay those that mail programs know', async () => {
    const { accounts } = await withAlice(adoptable(DOVECOT['SCRAM-SHA-256']));
    const before = accounts.scram('alice');
    expect({ iterations: before.iterations, confirmed: before.confirm() }).toEqual({
      iterations: 4096,
      confirmed: { name: 'alice' },
    });
    await accounts.verify('alice', PASSWORD);
    const { salt, storedKey } = accounts.scram('alice');
    expect({ salt, storedKey }).toEqual({ salt: before.salt, storedKey: before.storedKey });
  });

  test('costs whoever guesses as much as our own, as long as it is not', async () => {
    const { accounts, derivations } = await withAlice(adoptable(DOVECOT.SSHA));
    await accounts.verify('alice', 'wrong');
    await accounts.verify('nobody', 'wrong');
    const [one, other] = derivations.map(({ memory, passes, length }) => ({ memory, passes, length }));
    expect(derivations).toHaveLength(2);
    expect(one).toEqual(other);
  });

  test('two sign-ins at the same moment are both let in', async () => {
    const { accounts } = await withAlice(adoptable(DOVECOT['SHA512-CRYPT']));
    const both = await Promise.all([accounts.verify('alice', PASSWORD), accounts.verify('alice', PASSWORD)]);
    expect(both).toEqual([{ name: 'alice' }, { name: 'alice' }]);
  });

  test('that is plain is never kept so', async () => {
    const { stored } = await withAlice({ kind: 'plain', password: PASSWORD });
    expect(stored()).toMatchObject({ password: expect.stringMatching(OURS) });
  });
});

test('an account without a password lets nobody in until it gets one, and is shown as such', async () => {
  const { accounts, file } = await withAlice({ kind: 'none' });
  for (const guess of ['', '{NONE}', 'x']) expect(await accounts.verify('alice', guess)).toBeUndefined();
  expect(accounts.scram('alice').confirm()).toBeUndefined();
  expect(accounts.list()).toEqual([{ name: 'alice', passwordless: true }]);
  expect(peekAccounts(file)).toEqual([{ name: 'alice', passwordless: true }]);
  expect(await accounts.setPassword('alice', 'x')).toEqual({ ok: true, value: { name: 'alice' } });
  expect(await accounts.verify('alice', 'x')).toEqual({ name: 'alice' });
});

test('an account is adopted once, disabled where it was, and not under a name that is none', async () => {
  const { accounts } = await withAlice({ kind: 'none' });
  const password = { kind: 'plain', password: 'x' } as const;
  expect(await accounts.adopt({ name: 'alice', disabled: false, password })).toMatchObject({
    error: { code: 'exists' },
  });
  expect(await accounts.adopt({ name: 'a/b', disabled: false, password })).toMatchObject({
    error: { code: 'invalid-name' },
  });
  expect(await accounts.adopt({ name: 'bob', disabled: true, password })).toMatchObject({ value: { disabled: true } });
  expect(await accounts.verify('bob', 'x')).toBeUndefined();
});

test.each([
  ['{MD5-CRYPT}$1$D9S/16lI$pdz9db1S.5BRGntd3xOhl.', 'MD5-CRYPT', 'unknown-scheme'],
  ['{CRYPT}L1plqqfteDOJM', 'CRYPT', 'unknown-scheme'],
  ['L1plqqfteDOJM', 'CRYPT', 'unknown-scheme'],
  ['{CRAM-MD5}9a6e15fa', 'CRAM-MD5', 'unknown-scheme'],
  ['{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$a$b', 'ARGON2I', 'unknown-scheme'],
  ['{SSHA}short', 'SSHA', 'malformed'],
  ['{SHA256.HEX}zz', 'SHA256', 'malformed'],
  ['{SHA}ynjguX+cjMk5r1gSO2D8LjXgHkPCvU/v', 'SHA', 'malformed'],
  ['{SSHA.ROT13}abcd', 'SSHA', 'malformed'],
  ['{SHA512-CRYPT}$6$salt$tooshort', 'SHA512-CRYPT', 'malformed'],
  ['{SCRAM-SHA-256}4096,a,b', 'SCRAM-SHA-256', 'malformed'],
  ['{PLAIN}', 'PLAIN', 'malformed'],
  ['', 'CRYPT', 'locked'],
  ['!', 'CRYPT', 'locked'],
  ['*LK*', 'CRYPT', 'locked'],
])('%j cannot be checked: %s is %s', (field, scheme, why) => {
  expect(parseDovecotPassword(field)).toEqual({ scheme, why });
});

test('a field without a scheme is of the one that is said', () => {
  expect(parseDovecotPassword('hunter2', 'PLAIN')).toEqual({ kind: 'plain', password: 'hunter2' });
});

describe('SHA-crypt', () => {
  // Of the paper, and of `openssl passwd` where it names none.
  test.each([
    [
      '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
      'Hello world!',
    ],
    ['$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5', 'Hello world!'],
    [
      '$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0',
      'This is just a test',
    ],
    [
      '$5$rounds=1400$anotherlongsalts$Rx.j8H.h8HjEDGomFU8bDkXm3XIUnzyxf12oP84Bnq1',
      'a very much longer text to encrypt.  This one even stretches over morethan one line.',
    ],
    ['$5$abcdefghi$RXUWWt3pCUZkEVXCtf6qOTM1Y8o9cgUiVnj9VPFy3B9', 'ü'.repeat(100)],
    ['$6$a$mV5jRXnGE41OLL4EDY5vNGeq4ztocCVes0RUQd5lYyuDW7.evS7lvYEL5GyNo7nXS4eE08RVwPO4.EaTTJjUp.', 'ü'.repeat(100)],
  ])('%s', async (text, password) => {
    expect(await matchesShaCrypt(Buffer.from(password), text)).toBe(true);
    expect(await matchesShaCrypt(Buffer.from(`${password}.`), text)).toBe(false);
  });

  test('that asks for too much is not taken, and nothing is derived for it', async () => {
    const text = `$6$rounds=999999999$salt$${'a'.repeat(86)}`;
    expect(parseShaCrypt(text)).toBeUndefined();
    expect(parseDovecotPassword(text)).toMatchObject({ why: 'malformed' });
    expect(parseDovecotPassword(`$2y$31$${'a'.repeat(53)}`)).toMatchObject({ why: 'malformed' });
    expect(await matchesShaCrypt(Buffer.from('x'), text)).toBe(false);
  });
});
