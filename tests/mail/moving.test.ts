// Mail from a real Dovecot into an account, and from there over TLS to another server, ours: flags, dates and folders come along,
// and nothing comes twice.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMail } from '../../apps/cli/tests/transfer/support.ts';
import { type Dovecot, startDovecot } from '../../bench/support/dovecot.ts';
import { testMessages } from '../support/mail.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { describeWith } from '../support/programs.ts';

const FOLDERS = ['', '.Sent', '.Caf&AOk-.2026'];
const LETTERS = ['', 'S', 'RS', 'FSa', 'DTb'];

/** Three folders with all messages and all kinds of flags, and one message that is streamed. */
function fill(maildir: string): void {
  const large = { bytes: Buffer.from(`Subject: large\r\n\r\n${'0123456789\r\n'.repeat(150_000)}`) };
  for (const [place, { bytes }] of [...testMessages(), large, large].entries()) {
    const folder = join(maildir, FOLDERS[place % FOLDERS.length] ?? '');
    for (const name of ['cur', 'new', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'dovecot-keywords'), '0 work\n1 $Forwarded\n');
    const time = 1_600_000_000 + place * 86_399;
    const path = join(folder, 'cur', `${time}.M${place}P1.host:2,${LETTERS[place % LETTERS.length]}`);
    writeFileSync(path, bytes);
    utimesSync(path, time, time);
  }
  writeFileSync(join(maildir, 'subscriptions'), 'Sent\n');
}

/** Without regard to order. */
const sorted = (mail: Awaited<ReturnType<typeof readMail>>) =>
  Object.fromEntries(Object.entries(mail).map(([name, all]) => [name, all.map((one) => JSON.stringify(one)).sort()]));

describeWith(['dovecot'], 'mail that moves', () => {
  let folder: string;
  let dovecot: Dovecot;
  let platform: Platform;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'scorpiox-moving-'));
    fill(join(folder, 'Maildir'));
    dovecot = await startDovecot(join(folder, 'Maildir'));
    platform = await startPlatform();
    for (const name of ['alice', 'bob', 'carol']) await platform.addUser(name);
  }, 60_000);
  afterAll(async () => {
    await platform.stop();
    await dovecot.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const mailOf = async (user: string) => sorted(await readMail(join(platform.dataDir, 'mail', user)));
  const run = (args: readonly string[], password = '') =>
    platform.cli(['mail', ...args], { env: { ...platform.env, XDG_STATE_HOME: folder, IMAP_PASSWORD: password } });

  test('comes from Dovecot as it comes from its files, which stay as they are', async () => {
    const url = `imap://user@127.0.0.1:${dovecot.port}`;
    const names = () => FOLDERS.flatMap((name) => readdirSync(join(folder, 'Maildir', name, 'cur'))).sort();
    const before = names();
    const done = await run(['import', 'alice', url, '--plain', '--apply', '--yes'], 'any');
    expect(done.stderr).toContain(`${before.length} messages brought over, 0 there already, 0 not brought over.`);
    expect(done.code).toBe(0);
    expect(names()).toEqual(before);
    await run(['import', 'carol', join(folder, 'Maildir'), '--apply', '--yes']);
    expect(Object.keys(await mailOf('alice')).sort()).toEqual(['Café.2026', 'INBOX', 'Sent']);
    expect(await mailOf('alice')).toEqual(await mailOf('carol'));
    const again = await run(['import', 'alice', url, '--plain', '--apply', '--yes'], 'any');
    expect(again).toMatchObject({ code: 0, stderr: 'There is nothing to do.\n' });
  }, 120_000);

  test('goes to another server over TLS, once', async () => {
    const url = `imaps://bob@localhost:${platform.ports.imaps}`;
    const words = ['export', 'alice', url, '--ca', platform.ca];
    const done = await run(words, passwordOf('bob'));
    expect(done.stderr).toMatch(/^\d+ messages brought over, 0 there already, 0 not brought over\.\n$/);
    expect(await mailOf('bob')).toEqual(await mailOf('alice'));
    const nothing = /^0 messages brought over, \d+ there already, 0 not brought over\.\n$/;
    expect((await run(words, passwordOf('bob'))).stderr).toMatch(nothing);
    // Without what was noted, by what is there.
    rmSync(join(platform.dataDir, 'mail/alice/transfers'), { recursive: true });
    expect((await run(words, passwordOf('bob'))).stderr).toMatch(nothing);
    expect(await mailOf('bob')).toEqual(await mailOf('alice'));
  }, 120_000);

  test('says what keeps it from moving', async () => {
    const port = platform.ports.imaps;
    for (const [args, code, words] of [
      [[`imaps://bob@localhost:${port}`], 69, 'nobody who is trusted here'],
      [[`imaps://bob@localhost:${port}`, '--ca', platform.ca], 77, 'refuses the sign-in'],
      [[`imaps://bob:secret@localhost:${port}`], 64, 'A password is no part of the address'],
      [['imaps://localhost'], 64, 'imaps://USER@HOST'],
    ] as const) {
      const failed = await run(['import', 'alice', ...args], 'wrong');
      expect(failed.stderr).toContain(words);
      expect(failed.code).toBe(code);
    }
  }, 60_000);
});
