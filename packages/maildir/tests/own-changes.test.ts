import { mkdirSync, readdirSync, renameSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import type { Mailbox } from '../src/index.ts';
import { BURST } from '../src/limits.ts';
import { ExpectedEvents } from '../src/sync/own-changes.ts';
import { expectNoScanSince, mail, name, newHome, openInbox, statesOf, until, value } from './helpers.ts';

/** Twice what counts as a burst when others do it. */
const MANY = 2 * BURST + 100;

const fileOf = (at: number): string => `16000${String(at).padStart(5, '0')}.M${at}.host,S=2,W=2`;

async function inboxOf(count: number, fileSystem: FileSystem = nodeFileSystem) {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  for (let at = 0; at < count; at += 1) writeFileSync(join(home.maildir, 'cur', `${fileOf(at)}:2,`), '\r\n');
  for (const directory of ['new', 'cur']) utimesSync(join(home.maildir, directory), 1_700_000_000, 1_700_000_000);
  const store = await home.store({ fileSystem });
  return { home, store, inbox: await openInbox(store), cur: join(home.maildir, 'cur') };
}

const uidsOf = (mailbox: Mailbox) => statesOf(mailbox).map(({ uid }) => uid);

describe('what the store does itself costs no look', () => {
  // On a machine so busy that events come late a folder is rightly read again; a store that read it for its own changes would
  // do so each time.
  test('flags, copies, moves and expunges of very many messages', { retry: 2, timeout: 60_000 }, async () => {
    const { home, store, inbox } = await inboxOf(MANY);
    value(await store.create(name('other')));
    for (const directory of ['new', 'cur']) {
      utimesSync(join(home.maildir, '.other', directory), 1_700_000_000, 1_700_000_000); // no second look when they settle
    }
    const other = value(await store.open(name('other')));
    const { scans, mismatches, eventBatches } = store.stats();
    value(await inbox.store(uidsOf(inbox), { operation: 'add', flags: ['\\Seen'] }));
    value(await inbox.refresh());
    value(await inbox.copy(uidsOf(inbox), name('other')));
    value(await inbox.store(uidsOf(inbox), { operation: 'add', flags: ['\\Deleted'] }));
    value(await inbox.expunge());
    for (const mailbox of [inbox, other]) value(await mailbox.refresh());
    value(await other.move(uidsOf(other), name('INBOX')));
    for (const mailbox of [inbox, other]) value(await mailbox.refresh());
    expect([inbox.uids().length, other.uids().length]).toEqual([MANY, 0]);
    expectNoScanSince(store, scans);
    expect(store.stats()).toMatchObject({ mismatches, eventBatches });
  });

  test('but a change by others in the midst of it is seen, by each name it can have', async () => {
    const { inbox, cur } = await inboxOf(4);
    const all = uidsOf(inbox);
    value(await inbox.store(all, { operation: 'add', flags: ['\\Seen'] }));
    // Before any event of ours was heard: the very names that we have just made, and those that we have just left.
    renameSync(join(cur, `${fileOf(0)}:2,S`), join(cur, `${fileOf(0)}:2,`));
    renameSync(join(cur, `${fileOf(1)}:2,S`), join(cur, `${fileOf(1)}:2,FS`));
    unlinkSync(join(cur, `${fileOf(2)}:2,S`));
    value(await inbox.refresh());
    expect(statesOf(inbox).map(({ uid, flags }) => [uid, [...flags].sort().join(' ')])).toEqual([
      [1, ''],
      [2, '\\Flagged \\Seen'],
      [4, '\\Seen'],
    ]);
  });

  test('a change by others that comes before ours and is heard first is looked into as well', async () => {
    const { inbox, cur } = await inboxOf(2);
    const [uid] = uidsOf(inbox);
    renameSync(join(cur, `${fileOf(1)}:2,`), join(cur, `${fileOf(1)}:2,S`));
    renameSync(join(cur, `${fileOf(1)}:2,S`), join(cur, `${fileOf(1)}:2,`));
    value(await inbox.store([uid ?? expect.fail()], { operation: 'add', flags: ['\\Seen'] }));
    renameSync(join(cur, `${fileOf(0)}:2,S`), join(cur, `${fileOf(0)}:2,`)); // back to where it was
    value(await inbox.refresh());
    expect(statesOf(inbox).map(({ flags }) => flags.size)).toEqual([0, 0]);
    renameSync(join(cur, `${fileOf(0)}:2,`), join(cur, `${fileOf(0)}:2,S`)); // nothing is expected any more
    value(await inbox.refresh());
    expect(statesOf(inbox).map(({ flags }) => flags.size)).toEqual([1, 0]);
  });

  test('a second store on the same files is another program', async () => {
    const { home, inbox } = await inboxOf(3);
    const other = await openInbox(await home.store());
    value(await other.store(uidsOf(other), { operation: 'add', flags: ['\\Flagged'] }));
    value(await inbox.refresh());
    expect(statesOf(inbox).every(({ flags }) => flags.has('\\Flagged'))).toBe(true);
  });
});

describe('events that are expected', () => {
  const newExpected = () => {
    const db = { failures: 0 };
    return { db, expected: new ExpectedEvents(db) };
  };

  test('are passed over as often as they were expected, and no more', () => {
    const { expected } = newExpected();
    for (const file of ['a', 'b', 'a']) expected.expect(file);
    expect(['a', 'a', 'a', 'b', 'b', 'c'].map((file) => expected.take(file))).toEqual([
      ...[true, true, false],
      ...[true, false],
      false,
    ]);
  });

  test('are forgotten after two ticks, and when a transaction failed', () => {
    const { db, expected } = newExpected();
    expected.expect('a');
    expected.age();
    expected.expect('b');
    expected.age();
    expect([expected.take('a'), expected.take('b')]).toEqual([false, true]);
    expected.expect('c');
    db.failures += 1;
    expect(expected.take('c')).toBe(false);
  });
});

describe('symbolic links', () => {
  test('are not shown, counted, and told, whether a scan or an event meets them', async () => {
    const home = newHome();
    for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
    const secret = join(home.maildir, 'secret');
    writeFileSync(secret, mail('secret'));
    const cur = join(home.maildir, 'cur');
    symlinkSync(secret, join(cur, `${fileOf(1)}:2,`));
    symlinkSync(join(home.maildir, 'nothing'), join(cur, `${fileOf(2)}:2,`));
    const codes: string[] = [];
    const store = await home.store({ log: ({ code }) => codes.push(code) });
    const inbox = await openInbox(store);
    expect(inbox.uids()).toHaveLength(0);
    expect(store.stats().linkedFiles).toBe(2);
    symlinkSync(secret, join(home.maildir, 'new', fileOf(3)));
    writeFileSync(join(cur, `${fileOf(4)}:2,`), '\r\n');
    await until(inbox, () => inbox.uids().length > 0);
    value(await inbox.refresh());
    expect(statesOf(inbox)).toHaveLength(1);
    expect(store.stats().linkedFiles).toBeGreaterThan(2);
    expect(codes).toContain('linked-files');
  });

  test('one that takes the place of a message is not followed, and the message is gone', async () => {
    const { home, inbox, cur } = await inboxOf(2);
    const [uid] = uidsOf(inbox);
    const secret = join(home.maildir, 'secret');
    writeFileSync(secret, mail('secret'));
    symlinkSync(secret, join(home.maildir, 'link'));
    renameSync(join(home.maildir, 'link'), join(cur, `${fileOf(0)}:2,`));
    const opened = await inbox.open(uid ?? expect.fail());
    expect(opened.ok).toBe(false);
    value(await inbox.refresh());
    expect(uidsOf(inbox)).toEqual([2]);
    expect(readdirSync(cur)).toHaveLength(2); // it is not ours to remove
  });
});

test('a file that the first scan missed is entered by the next refresh, without an event', async () => {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  const cur = join(home.maildir, 'cur');
  for (const at of [0, 1]) writeFileSync(join(cur, `${fileOf(at)}:2,`), '\r\n');
  for (const directory of ['new', 'cur']) utimesSync(join(home.maildir, directory), 1_700_000_000, 1_700_000_000);
  const hidden = join(cur, `no-time.host:2,`);
  writeFileSync(hidden, '\r\n');
  utimesSync(cur, 1_700_000_000, 1_700_000_000);
  let isHidden = true;
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    watch: () => () => undefined, // nothing is heard of it afterwards
    now: {
      ...nodeFileSystem.now,
      // It is always just being renamed when it is looked at.
      stat: (path) => (isHidden && path === hidden ? undefined : nodeFileSystem.now.stat(path)),
    },
  };
  const inbox = await openInbox(await home.store({ fileSystem }));
  expect(inbox.uids()).toHaveLength(2);
  isHidden = false;
  value(await inbox.refresh());
  expect(inbox.uids()).toHaveLength(3);
});

test('firstUnseen is the lowest UID without \\Seen', async () => {
  const { inbox } = await inboxOf(3);
  const [one, two, three] = uidsOf(inbox);
  expect(inbox.firstUnseen()).toBe(one);
  value(await inbox.store([one ?? expect.fail(), three ?? expect.fail()], { operation: 'add', flags: ['\\Seen'] }));
  expect(inbox.firstUnseen()).toBe(two);
  value(await inbox.store([two ?? expect.fail()], { operation: 'add', flags: ['\\Seen'] }));
  expect(inbox.firstUnseen()).toBeUndefined();
});
