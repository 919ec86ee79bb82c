import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openAccounts } from '@scorpiox/shared/accounts';
import { describe, expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { scorpiox, temporaryFolder } from '../support/scorpiox.ts';

const add = (dataDir: string, name: string, input: string | Uint8Array, ...more: string[]) =>
  scorpioxHere(['user', 'add', name, '--password-stdin', '--data-dir', dataDir, ...more], { input });

async function signIn(dataDir: string, name: string, password: string) {
  const accounts = openAccounts(join(dataDir, 'accounts.db'));
  try {
    return await accounts.verify(name, password);
  } finally {
    accounts.close();
  }
}

it('adds an account that can sign in, and its Maildir', async () => {
  const dataDir = await temporaryFolder();
  const args = ['user', 'add', 'Alice', '--password-stdin', '--role', 'admin', '--data-dir', dataDir];
  const { code, stdout, stderr } = await scorpiox(args, { input: 'correct horse\n' });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).not.toContain('horse');
  expect(await signIn(dataDir, 'alice', 'correct horse')).toEqual({ name: 'alice', role: 'admin' });
  const maildir = join(dataDir, 'mail', 'alice', 'Maildir');
  expect(stderr).toContain(maildir);
  expect(await readdir(maildir)).toEqual(expect.arrayContaining(['cur', 'new', 'tmp']));
  expect((await stat(maildir)).mode & 0o077).toBe(0);
});

it('takes one line end off the password, and no more', async () => {
  const dataDir = await temporaryFolder();
  await add(dataDir, 'a', 'pass \r\n');
  await add(dataDir, 'b', ' pass\n\n');
  expect(await signIn(dataDir, 'a', 'pass ')).toBeDefined();
  expect(await signIn(dataDir, 'b', ' pass\n')).toBeDefined();
});

it.each([
  ['nothing', ''],
  ['only a line end', '\n'],
  ['a flood', 'x'.repeat(100_000)],
  ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0xfd)],
])('refuses %s as a password and changes nothing', async (_, input) => {
  const dataDir = await temporaryFolder();
  expect(await add(dataDir, 'alice', input)).toMatchObject({ code: 64, stderr: expect.stringMatching(/password/i) });
  expect(await readdir(dataDir)).toEqual([]);
});

it('does not wait for a password where there is no terminal', async () => {
  const dataDir = await temporaryFolder();
  const { code, stderr } = await scorpioxHere(['user', 'add', 'alice', '--data-dir', dataDir], { input: 'secret\n' });
  expect(code).toBe(64);
  expect(stderr).toContain('--password-stdin');
});

it.each(['../evil', 'a b', 'ü', ''])('refuses the name %j', async (name) => {
  const dataDir = await temporaryFolder();
  const { code, stderr } = await add(dataDir, name, 'secret\n');
  expect(code).toBe(64);
  expect(stderr).toMatch(/name/i);
});

it('does not change an account that is there', async () => {
  const dataDir = await temporaryFolder();
  await add(dataDir, 'alice', 'first\n');
  expect(await add(dataDir, 'ALICE', 'second\n')).toMatchObject({ code: 1, stderr: expect.stringContaining('alice') });
  expect(await signIn(dataDir, 'alice', 'first')).toBeDefined();
  expect(await signIn(dataDir, 'alice', 'second')).toBeUndefined();
});

describe('on a terminal', () => {
  const type = (dataDir: string, ...typed: (string | undefined)[]) =>
    scorpioxHere(['user', 'add', 'alice', '--data-dir', dataDir], { typed });

  it('asks twice', async () => {
    const dataDir = await temporaryFolder();
    expect(await type(dataDir, 'secret', 'secret')).toMatchObject({ code: 0 });
    expect(await signIn(dataDir, 'alice', 'secret')).toBeDefined();
  });

  it.each([
    [64, ['secret', 'secert']],
    [64, ['', '']],
    [130, [undefined]],
    [130, ['secret', undefined]],
  ])('ends with %i and changes nothing after %j', async (code, typed) => {
    const dataDir = await temporaryFolder();
    expect(await type(dataDir, ...typed)).toMatchObject({ code, stdout: '' });
    expect(await readdir(dataDir)).toEqual([]);
  });
});

it('lists accounts, and makes nothing where there are none', async () => {
  const dataDir = await temporaryFolder();
  expect(await scorpioxHere(['user', 'list', '--data-dir', dataDir])).toMatchObject({ code: 1, stdout: '' });
  expect(await readdir(dataDir)).toEqual([]);
  await add(dataDir, 'bob', 'x', '--role', 'viewer');
  await add(dataDir, 'alice', 'x');
  const listed = await scorpioxHere(['user', 'list', '--data-dir', dataDir]);
  expect(listed).toMatchObject({ code: 0, stdout: 'alice\t\tactive\nbob\tviewer\tactive\n' });
});
