import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openMailStore } from '@scorpiox/maildir';
import { openAccounts } from '@scorpiox/shared/accounts';
import { openControl } from '@scorpiox/shared/database';
import { describe, expect, it } from 'vitest';
import { type HereOptions, scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

/** An installation with alice, who has a message and an app password, and the tool for it. */
async function withAlice() {
  const dataDir = await temporaryFolder();
  const env = { SCORPIOX_DATA_DIR: dataDir, XDG_STATE_HOME: join(dataDir, 'state') };
  const run = (args: readonly string[], options: HereOptions = {}) => scorpioxHere(args, { env, ...options });
  const rm = (...args: readonly string[]) => run(['user', 'rm', 'alice', ...args]);
  await run(['user', 'add', 'alice', '--password-stdin', '--role', 'viewer'], { input: 'secret' });
  await run(['mail', 'deliver', 'alice'], { input: 'Subject: hello\n\nhello\n' });
  const added = await run(['user', 'app-password', 'add', 'alice', 'phone', '--json']);
  const { password } = JSON.parse(added.stdout);
  const mail = join(dataDir, 'mail');
  /** What opens the account. */
  const opens = async () => {
    const accounts = openAccounts(join(dataDir, 'accounts.db'));
    try {
      const tried = [await accounts.verify('alice', 'secret'), await accounts.verifyLogin('alice/phone', password)];
      return tried.filter((account) => account !== undefined);
    } finally {
      accounts.close();
    }
  };
  return { dataDir, mail, run, rm, opens, files: () => readdirSync(join(mail, 'alice'), { recursive: true }).sort() };
}

const BOTH = [
  { name: 'alice', role: 'viewer' },
  { name: 'alice', role: 'viewer', appPassword: 'phone' },
];

it('shows what it would do, and changes nothing', async () => {
  const { mail, rm, opens } = await withAlice();
  const shown = await rm();
  expect(shown).toMatchObject({ code: 3, stderr: expect.stringContaining('--apply and --confirm=alice') });
  expect(shown.stdout).toBe(
    '1\tyes\tTake the account alice out, with its app passwords.\n' +
      `2\tyes\tSet the mail of alice aside: move ${mail}/alice to ${mail}/.removed/alice/mail.\n`,
  );
  expect(await rm('--apply', '--yes')).toMatchObject({ code: 64, stderr: expect.stringContaining('--confirm=alice') });
  expect(await rm('--apply', '--confirm=bob')).toMatchObject({ code: 5 });
  expect(await opens()).toEqual(BOTH);
});

it('takes the account out with its mail, and brings all of it back', async () => {
  const { mail, run, rm, opens, files } = await withAlice();
  const before = files();
  const removed = await rm('--apply', '--confirm=alice', '--json');
  expect(removed).toMatchObject({ code: 0 });
  expect(await opens()).toEqual([]);
  expect(readdirSync(mail)).toEqual(['.removed']);
  const kept = join(mail, '.removed', 'alice', 'account.json');
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  expect(await run(['mail', 'deliver', 'alice'], { input: 'Subject: late\n\n' })).toMatchObject({ code: 67 });
  expect(await rm()).toMatchObject({ code: 67 });

  const { run: done } = JSON.parse(removed.stdout);
  expect(await run(['undo', done, '--apply', '--yes'])).toMatchObject({ code: 0 });
  expect(await opens()).toEqual(BOTH);
  expect(files()).toEqual(before);
  expect(readdirSync(mail)).toEqual(['alice']);
});

it('does not bring it back over another account of that name', async () => {
  const { run, rm, opens } = await withAlice();
  const { run: done } = JSON.parse((await rm('--apply', '--confirm=alice', '--json')).stdout);
  await run(['user', 'add', 'alice', '--password-stdin'], { input: 'another' });
  expect(await run(['undo', done, '--apply', '--yes'])).toMatchObject({ code: 5 });
  expect(await opens()).toEqual([]);
});

it('keeps the journal free of what opens the account', async () => {
  const { dataDir, rm } = await withAlice();
  const { run: done } = JSON.parse((await rm('--apply', '--confirm=alice', '--json')).stdout);
  const journal = readFileSync(join(dataDir, 'state', 'scorpiox', 'runs', `${done}.ndjson`), 'utf8');
  expect(journal).toContain('remove-account');
  expect(journal).not.toMatch(/argon2|SCRAM|hash/i);
});

describe('with --remove-mail', () => {
  it('removes both for good, once that is confirmed', async () => {
    const { mail, run, rm, opens } = await withAlice();
    expect(await rm('--remove-mail', '--apply')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('This cannot be undone.'),
    });
    const removed = await rm('--remove-mail', '--apply', '--confirm=alice', '--json');
    expect(removed).toMatchObject({ code: 0 });
    expect(await opens()).toEqual([]);
    expect(readdirSync(mail)).toEqual([]);
    const undone = await run(['undo', JSON.parse(removed.stdout).run, '--apply', '--yes']);
    expect(undone).toMatchObject({ code: 5, stderr: expect.stringContaining('cannot be undone') });
  });
});

it('refuses while somebody has the mail open', async () => {
  const { mail, rm, opens } = await withAlice();
  const places = { maildir: join(mail, 'alice', 'Maildir'), indexFile: join(mail, 'alice', 'index.db') };
  const opened = await openMailStore(places);
  if (!opened.ok) throw new Error(opened.error.message);
  try {
    const refused = await rm('--apply', '--confirm=alice');
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('scorpiox user disable alice') });
    expect(await opens()).toEqual(BOTH);
  } finally {
    await opened.value.close();
  }
});

describe('the dashboard', () => {
  it('is left as well', async () => {
    const { dataDir, rm } = await withAlice();
    const opened = await openControl({ kind: 'sqlite', file: join(dataDir, 'insights.db') });
    if (!opened.ok) throw new Error(opened.error.message);
    const control = opened.value;
    const { token } = await control.createSession({ user: 'alice', role: 'viewer', ttlMs: 60_000 });
    expect(await rm('--apply', '--confirm=alice')).toMatchObject({ code: 0 });
    expect(await control.findSession(token)).toBeUndefined();
    await control.close();
  });

  it('keeps the account where that cannot be', async () => {
    const { dataDir, run, opens } = await withAlice();
    const env = {
      SCORPIOX_DATA_DIR: dataDir,
      XDG_STATE_HOME: join(dataDir, 'state'),
      SCORPIOX_INSIGHTS_DATABASE: `sqlite:${dataDir}`, // a folder: there, and no database
    };
    const refused = await run(['user', 'rm', 'alice', '--apply', '--confirm=alice'], { env });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('Nothing was changed.');
    expect(await opens()).toEqual(BOTH);
  });
});
