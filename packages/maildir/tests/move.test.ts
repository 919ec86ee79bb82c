import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { INBOX, type Mailbox, type Uid } from '../src/index.ts';
import {
  closeQuietly,
  errorOf,
  type Home,
  mail,
  name,
  newHome,
  onlyFile,
  recordsOf,
  textOf,
  value,
} from './helpers.ts';

const ARCHIVE = name('Archive');

/** INBOX with these messages, and an empty Archive. */
async function twoMailboxes(
  home: Home,
  subjects: readonly string[],
  flags: readonly string[],
  fileSystem = nodeFileSystem,
) {
  const store = await home.store({ fileSystem });
  value(await store.create(ARCHIVE));
  const uids: Uid[] = [];
  for (const subject of subjects) {
    const appended = await store.append(INBOX, { content: mail(subject), flags, internalDate: 1_500_000_000_000 });
    uids.push(value(appended).uid);
  }
  return { store, uids, inbox: value(await store.open(INBOX)), archive: value(await store.open(ARCHIVE)) };
}

const filesIn = (home: Home, folder: string): string[] =>
  ['new', 'cur'].flatMap((part) => readdirSync(join(home.maildir, folder, part)));

const only = async (mailbox: Mailbox) => {
  const [record, ...others] = await recordsOf(mailbox);
  if (record === undefined || others.length > 0) throw new Error(`One message expected, found ${others.length + 1}.`);
  return record;
};

test('a moved message keeps its file, flags, date and identity, is recent, and gets a UID', async () => {
  const home = newHome();
  const { inbox, archive, uids } = await twoMailboxes(home, ['one'], ['\\Seen', '\\Flagged']);
  const before = await only(inbox);
  const inode = statSync(join(home.maildir, 'cur', onlyFile(join(home.maildir, 'cur')))).ino;
  const since = inbox.highestModSeq;
  const moved = value(await inbox.move(uids, ARCHIVE));
  const after = await only(archive);
  expect(moved).toEqual({ uidValidity: archive.uidValidity, pairs: [{ source: uids[0], destination: after.uid }] });
  expect(statSync(join(home.maildir, '.Archive/cur', onlyFile(join(home.maildir, '.Archive/cur')))).ino).toBe(inode);
  const { baseName, emailId, internalDate, size } = before;
  expect(after).toMatchObject({ baseName, emailId, internalDate, size, recent: true });
  expect([...after.flags].sort()).toEqual(['\\Flagged', '\\Seen']);
  expect(await textOf(archive, after)).toContain('Subject: one');
  expect(inbox.changesSince(since).vanished).toEqual(uids);
  expect(filesIn(home, '')).toEqual([]);
  value(await archive.refresh());
  expect((await only(archive)).uid).toBe(after.uid);
});

test('keyword letters are translated, and what other programs put into the name goes along', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(ARCHIVE));
  writeFileSync(join(home.maildir, 'dovecot-keywords'), '0 work\n3 private\n');
  writeFileSync(join(home.maildir, '.Archive/dovecot-keywords'), '0 other\n1 private\n');
  writeFileSync(join(home.maildir, 'cur/1700000000.a.host:2,PSXadz,theirs'), mail('one'));
  const inbox = value(await store.open(INBOX));
  const archive = value(await store.open(ARCHIVE));
  value(await inbox.move([(await only(inbox)).uid], ARCHIVE));
  expect([...(await only(archive)).flags].sort()).toEqual(['\\Seen', 'private', 'work']);
  expect(onlyFile(join(home.maildir, '.Archive/cur'))).toBe('1700000000.a.host:2,PSXbc,theirs');
  expect(readFileSync(join(home.maildir, '.Archive/dovecot-keywords'), 'utf8')).toBe('0 other\n1 private\n2 work\n');
});

test('a base name that is taken in the destination is changed, never overwritten, and the identity stays', async () => {
  const home = newHome();
  const { inbox, archive, uids } = await twoMailboxes(home, ['one'], ['\\Seen']);
  const before = await only(inbox);
  const file = onlyFile(join(home.maildir, 'cur'));
  writeFileSync(join(home.maildir, '.Archive/cur', file), mail('another'));
  value(await inbox.move(uids, ARCHIVE));
  value(await archive.refresh());
  const records = await recordsOf(archive);
  const texts: string[] = [];
  for (const record of records) texts.push(/Subject: (\w+)/.exec(await textOf(archive, record))?.[1] ?? '');
  expect(texts.sort()).toEqual(['another', 'one']);
  const moved = records.find(({ baseName }) => baseName !== before.baseName);
  expect(moved?.emailId).toBe(before.emailId);
});

test('a message that another program has just renamed is moved all the same, one that is gone is left out', async () => {
  const home = newHome();
  const { inbox, archive, uids } = await twoMailboxes(home, ['one', 'two', 'three'], ['\\Seen']);
  const cur = join(home.maildir, 'cur');
  const [first = '', second = ''] = readdirSync(cur).sort();
  renameSync(join(cur, first), join(cur, first.replace(':2,S', ':2,FS')));
  renameSync(join(cur, second), join(home.maildir, 'elsewhere'));
  const moved = value(await inbox.move([...uids, ...uids].reverse(), ARCHIVE));
  expect(moved.pairs.map(({ source }) => source)).toEqual([uids[0], uids[2]]);
  expect(moved.pairs.map(({ destination }) => destination)).toEqual([...archive.uids()].sort((a, b) => a - b));
  expect([...archive.states()].map(({ flags }) => flags.has('\\Flagged')).sort()).toEqual([false, true]);
  expect([...inbox.uids()]).toEqual([]);
});

test('a move within a mailbox gives the message a new UID', async () => {
  const home = newHome();
  const { inbox, uids } = await twoMailboxes(home, ['one'], []);
  const before = await only(inbox);
  const { pairs } = value(await inbox.move(uids, INBOX));
  const after = await only(inbox);
  expect(pairs).toEqual([{ source: uids[0], destination: after.uid }]);
  expect(after.uid).toBeGreaterThan(before.uid);
  expect(after.emailId).toBe(before.emailId);
  value(await inbox.refresh());
  expect((await only(inbox)).uid).toBe(after.uid);
});

test('an index that refuses a move puts the files back', async () => {
  const home = newHome();
  const { inbox, archive, uids } = await twoMailboxes(home, ['one', 'two', 'three'], ['\\Seen']);
  const before = filesIn(home, '').sort();
  const blocker = new DatabaseSync(home.indexFile);
  blocker.exec(
    `CREATE TRIGGER full BEFORE INSERT ON messages WHEN NEW.uid = 3 BEGIN SELECT raise(ABORT, 'no room'); END`,
  );
  await expect(inbox.move(uids, ARCHIVE)).rejects.toThrow('no room');
  // On a busy machine a transaction may hold one message only: then those before it have moved, and stay so.
  expect([...filesIn(home, ''), ...filesIn(home, '.Archive')].sort()).toEqual(before);
  expect(filesIn(home, '')).toContain(before[2]);
  blocker.exec('DROP TRIGGER full');
  blocker.close();
  expect(value(await inbox.move(uids, ARCHIVE)).pairs.at(-1)?.source).toBe(uids[2]);
  expect([...archive.uids()]).toHaveLength(3);
  expect(errorOf(await inbox.move(uids, name('absent'))).code).toBe('no-such-mailbox');
});

test('after a crash between the rename and the commit the message is in one mailbox, and the index follows', async () => {
  const home = newHome();
  const { store, inbox, archive, uids } = await twoMailboxes(home, ['one', 'two'], ['\\Seen']);
  await closeQuietly(store);
  const [file = ''] = readdirSync(join(home.maildir, 'cur')).sort();
  renameSync(join(home.maildir, 'cur', file), join(home.maildir, '.Archive/cur', file));
  const again = await home.store();
  expect([...value(await again.open(INBOX)).uids()]).toEqual([uids[1]]);
  expect([...value(await again.open(ARCHIVE)).uids()]).toHaveLength(1);
  expect([inbox.name, archive.name]).toEqual([INBOX, ARCHIVE]);
});

test('both directories are synced before a move is answered', async () => {
  const home = newHome();
  const synced: string[] = [];
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async syncDirectory(path) {
      synced.push(path.replace(home.maildir, ''));
      await nodeFileSystem.syncDirectory(path);
    },
  };
  const { inbox, uids } = await twoMailboxes(home, ['one'], ['\\Seen'], fileSystem);
  synced.length = 0;
  value(await inbox.move(uids, ARCHIVE));
  expect(synced).toContain('/cur');
  expect(synced.indexOf('/.Archive/cur')).toBe(0);
});

test('many messages are moved in order, in batches, and each is in one of the mailboxes at every moment', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(ARCHIVE));
  const subjects = Array.from({ length: 700 }, (_, at) => `message ${at}`);
  const { uids } = value(
    await store.appendAll(
      INBOX,
      subjects.map((subject) => ({ content: mail(subject) })),
    ),
  );
  const [inbox, archive] = [value(await store.open(INBOX)), value(await store.open(ARCHIVE))];
  const sums: number[] = [];
  const stop = archive.onChange(() => sums.push(filesIn(home, '').length + filesIn(home, '.Archive').length));
  const { pairs } = value(await inbox.move(uids, ARCHIVE));
  stop();
  expect(pairs.map(({ source }) => source)).toEqual(uids);
  const destinations = pairs.map(({ destination }) => destination);
  expect(destinations).toEqual([...destinations].sort((a, b) => a - b));
  expect(new Set(sums)).toEqual(new Set([700]));
  expect([...inbox.uids()]).toEqual([]);
  value(await archive.refresh());
  expect([...archive.uids()]).toEqual(destinations);
});

test('renaming INBOX moves its messages', async () => {
  const home = newHome();
  const { store } = await twoMailboxes(home, ['one', 'two'], []);
  value(await store.rename(INBOX, name('Old')));
  expect(filesIn(home, '')).toEqual([]);
  expect(filesIn(home, '.Old')).toHaveLength(2);
  expect(existsSync(join(home.maildir, 'cur'))).toBe(true);
});
