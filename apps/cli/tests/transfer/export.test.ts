import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testMessages } from '../../../../tests/support/mail.ts';
import { hashOf, installation, type Made, makeFolder } from './support.ts';

const APPLY = ['--apply', '--yes'];

const LETTERS = ['', 'S', 'RS', 'FSa', 'DTb', 'FRSabc'];

/** All the messages that tests know, in several folders, with all kinds of flags and dates. */
async function allMail(home: string, keep: (made: Made) => boolean = () => true): Promise<string> {
  const root = join(home, 'all');
  const made = testMessages()
    .map(({ bytes }, at) => ({
      content: bytes,
      letters: LETTERS[at % LETTERS.length] ?? '',
      date: 1_000_000_000 + at * 86_399,
    }))
    .filter(keep);
  const odd = [
    'no header\n',
    '\n',
    '\nFrom here\n>From there\n',
    'X: 1\r\r\n\r\n\r\r\nx\r',
    'Status: R\nStatus: RO\nX-Keywords: own\n\nx\n',
  ];
  const contents: Made[] = [...made, ...odd.map((content) => ({ content, letters: 'S' }))];
  const folders = ['', '.Sent', '.Caf&AOk-', '.Caf&AOk-.2026'];
  for (const [at, folder] of folders.entries()) {
    const messages = contents.filter((_, number) => number % folders.length === at);
    // The last ones once more: two equal messages are two.
    await makeFolder(root, folder, [...messages, ...messages.slice(-2)]);
    await writeFile(join(root, folder, 'dovecot-keywords'), '0 work\n1 $Forwarded\n2 Label-3\n');
  }
  return root;
}

/** Without regard to the order within a mailbox: Maildirs tell it by times of delivery, which are new ones here. */
const sorted = (mail: Record<string, readonly object[]>) =>
  Object.fromEntries(Object.entries(mail).map(([name, all]) => [name, all.map((one) => JSON.stringify(one)).sort()]));

describe('mail export', () => {
  it.each(['mbox', 'maildir'])('as %s comes back with all flags, dates and folders', async (format) => {
    const { home, run, mailOf } = await installation('alice', 'bob');
    // An mbox cannot hold what begins with a blank.
    const source = await allMail(home, ({ content }) => !/^[ \t]/.test(Buffer.from(content).toString('latin1', 0, 1)));
    expect(await run(['mail', 'import', 'alice', source, ...APPLY])).toMatchObject({ code: 0 });
    const exported = await run(['mail', 'export', 'alice', 'out', '--format', format]);
    expect(exported.stderr).toMatch(/^\d+ messages brought over, 0 there already, 0 not brought over\.\n$/);
    expect(exported.code).toBe(0);
    expect(await run(['mail', 'import', 'bob', 'out', ...APPLY])).toMatchObject({ code: 0 });
    const mail = await mailOf('alice');
    expect(Object.keys(mail)).toEqual(['INBOX', 'Café', 'Café.2026', 'Sent']);
    expect(sorted(await mailOf('bob'))).toEqual(sorted(mail));
    // And back, to where it is already.
    const back = await run(['mail', 'import', 'alice', 'out', ...APPLY]);
    expect(back.stderr).toMatch(/0 messages brought over, \d+ there already, 0 not brought over/);
  });

  it.each([
    'mbox',
    'maildir',
  ])('as %s adds nothing when it is done again, and later only what is new', async (format) => {
    const { home, run } = await installation('alice');
    const lines = { input: 'Subject: a\n\na\n' };
    await run(['mail', 'deliver', 'alice'], lines);
    const names = async () => (await readdir(join(home, 'out'), { recursive: true })).sort();
    await run(['mail', 'export', 'alice', 'out', '--format', format]);
    const before = await names();
    const again = await run(['mail', 'export', 'alice', 'out', '--format', format]);
    expect(again).toMatchObject({ code: 0, stderr: '0 messages brought over, 1 there already, 0 not brought over.\n' });
    expect(await names()).toEqual(before);
    await run(['mail', 'deliver', 'alice', '-m', 'Archive'], lines);
    await run(['mail', 'deliver', 'alice'], { input: 'Subject: b\n\nFrom b' });
    const later = await run(['mail', 'export', 'alice', 'out', '--format', format]);
    expect(later.stderr).toContain('2 messages brought over, 1 there already');
    if (format === 'mbox') {
      const text = await readFile(join(home, 'out/INBOX.mbox'), 'utf8');
      expect(text.replace(/^From MAILER-DAEMON \w.*$/gm, 'From')).toBe(
        'From\nStatus: O\nX-Status: \nX-Keywords: \nSubject: a\n\na\n\nFrom\nStatus: O\nX-Status: \nX-Keywords: \nSubject: b\n\n>From b\n\n',
      );
    }
    // What was removed there is written anew.
    await rm(join(home, 'out'), { recursive: true });
    expect((await run(['mail', 'export', 'alice', 'out', '--format', format])).stderr).toContain(
      '3 messages brought over',
    );
  });

  it('cuts off what was begun when it was killed, and touches no file of others', async () => {
    const { home, run } = await installation('alice');
    await run(['mail', 'deliver', 'alice'], { input: 'Subject: a\n\na\n' });
    await run(['mail', 'export', 'alice', 'out', '--format', 'mbox', '-m', 'INBOX']);
    const file = join(home, 'out/INBOX.mbox');
    const whole = await readFile(file);
    await rename(file, `${file}.partial`);
    await appendFile(`${file}.partial`, 'From MAILER-DAEMON half a mess');
    await run(['mail', 'export', 'alice', 'out', '--format', 'mbox', '-m', 'INBOX']);
    expect(await readFile(file)).toEqual(whole);
    await appendFile(file, 'something');
    const changed = await run(['mail', 'export', 'alice', 'out', '--format', 'mbox']);
    expect(changed).toMatchObject({ code: 5, stderr: expect.stringContaining('was changed by another program since') });
    expect((await readFile(file, 'utf8')).endsWith('something')).toBe(true);
    await mkdir(join(home, 'other'));
    await writeFile(join(home, 'other/INBOX.mbox'), 'precious');
    expect(await run(['mail', 'export', 'alice', 'other', '--format', 'mbox'])).toMatchObject({ code: 5 });
    expect(await readFile(join(home, 'other/INBOX.mbox'), 'utf8')).toBe('precious');
    expect((await stat(join(home, 'other'))).isDirectory()).toBe(true);
  });

  it('names what it cannot write, and what it does not know', async () => {
    const { run } = await installation('alice');
    await run(['mail', 'deliver', 'alice'], { input: ' begins with a blank\n' });
    const odd = await run(['mail', 'export', 'alice', 'out', '--format', 'mbox', '--json']);
    expect(odd.code).toBe(6);
    expect(JSON.parse(odd.stdout).troubles).toEqual([
      { folder: 'INBOX', where: 'UID 1', reason: 'It begins with a blank, which no mbox can hold.' },
    ]);
    expect(await run(['mail', 'export', 'alice', 'whole', '--format', 'maildir'])).toMatchObject({ code: 0 });
    expect(await run(['mail', 'export', 'alice', 'out'])).toMatchObject({ code: 64 });
    expect(await run(['mail', 'export', 'bob', 'out', '--format', 'mbox'])).toMatchObject({ code: 67 });
    const nothing = await run(['mail', 'export', 'alice', 'out', '--format', 'mbox', '-m', 'Nowhere']);
    expect(nothing).toMatchObject({ code: 64, stderr: expect.stringContaining('There is no mailbox "Nowhere"') });
  });
});

describe('a folder that cannot be the target', () => {
  it.each([
    ['mbox', 'maildir', 'holds mbox files'],
    ['maildir', 'mbox', 'is a Maildir'],
  ])('of %s takes no %s', async (first, second, sentence) => {
    const { home, run } = await installation('alice');
    for (const mailbox of ['INBOX', 'Archive']) {
      await run(['mail', 'deliver', 'alice', '-m', mailbox], { input: 'Subject: a\n\na\n' });
      const to = (format: string) => run(['mail', 'export', 'alice', mailbox, '--format', format, '-m', mailbox]);
      expect(await to(first)).toMatchObject({ code: 0 });
      const names = async () => (await readdir(join(home, mailbox), { recursive: true })).sort();
      const before = await names();
      expect(await to(second)).toMatchObject({ code: 64, stderr: expect.stringContaining(sentence) });
      expect(await names()).toEqual(before);
      expect(await to(first)).toMatchObject({ code: 0 });
    }
  });

  it.runIf(existsSync('/proc/self')).each(['mbox', 'maildir'])('in /proc is told, as %s', async (format) => {
    const { run } = await installation('alice');
    await run(['mail', 'deliver', 'alice'], { input: 'Subject: a\n\na\n' });
    for (const folder of ['/proc/no-such-folder', '/proc/no-such-folder/below', '/proc/self']) {
      const { code, stderr } = await run(['mail', 'export', 'alice', folder, '--format', format]);
      expect(code).toBe(1);
      expect(stderr).toContain(`${folder} cannot be written: ENOENT.`);
    }
  });
});

it('hashes as transfers do', () => {
  expect(hashOf(Buffer.from('a\r\n'))).toBe(hashOf(Buffer.from('a')));
});
