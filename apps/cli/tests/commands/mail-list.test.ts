import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

async function installation() {
  const dataDir = await temporaryFolder();
  const run = (args: readonly string[], input = '') => scorpioxHere([...args, '--data-dir', dataDir], { input });
  await run(['user', 'add', 'alice', '--password-stdin'], 'secret');
  await run(['mail', 'deliver', 'alice'], 'Subject: hello\n\nhello\n');
  return run;
}

it('lists mailboxes', async () => {
  const run = await installation();
  const listed = await run(['mail', 'list', 'alice']);
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(listed.stdout.split('\n').slice(0, 2)).toEqual([
    'INBOX\t1\t1\t22\ttrue\t',
    'Archive\t0\t0\t0\ttrue\t\\\\Archive',
  ]);
  const json: unknown = JSON.parse((await run(['mail', 'list', 'alice', '--json', '--limit', '1'])).stdout);
  expect(json).toEqual([{ mailbox: 'INBOX', messages: 1, unseen: 1, size: 22, subscribed: true, specialUse: '' }]);
});

it('tells the state of all mail and of a mailbox', async () => {
  const run = await installation();
  const all: unknown = JSON.parse((await run(['mail', 'status', 'alice', '--json'])).stdout);
  expect(all).toEqual({
    user: 'alice',
    ...{ mailboxes: 6, messages: 1, unseen: 1, size: 22, notIndexed: 0, textIndexed: 0 },
    ...{ quotaStorage: null, quotaStorageUsed: null, quotaMessages: null, quotaMessagesUsed: null },
    ...{ index: 'sound', indexBytes: expect.any(Number), indexCopied: expect.any(String), textBytes: 0 },
  });
  const one: unknown = JSON.parse((await run(['mail', 'status', 'alice', 'inbox', '--json'])).stdout);
  expect(one).toEqual({
    ...{ user: 'alice', mailbox: 'INBOX', uidValidity: expect.any(Number), uidNext: 2, highestModSeq: 2 },
    ...{ mailboxId: expect.stringMatching(/^F/), messages: 1, unseen: 1, recent: 1, deleted: 0, size: 22 },
    ...{ notIndexed: 0, keywords: '', subscribed: true, specialUse: '', textIndexed: 0 },
  });
});

it('says what there is not', async () => {
  const run = await installation();
  expect(await run(['mail', 'list', 'carol'])).toMatchObject({ code: 67, stdout: '' });
  expect(await run(['mail', 'status', 'alice', 'Nowhere'])).toMatchObject({
    code: 1,
    stderr: 'scorpiox: alice has no mailbox "Nowhere"; `scorpiox mail list alice` shows all.\n',
  });
  expect(await run(['mail', 'status', 'alice', 'a/b'])).toMatchObject({ code: 64, stdout: '' });
});
