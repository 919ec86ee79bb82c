import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAccounts } from '@scorpiox/shared/accounts';
import { expect, it } from 'vitest';
import { parsePasswdFile } from '../../src/ops/user/import/passwd-file.ts';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

/** What `doveadm pw` (Dovecot 2.3) made of `secret`. */
const BCRYPT = '{BLF-CRYPT}$2y$05$gR4vJGUU8OFL4olI.ATHq.T3ScYT4DRJY0Mu5rEH5Gt/I23k6fa7.';
const SHA512 =
  '$6$DEwhxphkkxdos6Wd$cDXAhBqW2NP.EZCSpgIpmR/UwVJB8a.GHPtasLIE67IAwEpvmIfCP476rQgdiGPlkWmF5Mho1QFOylUKk5sGw1';

const FILE = `# people
Alice@Example.net:${BCRYPT}:1000:1000::/home/alice::userdb_quota_rule=*:storage=1G
bob:${SHA512}:::::
carol:{MD5-CRYPT}$1$D9S/16lI$pdz9db1S.5BRGntd3xOhl.

dave:{PLAIN}secret:::::: nologin
erin:
alice@example.net:{PLAIN}again
no such name:{PLAIN}x
frank
`;

async function install(file = FILE) {
  const dataDir = await temporaryFolder();
  const state = await temporaryFolder();
  const users = join(state, 'users');
  writeFileSync(users, file);
  const env = { SCORPIOX_DATA_DIR: dataDir, XDG_STATE_HOME: state };
  const run = (...args: readonly string[]) => scorpioxHere(args, { env, cwd: state });
  const opens = async (name: string) => {
    const accounts = openAccounts(join(dataDir, 'accounts.db'));
    try {
      return (await accounts.verify(name, 'secret')) !== undefined;
    } finally {
      accounts.close();
    }
  };
  const list = async () => (await run('user', 'list')).stdout.trim().split('\n').sort();
  return { dataDir, state, users, run, opens, list };
}

it('shows who would come, and changes nothing', async () => {
  const { dataDir, run } = await install();
  const { code, stdout, stderr } = await run('user', 'import', 'users');
  expect(code).toBe(3);
  expect(stdout).toBe(
    '1\tyes\tAdd the account alice@example.net with its password.\n' +
      '2\tyes\tAdd the account bob with its password.\n' +
      '3\tyes\tAdd the account carol without a password: those of MD5-CRYPT cannot be checked here.\n' +
      '4\tyes\tAdd the account dave with its password, disabled.\n' +
      '5\tyes\tAdd the account erin without a password: the line has none, or a locked one.\n',
  );
  expect(stderr).toContain('line 8: alice@example.net stands in a line before this one.');
  expect(stderr).toContain('line 9: The name is none');
  expect(stderr).toContain('line 10: It has no colon');
  expect(readdirSync(dataDir)).toEqual([]);
});

it('adds them with the passwords that they had, names who needs one, and takes them back', async () => {
  const { dataDir, state, run, opens, list } = await install();
  const done = await run('user', 'import', 'users', '--apply', '--yes', '--json');
  expect(done.code).toBe(6); // three lines were no accounts
  const told = JSON.parse(done.stdout);
  expect(told).toMatchObject({ added: 5, there: 0, passwordless: 2, refused: 3, needPassword: ['carol', 'erin'] });
  expect(done.stderr).toContain('Without a password: carol, erin. Give each one with `scorpiox user passwd NAME`.');
  expect(await list()).toEqual([
    'alice@example.net\t\tactive',
    'bob\t\tactive',
    'carol\t\tno-password',
    'dave\t\tdisabled',
    'erin\t\tno-password',
  ]);
  expect(await opens('bob')).toBe(true);
  for (const name of ['carol', 'dave', 'erin']) expect(await opens(name)).toBe(false);

  // Nothing of a password is in the journal.
  const runs = join(state, 'scorpiox', 'runs');
  const journals = readdirSync(runs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const noted = journals.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('');
  expect(noted).toContain('bob');
  for (const secret of ['secret', BCRYPT.slice(20), SHA512.slice(30)]) expect(noted).not.toContain(secret);

  const again = await run('user', 'import', 'users');
  expect(again).toMatchObject({ code: 0, stdout: '' });
  expect(again.stderr).toContain('There already, and left as they are: alice@example.net, bob, carol, dave, erin.');

  // Who has signed in since has a password of our own, and stays.
  const undone = await run('undo', told.run, '--apply', `--confirm=${told.run}`, '--partial');
  expect(undone.stderr).toContain('bob');
  expect(await list()).toEqual(['bob\t\tactive']);
  expect(readdirSync(dataDir)).toContain('accounts.db');
});

it('takes passwords without a scheme for what is said', async () => {
  const { run, opens } = await install('alice:secret\n');
  expect(await run('user', 'import', 'users', '--scheme', 'plain', '--apply', '--yes')).toMatchObject({ code: 0 });
  expect(await opens('alice')).toBe(true);
});

it.each([['nowhere'], ['.']])('%s is wrong use', async (path) => {
  const { dataDir, run } = await install();
  expect(await run('user', 'import', path, '--apply', '--yes')).toMatchObject({ code: 64, stdout: '' });
  expect(readdirSync(dataDir)).toEqual([]);
});

it('reads what Dovecot reads: missing fields, blanks, line ends, flags', () => {
  const text =
    '\r\n  # note\r\na:{PLAIN}x\r\nb:{PLAIN}x:1:2:g:h:s:nopassword=y other\r\nc:{PLAIN}x:::::: a=b nologin=y\nd:*\n';
  const { entries, troubles } = parsePasswdFile(text, 'CRYPT');
  expect(troubles).toEqual([]);
  expect(entries.map(({ name, disabled, password }) => [name, disabled, password.kind])).toEqual([
    ['a', false, 'plain'],
    ['b', false, 'none'],
    ['c', true, 'plain'],
    ['d', false, 'none'],
  ]);
});
