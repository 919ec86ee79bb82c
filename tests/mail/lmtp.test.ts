// Debian's Postfix delivers by LMTP: on a port and on a Unix socket, to folders, to a full mailbox, and through a crash.
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { peakSince, startPeak } from '../support/memory.ts';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';
import { describeWithPostfix, type Postfix, startPostfix } from '../support/postfix.ts';
import { descendantsOf } from '../support/processes.ts';
import { signedIn } from '../support/raw-imap.ts';

const PATIENCE = { timeout: 40_000, interval: 100 };

describeWithPostfix('Postfix delivers by LMTP', () => {
  let platform: Platform;
  let folder: string;
  let postfix: Postfix;
  let overSocket: Postfix;
  const signIn = (user: string, mailbox = 'INBOX') =>
    signedIn(platform.ports.imaps, platform.ca, user, passwordOf(user), mailbox);

  /** Every message of a mailbox, as IMAP hands it out. */
  async function messages(user: string, mailbox = 'INBOX'): Promise<string[]> {
    const imap = await signIn(user, mailbox);
    const found = await imap.command('UID FETCH 1:* (BODY.PEEK[])');
    imap.close();
    return found.split(/\r\n\* \d+ FETCH |^\* \d+ FETCH /).filter((part) => part.includes('BODY[]'));
  }
  const withSubject = async (subject: string, user: string, mailbox?: string) =>
    (await messages(user, mailbox)).filter((message) => message.includes(`Subject: ${subject}\r\n`));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lmtp-'));
    chmodSync(folder, 0o755); // for Postfix's own user
    const socket = join(folder, 'lmtp');
    platform = await startPlatform([], { SCORPIOX_IMAP_LMTP_SOCKET: socket });
    await platform.addUser('alice');
    await platform.addUser('bob');
    await platform.addUser('carol');
    postfix = await startPostfix(`lmtp:inet:127.0.0.1:${platform.ports.lmtp}`);
    overSocket = await startPostfix(`lmtp:unix:${socket}`);
  });
  afterAll(async () => {
    await postfix?.stop();
    await overSocket?.stop();
    await platform?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('who waits in IDLE hears of the message at once, and finds it as it was sent', async () => {
    const imap = await signIn('alice');
    imap.send('i IDLE\r\n');
    await imap.until(/^\+ /m);
    const body = '.\n..\n.dots\nfrom \xe9\xff\n'.repeat(3);
    const text = `From: from@example.org\nSubject: idle\n\n${body}`;
    await postfix.send('from@example.org', ['alice@example.net'], Buffer.from(text, 'latin1'));
    await imap.until(/\* 1 EXISTS/);
    imap.close();
    const [message = ''] = await withSubject('idle', 'alice');
    expect(message).toContain(body.replaceAll('\n', '\r\n'));
    expect(message).toMatch(
      /^[^\n]*\r\nReturn-Path: <from@example\.org>\r\nDelivered-To: alice@example\.net\r\nReceived: from mta\.example\.net \(\[127\.0\.0\.1\]\)\r\n\tby \S+ with LMTP id \S+\r\n\tfor <alice@example\.net>; /,
    );
  });

  test('+detail goes to the folder of that name where there is one, and never makes one', async () => {
    const imap = await signIn('alice');
    for (const name of ['Lists', 'Lists.Node', '&AOk-t&AOk-']) await imap.command(`CREATE "${name}"`);
    imap.close();
    const to = ['alice+Lists', 'alice+lists.node', 'alice+été', 'alice+nowhere'];
    await postfix.send(
      'f@example.org',
      to.map((local) => `${local}@example.net`),
      'Subject: detail\n\nx\n',
      '-O',
      'SMTPUTF8=1',
    );
    for (const mailbox of ['Lists', 'Lists.Node', '&AOk-t&AOk-', 'INBOX']) {
      await expect.poll(async () => (await withSubject('detail', 'alice', mailbox)).length, PATIENCE).toBe(1);
    }
    const again = await signIn('alice');
    expect(await again.command('LIST "" "*"')).not.toContain('nowhere');
    again.close();
  });

  test('by a Unix socket, and whom nobody knows bounces', async () => {
    await overSocket.send('f@example.org', ['bob@example.net', 'nobody@example.net'], 'Subject: socket\n\nx\n');
    await expect.poll(async () => (await withSubject('socket', 'bob')).length, PATIENCE).toBe(1);
    await expect
      .poll(() => overSocket.log(), PATIENCE)
      .toMatch(/to=<nobody@example\.net>.*dsn=5\.1\.1, status=bounced/);
  });

  test('a full mailbox is put off, the other recipient is not, and when there is room it arrives once', async () => {
    const limit = join(platform.dataDir, 'mail/carol/Maildir/maildirsize');
    await signIn('carol').then((imap) => imap.close());
    writeFileSync(limit, '10S\n0 0\n');
    await postfix.send('f@example.org', ['carol@example.net', 'bob@example.net'], 'Subject: full\n\nx\n');
    await expect.poll(async () => (await withSubject('full', 'bob')).length, PATIENCE).toBe(1);
    await expect.poll(() => postfix.log(), PATIENCE).toMatch(/to=<carol@example\.net>.*dsn=4\.2\.2, status=deferred/);
    rmSync(limit);
    await postfix.flush();
    await expect.poll(async () => (await withSubject('full', 'carol')).length, PATIENCE).toBe(1);
    await expect.poll(() => postfix.waiting(), PATIENCE).toEqual([]);
    expect(await withSubject('full', 'bob')).toHaveLength(1);
  });

  test('a large message arrives whole', async () => {
    const lines = 'a line of some length, and a number of them\n'.repeat(20_000);
    await postfix.send('f@example.org', ['bob@example.net'], `Subject: large\n\n${lines}`);
    await expect.poll(() => postfix.waiting(), PATIENCE).toEqual([]);
    const [message = ''] = await withSubject('large', 'bob');
    expect(message.includes(lines.replaceAll('\n', '\r\n'))).toBe(true);
  });

  test('a server that is killed while it delivers loses none of it', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `crash-${at}`);
    const imap = await signIn('bob');
    await imap.command('CREATE Crash');
    imap.close();
    const sending = names.map(
      (name) => () =>
        postfix.send('f@example.org', ['bob+Crash@example.net'], `Subject: ${name}\n\n${'x'.repeat(500)}\n`),
    );
    for (const send of sending.slice(0, 20)) await send();
    await expect.poll(async () => (await messages('bob', 'Crash')).length, PATIENCE).toBeGreaterThan(5);
    const server = descendantsOf(platform.process.pid ?? 0).find(({ args }) => args.includes('apps/imap'));
    if (server === undefined) throw new Error('no process runs apps/imap');
    const rest = Promise.all(sending.slice(20).map((send) => send()));
    process.kill(server.pid, 'SIGKILL');
    await rest;
    await expect
      .poll(async () => {
        await postfix.flush();
        return postfix.waiting();
      }, PATIENCE)
      .toEqual([]);
    const stored = await messages('bob', 'Crash');
    const missing = names.filter((name) => !stored.some((message) => message.includes(`Subject: ${name}\r\n`)));
    expect(missing).toEqual([]);
  });
});

/** Some 200 MB, below the largest message that is taken. */
const BLOCKS = 200;

describe('a large message', () => {
  test('for three recipients is never held in memory', async () => {
    const platform = await startPlatform();
    onTestFinished(async () => void (await platform.stop()));
    for (const user of ['alice', 'bob', 'carol']) await platform.addUser(user);
    const block = Buffer.from(`${'x'.repeat(76)}\r\n`.repeat(13_000));
    // A small one first, so that what is measured is the message and not the server's first use of its code.
    expect(await deliver(platform.ports.lmtp, block, 1)).toHaveLength(3);
    const server = startPeak(platform.process.pid, 'apps/imap');
    expect(await deliver(platform.ports.lmtp, block, BLOCKS)).toEqual(
      Array(3).fill(expect.stringMatching(/^250 2\.1\.5 /)),
    );
    // A server that held it would need all of it, and once for each recipient. What a server takes that does not is 50 to
    // 90 MB whether the message has 100 MB or 300: what the sockets brought lies about until V8 collects it.
    expect(peakSince(server)).toBeLessThan((block.length * BLOCKS) / 2);
  });
});

/** Delivers so many blocks as one message to alice, bob and carol; the answers to it. */
async function deliver(port: number, block: Buffer, blocks: number): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
  });
  socket.write('LHLO test\r\nMAIL FROM:<>\r\n');
  socket.write(['alice', 'bob', 'carol'].map((user) => `RCPT TO:<${user}@example.net>\r\n`).join(''));
  socket.write('DATA\r\nSubject: large\r\n\r\n');
  for (let at = 0; at < blocks; at += 1) if (!socket.write(block)) await once(socket, 'drain');
  socket.write('.\r\nQUIT\r\n');
  await once(socket, 'close');
  return said.split('\r\n').slice(-5, -2);
}
