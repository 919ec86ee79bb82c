import { mkdirSync, readdirSync, renameSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import type { Mailbox, MailboxEvent } from '../src/index.ts';
import { QUEUE_ALARM } from '../src/limits.ts';
import { expectNoScanSince, type Home, mail, newHome, openInbox, statesOf, until, value } from './helpers.ts';

const fileOf = (at: number): string => `16000${String(at).padStart(5, '0')}.M${at}.host,S=2,W=2`;

/** An open INBOX with that many messages in cur/, whose directories' times are old: it has been read, and needs no second look. */
async function inboxOf(count: number, fileSystem: FileSystem = nodeFileSystem) {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  for (let at = 0; at < count; at += 1) writeFileSync(join(home.maildir, 'cur', `${fileOf(at)}:2,`), '\r\n');
  for (const directory of ['new', 'cur']) utimesSync(join(home.maildir, directory), 1_700_000_000, 1_700_000_000);
  const store = await home.store({ fileSystem });
  const inbox = await openInbox(store);
  return { home, store, inbox, cur: join(home.maildir, 'cur') };
}

const uids = (inbox: Mailbox): number[] => [...inbox.uids()];

test('hundreds of removals, renames and flag changes by others are told one by one, without a scan', async () => {
  const { store, inbox, home, cur } = await inboxOf(300);
  const scans = store.stats().scans;
  const expected: string[] = [];
  const seen: string[] = [];
  const note = (event: MailboxEvent): void => {
    if (event.kind === 'expunged') seen.push(`expunged ${event.uid}`);
    else if (event.kind === 'flags') seen.push(`flags ${event.message.uid} ${[...event.message.flags].join(' ')}`);
    else seen.push(event.kind);
  };
  const events = inbox.events()[Symbol.asyncIterator]();
  for (let round = 0; round < 200; round += 1) {
    const path = join(cur, `${fileOf(round)}:2,`);
    if (round % 4 === 0) unlinkSync(path);
    else if (round % 4 === 1) renameSync(path, join(home.maildir, `taken-${round}`));
    else renameSync(path, `${path}${round % 4 === 2 ? 'S' : 'F'}`);
    expected.push(
      round % 4 < 2 ? `expunged ${round + 1}` : `flags ${round + 1} ${round % 4 === 2 ? '\\Seen' : '\\Flagged'}`,
    );
    let { value: event } = await events.next();
    while (event?.kind === 'upTo') ({ value: event } = await events.next());
    if (event !== undefined) note(event);
  }
  expect(seen).toEqual(expected);
  expectNoScanSince(store, scans);
  expect(store.stats().mismatches).toBe(0);
  value(await inbox.refresh());
  expect(inbox.uids()).toHaveLength(200);
}, 60_000);

test('removals at once are told as they are, without a scan', async () => {
  const { store, inbox, cur } = await inboxOf(300);
  const scans = store.stats().scans;
  for (let at = 0; at < 200; at += 1) unlinkSync(join(cur, `${fileOf(at)}:2,`));
  await until(inbox, () => inbox.uids().length === 100);
  expect(uids(inbox)[0]).toBe(201);
  expectNoScanSince(store, scans);
});

const steps: readonly (readonly [string, (home: Home, file: string) => void, boolean])[] = [
  ['into new/', (home, file) => renameSync(join(home.maildir, 'cur', file), join(home.maildir, 'new', file)), true],
  ['out of the folder', (home, file) => renameSync(join(home.maildir, 'cur', file), join(home.maildir, file)), false],
  ['into tmp/', (home, file) => renameSync(join(home.maildir, 'cur', file), join(home.maildir, 'tmp', file)), false],
  [
    'to a dot file',
    (home, file) => renameSync(join(home.maildir, 'cur', file), join(home.maildir, 'cur', `.${file}`)),
    false,
  ],
];

test.each(steps)('a rename %s', async (_where, move, stays) => {
  const { store, inbox, home } = await inboxOf(2);
  const scans = store.stats().scans;
  const since = inbox.highestModSeq;
  move(home, `${fileOf(0)}:2,`);
  value(await inbox.refresh());
  expect(uids(inbox)).toEqual(stays ? [1, 2] : [2]);
  expect(inbox.changesSince(since).vanished).toEqual(stays ? [] : [1]);
  expect(readdirSync(join(home.maildir, 'cur')).filter((file) => !file.startsWith('.'))).toHaveLength(stays ? 2 : 1);
  expectNoScanSince(store, scans);
});

test('a dot file that gets its name back is a new message, and so is a file that comes back from tmp/', async () => {
  const { inbox, home, cur } = await inboxOf(1);
  const file = `${fileOf(0)}:2,`;
  for (const away of [join(cur, `.${file}`), join(home.maildir, 'tmp', file)]) {
    renameSync(join(cur, file), away);
    value(await inbox.refresh());
    expect(uids(inbox)).toEqual([]);
    renameSync(away, join(cur, file));
    value(await inbox.refresh());
  }
  expect(uids(inbox)).toEqual([3]);
});

test('a file that comes back before the second look was never gone', async () => {
  const { inbox, home, cur } = await inboxOf(1);
  const file = `${fileOf(0)}:2,`;
  const heard = vi.fn();
  inbox.onChange(heard);
  const since = inbox.highestModSeq;
  renameSync(join(cur, file), join(home.maildir, 'tmp', file));
  const refreshed = inbox.refresh();
  await new Promise((resolve) => setTimeout(resolve, 5)); // long enough for the first look, far less than the second waits
  renameSync(join(home.maildir, 'tmp', file), join(cur, file));
  value(await refreshed);
  value(await inbox.refresh());
  expect(uids(inbox)).toEqual([1]);
  expect(inbox.changesSince(since).vanished).toEqual([]);
});

/** A watch that loses events as the test wishes. */
function lossy() {
  const control = { drop: false, doubt: () => {} };
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    watch(directory, onName, onError) {
      control.doubt = () => onName(undefined);
      return nodeFileSystem.watch(directory, (name) => control.drop || onName(name), onError);
    },
  };
  return { control, fileSystem };
}

test('an event without a name makes a scan the judge', async () => {
  const { control, fileSystem } = lossy();
  const { store, inbox, cur } = await inboxOf(3, fileSystem);
  const before = store.stats();
  control.drop = true;
  unlinkSync(join(cur, `${fileOf(0)}:2,`));
  control.doubt();
  await until(inbox, () => inbox.uids().length === 2);
  expect(store.stats().suspicions).toBeGreaterThan(before.suspicions);
  expect(store.stats().scans).toBeGreaterThan(before.scans);
});

test('a rename whose new name was lost does not make the message vanish', async () => {
  const home = newHome();
  const pass = (name: string): boolean => !name.endsWith('S');
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    watch: (directory, onName, onError) =>
      nodeFileSystem.watch(directory, (name) => onName(name !== undefined && pass(name) ? name : undefined), onError),
  };
  const store = await home.store({ fileSystem });
  const inbox = await openInbox(store);
  const { uid } = value(await inbox.append({ content: mail('one'), flags: ['\\Draft'] }));
  const cur = join(home.maildir, 'cur');
  const [file = ''] = readdirSync(cur);
  const since = inbox.highestModSeq;
  renameSync(join(cur, file), join(cur, `${file}S`));
  await until(inbox, () => statesOf(inbox)[0]?.flags.has('\\Seen') === true);
  expect(uids(inbox)).toEqual([uid]);
  expect(inbox.changesSince(since).vanished).toEqual([]);
});

test('a folder of which one directory is not watched is judged by a scan', async () => {
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    watch(directory, onName, onError) {
      if (directory.endsWith('/new')) throw new Error('no watches left');
      return nodeFileSystem.watch(directory, onName, onError);
    },
  };
  const { store, inbox, home, cur } = await inboxOf(2, fileSystem);
  const { scans } = store.stats();
  const file = `${fileOf(0)}:2,`;
  renameSync(join(cur, file), join(home.maildir, 'new', file)); // nobody hears of the new name
  value(await inbox.refresh());
  expect(uids(inbox)).toEqual([1, 2]);
  expect(store.stats().scans).toBeGreaterThan(scans);
});

test('every watch of a process doubts its events after one of them has brought very many at once', async () => {
  const { maildir } = newHome();
  const [busy, quiet] = [join(maildir, 'busy'), join(maildir, 'quiet')];
  for (const directory of [busy, quiet]) mkdirSync(directory, { recursive: true });
  const doubted = new Promise<void>((resolve, reject) => {
    const onName = (name: string | undefined): void => (name === undefined ? resolve() : reject(new Error(name)));
    const stop = [nodeFileSystem.watch(quiet, onName, reject), nodeFileSystem.watch(busy, () => {}, reject)];
    onTestFinished(() => {
      for (const one of stop) one();
    });
  });
  // The loop is busy meanwhile: all of it waits in the kernel's one queue.
  for (let count = 0; count < QUEUE_ALARM; count += 1) writeFileSync(join(busy, String(count)), '');
  await doubted;
});
