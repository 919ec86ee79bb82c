import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { Connection } from '../src/index/connection.ts';
import { INBOX, type Mailbox, type StoreLogEntry } from '../src/index.ts';
import {
  Child,
  errorOf,
  mail,
  name,
  newHome,
  onlyFile,
  openInbox,
  recordsOf,
  statesOf,
  textOf,
  until,
  value,
} from './helpers.ts';

const flagsOf = (mailbox: Mailbox, at = 0): string[] => [...(statesOf(mailbox)[at]?.flags ?? [])].sort();

test('flags that a person sets with mv are seen without asking', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('one') }));
  const inbox = await openInbox(store);
  const cur = join(home.maildir, 'cur');
  const before = statesOf(inbox)[0];
  const file = onlyFile(cur);
  renameSync(join(cur, file), join(cur, `${file}FS`));
  await until(inbox, () => flagsOf(inbox).join(' ') === '\\Flagged \\Seen');
  const after = statesOf(inbox)[0];
  expect(after?.uid).toBe(before?.uid);
  expect(after?.modSeq).toBeGreaterThan(before?.modSeq ?? 0);
  expect(inbox.changesSince(before?.modSeq ?? expect.fail()).changed.map(({ uid }) => uid)).toEqual([before?.uid]);
});

test('mail that another program puts into new/ appears, in order of delivery, and moves to cur/', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  for (const time of [1_700_000_002, 1_700_000_001]) {
    writeFileSync(join(home.maildir, 'tmp', `${time}.mta.host`), mail(`at ${time}`));
  }
  for (const time of [1_700_000_002, 1_700_000_001]) {
    renameSync(join(home.maildir, 'tmp', `${time}.mta.host`), join(home.maildir, 'new', `${time}.mta.host`));
  }
  await until(inbox, () => statesOf(inbox).length === 2);
  value(await inbox.refresh());
  const texts = await Promise.all(statesOf(inbox).map((record) => textOf(inbox, record)));
  expect(texts.map((text) => /at (\d+)/.exec(text)?.[1])).toEqual(['1700000001', '1700000002']);
  expect(readdirSync(join(home.maildir, 'new'))).toEqual([]);
  expect(readdirSync(join(home.maildir, 'cur')).sort()).toEqual(['1700000001.mta.host:2,', '1700000002.mta.host:2,']);
  expect(statesOf(inbox).every(({ recent }) => recent)).toBe(true);
});

test('single changes are taken in without reading the directory', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('one'), flags: ['\\Draft'] }));
  const cur = join(home.maildir, 'cur');
  for (const directory of ['new', 'cur']) utimesSync(join(home.maildir, directory), 1_700_000_000, 1_700_000_000);
  const inbox = await openInbox(store);
  const { scans } = store.stats();
  const file = onlyFile(cur);
  renameSync(join(cur, file), join(cur, `${file}S`));
  await until(inbox, () => flagsOf(inbox).includes('\\Seen'));
  value(await inbox.refresh()); // the directory's time has changed, and the events explain it
  const after = store.stats();
  expect(after.mismatches).toBe(0);
  expect(after.scans).toBe(scans + after.suspicions); // a machine so busy that a tick was late is suspected rightly
});

test('STATUS gives UIDs but leaves new/ alone; opening claims', async () => {
  const home = newHome();
  const store = await home.store();
  writeFileSync(join(home.maildir, 'new', '1700000000.a.host'), mail('one'));
  const status = value(await store.status(INBOX));
  expect(status).toMatchObject({ messages: 1, recent: 1, unseen: 1, uidNext: 2 });
  expect(readdirSync(join(home.maildir, 'new'))).toHaveLength(1);
  const inbox = await openInbox(store);
  expect(readdirSync(join(home.maildir, 'new'))).toHaveLength(0);
  const uids = statesOf(inbox).map(({ uid }) => uid);
  expect(inbox.claimRecent()).toEqual(uids);
  expect(inbox.claimRecent()).toEqual([]);
  expect(value(await store.status(INBOX))).toMatchObject({ messages: 1, recent: 0, uidNext: 2 });
});

test('claiming what is recent does not wait for the disk', async () => {
  const store = await newHome().store();
  const inbox = await openInbox(store);
  const { uid } = value(await store.append(INBOX, { content: mail('one') }));
  const durable = vi.spyOn(Connection.prototype, 'writeNow');
  try {
    expect(inbox.claimRecent()).toEqual([uid]);
    expect(durable).not.toHaveBeenCalled();
  } finally {
    durable.mockRestore();
  }
});

test('a message removed with rm vanishes, and its UID stays used when the file comes back', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('one') }));
  const inbox = await openInbox(store);
  const [record] = statesOf(inbox);
  if (record === undefined) throw new Error('The message is missing.');
  const path = join(home.maildir, 'cur', onlyFile(join(home.maildir, 'cur')));
  unlinkSync(path);
  await until(inbox, () => statesOf(inbox).length === 0);
  expect(inbox.changesSince(record.modSeq).vanished).toEqual([record.uid]);
  expect(errorOf(await inbox.open(record.uid)).code).toBe('vanished');
  writeFileSync(path, mail('one'));
  await until(inbox, () => statesOf(inbox).length === 1);
  expect(statesOf(inbox)[0]?.uid).toBeGreaterThan(record.uid);
});

test('refresh is as true as the disk, also for changes made in the same turn', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  const path = join(home.maildir, 'new', '1700000000.a.host');
  writeFileSync(path, mail('one'));
  value(await inbox.refresh());
  expect(statesOf(inbox)).toHaveLength(1);
  unlinkSync(join(home.maildir, 'cur', '1700000000.a.host:2,'));
  value(await inbox.refresh());
  expect(statesOf(inbox)).toHaveLength(0);
});

test('a burst of thousands of files is complete, though its events may not be', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  for (let count = 0; count < 3000; count += 1) {
    writeFileSync(join(home.maildir, 'new', `1700000000.M${count}.host,S=2,W=2`), '\r\n');
  }
  await until(inbox, () => statesOf(inbox).length === 3000);
  value(await inbox.refresh());
  expect(new Set(statesOf(inbox).map(({ uid }) => uid)).size).toBe(3000);
  expect(store.stats().suspicions).toBeGreaterThan(0);
});

test('events that never come are noticed by the directory time, and counted', async () => {
  const home = newHome();
  const fileSystem = { ...nodeFileSystem, watch: () => () => undefined };
  const store = await home.store({ fileSystem });
  const inbox = await openInbox(store);
  writeFileSync(join(home.maildir, 'new', '1700000000.a.host'), mail('one'));
  await until(inbox, () => statesOf(inbox).length === 1);
  expect(store.stats().mismatches).toBeGreaterThan(0);
});

test('a clock that was set back does not hide that a message is gone', async () => {
  const home = newHome();
  const fileSystem = { ...nodeFileSystem, time: () => Date.now() - 3_600_000 };
  const store = await home.store({ fileSystem });
  value(await store.append(INBOX, { content: mail('one'), flags: ['\\Seen'] }));
  const inbox = await openInbox(store);
  unlinkSync(join(home.maildir, 'cur', onlyFile(join(home.maildir, 'cur'))));
  await until(inbox, () => statesOf(inbox).length === 0);
});

test('one file that cannot be read does not keep the others from being shown', async () => {
  const home = newHome();
  const open: FileSystem['open'] = async (path, how) => {
    if (path.includes('unreadable')) throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
    return nodeFileSystem.open(path, how);
  };
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  const store = await home.store({ fileSystem: { ...nodeFileSystem, open }, log });
  writeFileSync(join(home.maildir, 'cur', '1700000000.unreadable.host:2,'), mail('hidden'));
  writeFileSync(join(home.maildir, 'cur', '1700000001.readable.host:2,'), mail('shown'));
  const inbox = await openInbox(store);
  expect(statesOf(inbox)).toHaveLength(2);
  // Its size cannot be counted: what the directory says stands for it until it is opened, which says why it cannot be.
  expect((await recordsOf(inbox)).map(({ size }) => size)).toEqual([mail('hidden').length, mail('shown').length]);
  expect(errorOf(await inbox.open(statesOf(inbox)[0]?.uid ?? expect.fail())).code).toBe('access-denied');
  expect(log.mock.calls.map(([entry]) => entry.code)).toContain('unreadable-file');
});

test('a folder that cannot be watched is polled, and that is said', async () => {
  const home = newHome();
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  const watch = (): never => {
    throw Object.assign(new Error('inotify watch limit reached'), { code: 'ENOSPC' });
  };
  const store = await home.store({ fileSystem: { ...nodeFileSystem, watch }, log });
  const inbox = await openInbox(store);
  expect(log.mock.calls.map(([entry]) => entry.code)).toEqual(['watch-failed', 'watch-failed']);
  writeFileSync(join(home.maildir, 'new', '1700000000.a.host'), mail('one'));
  await until(inbox, () => statesOf(inbox).length === 1);
  expect(store.stats()).toMatchObject({ polledFolders: 2, mismatches: 0 });
});

test('two files with one base name are both shown, and neither is lost', async () => {
  const home = newHome();
  const store = await home.store();
  writeFileSync(join(home.maildir, 'cur', '1700000000.a.host:2,S'), mail('one'));
  writeFileSync(join(home.maildir, 'cur', '1700000000.a.host:2,F'), mail('two'));
  const inbox = await openInbox(store);
  await until(inbox, () => statesOf(inbox).length === 2);
  const texts = await Promise.all(statesOf(inbox).map((record) => textOf(inbox, record)));
  expect(texts.map((text) => text.slice(9, 12)).sort()).toEqual(['one', 'two']);
});

test('directories, dot files and dangling links in cur/ are no messages and do no harm', async () => {
  const home = newHome();
  const store = await home.store();
  mkdirSync(join(home.maildir, 'cur', 'a-directory'));
  writeFileSync(join(home.maildir, 'cur', '.nfs0001'), 'x');
  symlinkSync('nowhere', join(home.maildir, 'cur', '1700000000.dangling.host:2,'));
  value(await store.append(INBOX, { content: mail('one') }));
  const inbox = await openInbox(store);
  expect(statesOf(inbox)).toHaveLength(1);
});

test('a mailbox that is deleted under an open session says so and never shows its successor', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(name('work')));
  value(await store.append(name('work'), { content: mail('old') }));
  const old = value(await store.open(name('work')));
  value(await store.delete(name('work')));
  expect(errorOf(await old.refresh()).code).toBe('no-such-mailbox');
  value(await store.create(name('work')));
  value(await store.append(name('work'), { content: mail('new') }));
  expect(errorOf(await old.refresh()).code).toBe('no-such-mailbox');
  expect(statesOf(old)).toEqual([]);
  const successor = value(await store.open(name('work')));
  expect(successor.uidValidity).toBeGreaterThan(old.uidValidity);
  expect(statesOf(successor)).toHaveLength(1);
});

test('two processes on one Maildir see each other without asking', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  const other = new Child('session.ts', [home.maildir, home.indexFile]);
  expect(await other.line()).toBe('ready');
  // theirs → ours: a delivery, a flag, keywords (one of them beyond the letters, so in the index alone), an expunge
  other.say('append from the other process');
  const uid = Number(await other.line());
  await until(inbox, () => statesOf(inbox).length === 1);
  expect(statesOf(inbox)[0]?.uid).toBe(uid);
  const keywords = Array.from({ length: 27 }, (_, at) => `keyword${at}`);
  other.say(`flag \\Seen ${keywords.slice(0, 26).join(' ')}`);
  await other.line();
  await until(inbox, () => flagsOf(inbox).length === 27);
  other.say('flag keyword26');
  await other.line();
  await until(inbox, () => flagsOf(inbox).includes('keyword26'));
  // ours → theirs
  const uids = statesOf(inbox).map((record) => record.uid);
  value(await inbox.store(uids, { operation: 'replace', flags: ['\\Deleted'] }));
  other.say(`waitFor [{"uid":${uid},"flags":["\\\\Deleted"]}]`);
  expect(await other.line()).toBe('seen');
  other.say('expunge');
  expect(await other.line()).toBe(`[${uid}]`);
  await until(inbox, () => statesOf(inbox).length === 0);
});

test('nothing is left running after close', async () => {
  const home = newHome();
  const store = await home.store();
  const inbox = await openInbox(store);
  const heard = vi.fn();
  inbox.onChange(heard);
  await inbox.close();
  const again = await openInbox(store);
  writeFileSync(join(home.maildir, 'new', '1700000000.a.host'), mail('one'));
  await until(again, () => statesOf(again).length === 1);
  expect(heard).not.toHaveBeenCalled();
  rmSync(home.maildir, { recursive: true });
});

test('a look that failed half way is made good by the next: no change stays unseen', async () => {
  const home = newHome();
  let broken = false;
  const stat: FileSystem['now']['stat'] = (path) => {
    if (broken && path.includes(':2,')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    return nodeFileSystem.now.stat(path);
  };
  const store = await home.store({ fileSystem: { ...nodeFileSystem, now: { ...nodeFileSystem.now, stat } } });
  value(await store.append(INBOX, { content: mail('one'), flags: ['\\Draft'] }));
  const inbox = await openInbox(store);
  const cur = join(home.maildir, 'cur');
  broken = true;
  renameSync(join(cur, onlyFile(cur)), join(cur, `${onlyFile(cur)}S`));
  expect(errorOf(await inbox.refresh()).code).toBe('unavailable');
  broken = false;
  value(await inbox.refresh());
  expect(flagsOf(inbox)).toEqual(['\\Draft', '\\Seen']);
});

test('a message whose file was renamed is read though the index cannot be written, and no handle stays open', async () => {
  const home = newHome();
  const store = await home.store({ fileSystem: { ...nodeFileSystem, watch: () => () => undefined } });
  value(await store.append(INBOX, { content: mail('one'), flags: ['\\Draft'] }));
  const inbox = await openInbox(store);
  const [record] = statesOf(inbox);
  const cur = join(home.maildir, 'cur');
  renameSync(join(cur, onlyFile(cur)), join(cur, `${onlyFile(cur)}S`));
  const other = new DatabaseSync(home.indexFile);
  other.exec('BEGIN IMMEDIATE');
  const handles = () => readdirSync('/proc/self/fd').length;
  const before = handles();
  expect(await textOf(inbox, record ?? expect.fail())).toContain('Subject: one');
  expect(handles()).toBe(before);
  other.exec('ROLLBACK');
  other.close();
});
