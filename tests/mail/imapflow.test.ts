// ImapFlow, the client library of webmail and of mail APIs: IMAP4rev2, COMPRESS, QRESYNC and IDLE as it chooses to use them.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ImapFlow, type LogEvent } from 'imapflow';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Platform, passwordOf, startPlatform } from '../support/platform.ts';

let platform: Platform;
let user = '';
let users = 0;

beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());
beforeEach(async () => {
  users += 1;
  user = `reader${users}`;
  await platform.addUser(user);
});

/** Connected and signed in, and gone when the test is over. */
async function connect(more: { qresync?: boolean } = {}, hear?: (entry: LogEvent) => void): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: 'localhost',
    port: platform.ports.imaps,
    secure: true,
    auth: { user, pass: passwordOf(user) },
    tls: { ca: readFileSync(platform.ca) },
    clientInfo: { name: 'a test', version: '1' },
    logger: false,
    disableAutoIdle: true,
    emitLogs: hear !== undefined,
    ...more,
  });
  if (hear) client.on('log', hear);
  await client.connect();
  onTestFinished(() => client.close());
  return client;
}

const maildir = () => join(platform.dataDir, 'mail', user, 'Maildir');
const message = (subject: string, text = `Text of ${subject}.`) =>
  `From: Bob <bob@example.org>\r\nSubject: ${subject}\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\n${text}\r\n`;

async function append(client: ImapFlow, ...subjects: readonly string[]): Promise<void> {
  for (const subject of subjects) expect(await client.append('INBOX', message(subject))).toBeTruthy();
}

const subjectsOf = async (client: ImapFlow) =>
  (await client.fetchAll('1:*', { envelope: true })).map(({ envelope }) => envelope?.subject);

test('signs in over TLS, exchanges names, compresses, enables what it knows, and lists the folders of an account', async () => {
  const said: unknown[] = [];
  const client = await connect({ qresync: true }, ({ src, msg }) => said.push(`${src} ${msg}`));
  expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/^s \d+ OK Compression/)]));
  expect(client.authenticated).toBe(true);
  expect(client.serverInfo).toMatchObject({ name: expect.stringMatching(/scorpiox/i) });
  expect([...client.enabled].sort()).toEqual(['CONDSTORE', 'IMAP4REV2', 'QRESYNC', 'UTF8=ACCEPT']);
  await client.append('INBOX', message('one'));
  const status = { messages: true, unseen: true, uidNext: true, highestModseq: true, size: true } as const;
  const folders = await client.list({ statusQuery: status });
  const uses = folders.map(({ path, specialUse, specialUseSource }) => [path, specialUse, specialUseSource]);
  expect(uses).toEqual(
    expect.arrayContaining([
      ['INBOX', '\\Inbox', 'name'],
      ...['Archive', 'Drafts', 'Junk', 'Sent', 'Trash'].map((name) => [name, `\\${name}`, 'extension']),
    ]),
  );
  const inbox = folders.find(({ path }) => path === 'INBOX');
  expect(inbox?.status).toMatchObject({ messages: 1, unseen: 1, uidNext: 2, highestModseq: expect.any(BigInt) });
});

test('folders with any names are made, found, subscribed, renamed and deleted', async () => {
  const client = await connect();
  for (const name of ['Entwürfe 2026', '日本語', 'R&D', 'a "quoted" one']) {
    expect(await client.mailboxCreate(name)).toMatchObject({
      path: name,
      created: true,
      mailboxId: expect.any(String),
    });
    expect((await client.list()).map(({ path }) => path)).toContain(name);
    expect(await client.mailboxUnsubscribe(name)).toBe(true);
    expect(await client.mailboxSubscribe(name)).toBe(true);
    expect((await client.list()).find(({ path }) => path === name)?.subscribed).toBe(true);
    await client.append(name, message(name));
    await client.mailboxRename(name, `${name} (old)`);
    expect(await client.status(`${name} (old)`, { messages: true })).toMatchObject({ messages: 1 });
    await client.mailboxDelete(`${name} (old)`);
    expect((await client.list()).map(({ path }) => path)).not.toContain(`${name} (old)`);
  }
});

test('a message is there right after its STORE; flags come and go; UNCHANGEDSINCE keeps what another changed', async () => {
  const client = await connect();
  await append(client, 'one', 'two');
  const { highestModseq = 0n } = await client.mailboxOpen('INBOX');
  expect(await client.messageFlagsAdd('1', ['\\Seen', '$Label1'], { uid: true })).toBe(true);
  const fetched = await client.fetchOne('1', { source: true, flags: true }, { uid: true });
  if (fetched === false) throw new Error('the message was not found');
  expect(fetched.source?.toString()).toBe(message('one'));
  expect([...(fetched.flags ?? [])].sort()).toEqual(['$Label1', '\\Seen']);
  await client.messageFlagsRemove('1', ['\\Seen'], { uid: true });
  expect(await client.search({ seen: false }, { uid: true })).toEqual([1, 2]);
  expect(await client.search({ keyword: '$Label1' }, { uid: true })).toEqual([1]);
  // The second message is as it was, the first is not.
  await client.messageFlagsAdd('1:2', ['\\Flagged'], { uid: true, unchangedSince: highestModseq });
  expect(await client.search({ flagged: true }, { uid: true })).toEqual([2]);
});

async function digest(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

test('a large attachment is downloaded piece by piece, and many messages are streamed', async () => {
  const client = await connect();
  const data = randomBytes(3_000_000);
  const encoded = data.toString('base64').replace(/.{76}/g, '$&\r\n');
  const head =
    'Subject: large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n';
  const part = 'Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n';
  await client.append('INBOX', `${head}${part}${encoded}\r\n--b--\r\n`);
  await append(client, ...Array.from({ length: 40 }, (_, n) => `number ${n}`));
  await client.mailboxOpen('INBOX');
  const download = await client.download('1', '2');
  if (!download.content) throw new Error('no part 2');
  expect(await digest(download.content)).toBe(createHash('sha256').update(data).digest('hex'));
  const subjects: (string | undefined)[] = [];
  const everything = { uid: true, envelope: true, bodyStructure: true, source: true, threadId: true } as const;
  for await (const { envelope } of client.fetch('2:*', everything)) subjects.push(envelope?.subject);
  expect(subjects).toEqual(Array.from({ length: 40 }, (_, n) => `number ${n}`));
});

test('searches by text in any script and by date, and by MIN, MAX and COUNT', async () => {
  const client = await connect();
  await client.append('INBOX', Buffer.from(message('plain', 'Grüße aus 東京')), ['\\Seen'], new Date('2026-01-02'));
  await append(client, 'other');
  await client.mailboxOpen('INBOX');
  expect(await client.search({ body: 'GRÜßE' }, { uid: true })).toEqual([1]);
  expect(await client.search({ body: '東京' }, { uid: true })).toEqual([1]);
  expect(await client.search({ before: new Date('2026-06-01'), or: [{ seen: true }, { subject: 'other' }] })).toEqual([
    1,
  ]);
  const found = await client.search({ all: true }, { uid: true, returnOptions: ['MIN', 'MAX', 'COUNT'] });
  expect(found).toMatchObject({ min: 1, max: 2, count: 2 });
});

test('copies, moves and deletes say which message became which', async () => {
  const client = await connect();
  await append(client, 'one', 'two', 'three');
  await client.mailboxOpen('INBOX');
  expect(await client.messageCopy('1', 'Archive')).toMatchObject({ uidMap: new Map([[1, 1]]) });
  expect(await client.messageMove({ uid: '2:3' }, 'Archive')).toMatchObject({
    uidMap: new Map([
      [2, 2],
      [3, 3],
    ]),
  });
  expect(await subjectsOf(client)).toEqual(['one']);
  expect(await client.messageDelete('1:*')).toBe(true);
  expect(await client.fetchAll('1:*', { uid: true })).toEqual([]);
  await client.mailboxOpen('Archive');
  expect(await subjectsOf(client)).toEqual(['one', 'two', 'three']);
});

test.each([false, true])('IDLE tells of other sessions and of other programs (QRESYNC: %s)', async (qresync) => {
  const watching = await connect({ qresync });
  const other = await connect();
  await append(other, 'one', 'two');
  await watching.mailboxOpen('INBOX');
  await other.mailboxOpen('INBOX');
  const idling = watching.idle();
  const next = async (event: 'exists' | 'flags' | 'expunge', act: () => unknown) => {
    const heard = once(watching, event);
    await act();
    return (await heard)[0];
  };
  expect(await next('exists', () => other.append('INBOX', message('three')))).toMatchObject({ count: 3, prevCount: 2 });
  const dropped = join(maildir(), 'new', '1793000000.M1P1.elsewhere');
  const drop = () => {
    writeFileSync(join(maildir(), 'tmp', 'x'), message('four').replaceAll('\r', ''));
    renameSync(join(maildir(), 'tmp', 'x'), dropped);
  };
  expect(await next('exists', drop)).toMatchObject({ count: 4 });
  const flagged = await next('flags', () => other.messageFlagsAdd('2', ['\\Answered']));
  expect(flagged).toMatchObject({ seq: 2, flags: new Set(['\\Answered']) });
  // A person with mv: the file may be in new/ or in cur/ by now.
  const move = () => {
    const cur = join(maildir(), 'cur');
    const name = readdirSync(cur).find((file) => file.startsWith('1793000000.M1P1.elsewhere'));
    renameSync(name === undefined ? dropped : join(cur, name), join(cur, '1793000000.M1P1.elsewhere:2,F'));
  };
  expect((await next('flags', move)).flags).toContain('\\Flagged');
  const gone = await next('expunge', () => other.messageDelete('1'));
  expect(gone).toMatchObject(qresync ? { uid: 1, vanished: true } : { seq: 1, vanished: false });
  const removed = await next('expunge', () => rmSync(join(maildir(), 'cur', '1793000000.M1P1.elsewhere:2,F')));
  expect(removed).toMatchObject(qresync ? { uid: 4, vanished: true } : { seq: 3, vanished: false });
  await watching.noop(); // ends IDLE
  await idling;
  expect(await subjectsOf(watching)).toEqual(['two', 'three']);
});

test('a client that comes back with QRESYNC hears of what changed meanwhile, and of nothing else', async () => {
  const first = await connect({ qresync: true });
  await append(first, 'one', 'two', 'three', 'four');
  const { uidValidity, highestModseq = 0n } = await first.mailboxOpen('INBOX');
  first.close(); // as a phone that lost its network

  const other = await connect();
  await other.mailboxOpen('INBOX');
  await other.messageFlagsAdd('3', ['\\Seen']);
  await other.messageDelete('2');
  await append(other, 'five');

  const again = await connect({ qresync: true });
  const told: unknown[] = [];
  again.on('expunge', ({ uid, vanished, earlier }) => told.push({ uid, vanished, earlier }));
  again.on('flags', ({ uid, flags }) => told.push({ uid, seen: flags.has('\\Seen') }));
  const opened = await again.mailboxOpen('INBOX', { uidValidity, changedSince: highestModseq });
  expect(opened).toMatchObject({ qresync: true, exists: 4, uidNext: 6 });
  expect(told).toEqual([
    { uid: 2, vanished: true, earlier: true },
    { uid: 3, seen: true },
    { uid: 5, seen: false },
  ]);
  told.length = 0;
  await again.mailboxOpen('INBOX', { uidValidity, changedSince: opened.highestModseq });
  expect(told).toEqual([]);
});
