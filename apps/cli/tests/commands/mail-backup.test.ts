import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

async function installation() {
  const dataDir = await temporaryFolder();
  const to = join(await temporaryFolder(), 'backups');
  const run = (args: readonly string[], input = '') => scorpioxHere([...args, '--data-dir', dataDir], { input });
  for (const user of ['alice', 'bob']) {
    await run(['user', 'add', user, '--password-stdin'], 'secret');
    await run(['mail', 'deliver', user], `Subject: hello ${user}\n\nhello\n`);
  }
  return { run, to };
}

it('makes backups of all, copies only what is new the second time, and verifies them', async () => {
  const { run, to } = await installation();
  const made = async () => JSON.parse((await run(['mail', 'backup', '--all', '--to', to, '--json'])).stdout) as unknown;
  const whole = { mailboxes: 6, messages: 1, gone: 0, unreadable: 0, uids: true };
  expect(await made()).toMatchObject([
    { user: 'alice', ...whole, copied: 1 },
    { user: 'bob', ...whole, copied: 1 },
  ]);
  await run(['mail', 'deliver', 'bob'], 'Subject: more\n\nmore\n');
  expect(await made()).toMatchObject([{ copied: 0 }, { messages: 2, copied: 1, copiedBytes: 20 }]);
  expect(await run(['mail', 'backup', 'verify', '--from', to])).toMatchObject({
    ...{ code: 0, stdout: '', stderr: 'Looked at 3 messages (74 bytes) of 2 users: 0 faults.\n' },
  });
});

it('ends with 3 where a backup is not what it was, and names the message', async () => {
  const { run, to } = await installation();
  await run(['mail', 'backup', 'alice', '--to', to]);
  const messages = join(to, 'alice', 'messages');
  for (const path of await readdir(messages, { recursive: true })) {
    if (path.length > 60) await appendFile(join(messages, path), '!');
  }
  const verified = await run(['mail', 'backup', 'verify', 'Alice', '--from', to, '--jq', '.[] | [.user, .fault]']);
  expect(verified.code).toBe(3);
  expect(new Set(verified.stdout.trimEnd().split('\n'))).toEqual(new Set(['["alice","changed"]']));
});

it('says what is wrong, and changes nothing', async () => {
  const { run, to } = await installation();
  expect(await run(['mail', 'backup', '--to', to])).toMatchObject({ code: 64, stdout: '' });
  expect(await run(['mail', 'backup', 'alice', '--all', '--to', to])).toMatchObject({ code: 64 });
  expect(await run(['mail', 'backup', 'alice'])).toMatchObject({ code: 64 });
  expect(await run(['mail', 'backup', 'carol', '--to', to])).toMatchObject({ code: 67 });
  expect(await run(['mail', 'backup', 'verify', '--from', to])).toMatchObject({ code: 1 });
  await writeFile(to, 'a file');
  const { code, stderr } = await run(['mail', 'backup', 'alice', '--to', to]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: `scorpiox: ${join(to, 'alice')} cannot be used: ENOTDIR.\n` });
});
