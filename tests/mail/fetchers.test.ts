// Programs that carry mail away by cron: getmail fetches what is new, OfflineIMAP keeps a copy both ways. Whatever they are
// run again on, nothing comes twice and nothing stays behind.
import { chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { farContents, filesIn, nearContents } from '../support/contents.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { mustRun } from '../support/process.ts';
import { describeWith } from '../support/programs.ts';
import { signedIn } from '../support/raw-imap.ts';

/** getmail never delivers as root; there it is told to be nobody. */
const asRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

const message = (subject: string) => `From: Bob <bob@example.org>\nSubject: ${subject}\n\nText of ${subject}.\n`;

describeWith(['getmail', 'offlineimap'], 'programs that fetch mail', () => {
  let platform: Platform;
  const folder = mkdtempSync(join(tmpdir(), 'fetchers-'));

  beforeAll(async () => {
    platform = await startPlatform();
    for (const user of ['alice', 'bob']) await platform.addUser(user);
  });
  afterAll(async () => {
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const deliver = async (user: string, ...subjects: readonly string[]) => {
    for (const input of subjects.map(message)) await platform.cli(['mail', 'deliver', user], { input });
  };

  test('getmail fetches each message once', async () => {
    const near = mkdtempSync(join(tmpdir(), 'getmail-'));
    for (const part of ['', 'cur', 'new', 'tmp']) {
      mkdirSync(join(near, part), { recursive: true });
      if (asRoot) chownSync(join(near, part), NOBODY, NOBODY);
    }
    const retriever = ['[retriever]', 'type = SimpleIMAPSSLRetriever', 'server = localhost', 'username = alice'];
    retriever.push(`port = ${platform.ports.imaps}`, `password = ${passwordOf('alice')}`, `ca_certs = ${platform.ca}`);
    const rest = [
      '[destination]',
      'type = Maildir',
      `path = ${near}/`,
      ...(asRoot ? ['user = nobody'] : []),
      '[options]',
      'read_all = false',
      'verbose = 2',
    ];
    writeFileSync(join(folder, 'getmailrc'), [...retriever, ...rest, ''].join('\n'), { mode: 0o600 });
    const fetch = () => mustRun('getmail', ['--getmaildir', folder, '--rcfile', 'getmailrc']);
    await deliver('alice', 'one', 'two', 'three');
    await fetch();
    expect(nearContents(near)).toEqual(['/one ', '/three ', '/two ']);
    await fetch();
    expect(filesIn(near)).toHaveLength(3);
    await deliver('alice', 'four');
    await fetch();
    expect(nearContents(near)).toEqual(['/four ', '/one ', '/three ', '/two ']);
    rmSync(near, { recursive: true });
  });

  test('OfflineIMAP keeps both sides the same', async () => {
    const near = join(folder, 'offlineimap');
    const secret = join(folder, 'password');
    writeFileSync(secret, passwordOf('bob'), { mode: 0o600 });
    const account = ['[general]', 'accounts = a', `metadata = ${folder}/metadata`, 'ui = quiet', '[Account a]'];
    account.push('localrepository = near', 'remoterepository = far', '[Repository near]', 'type = Maildir');
    account.push(`localfolders = ${near}`, '[Repository far]', 'type = IMAP', 'remotehost = localhost', 'ssl = yes');
    account.push(`remoteport = ${platform.ports.imaps}`, 'remoteuser = bob', `remotepassfile = ${secret}`);
    const configuration = join(folder, 'offlineimaprc');
    writeFileSync(configuration, [...account, `sslcacertfile = ${platform.ca}`, ''].join('\n'));
    const sync = () => mustRun('offlineimap', ['-o', '-c', configuration]);
    const imap = await signedIn(platform.ports.imaps, platform.ca, 'bob', passwordOf('bob'));
    await deliver('bob', 'one', 'two', 'three');
    await sync();
    expect(nearContents(near)).toEqual(['INBOX/one ', 'INBOX/three ', 'INBOX/two ']);

    const inbox = join(near, 'INBOX');
    const [first = '', second = ''] = filesIn(inbox).sort();
    renameSync(first, join(inbox, 'cur', `${basename(first).split(':')[0]}:2,FS`));
    rmSync(second);
    writeFileSync(join(inbox, 'new', '1790000000.M1P1.elsewhere'), message('four, near'));
    await imap.command('CREATE Work.Plans');
    await imap.command(`APPEND Work.Plans {${message('five').length}+}\r\n${message('five')}`);
    await sync();
    const contents = await farContents(imap);
    expect(contents).toHaveLength(4);
    expect(contents.filter((line) => line.endsWith(' FS'))).toHaveLength(1);
    expect(contents).toEqual(expect.arrayContaining(['INBOX/four, near ', 'Work.Plans/five ']));
    expect(nearContents(near)).toEqual(contents);
    const files = filesIn(inbox);
    await sync();
    expect(filesIn(inbox)).toEqual(files);
    expect(await farContents(imap)).toEqual(contents);
    imap.close();
  });
});
