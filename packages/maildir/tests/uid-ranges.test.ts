import { closeSync, mkdirSync, openSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { Connection } from '../src/index/connection.ts';
import { MailIndex } from '../src/index/index.ts';
import { INBOX, openMailStore } from '../src/index.ts';
import { ENTERED, WATCHED_AT_ONCE } from '../src/limits.ts';
import { toModSeq, toUid } from '../src/names/ids.ts';
import { randomFrom } from './faults/random.ts';
import { closeQuietly, mail, newHome, openInbox, until, value } from './helpers.ts';
import { withDatabase } from './index-files.ts';

test('the ranges have the UIDs that were added and not removed, in whatever order', () => {
  const home = newHome();
  const file = `${home.maildir}-ranges`;
  closeSync(openSync(file, 'w'));
  const index = new MailIndex(new Connection(file));
  const { id } = index.mailboxes.add('', 1);
  const random = randomFrom(7);
  const there = new Set<number>();
  for (let step = 0; step < 3_000; step += 1) {
    const uid = 1 + Math.floor(random() * 60);
    if (there.delete(uid)) index.uids.remove(id, uid);
    else {
      index.uids.add(id, uid);
      there.add(uid);
    }
    expect([...index.uids.all(id)]).toEqual([...there].sort((a, b) => a - b));
    expect(index.uids.count(id)).toBe(there.size);
  }
  index.db.close();
  rmSync(file);
});

/** A folder of so many files with times that are trusted. */
function folderOf(count: number) {
  const home = newHome();
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, part), { recursive: true });
  const put = (at: number): void =>
    writeFileSync(join(home.maildir, 'cur', `${1_600_000_000 + at}.M1P1.host,S=5,W=5:2,S`), 'hello');
  for (let at = 0; at < count; at += 1) put(at);
  for (const part of ['cur', 'new']) utimesSync(join(home.maildir, part), 1_600_000_000, 1_600_000_000);
  return { home, put };
}

test('they say what the rows say: after a first look, arrivals, expunges and another opening', async () => {
  const { home } = folderOf(ENTERED + 10);
  const store = await home.store();
  const inbox = await openInbox(store);
  value(await store.append(INBOX, { content: mail('one more') }));
  const uids = [...inbox.states()].map(({ uid }) => uid);
  const doomed = uids.filter((uid) => uid % 3 === 0);
  value(await inbox.store(doomed, { operation: 'add', flags: ['\\Deleted'] }));
  expect(value(await inbox.expunge())).toEqual(doomed);
  const left = uids.filter((uid) => uid % 3 !== 0);
  expect([...inbox.uids()]).toEqual(left);
  await closeQuietly(store);
  const rows = withDatabase(home.indexFile, (db) => db.prepare('SELECT uid FROM messages ORDER BY uid').all());
  expect(rows.map(({ uid }) => uid)).toEqual(left);
  expect([...(await openInbox(await home.store())).uids()]).toEqual(left);
});

test('what was there from the beginning is no change, but everything to whoever knows nothing', async () => {
  const { home } = folderOf(1_200);
  const inbox = await openInbox(await home.store());
  const uids = [...inbox.uids()];
  expect(inbox.highestModSeq).toBe(1);
  expect(inbox.changesSince(inbox.highestModSeq).changed).toEqual([]);
  expect(inbox.changesSince(toModSeq(0)).changed.map(({ uid }) => uid)).toEqual(uids);
  const [first, second] = inbox.states();
  value(await inbox.store([first?.uid ?? expect.fail()], { operation: 'add', flags: ['\\Flagged'] }));
  expect(inbox.changesSince(toModSeq(1)).changed.map(({ uid }) => uid)).toEqual([first?.uid]);
  expect(inbox.changesSince(toModSeq(0)).changed).toHaveLength(uids.length);
  expect(inbox.firstUnseen()).toBeUndefined();
  value(await inbox.store([second?.uid ?? expect.fail()], { operation: 'remove', flags: ['\\Seen'] }));
  expect(inbox.firstUnseen()).toBe(second?.uid);
});

test('a large mailbox is open before it is watched, and hears of what happens meanwhile and afterwards', async () => {
  const { home, put } = folderOf(WATCHED_AT_ONCE + 5);
  const first = await home.store();
  await openInbox(first);
  await closeQuietly(first);
  const store = value(await openMailStore({ maildir: home.maildir, indexFile: home.indexFile }));
  try {
    const inbox = value(await store.open(INBOX));
    put(WATCHED_AT_ONCE + 5);
    await until(inbox, () => inbox.uids().length === WATCHED_AT_ONCE + 6);
    put(WATCHED_AT_ONCE + 6);
    value(await inbox.refresh());
    expect(inbox.uids()).toHaveLength(WATCHED_AT_ONCE + 7);
  } finally {
    await store.close();
  }
});

test('what came before a large mailbox was watched is not explained by an event of what came after', async () => {
  const { home } = folderOf(WATCHED_AT_ONCE + 5);
  const first = await home.store();
  await openInbox(first);
  await closeQuietly(first);
  const deliver = (file: string): void => {
    writeFileSync(join(home.maildir, 'tmp', file), 'hello');
    renameSync(join(home.maildir, 'tmp', file), join(home.maildir, 'new', file));
  };
  let isFirst = true;
  const fileSystem: typeof nodeFileSystem = {
    ...nodeFileSystem,
    watch(directory, onName, onError) {
      const isBetween = isFirst && directory.endsWith('/new');
      if (isBetween) deliver('1700000000.M1P1.host');
      const stop = nodeFileSystem.watch(directory, onName, onError);
      if (isBetween) deliver('1700000001.M1P1.host');
      if (isBetween) isFirst = false;
      return stop;
    },
  };
  const inbox = await openInbox(await home.store({ fileSystem }));
  await until(inbox, () => !isFirst && inbox.uids().length > WATCHED_AT_ONCE + 5);
  value(await inbox.refresh());
  expect(inbox.uids()).toHaveLength(WATCHED_AT_ONCE + 7);
});

test('what is changed in a large mailbox before it is watched is heard: the folder is not read for it', async () => {
  const { home } = folderOf(WATCHED_AT_ONCE + 5);
  const first = await home.store();
  await openInbox(first);
  await closeQuietly(first);
  const store = await home.store();
  const inbox = await openInbox(store);
  value(await inbox.store([...inbox.uids()].slice(0, 3).map(toUid), { operation: 'add', flags: ['\\Flagged'] }));
  value(await inbox.refresh());
  expect(store.stats().scans).toBe(0);
});

test('a letter that another program gave while a mailbox was closed is known when it is open', async () => {
  const { home } = folderOf(1);
  const first = await home.store();
  await openInbox(first);
  await closeQuietly(first);
  writeFileSync(join(home.maildir, 'dovecot-keywords'), '0 $Work\n');
  expect((await openInbox(await home.store())).keywords()).toEqual(['$Work']);
});
