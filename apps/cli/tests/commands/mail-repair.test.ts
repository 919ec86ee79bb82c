import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type HereOptions, scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

it('shows what it would do, does it when told, and is taken back', async () => {
  const dataDir = await temporaryFolder();
  const env = { SCORPIOX_DATA_DIR: dataDir, XDG_STATE_HOME: join(dataDir, 'state') };
  const run = (args: readonly string[], options: HereOptions = {}) => scorpioxHere(args, { env, ...options });
  await run(['user', 'add', 'alice', '--password-stdin'], { input: 'secret' });
  expect(await run(['mail', 'repair'])).toEqual({ code: 0, stdout: '', stderr: 'There is nothing to do.\n' });

  const maildir = join(dataDir, 'mail', 'alice', 'Maildir');
  await symlink('/nowhere/at/all', join(maildir, 'cur', 'x'));
  await writeFile(join(maildir, 'new', '1600000000.M1P1.host,S=99'), 'Subject: x\n\nx\n', { mode: 0o600 });
  const shown = await run(['mail', 'repair']);
  expect(shown).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^scorpiox: 2 steps pending: plan [0-9a-f]{12}/),
  });
  expect(shown.stdout).toBe(
    '1\tyes\talice: rename new/1600000000.M1P1.host,S=99 to 1600000000.M1P1.host,S=14. The name tells another size than the file has.\n' +
      '2\tyes\talice: set cur/x aside. The link leads nowhere.\n',
  );
  expect(await run(['mail', 'repair', 'bob'])).toMatchObject({ code: 67 });

  expect(await run(['mail', 'repair', '--apply'])).toMatchObject({ code: 64 });
  const done = await run(['mail', 'repair', '--apply', '--yes', '--json']);
  expect(done).toMatchObject({ code: 0 });
  const told = JSON.parse(done.stdout);
  expect(told).toMatchObject({ command: 'mail repair', state: 'done', steps: 2, done: 2 });
  expect(await run(['mail', 'verify'])).toMatchObject({ code: 0 });
  expect(await readdir(join(dataDir, 'mail', 'alice', 'set-aside', 'INBOX', 'cur'))).toEqual(['x']);

  expect(await run(['undo', told.run, '--apply', '--yes'])).toMatchObject({ code: 0 });
  expect(await run(['mail', 'verify'])).toMatchObject({ code: 3, stderr: expect.stringContaining('2 faults') });
  expect(await readdir(join(dataDir, 'mail', 'alice'))).not.toContain('set-aside');
});
