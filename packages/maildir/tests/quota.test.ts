import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { INBOX } from '../src/index.ts';
import { parseSizeFile } from '../src/quota/maildirsize.ts';
import { errorOf, type Home, mail, name, newHome, openInbox, statesOf, value } from './helpers.ts';

const content = mail('one');
const SIZE = content.length;
const ARCHIVE = name('Archive');

const sizeFile = (home: Home): string => join(home.maildir, 'maildirsize');
const usedIn = (home: Home) => parseSizeFile(readFileSync(sizeFile(home), 'utf8')).used;
const files = (home: Home): string[] =>
  readdirSync(home.maildir, { recursive: true, encoding: 'utf8' }).filter((path) => /(^|\/)(tmp|new|cur)\//.test(path));

async function withQuota(storage: number | undefined, messages: number | undefined) {
  const home = newHome();
  const store = await home.store();
  value(await store.create(ARCHIVE));
  value(await store.setQuota({ storage, messages }));
  return { home, store };
}

test.each([
  ['10000S,100C\n500 5\n-100 -1\n', { storage: 10_000, messages: 100 }, { storage: 400, messages: 4 }, true],
  ['0S,100C\n 500 5 \n', { storage: undefined, messages: 100 }, { storage: 500, messages: 5 }, true],
  ['7C\n', { storage: undefined, messages: 7 }, { storage: 0, messages: 0 }, false],
  ['10S\n5 1\n5', { storage: 10, messages: undefined }, { storage: 5, messages: 1 }, false],
  ['10S\n5 1\nnonsense\n', { storage: 10, messages: undefined }, { storage: 5, messages: 1 }, false],
  ['10S\n5 1\n-6 -1\n', { storage: 10, messages: undefined }, { storage: -1, messages: 0 }, false],
  ['', { storage: undefined, messages: undefined }, { storage: 0, messages: 0 }, false],
])('maildirsize %j is understood', (text, limits, used, valid) => {
  expect(parseSizeFile(text)).toMatchObject({ limits, used, valid });
});

test('a message above the quota is refused with the numbers, and nothing lands', async () => {
  const { home, store } = await withQuota(2 * SIZE, undefined);
  value(await store.append(INBOX, { content }));
  value(await store.append(INBOX, { content, flags: ['\\Seen'] }));
  const error = errorOf(await store.append(INBOX, { content }));
  expect(error.code).toBe('quota-exceeded');
  expect(error.message).toContain(`${2 * SIZE} of ${2 * SIZE} bytes`);
  async function* unannounced(): AsyncGenerator<Uint8Array> {
    yield content;
  }
  expect(errorOf(await store.append(INBOX, { content: unannounced() })).code).toBe('quota-exceeded');
  expect(files(home)).toHaveLength(2);
  expect(value(await store.quota())).toEqual({
    limits: { storage: 2 * SIZE, messages: undefined },
    used: { storage: 2 * SIZE, messages: 2 },
  });
  expect(usedIn(home)).toEqual({ storage: 2 * SIZE, messages: 2 });
});

test('deliveries of one group share what room there is, and no more', async () => {
  const { home, store } = await withQuota(undefined, 3);
  const answers = await Promise.all(Array.from({ length: 8 }, () => store.append(INBOX, { content })));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
  expect(answers.flatMap((answer) => (answer.ok ? [] : [answer.error.code]))).toEqual(Array(5).fill('quota-exceeded'));
  expect(files(home)).toHaveLength(3);
  expect(usedIn(home)).toEqual({ storage: 3 * SIZE, messages: 3 });
});

test('copies and several messages at once are refused whole', async () => {
  const { home, store } = await withQuota(undefined, 5);
  const { uids } = value(await store.appendAll(INBOX, [{ content }, { content }, { content }]));
  expect(errorOf(await store.appendAll(ARCHIVE, [{ content }, { content }, { content }])).code).toBe('quota-exceeded');
  const inbox = await openInbox(store);
  expect(errorOf(await inbox.copy(uids, ARCHIVE)).code).toBe('quota-exceeded');
  expect(files(home)).toHaveLength(3);
  expect(value(await inbox.copy(uids.slice(0, 2), ARCHIVE)).pairs).toHaveLength(2);
  expect(usedIn(home)).toEqual({ storage: 5 * SIZE, messages: 5 });
});

test('what goes makes room: expunge, delete; a move changes nothing, and Trash counts', async () => {
  const { home, store } = await withQuota(undefined, 4);
  value(await store.create(name('Trash')));
  const { uids } = value(await store.appendAll(INBOX, [{ content }, { content }, { content }, { content }]));
  const inbox = await openInbox(store);
  value(await inbox.move(uids.slice(0, 2), name('Trash')));
  value(await inbox.move(uids.slice(2, 3), ARCHIVE));
  expect(usedIn(home).messages).toBe(4);
  expect(errorOf(await store.append(INBOX, { content })).code).toBe('quota-exceeded');
  value(await inbox.store(uids, { operation: 'add', flags: ['\\Deleted'] }));
  value(await inbox.expunge());
  expect(usedIn(home)).toEqual({ storage: 3 * SIZE, messages: 3 });
  value(await store.delete(name('Trash')));
  expect(usedIn(home)).toEqual({ storage: SIZE, messages: 1 });
  value(await store.append(INBOX, { content }));
  value(await store.rename(INBOX, name('Old')));
  expect(usedIn(home)).toEqual({ storage: 2 * SIZE, messages: 2 });
});

test('a delivery that fails after it was counted is taken off again', async () => {
  const { home, store } = await withQuota(undefined, 10);
  value(await store.append(INBOX, { content }));
  const blocker = new DatabaseSync(home.indexFile);
  blocker.exec(`CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT raise(ABORT, 'no room'); END`);
  await expect(store.append(INBOX, { content })).rejects.toThrow('no room');
  const inbox = await openInbox(store);
  await expect(
    inbox.copy(
      statesOf(inbox).map(({ uid }) => uid),
      ARCHIVE,
    ),
  ).rejects.toThrow('no room');
  blocker.close();
  expect(usedIn(home)).toEqual({ storage: SIZE, messages: 1 });
});

test('what another program appends counts, and is believed only after a count when it says there is no room', async () => {
  const { home, store } = await withQuota(undefined, 10);
  value(await store.append(INBOX, { content }));
  appendFileSync(sizeFile(home), '100 4\n');
  expect(value(await store.quota())?.used).toEqual({ storage: SIZE + 100, messages: 5 });
  appendFileSync(sizeFile(home), '100 40\n');
  value(await store.append(INBOX, { content }));
  expect(usedIn(home)).toEqual({ storage: 2 * SIZE, messages: 2 });
});

test('a count that says "no room" is believed while it is fresh, and made anew when it is old', async () => {
  const { home, store } = await withQuota(undefined, 2);
  value(await store.appendAll(INBOX, [{ content }, { content }]));
  expect(errorOf(await store.append(INBOX, { content })).code).toBe('quota-exceeded');
  const before = statSync(sizeFile(home)).ino;
  for (const part of ['new', 'cur']) {
    for (const file of readdirSync(join(home.maildir, part))) rmSync(join(home.maildir, part, file));
  }
  expect(errorOf(await store.append(INBOX, { content })).code).toBe('quota-exceeded');
  expect(statSync(sizeFile(home)).ino).toBe(before);
  const old = Date.now() / 1000 - 16 * 60;
  utimesSync(sizeFile(home), old, old);
  value(await store.append(INBOX, { content }));
  expect(usedIn(home)).toEqual({ storage: SIZE, messages: 1 });
});

test('the file is counted anew when it is broken or has grown too long, with sizes of names and of files', async () => {
  const { home, store } = await withQuota(1_000_000, undefined);
  value(await store.append(INBOX, { content }));
  writeFileSync(join(home.maildir, '.Archive/cur/1700000000.a.host,S=1000:2,S'), mail('lies about its size'));
  writeFileSync(join(home.maildir, '.Archive/new/1700000000.b.host'), 'four');
  appendFileSync(sizeFile(home), 'nonsense\n');
  value(await store.quota());
  expect(readFileSync(sizeFile(home), 'utf8')).toBe(`1000000S\n${SIZE + 1004} 3\n`);
  appendFileSync(sizeFile(home), '1 0\n'.repeat(2_000));
  value(await store.quota());
  expect(readFileSync(sizeFile(home), 'utf8')).toBe(`1000000S\n${SIZE + 1004} 3\n`);
});

test('without the file there is no quota, none appears, and taking it away frees the store', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content }));
  expect(value(await store.quota())).toBeUndefined();
  expect(existsSync(sizeFile(home))).toBe(false);
  value(await store.setQuota({ storage: undefined, messages: 1 }));
  expect(errorOf(await store.append(INBOX, { content })).code).toBe('quota-exceeded');
  value(await store.setQuota(undefined));
  expect(existsSync(sizeFile(home))).toBe(false);
  value(await store.append(INBOX, { content }));
  value(await store.setQuota({ storage: undefined, messages: undefined }));
  expect(value(await store.quota())).toBeUndefined();
});
