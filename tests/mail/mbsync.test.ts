// mbsync between the server and a Maildir of its own, both ways: what changes on one side is so on the other after a run,
// a second run finds nothing to do, and a run that is killed costs nothing and doubles nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { farContents, filesIn, mailboxesOf, nearContents } from '../support/contents.ts';
import { configureMbsync, type Mbsync } from '../support/mbsync.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { mustRun } from '../support/process.ts';
import { describeWith } from '../support/programs.ts';
import { type RawImap, signedIn } from '../support/raw-imap.ts';

const USER = 'alice';
const BOTH_WAYS = ['Patterns *', 'Create Both', 'Expunge Both', 'Sync All', 'CopyArrivalDate yes'];
const message = (subject: string) => `From: Bob <bob@example.org>\nSubject: ${subject}\n\nText of ${subject}.\n`;

describeWith(['mbsync'], 'mbsync, both ways', () => {
  let platform: Platform;
  let imap: RawImap;
  let mbsync: Mbsync;
  let delivered = 0;

  beforeAll(async () => {
    platform = await startPlatform();
    await platform.addUser(USER);
    imap = await signedIn(platform.ports.imaps, platform.ca, USER, passwordOf(USER));
    mbsync = configureMbsync(platform, USER, BOTH_WAYS);
  });
  afterAll(async () => {
    imap?.close();
    await platform?.stop();
    if (mbsync) rmSync(dirname(mbsync.near), { recursive: true, force: true });
  });

  const sync = () => mustRun('mbsync', mbsync.args);
  const farMaildir = () => join(platform.dataDir, 'mail', USER, 'Maildir');

  /** A message into a Maildir, as a delivery agent puts it there. */
  function drop(maildir: string, subject: string): void {
    delivered += 1;
    const name = `1790000000.M${delivered}P1.elsewhere`;
    for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, part), { recursive: true });
    writeFileSync(join(maildir, 'tmp', name), message(subject));
    renameSync(join(maildir, 'tmp', name), join(maildir, 'new', name));
  }

  function nearFile(folder: string, subject: string): string {
    const wanted = (path: string) => readFileSync(path, 'latin1').includes(`Subject: ${subject}\n`);
    const path = filesIn(join(mbsync.near, folder)).find(wanted);
    if (path === undefined) throw new Error(`${subject} is not near`);
    return path;
  }

  /** Sets the flags of a near message, as a mail reader on the Maildir does. */
  function flagNear(folder: string, subject: string, flags: string): void {
    const path = nearFile(folder, subject);
    const base = basename(path).split(':2,')[0];
    renameSync(path, join(mbsync.near, folder, 'cur', `${base}:2,${flags}`));
  }

  async function far(command: string): Promise<void> {
    expect(await imap.command(command)).toMatch(/^t\d+ OK/m);
  }

  const appendFar = (mailbox: string, subject: string) =>
    far(`APPEND ${mailbox} {${message(subject).length}+}\r\n${message(subject)}`);

  /** What would be different if a run changed anything: each mailbox's numbers, and the near files' names. */
  async function state(): Promise<unknown> {
    const numbers: string[] = [];
    for (const name of await mailboxesOf(imap)) {
      numbers.push(
        (await imap.command(`STATUS "${name}" (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)`)).split('\r')[0] ?? '',
      );
    }
    return { numbers, near: filesIn(join(mbsync.near, 'INBOX')).sort() };
  }

  test('new messages, flags, expunges and folders of either side are on both after a run; the next finds nothing', async () => {
    for (const subject of ['one', 'two', 'three', 'four']) await appendFar('INBOX', subject);
    await far('CREATE Work.Projects');
    await appendFar('Work.Projects', 'plan');
    await sync();
    expect(nearContents(mbsync.near)).toEqual(await farContents(imap));
    expect(nearContents(mbsync.near)).toHaveLength(5);

    drop(join(mbsync.near, 'INBOX'), 'five, near');
    drop(join(mbsync.near, 'Near Only'), 'six, near');
    flagNear('INBOX', 'one', 'RS');
    flagNear('INBOX', 'two', 'ST');
    await far('SELECT INBOX');
    await far('STORE 3 +FLAGS (\\Flagged)');
    await far('STORE 4 +FLAGS (\\Deleted)');
    await far('EXPUNGE');
    await far('CREATE Entw&APw-rfe');
    await appendFar('Entw&APw-rfe', 'seven, far');
    await appendFar('INBOX', 'eight, far');
    await sync();
    const expected = ['Entw&APw-rfe/seven, far ', 'INBOX/eight, far ', 'INBOX/five, near ', 'INBOX/one RS'];
    expected.push('INBOX/three F', 'Near Only/six, near ', 'Work.Projects/plan ');
    expect(await farContents(imap)).toEqual(expected);
    expect(nearContents(mbsync.near)).toEqual(expected);

    const before = await state();
    await sync();
    expect(await state()).toEqual(before);
  });

  /** Starts mbsync and kills it as soon as that many messages have arrived in a Maildir. */
  async function killedAt(count: number, maildir: string): Promise<ChildProcess> {
    const child = spawn('mbsync', mbsync.args, { stdio: 'ignore' });
    while (filesIn(maildir).length < count && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child;
  }

  test.each(['far', 'near'])('killed again and again while it carries 150 messages from the %s side', async (side) => {
    const [from, to] = [join(mbsync.near, 'INBOX'), farMaildir()];
    const [source, target] = side === 'near' ? [from, to] : [to, from];
    const [already, lines] = [filesIn(target).length, (await farContents(imap)).length];
    for (let n = 0; n < 150; n += 1) drop(source, `${side} ${n}`);
    const ended: unknown[] = [];
    for (const count of [15, 60, 105]) ended.push((await killedAt(already + count, target)).signalCode);
    expect(ended).toContain('SIGKILL'); // or nothing was interrupted
    await sync();
    const contents = await farContents(imap);
    expect(contents).toHaveLength(lines + 150);
    expect(new Set(contents).size).toBe(contents.length);
    expect(nearContents(mbsync.near)).toEqual(contents);
    const before = await state();
    await sync();
    expect(await state()).toEqual(before);
  });
});
