import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openAccounts } from '@scorpiox/shared/accounts';
import { openControl } from '@scorpiox/shared/database';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { scorpiox, temporaryFolder } from '../support/scorpiox.ts';

/** A data folder with alice in it. */
async function withAlice(): Promise<string> {
  const dataDir = await temporaryFolder();
  const accounts = openAccounts(join(dataDir, 'accounts.db'));
  await accounts.add({ name: 'alice', password: 'first' });
  accounts.close();
  return dataDir;
}

async function signIn(dataDir: string, name: string, password: string) {
  const accounts = openAccounts(join(dataDir, 'accounts.db'));
  try {
    return await accounts.verifyLogin(name, password);
  } finally {
    accounts.close();
  }
}

const user = (dataDir: string, args: readonly string[], options: Parameters<typeof scorpioxHere>[1] = {}) =>
  scorpioxHere(['user', ...args, '--data-dir', dataDir], options);

describe('user passwd', () => {
  it('changes it', async () => {
    const dataDir = await withAlice();
    const args = ['user', 'passwd', 'Alice', '--password-stdin', '--data-dir', dataDir];
    const { code, stdout, stderr } = await scorpiox(args, { input: 'second\n' });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('alice');
    expect(stderr).not.toContain('second');
    expect(await signIn(dataDir, 'alice', 'first')).toBeUndefined();
    expect(await signIn(dataDir, 'alice', 'second')).toEqual({ name: 'alice' });
  });

  it('goes by its first name too', async () => {
    const dataDir = await withAlice();
    expect(await user(dataDir, ['password', 'alice'], { typed: ['new', 'new'] })).toMatchObject({ code: 0 });
    expect(await signIn(dataDir, 'alice', 'new')).toBeDefined();
  });

  it('asks twice on a terminal', async () => {
    const dataDir = await withAlice();
    expect(await user(dataDir, ['password', 'alice'], { typed: ['new', 'new'] })).toMatchObject({ code: 0 });
    expect(await signIn(dataDir, 'alice', 'new')).toBeDefined();
    expect(await user(dataDir, ['passwd', 'alice'], { typed: ['a', 'b'] })).toMatchObject({ code: 64 });
    expect(await signIn(dataDir, 'alice', 'new')).toBeDefined();
  });

  it("ends the account's sessions in the dashboard, and says where they may be left", async () => {
    const dataDir = await withAlice();
    const opened = await openControl({ kind: 'sqlite', file: join(dataDir, 'insights.db') });
    if (!opened.ok) throw new Error(opened.error.message);
    const control = opened.value;
    onTestFinished(() => control.close());
    const [alice, bob] = await Promise.all(
      ['alice', 'bob'].map((name) => control.createSession({ user: name, role: 'viewer', ttlMs: 60_000 })),
    );
    expect(await user(dataDir, ['passwd', 'alice'], { typed: ['new', 'new'] })).toMatchObject({ code: 0 });
    expect(await control.findSession(alice?.token ?? '')).toBeUndefined();
    expect(await control.findSession(bob?.token ?? '')).toMatchObject({ user: 'bob' });

    const env = { SCORPIOX_INSIGHTS_DATABASE: `sqlite:${dataDir}` }; // a folder: there, and no database
    const partly = await user(dataDir, ['passwd', 'alice'], { typed: ['newer', 'newer'], env });
    expect(partly).toMatchObject({ code: 6, stderr: expect.stringContaining('Run this again') });
    expect(await signIn(dataDir, 'alice', 'newer')).toBeDefined();
  });

  it('says that there is no such user before it asks, and makes nothing', async () => {
    const dataDir = await temporaryFolder();
    expect(await user(dataDir, ['passwd', 'alice'], { typed: [] })).toMatchObject({ code: 67 });
    expect(await readdir(dataDir)).toEqual([]);
  });
});

describe('user app-password', () => {
  it('adds one that opens mail, lists it without what it is, and takes it back', async () => {
    const dataDir = await withAlice();
    const added = await scorpiox(['user', 'app-password', 'add', 'Alice', 'Phone', '--json', '--data-dir', dataDir]);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const { password, ...rest } = JSON.parse(added.stdout);
    expect(rest).toEqual({ user: 'alice', name: 'phone', login: 'alice/phone' });
    expect(await signIn(dataDir, 'alice/phone', password)).toEqual({ name: 'alice', appPassword: 'phone' });

    const listed = await user(dataDir, ['app-password', 'list', 'alice', '--json']);
    expect(JSON.parse(listed.stdout)).toEqual([
      { name: 'phone', login: 'alice/phone', created: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    ]);
    expect((await user(dataDir, ['app-password', 'list', 'alice'])).stdout).toMatch(/^phone\talice\/phone\t\S+\n$/);

    expect(await user(dataDir, ['app-password', 'rm', 'alice', 'phone'])).toMatchObject({ code: 0, stdout: '' });
    expect(await signIn(dataDir, 'alice/phone', password)).toBeUndefined();
    expect((await user(dataDir, ['app-password', 'list', 'alice', '--json'])).stdout).toBe('[]\n');
    expect(await user(dataDir, ['app-password', 'rm', 'alice', 'phone', '--json'])).toMatchObject({
      code: 1,
      stdout: '',
    });
  });

  it('prints a line of tab-separated fields in a pipe', async () => {
    const dataDir = await withAlice();
    const { stdout } = await user(dataDir, ['app-password', 'add', 'alice', 'phone']);
    expect(stdout).toMatch(/^alice\tphone\talice\/phone\t\S{29}\n$/);
  });

  it.each([
    [67, ['add', 'nobody', 'phone']],
    [67, ['list', 'nobody']],
    [67, ['rm', 'nobody', 'phone']],
    [64, ['add', 'alice', 'my phone']],
    [64, ['add', 'alice']],
    [1, ['add', 'alice', 'taken']],
  ])('ends with %i after %j', async (code, args) => {
    const dataDir = await withAlice();
    await user(dataDir, ['app-password', 'add', 'alice', 'taken']);
    expect(await user(dataDir, ['app-password', ...args])).toMatchObject({ code, stdout: '' });
  });
});
