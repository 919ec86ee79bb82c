import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scorpioxHere } from '../support/here.ts';
import { temporaryFolder } from '../support/scorpiox.ts';

async function installation() {
  const dataDir = await temporaryFolder();
  const run = (args: readonly string[], input = '', atTerminal?: true) =>
    scorpioxHere([...args, '--data-dir', dataDir], { input, ...(atTerminal && { atTerminal }) });
  await run(['user', 'add', 'alice', '--password-stdin'], 'secret');
  const deliver = (message: string, mailbox = 'INBOX') => run(['mail', 'deliver', 'alice', '-m', mailbox], message);
  await deliver('From: Ada <ada@example.net>\nSubject: The =?utf-8?q?M=C3=BCller?= account\n\nNumbers for March.\n');
  const html = 'Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n';
  const text = Buffer.from('<p>An Invoice</p>').toString('base64');
  await deliver(`From: shop@example.net\nDate: Sat, 28 Nov 2026 10:00:00 +0000\n${html}${text}\n`);
  await deliver('From: ada@example.net\nSubject: more\nList-Id: news\n\ninvoice attached\n', 'Archive');
  const late = join(dataDir, 'mail', 'alice', 'Maildir', 'new', '1700000000.M1P1.host');
  await writeFile(late, 'From: late@example.net\nSubject: \u001b[31m\u202eetal invoice\n\nlate\n');
  await utimes(late, 1_700_000_000, 1_700_000_000);
  const search = async (...words: string[]) => {
    const found = await run(['mail', 'search', 'alice', ...words, '--jq', '[.[] | [.mailbox, .uid]]']);
    return found.code === 0 ? (JSON.parse(found.stdout) as unknown) : found;
  };
  return { run, search };
}

const ALL = [
  ['INBOX', 1],
  ['INBOX', 2],
  ['INBOX', null],
  ['Archive', 1],
] as const;

it.each([['by reading'], ['by the text index']])('finds messages %s', async (how) => {
  const { run, search } = await installation();
  if (how !== 'by reading') {
    expect(await run(['mail', 'text-index', 'build', 'alice'])).toMatchObject({ code: 0 });
  }
  const late = how === 'by reading' ? null : 3; // building looks at every mailbox: what came has a UID then
  expect(await search('invoice')).toEqual([
    ['INBOX', 2],
    ['INBOX', late],
    ['Archive', 1],
  ]);
  expect(await search('body:invoice')).toEqual([
    ['INBOX', 2],
    ['Archive', 1],
  ]);
  expect(await search('subject:MÜLLER')).toEqual([['INBOX', 1]]);
  expect(await search('from:ada', 'not', 'header:list-id')).toEqual([['INBOX', 1]]);
  expect(await search('from:ada', 'or', 'senton:2026-11-28', 'in:inbox')).toEqual([
    ['INBOX', 1],
    ['INBOX', 2],
  ]);
  expect(await search('header:list-id=NEWS')).toEqual([['Archive', 1]]);
  expect(await search('seen')).toEqual([]);
  expect(await search('unseen', 'larger:1')).toEqual(ALL.map(([mailbox, uid]) => [mailbox, uid ?? late]));
  expect(await search('before:2024-01-01')).toEqual([['INBOX', late]]);
  expect(await search('uid:2:*', 'in:INBOX', 'in:Archive')).toEqual(
    late === null
      ? [['INBOX', 2]]
      : [
          ['INBOX', 2],
          ['INBOX', 3],
        ],
  );
}, 60_000);

it('prints nothing that drives a terminal, and as many as are asked for', async () => {
  const { run } = await installation();
  for (const atTerminal of [undefined, true] as const) {
    const { stdout } = await run(['mail', 'search', 'alice', 'etal'], '', atTerminal);
    expect(stdout).toContain('\\u001b[31m\\u202eetal invoice');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  }
  const some = await run(['mail', 'search', 'alice', 'unseen', '--limit', '2']);
  expect(some).toMatchObject({ code: 0, stderr: 'Found 2 messages; there may be more.\n' });
  expect(some.stdout.split('\n')).toHaveLength(3);
});

it('says what is wrong', async () => {
  const { run } = await installation();
  const search = (...words: string[]) => run(['mail', 'search', 'alice', ...words]);
  expect(await search('since:soon')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('a day as 2026-11-28'),
  });
  expect(await search('sender:x')).toMatchObject({ code: 64, stderr: expect.stringContaining('from: to:') });
  expect(await search('x', 'in:Nowhere')).toMatchObject({ code: 1 });
  expect(await run(['mail', 'search', 'bob', 'x'])).toMatchObject({ code: 67 });
  expect(await run(['mail', 'search', 'alice'])).toMatchObject({ code: 64 });
});
