import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

it('builds text indexes and tells how far they are', async () => {
  const dataDir = await temporaryFolder();
  const run = (args: readonly string[], input = '') => scorpioxHere([...args, '--data-dir', dataDir], { input });
  for (const user of ['alice', 'bob']) {
    await run(['user', 'add', user, '--password-stdin'], 'secret');
    await run(['mail', 'deliver', user], 'Subject: hello\n\nhello\n');
  }
  const inboxes = '[.[] | select(.mailbox == "INBOX")]';
  const status = async () =>
    JSON.parse((await run(['mail', 'text-index', 'status', '--jq', inboxes])).stdout) as unknown;
  const inbox = (user: string, indexed: number) => ({ user, mailbox: 'INBOX', messages: 1, indexed });
  expect(await status()).toEqual([inbox('alice', 0), inbox('bob', 0)]);
  const built = await run(['mail', 'text-index', 'build', 'bob']);
  expect(built).toMatchObject({ code: 0, stdout: expect.stringMatching(/^bob\t1\t1\t\d+\n$/) });
  expect(await status()).toEqual([inbox('alice', 0), inbox('bob', 1)]);
  expect(await run(['mail', 'text-index', 'build', 'carol'])).toMatchObject({ code: 67, stdout: '' });
});
