// What the public interface promises to those who use it wrongly, late or from JavaScript.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { INBOX, type MailboxName, openMailStore, parseModSeq, parseUid, type StoreResult } from '../src/index.ts';
import { errorOf, mail, name, newHome, onlyFile, openInbox, recordsOf, value } from './helpers.ts';

/** A name as JavaScript may pass it, past the brand: that it is refused is what is tested. */
const unchecked = (text: unknown): MailboxName => text as MailboxName;

const CLIMBING = [
  '../../../evil',
  '../x',
  '..',
  '.',
  'a/b',
  'a..b',
  '',
  'a\nb',
  'a\0b',
  '\ud800',
  'inbox',
  7,
  undefined,
];

test.each(CLIMBING)('no operation takes %j for a mailbox name', async (text) => {
  const home = newHome();
  const store = await home.store();
  const box = await openInbox(store);
  const sent = name('Sent');
  const before = readdirSync(dirname(home.maildir)).sort();
  const wrong = unchecked(text);
  const asked: Promise<StoreResult<unknown>>[] = [
    store.create(wrong),
    store.delete(wrong),
    store.rename(wrong, sent),
    store.rename(INBOX, wrong),
    store.rename(sent, wrong),
    store.open(wrong),
    store.status(wrong),
    store.subscribe(wrong, true),
    store.append(wrong, { content: mail('x') }),
    store.appendAll(wrong, [{ content: mail('x') }]),
    box.copy([], wrong),
    box.move([], wrong),
    // Annotations of no mailbox are the store's.
    ...(text === undefined ? [] : [store.metadata(wrong), store.setMetadata(wrong, [])]),
  ];
  const codes = (await Promise.all(asked)).map((result) => errorOf(result).code);
  expect(new Set(codes)).toEqual(new Set(['invalid-name']));
  expect(readdirSync(dirname(home.maildir)).sort()).toEqual(before);
  expect(value(await store.subscriptions())).toEqual([]);
  expect(value(await store.list()).map((one) => one.name)).toEqual([INBOX]);
});

test('a neighbour of the Maildir cannot be opened, deleted or emptied by a name', async () => {
  const home = newHome();
  const store = await home.store();
  const victim = join(dirname(home.maildir), 'victim');
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(victim, part), { recursive: true });
  writeFileSync(join(victim, 'cur', '1.x:2,'), mail('secret'));
  for (const path of ['/../victim', '../../../victim']) {
    expect(errorOf(await store.open(unchecked(path))).code).toBe('invalid-name');
    expect(errorOf(await store.delete(unchecked(path))).code).toBe('invalid-name');
  }
  expect(readdirSync(join(victim, 'cur'))).toEqual(['1.x:2,']);
});

const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);

test.each([
  [1_577_836_800_123.9, 1_577_836_800_123],
  [1e17, LAST],
  [Number.MAX_VALUE, LAST],
  [-5e12, 0],
  [-0.5, 0],
])('an internalDate of %d becomes %d', async (given, kept) => {
  const home = newHome();
  const store = await home.store();
  const box = await openInbox(store);
  value(await store.append(INBOX, { content: mail('x'), internalDate: given }));
  expect((await recordsOf(box)).map(({ internalDate }) => internalDate)).toEqual([kept]);
  await store.close();
  const again = await openInbox(await home.store());
  expect((await recordsOf(again)).map(({ internalDate }) => internalDate)).toEqual([kept]);
});

test.each([
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
])('an internalDate of %d is thrown back', async (given) => {
  const home = newHome();
  const store = await home.store();
  await expect(store.append(INBOX, { content: mail('x'), internalDate: given })).rejects.toThrow(RangeError);
  await expect(
    store.appendAll(INBOX, [{ content: mail('1') }, { content: mail('2'), internalDate: given }]),
  ).rejects.toThrow(RangeError);
  for (const part of ['cur', 'new', 'tmp']) expect(readdirSync(join(home.maildir, part))).toEqual([]);
  expect((await openInbox(store)).uids().length).toBe(0);
});

test('a clock with fractions does no harm', async () => {
  const store = await newHome().store({ clock: () => 1_700_000_000_123.456 });
  const box = await openInbox(store);
  value(await store.append(INBOX, { content: mail('x') }));
  value(await store.create(name('Sent')));
  value(
    await box.copy(
      value(
        await box.store(
          [...box.states()].map(({ uid }) => uid),
          { operation: 'add', flags: ['x'] },
        ),
      ).changed.map(({ uid }) => uid),
      name('Sent'),
    ),
  );
  const [record] = await recordsOf(box);
  expect(record).toMatchObject({ internalDate: 1_700_000_000_123, saveDate: 1_700_000_000_123 });
});

test('a path that leads over a file is named', async () => {
  const { maildir, indexFile } = newHome();
  const file = `${dirname(maildir)}/file`;
  writeFileSync(file, '');
  for (const path of [file, join(file, 'Maildir')]) {
    const error = errorOf(await openMailStore({ maildir: path, indexFile }));
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining(path) });
  }
  for (const path of [join(file, 'index.db'), dirname(maildir)]) {
    const error = errorOf(await openMailStore({ maildir, indexFile: path }));
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining(path) });
  }
  expect(existsSync(indexFile)).toBe(false);
});

const CLOSED = { code: 'unavailable', message: 'The mail store was closed.' };

test('a store can be closed again, and says that it is', async () => {
  const store = await newHome().store();
  const box = await openInbox(store);
  const { uid } = value(await store.append(INBOX, { content: mail('x') }));
  const content = value(await box.open(uid));
  await Promise.all([store.close(), store.close()]);
  await store.close();
  const asked: Promise<StoreResult<unknown>>[] = [
    ...[store.list(), store.subscriptions(), store.subscribe(INBOX, true), store.create(name('a'))],
    ...[store.status(INBOX), store.open(INBOX), store.append(INBOX, { content: mail('x') }), store.quota()],
    ...[store.metadata(undefined), store.textIndex(), store.exportForDovecot()],
    ...[box.open(uid), box.store([uid], { operation: 'add', flags: [] }), box.append({ content: mail('x') })],
    ...[box.copy([uid], INBOX), box.move([uid], INBOX), box.expunge(), box.findText('x', 'text')],
  ];
  for (const answer of asked) expect(errorOf(await answer)).toEqual(CLOSED);
  expect(errorOf(await box.refresh()).code).toBe('unavailable');
  const reads = [
    ...[() => box.uids(), () => box.state(uid), () => [...box.states()], () => box.changesSince(box.historyFrom)],
    ...[() => box.recent(), () => box.claimRecent(), () => box.firstUnseen(), () => box.rendered(uid, 1)],
    () => box.events(),
  ];
  for (const read of reads) expect(read).toThrow(expect.objectContaining(CLOSED));
  await expect(recordsOf(box)).rejects.toMatchObject(CLOSED);
  box.keepRendered(uid, { version: 1, envelope: '', body: '', bodyStructure: '' });
  expect(store.stats().scans).toBeGreaterThan(0);
  await box.close();
  await content.close();
});

test('a mailbox that is being opened while its store is closed is not left open', async () => {
  const store = await newHome().store();
  const opening = store.open(INBOX);
  await store.close();
  expect(errorOf(await opening).code).toBe('unavailable');
});

const reason = new Error('enough');

test('what takes long is stopped by its signal', async () => {
  const home = newHome();
  const store = await home.store();
  const box = await openInbox(store);
  value(await store.append(INBOX, { content: Buffer.alloc(300_000, 'x\n') }));
  const signal = AbortSignal.abort(reason);
  await expect(store.status(INBOX, { signal })).rejects.toBe(reason);
  await expect(store.exportForDovecot(signal)).rejects.toBe(reason);
  expect(readdirSync(home.maildir)).not.toContain('dovecot-uidlist');
  const [message] = await recordsOf(box);
  if (message === undefined) throw new Error('The message is not there.');
  const content = value(await box.open(message.uid));
  const stop = new AbortController();
  const read: number[] = [];
  const reading = async (): Promise<void> => {
    for await (const chunk of content.stream(0, content.size, stop.signal)) {
      read.push(chunk.length);
      stop.abort(reason);
    }
  };
  await expect(reading()).rejects.toBe(reason);
  expect(read.length).toBe(1);
  expect((await content.read(0, 10)).length).toBe(10); // the file is still open
  await content.close();
});

test('a sum of sizes that is stopped keeps what it has learnt, and can be asked for again', async () => {
  const home = newHome();
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, part), { recursive: true });
  for (let n = 0; n < 1_200; n += 1) writeFileSync(join(home.maildir, 'cur', `1.${n}:2,`), 'a\n');
  const stop = new AbortController();
  const store = await home.store();
  value(await store.status(INBOX, { size: false }));
  const asked = store.status(INBOX, { signal: stop.signal });
  setImmediate(() => stop.abort(reason));
  await expect(asked).rejects.toBe(reason);
  expect(value(await store.status(INBOX))).toMatchObject({ messages: 1_200, size: 3_600 });
});

test('numbers that were written down become UIDs and modification sequences again, if they can be', () => {
  expect([1, 2 ** 32 - 1].map(parseUid)).toEqual([1, 2 ** 32 - 1]);
  expect([0, -1, 1.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY].map(parseUid)).toEqual(Array(6).fill(undefined));
  expect([1, Number.MAX_SAFE_INTEGER].map(parseModSeq)).toEqual([1, Number.MAX_SAFE_INTEGER]);
  expect([0, -1, 1.5, 2 ** 53, Number.NaN].map(parseModSeq)).toEqual(Array(5).fill(undefined));
});

test('events go on where a number that was written down says', async () => {
  const store = await newHome().store();
  const box = await openInbox(store);
  value(await store.append(INBOX, { content: mail('before') }));
  const written: { modSeq: number; uidNext: number } = JSON.parse(
    JSON.stringify({ modSeq: box.highestModSeq, uidNext: box.uidNext }),
  );
  const { uid } = value(await store.append(INBOX, { content: mail('after') }));
  const since = parseModSeq(written.modSeq);
  if (since === undefined) throw new Error('The number is none.');
  for await (const event of box.events({ since, uidNext: written.uidNext })) {
    expect(event).toMatchObject({ kind: 'arrived', message: { uid } });
    break;
  }
});

test.each([0, -1, 1.5, Number.NaN, 1e15, Number.POSITIVE_INFINITY])('a quota of %d is thrown back', async (limit) => {
  const store = await newHome().store();
  value(await store.setQuota({ storage: 1_000, messages: undefined }));
  await expect(store.setQuota({ storage: limit, messages: undefined })).rejects.toThrow(RangeError);
  await expect(store.setQuota({ storage: undefined, messages: limit })).rejects.toThrow(RangeError);
  expect(value(await store.quota())?.limits).toEqual({ storage: 1_000, messages: undefined });
});

test('the host name and the process number that were given stand in the names of files', async () => {
  const home = newHome();
  const store = await home.store({ hostName: 'elsewhere', processId: 4711 });
  value(await store.append(INBOX, { content: mail('one') }));
  expect(onlyFile(join(home.maildir, 'new'))).toMatch(/^\d+\.M\d{6}P4711R[0-9a-f]{16}\.elsewhere/);
});
