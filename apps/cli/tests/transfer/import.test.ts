import { appendFile, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashOf, installation, makeFolder } from './support.ts';

const NOV = 'Thu Nov 28 22:08:00 2026';
const mbox = (...messages: readonly string[]) => messages.map((one) => `From a@b ${NOV}\n${one}\n`).join('');
const APPLY = ['--apply', '--yes'];

async function maildir(home: string): Promise<string> {
  const root = join(home, 'old');
  await makeFolder(root, '', [
    { content: 'Subject: one\n\none\n', letters: 'S', date: 1_500_000_000 },
    { content: 'Subject: two\r\n\r\ntwo\r\n' },
    { content: 'Subject: three\n\nthree\n', letters: 'FRab' },
  ]);
  await writeFile(join(root, 'dovecot-keywords'), '0 work\n1 $Forwarded\n');
  await makeFolder(root, '.Sent Items', [{ content: 'Subject: sent\n\nsent\n', letters: 'S' }]);
  await makeFolder(root, '.Caf&AOk-.2026', [{ content: 'Subject: deep\n\ndeep\n', letters: '' }]);
  await makeFolder(root, 'Plain/a.b', [{ content: 'Subject: fs\n\nfs\n', letters: 'DT' }]);
  return root;
}

const COMING = {
  INBOX: [
    { hash: hashOf(Buffer.from('Subject: one\n\none\n')), flags: ['\\Seen'], date: 1_500_000_000 },
    { hash: hashOf(Buffer.from('Subject: two\n\ntwo\n')), flags: [], date: 1_600_000_000 },
    {
      hash: hashOf(Buffer.from('Subject: three\n\nthree\n')),
      flags: ['$Forwarded', '\\Answered', '\\Flagged', 'work'],
      date: 1_600_000_000,
    },
  ],
  Sent: [{ hash: hashOf(Buffer.from('Subject: sent\n\nsent\n')), flags: ['\\Seen'], date: 1_600_000_000 }],
  'Café.2026': [{ hash: hashOf(Buffer.from('Subject: deep\n\ndeep\n')), flags: [], date: 1_600_000_000 }],
  'Plain.a_b': [
    { hash: hashOf(Buffer.from('Subject: fs\n\nfs\n')), flags: ['\\Deleted', '\\Draft'], date: 1_600_000_000 },
  ],
};

describe('mail import', () => {
  it('shows what would come, and changes nothing', async () => {
    const { home, run, mailOf } = await installation('alice');
    const shown = await run(['mail', 'import', 'alice', await maildir(home)]);
    expect(shown.code).toBe(3);
    expect(shown.stdout.split('\n').map((line) => line.split('\t')[2])).toEqual([
      'Bring 3 messages, 61 B from INBOX into INBOX, which has 0.',
      'Bring 1 message, 20 B from Café/2026 into Café.2026, which is made.',
      'Bring 1 message, 20 B from Sent Items into Sent, which has 0 (has the same use).',
      'Bring 1 message, 16 B from Plain/a.b into Plain.a_b, which is made (a level cannot hold ".", "/" or control characters).',
      undefined,
    ]);
    expect(await mailOf('alice')).toEqual({});
  });

  it('brings flags, keywords, dates and folders of a Maildir, and leaves it as it is', async () => {
    const { home, run, mailOf } = await installation('alice');
    const root = await maildir(home);
    const before = await readdir(root, { recursive: true });
    const done = await run(['mail', 'import', 'alice', root, ...APPLY]);
    expect(done.stderr).toContain('6 messages brought over, 0 there already, 0 not brought over.');
    expect(done.code).toBe(0);
    expect(await mailOf('alice')).toEqual(COMING);
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  it('adds nothing when it is done again, and later only what is new', async () => {
    const { home, dataDir, run, mailOf } = await installation('alice');
    const root = await maildir(home);
    await run(['mail', 'import', 'alice', root, ...APPLY]);
    expect(await run(['mail', 'import', 'alice', root, ...APPLY])).toMatchObject({
      code: 0,
      stderr: 'There is nothing to do.\n',
    });
    // What its owner removes stays removed.
    const cur = join(dataDir, 'mail/alice/Maildir/cur');
    await rm(join(cur, (await readdir(cur)).find((name) => name.endsWith(':2,S')) ?? ''));
    await writeFile(join(root, 'new', '1700000000.M1P1.host'), 'Subject: late\n\nlate\n');
    const again = await run(['mail', 'import', 'alice', root, ...APPLY]);
    expect(again.stderr).toContain('1 message brought over, 3 there already, 0 not brought over.');
    expect((await mailOf('alice')).INBOX?.map(({ hash }) => hash)).toEqual([
      ...COMING.INBOX.slice(1).map(({ hash }) => hash),
      hashOf(Buffer.from('Subject: late\n\nlate\n')),
    ]);
  });

  it('finds what is there by its content where nothing is noted, each message once', async () => {
    const { home, run, mailOf } = await installation('alice');
    const twice = 'Subject: twice\n\nthe same\n';
    await writeFile(join(home, 'INBOX'), mbox(twice, 'Subject: x\n\nx\n', twice));
    await run(['mail', 'deliver', 'alice'], { input: twice.replaceAll('\n', '\r\n') });
    const done = await run(['mail', 'import', 'alice', 'INBOX', ...APPLY]);
    expect(done.stderr).toContain('2 messages brought over, 1 there already, 0 not brought over.');
    await rm(join(home, 'data/mail/alice/transfers'), { recursive: true });
    const again = await run(['mail', 'import', 'alice', 'INBOX', ...APPLY]);
    expect(again.stderr).toContain('0 messages brought over, 3 there already, 0 not brought over.');
    expect((await mailOf('alice')).INBOX).toHaveLength(3);
  });

  it('knows messages of an mbox that was compacted or added to', async () => {
    const { home, run, mailOf } = await installation('alice');
    const [a, b, c] = ['Subject: a\n\na\n', 'Subject: b\n\nb\n', 'Subject: c\n\nc\n'];
    await writeFile(join(home, 'Old.mbox'), mbox(a, b, b));
    await run(['mail', 'import', 'alice', 'Old.mbox', ...APPLY]);
    await writeFile(join(home, 'Old.mbox'), mbox(b, b, c, b));
    const done = await run(['mail', 'import', 'alice', 'Old.mbox', ...APPLY]);
    expect(done.stderr).toContain('2 messages brought over, 2 there already, 0 not brought over.');
    expect((await mailOf('alice')).Old?.map(({ hash }) => hash)).toEqual(
      [a, b, b, c, b].map((one) => hashOf(Buffer.from(one))),
    );
  });

  it('names what cannot be brought over, and brings the rest', async () => {
    const { home, run, mailOf } = await installation('alice');
    const root = join(home, 'odd');
    const odd = ['no header at all', 'Subject: nul\n\n\0\0\n', '\n', `Subject: long\n\n${'x'.repeat(3_000_000)}`];
    await makeFolder(root, '', [{ content: '' }, ...odd.map((content) => ({ content, letters: 'S' }))]);
    await symlink('/etc/hostname', join(root, 'cur', '1600000009.M1P1.host:2,'));
    const done = await run(['mail', 'import', 'alice', root, ...APPLY, '--json']);
    expect(done.code).toBe(6);
    expect(JSON.parse(done.stdout)).toMatchObject({
      ...{ command: 'mail import', state: 'done', brought: 4, there: 0, refused: 2 },
      folders: [{ folder: 'INBOX', mailbox: 'INBOX', brought: 4, there: 0, refused: 2 }],
      troubles: [
        { folder: 'INBOX', where: 'odd/new/1600000000.M1P1.host', reason: 'It has no content.' },
        { folder: 'INBOX', where: 'odd/cur/1600000009.M1P1.host:2,', reason: 'It is a symbolic link.' },
      ],
    });
    expect((await mailOf('alice')).INBOX?.map(({ hash }) => hash)).toEqual(
      odd.map((content) => hashOf(Buffer.from(content))),
    );
  });

  it('brings messages without keywords for which there is no room', async () => {
    const { home, run, mailOf } = await installation('alice');
    const keywords = (from: number) => Array.from({ length: 101 }, (_, at) => `k${from + at}`).join(' ');
    const many = [0, 101, 202, 303, 404].map(
      (from) => `Subject: x\nX-Keywords: ${keywords(from)}\nStatus: R\n\n${from}\n`,
    );
    await writeFile(join(home, 'Many'), mbox(...many));
    const done = await run(['mail', 'import', 'alice', 'Many', ...APPLY]);
    expect(done.stderr).toContain(
      '5 messages brought over, 0 there already, 0 not brought over. 1 message came without all',
    );
    expect((await mailOf('alice')).Many?.at(-1)?.flags).toEqual(['\\Seen']);
  });

  it('stops where the quota is used up, and goes on when there is room', async () => {
    const { home, dataDir, run, mailOf } = await installation('alice');
    const messages = Array.from({ length: 8 }, (_, at) => `Subject: ${at}\n\n${'x'.repeat(1_000_000)}\n`);
    await writeFile(join(home, 'INBOX'), mbox(...messages));
    await writeFile(join(dataDir, 'mail/alice/Maildir/maildirsize'), '6000000S\n');
    const full = await run(['mail', 'import', 'alice', 'INBOX', ...APPLY]);
    expect(full.code).toBe(6);
    expect(full.stderr).toContain('5 messages brought over');
    expect(full.stderr).toContain('quota');
    // What came over until then can be taken back as well.
    const [{ run: name }] = JSON.parse((await run(['runs', '--json'])).stdout);
    expect(await run(['undo', name, '--apply', `--confirm=${name}`])).toMatchObject({ code: 0 });
    expect(await mailOf('alice')).toEqual({});
    expect(await run(['mail', 'import', 'alice', 'INBOX', ...APPLY])).toMatchObject({ code: 6 });
    await writeFile(join(dataDir, 'mail/alice/Maildir/maildirsize'), '60000000S\n');
    const done = await run(['mail', 'import', 'alice', 'INBOX', ...APPLY]);
    expect(done.stderr).toContain('3 messages brought over, 5 there already');
    expect((await mailOf('alice')).INBOX?.map(({ hash }) => hash)).toEqual(
      messages.map((one) => hashOf(Buffer.from(one))),
    );
  });

  it('is taken back by undo, but for what was changed since', async () => {
    const { home, dataDir, run, mailOf } = await installation('alice');
    await run(['mail', 'deliver', 'alice'], { input: 'Subject: mine\n\nmine\n' });
    const root = await maildir(home);
    const done = await run(['mail', 'import', 'alice', root, ...APPLY, '--jq', '.run']);
    const cur = join(dataDir, 'mail/alice/Maildir/cur');
    const flagged = (await readdir(cur)).find((name) => name.endsWith(':2,S')) ?? '';
    await rename(join(cur, flagged), join(cur, `${flagged}T`));
    const name = done.stdout.trim();
    // What it removes is gone: it has to be named.
    const unnamed = await run(['undo', name, ...APPLY]);
    expect(unnamed).toMatchObject({ code: 64, stderr: expect.stringContaining(`Say --confirm=${name}`) });
    const undone = await run(['undo', name, '--apply', `--confirm=${name}`]);
    expect(undone).toMatchObject({ code: 0 });
    const left = await mailOf('alice');
    expect(Object.keys(left)).toEqual(['INBOX']);
    expect(left.INBOX?.map(({ flags }) => flags)).toEqual([[], ['\\Deleted', '\\Seen']]);
    // What was taken back may come again.
    const again = await run(['mail', 'import', 'alice', root, ...APPLY]);
    expect(again.stderr).toContain('5 messages brought over, 1 there already');
  });

  it('maps names as it is told, and says what it cannot do', async () => {
    const { home, run, mailOf } = await installation('alice');
    await mkdir(join(home, 'Mail', 'Inbox.sbd'), { recursive: true });
    await writeFile(join(home, 'Mail', 'Inbox'), mbox('Subject: a\n\na\n'));
    await writeFile(join(home, 'Mail', 'Inbox.msf'), 'index');
    await writeFile(join(home, 'Mail', 'notes'), 'no mbox');
    await writeFile(join(home, 'Mail', 'Inbox.sbd', 'Deep'), mbox('Subject: b\n\nb\n'));
    await writeFile(join(home, 'Mail', 'Empty'), '');
    const mapped = await run(['mail', 'import', 'alice', 'Mail', '--map', 'Inbox/Deep=Elsewhere', ...APPLY]);
    expect(mapped.stderr).toContain(`Passed over: ${join(home, 'Mail', 'notes')} is no mbox.`);
    expect(Object.keys(await mailOf('alice'))).toEqual(['INBOX', 'Elsewhere']);
    await run(['mail', 'import', 'alice', 'Mail', '--below', 'Old', ...APPLY]);
    expect(Object.keys(await mailOf('alice'))).toEqual(['INBOX', 'Elsewhere', 'Old.Inbox', 'Old.Inbox.Deep']);
    for (const [args, code, words] of [
      [['alice', 'Mail', '--map', 'nothing=x'], 64, 'There is no folder "nothing"'],
      [['alice', 'Mail', '--map', 'Inbox=a..b'], 64, 'A level of the mailbox name is empty'],
      [['alice', 'Mail', '--map', 'Inbox'], 64, 'folder=mailbox'],
      [['alice', 'nowhere'], 64, `There is no ${join(home, 'nowhere')}.`],
      [['alice', 'Mail/notes'], 64, 'No mbox begins as this file does'],
      [['alice', 'state', '--from', 'maildir'], 64, 'There is no Maildir in'],
      [['bob', 'Mail'], 67, 'There is no user'],
    ] as const) {
      const failed = await run(['mail', 'import', ...args]);
      expect(failed, args.join(' ')).toMatchObject({ code, stdout: '' });
      expect(failed.stderr).toContain(words);
    }
  });

  it('does not go on where the source was changed after the plan', async () => {
    const { home, run, mailOf } = await installation('alice');
    const file = join(home, 'INBOX');
    await writeFile(file, mbox('Subject: a\n\na\n'));
    const plan = JSON.parse((await run(['mail', 'import', 'alice', 'INBOX', '--json'])).stdout).plan;
    await appendFile(file, mbox('Subject: b\n\nb\n'));
    expect(await run(['mail', 'import', 'alice', 'INBOX', '--expect', plan, ...APPLY])).toMatchObject({ code: 5 });
    expect(await mailOf('alice')).toEqual({});
    expect(await readFile(file, 'utf8')).toContain('Subject: b');
  });
});
