import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

async function installation() {
  const dataDir = await temporaryFolder();
  const run = (args: readonly string[], input = '') => scorpioxHere([...args, '--data-dir', dataDir], { input });
  for (const user of ['alice', 'bob']) {
    await run(['user', 'add', user, '--password-stdin'], 'secret');
    await run(['mail', 'deliver', user], 'Subject: hello\n\nhello\n');
  }
  return { run, maildir: join(dataDir, 'mail', 'alice', 'Maildir') };
}

it('says that all is well, and what it looked at', async () => {
  const { run } = await installation();
  const verified = await run(['mail', 'verify']);
  expect(verified).toEqual({
    code: 0,
    stdout: '',
    stderr: 'Looked at 2 messages in 12 folders of 2 users: 0 faults and 0 notes.\n',
  });
});

it('ends with 3 where there are faults, and names each', async () => {
  const { run, maildir } = await installation();
  await writeFile(join(maildir, 'new', '1600000000.M1P1.host,S=99'), 'Subject: x\n\nx\n', { mode: 0o600 });
  const before = (await readdir(maildir, { recursive: true })).sort();
  const verified = await run(['mail', 'verify', 'Alice']);
  expect(verified).toMatchObject({ code: 3, stderr: expect.stringContaining('1 fault and 1 note') });
  const path = 'new/1600000000.M1P1.host,S=99';
  expect(verified.stdout.split('\n')).toEqual([
    `alice\tfault\tINBOX\twrong-size\t${path}\tThe name tells another size than the file has: S=99, and the file has 14 bytes.`,
    `alice\tnote\tINBOX\tnot-in-index\t${path}\tThe index does not have the file yet.`,
    '',
  ]);
  const shown = await run(['mail', 'verify', '--limit', '1', '--jq', '.[].fault']);
  expect(shown).toMatchObject({
    code: 3,
    stdout: 'wrong-size\n',
    stderr: expect.stringContaining('the first 1 shown'),
  });
  expect((await readdir(maildir, { recursive: true })).sort()).toEqual(before);
});

it('finds nothing wrong with who never got mail', async () => {
  const { run, maildir } = await installation();
  // As `user import` leaves an account.
  await rm(dirname(maildir), { recursive: true });
  const stderr = 'Looked at 1 message in 6 folders of 2 users: 0 faults and 0 notes.\n';
  expect(await run(['mail', 'verify'])).toEqual({ code: 0, stdout: '', stderr });
  expect(await run(['mail', 'verify', 'alice'])).toMatchObject({ code: 1, stdout: '' });
});

it('knows who is nobody', async () => {
  const { run } = await installation();
  expect(await run(['mail', 'verify', 'carol'])).toMatchObject({ code: 67, stdout: '' });
});
