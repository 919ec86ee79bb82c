import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { INBOX, type MailStoreOptions, openMailStore, type StoreLogEntry, type Uid } from '../src/index.ts';
import { toModSeq } from '../src/names/ids.ts';
import { closeQuietly, errorOf, mail, newHome, onlyFile, openInbox, statesOf, value } from './helpers.ts';

const JUMP = 1_000_000;
const inBoot = (boot: string | undefined): Partial<MailStoreOptions> => ({ bootId: () => boot });

/** The store of a user whose disk can be put back to an earlier state, as a power failure does it with what was not synced. */
function disk() {
  const root = mkdtempSync(join(tmpdir(), 'scorpiox-maildir-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const now = join(root, 'now');
  const paths = { maildir: join(now, 'Maildir'), indexFile: join(now, 'index.sqlite') };
  return {
    maildir: paths.maildir,
    async open(options: Partial<MailStoreOptions>) {
      const store = value(await openMailStore({ ...paths, ...options }));
      onTestFinished(() => closeQuietly(store));
      return store;
    },
    /** What is on disk as of the last `keep`, as if the machine had died there and then. */
    async openKept(options: Partial<MailStoreOptions>) {
      const kept = { maildir: join(root, 'kept', 'Maildir'), indexFile: join(root, 'kept', 'index.sqlite') };
      const store = value(await openMailStore({ ...kept, ...options }));
      onTestFinished(() => closeQuietly(store));
      return store;
    },
    keep: () => cpSync(now, join(root, 'kept'), { recursive: true, preserveTimestamps: true }),
    goBack(part: string) {
      rmSync(join(now, part), { recursive: true, force: true });
      cpSync(join(root, 'kept', part), join(now, part), { recursive: true, preserveTimestamps: true });
    },
    goBackWithIndex() {
      for (const file of readdirSync(now)) if (file.startsWith('index.sqlite')) rmSync(join(now, file));
      cpSync(join(root, 'kept', 'index.sqlite'), join(now, 'index.sqlite'), { preserveTimestamps: true });
    },
  };
}

async function withOneMessage() {
  const home = disk();
  const first = await home.open(inBoot('one'));
  const { uid } = value(await first.append(INBOX, { content: mail('one'), flags: ['\\Draft'] }));
  const inbox = await openInbox(first);
  await closeQuietly(first);
  home.keep();
  const second = await home.open(inBoot('one'));
  const again = await openInbox(second);
  value(await again.store([uid], { operation: 'add', flags: ['\\Seen'] }));
  const given = again.highestModSeq;
  expect(given).toBeGreaterThan(inbox.highestModSeq);
  expect(given).toBeLessThan(JUMP);
  await closeQuietly(second);
  return { home, uid, given };
}

test.each([
  ['the index and the directory', true, true],
  ['the index', true, false],
  ['the directory', false, true],
])('a reboot that lost the last flags of %s gives no modification sequence twice', async (_, index, directory) => {
  const { home, uid, given } = await withOneMessage();
  if (index) home.goBackWithIndex();
  if (directory) home.goBack('Maildir');
  const store = await home.open(inBoot('two'));
  const inbox = await openInbox(store);
  expect(inbox.highestModSeq).toBeGreaterThan(JUMP);
  expect([...(inbox.state(uid)?.flags ?? [])].sort()).toEqual(directory ? ['\\Draft'] : ['\\Draft', '\\Seen']);
  expect([...inbox.uids()]).toEqual([uid]);
  const [changed] = value(await inbox.store([uid], { operation: 'add', flags: ['\\Flagged'] })).changed;
  expect(changed?.modSeq).toBeGreaterThan(given + JUMP / 2);
});

const SEEN = { operation: 'add', flags: ['\\Seen'] } as const;
const ANSWERED = { operation: 'add', flags: ['\\Answered'] } as const;

test.each([
  ['lost the last change in index and file alike', true],
  ['lost nothing', false],
])('who was told of flags before a power failure that %s hears how they are now', async (_, isLost) => {
  const home = disk();
  const first = await home.open(inBoot('one'));
  const { uids } = value(
    await first.appendAll(
      INBOX,
      ['one', 'two'].map((subject) => ({ content: mail(subject) })),
    ),
  );
  const inbox = await openInbox(first);
  value(await inbox.store(uids, ANSWERED)); // synced, with the mark
  if (isLost) home.keep();
  value(await inbox.store(uids.slice(0, 1), SEEN));
  const told = inbox.highestModSeq;
  if (!isLost) home.keep();
  const again = await openInbox(await home.openKept(inBoot('two')));
  const heard = again.changesSince(told).changed.map(({ uid, flags }) => [uid, [...flags].sort()]);
  expect(heard).toEqual([
    [uids[0], isLost ? ['\\Answered'] : ['\\Answered', '\\Seen']],
    [uids[1], ['\\Answered']],
  ]);
});

test('after a boot that followed a proper end, clients need not fetch any flags again', async () => {
  const { home, given } = await withOneMessage();
  const inbox = await openInbox(await home.open(inBoot('two')));
  expect(inbox.changesSince(toModSeq(given)).changed).toEqual([]);
});

test('a store that is closed leaves the mark where another one has changed flags since', async () => {
  const home = disk();
  const [first, second] = [await home.open(inBoot('one')), await home.open(inBoot('one'))];
  const { uid } = value(await first.append(INBOX, { content: mail('one') }));
  const inbox = await openInbox(second);
  value(await (await openInbox(first)).store([uid], ANSWERED));
  await closeQuietly(first); // takes the mark off
  value(await inbox.store([uid], SEEN));
  const told = inbox.highestModSeq;
  home.keep();
  const again = await openInbox(await home.openKept(inBoot('two')));
  expect(again.changesSince(told).changed.map((state) => state.uid)).toEqual([uid]);
});

test("who was told of another program's flags before a power failure hears how they are now", async () => {
  const home = disk();
  const store = await home.open(inBoot('one'));
  const { uid } = value(await store.append(INBOX, { content: mail('one'), flags: ['\\Draft'] }));
  const inbox = await openInbox(store);
  const cur = join(home.maildir, 'cur');
  renameSync(join(cur, onlyFile(cur)), join(cur, `${onlyFile(cur)}S`));
  value(await inbox.refresh());
  const told = inbox.highestModSeq;
  expect([...(inbox.state(uid)?.flags ?? [])].sort()).toEqual(['\\Draft', '\\Seen']);
  home.keep();
  const again = await openInbox(await home.openKept(inBoot('two')));
  expect(again.changesSince(told).changed.map((state) => state.uid)).toEqual([uid]);
});

test('after a reboot a folder is read again, even where its times are those of the last look', async () => {
  const home = newHome();
  const first = await home.store(inBoot('one'));
  const { uid } = value(await first.append(INBOX, { content: mail('one'), flags: ['\\Draft'] }));
  await closeQuietly(first);
  const cur = join(home.maildir, 'cur');
  const setTimes = (): void => {
    for (const part of ['new', 'cur']) utimesSync(join(home.maildir, part), 1_600_000_000, 1_600_000_000);
  };
  setTimes();
  const second = await home.store(inBoot('one'));
  await openInbox(second); // looks, and trusts the times
  await closeQuietly(second);
  const file = onlyFile(cur);
  renameSync(join(cur, file), join(cur, `${file}S`));
  setTimes();
  const flags = async (boot: string): Promise<string[]> => {
    const store = await home.store(inBoot(boot));
    const seen = [...((await openInbox(store)).state(uid)?.flags ?? [])].sort();
    await closeQuietly(store);
    return seen;
  };
  expect(await flags('one')).toEqual(['\\Draft']);
  expect(await flags('two')).toEqual(['\\Draft', '\\Seen']);
});

test('within one boot nothing jumps, also when another process opens the store', async () => {
  const { home, given } = await withOneMessage();
  for (let count = 0; count < 2; count += 1) {
    const inbox = await openInbox(await home.open(inBoot('one')));
    expect(inbox.highestModSeq).toBe(given);
  }
});

test('the jump comes once for a boot', async () => {
  const { home } = await withOneMessage();
  const first = (await openInbox(await home.open(inBoot('two')))).highestModSeq;
  expect((await openInbox(await home.open(inBoot('two')))).highestModSeq).toBe(first);
});

/** A file system whose directory syncs are told, and fail on demand. */
function withSyncs(maildir: string) {
  const synced: string[] = [];
  const trouble = { isBroken: false };
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async syncDirectory(path) {
      if (trouble.isBroken) throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
      synced.push(path.replace(maildir, ''));
      await nodeFileSystem.syncDirectory(path);
    },
  };
  return { synced, trouble, fileSystem };
}

const FLAGGED = { operation: 'add', flags: ['\\Flagged'] } as const;

test('where no boot has a name, flags are synced before they are answered', async () => {
  const home = newHome();
  const { synced, fileSystem } = withSyncs(home.maildir);
  const store = await home.store({ fileSystem, ...inBoot(undefined) });
  const { uid } = value(await store.append(INBOX, { content: mail('one'), flags: ['\\Draft'] }));
  const inbox = await openInbox(store);
  synced.length = 0;
  value(await inbox.store([uid], SEEN));
  expect(synced).toEqual(['/cur']);
});

test('flags are synced in the background soon after their answer, together', async () => {
  const home = newHome();
  const syncing = Promise.withResolvers<void>();
  const { synced, fileSystem } = withSyncs(home.maildir);
  const told: FileSystem = {
    ...fileSystem,
    async syncDirectory(path) {
      await fileSystem.syncDirectory(path);
      syncing.resolve();
    },
  };
  const plain = await home.store();
  const uids: Uid[] = [];
  for (const subject of ['one', 'two']) {
    uids.push(value(await plain.append(INBOX, { content: mail(subject), flags: ['\\Draft'] })).uid);
  }
  const inbox = await openInbox(await home.store({ fileSystem: told }));
  for (const uid of uids) value(await inbox.store([uid], SEEN));
  expect(synced).toEqual([]);
  await syncing.promise;
  expect(synced).toEqual(['/cur']);
});

test('a background sync that fails is logged and counted, and the next answer waits for one that does not', async () => {
  const home = newHome();
  const { synced, trouble, fileSystem } = withSyncs(home.maildir);
  const failed = Promise.withResolvers<StoreLogEntry>();
  const log = (entry: StoreLogEntry): void => {
    if (entry.code === 'flags-unsynced') failed.resolve(entry);
  };
  const store = await home.store({ fileSystem, log });
  const { uid } = value(await store.append(INBOX, { content: mail('one'), flags: ['\\Draft'] }));
  const inbox = await openInbox(store);
  trouble.isBroken = true;
  value(await inbox.store([uid], SEEN));
  expect((await failed.promise).level).toBe('warn');
  expect(store.stats().lateSyncFailures).toBe(1);
  expect(errorOf(await inbox.store([uid], FLAGGED)).code).toBe('unavailable');
  trouble.isBroken = false;
  synced.length = 0;
  value(await inbox.store([uid], FLAGGED));
  expect(synced).toEqual(['/cur']);
  synced.length = 0;
  value(await inbox.store([uid], { operation: 'remove', flags: ['\\Flagged'] }));
  expect(synced).toEqual([]);
  expect(statesOf(inbox).map(({ flags }) => [...flags].sort())).toEqual([['\\Draft', '\\Seen']]);
});
