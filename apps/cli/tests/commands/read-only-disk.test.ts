/** Accounts and mail on a disk that is mounted read-only, as a snapshot is: in a mount namespace of its own, which goes by itself. */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { MAIN, temporaryFolder } from '../support/scorpiox.ts';

const MOUNT = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"';

/** Runs shell commands with a folder mounted read-only; `scorpiox` in them is the tool. */
const onReadOnly = (folder: string, commands: string) =>
  spawnSync('unshare', ['--mount', 'sh', '-c', `${MOUNT} || exit 99\n${commands}`, folder], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, XDG_CONFIG_HOME: '/nowhere', NODE: process.execPath, MAIN },
  });

const canMount = onReadOnly('/tmp', ':').status === 0;

it.runIf(canMount)('lists accounts, and tells the state of mail and what is wrong with it', async () => {
  const disk = await temporaryFolder();
  const [now, older] = [join(disk, 'now'), join(disk, 'older')];
  const run = (args: readonly string[], input = '') => scorpioxHere([...args, '--data-dir', now], { input });
  await run(['user', 'add', 'alice', '--password-stdin'], 'secret');
  await run(['mail', 'deliver', 'alice'], 'Subject: hello\n\nhello\n');
  expect(await run(['mail', 'text-index', 'build', 'alice'])).toMatchObject({ code: 0 });
  cpSync(now, older, { recursive: true });
  const accounts = new DatabaseSync(join(older, 'accounts.db'));
  accounts.exec('PRAGMA user_version = 1');
  accounts.close();

  const told = onReadOnly(
    disk,
    `tool() { "$NODE" --disable-warning=ExperimentalWarning "$MAIN" "$@"; echo "ends with $?"; }
     tool user list --data-dir "$0/now"
     tool mail status Alice --jq .textIndexed --data-dir "$0/now"
     tool mail verify --data-dir "$0/now"
     tool user list --data-dir "$0/older"`,
  );
  expect(told.stdout.split('\n')).toEqual([
    ...['alice\t\tactive', 'ends with 0'],
    ...['1', 'ends with 0'],
    'ends with 0',
    ...['ends with 1', ''],
  ]);
  expect(told.stderr).toContain('are of another version, and cannot be brought up to date');
});
