import {
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
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
import { INBOX, type MessageRecord, type StoreLogEntry, type Uid } from '../src/index.ts';
import {
  closeQuietly,
  errorOf,
  type Home,
  name,
  newHome,
  onlyFile,
  openInbox,
  recordsOf,
  statesOf,
  value,
} from './helpers.ts';

const DATE = 1_500_000_000;

/** Puts a file into cur/, with this time of delivery in its name and DATE as its own. */
function put(home: Home, file: string, content: string | Uint8Array): void {
  const path = join(home.maildir, 'cur', file);
  mkdirSync(join(home.maildir, 'cur'), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, DATE, DATE);
}

/** A file system that counts looks at message files. */
function counting() {
  const looks = { stats: 0, opens: 0 };
  const stat = (path: string) => {
    if (path.includes('.host')) looks.stats += 1;
    return nodeFileSystem.now.stat(path);
  };
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    now: { ...nodeFileSystem.now, stat },
    open: (path, how) => {
      if (path.includes('.host')) looks.opens += 1;
      return nodeFileSystem.open(path, how);
    },
  };
  return { looks, fileSystem };
}

test('a first opening looks at no file; a record does, once, also for the next session', async () => {
  const home = newHome();
  for (let at = 0; at < 5; at += 1) put(home, `160000000${at}.a.host,S=4,W=4:2,S`, 'a\r\nb');
  const { looks, fileSystem } = counting();
  const store = await home.store({ fileSystem });
  const inbox = await openInbox(store);
  expect(statesOf(inbox).map(({ uid, flags }) => [uid, [...flags]])).toEqual(
    [1, 2, 3, 4, 5].map((uid) => [uid, ['\\Seen']]),
  );
  expect(looks).toEqual({ stats: 0, opens: 0 });
  const records = await recordsOf(inbox);
  expect(records.map(({ size, internalDate }) => [size, internalDate])).toEqual(Array(5).fill([4, DATE * 1000]));
  expect(looks).toEqual({ stats: 5, opens: 0 });
  expect(await recordsOf(inbox)).toEqual(records);
  expect(await recordsOf(await openInbox(await home.store({ fileSystem })))).toEqual(records);
  expect(looks).toEqual({ stats: 5, opens: 0 });
});

test('sizes that a name does not claim, or claims wrongly, are counted', async () => {
  const home = newHome();
  put(home, '1600000001.none.host:2,', 'a\nb\n');
  put(home, '1600000002.wrong.host,S=3,W=3:2,', 'a\nb\n');
  put(home, '1600000003.half.host,S=4:2,', 'a\nb\n');
  put(home, '1600000004.absurd.host,S=4,W=400:2,', 'a\nb\n');
  const inbox = await openInbox(await home.store());
  expect((await recordsOf(inbox)).map(({ size }) => size)).toEqual([6, 6, 6, 6]);
});

test('STATUS sums the sizes of files that nobody has looked at, and leaves them alone where it need not know', async () => {
  const home = newHome();
  put(home, '1600000001.a.host,S=4,W=4:2,', 'a\r\nb');
  put(home, '1600000002.b.host:2,', 'a\nb');
  const { looks, fileSystem } = counting();
  const store = await home.store({ fileSystem });
  expect(value(await store.status(INBOX, { size: false })).messages).toBe(2);
  expect(looks.stats + looks.opens).toBe(0);
  expect(value(await store.status(INBOX)).size).toBe(8);
  const { stats } = looks;
  expect(value(await store.status(INBOX)).size).toBe(8);
  expect(looks.stats).toBe(stats);
});

test('a copy of a message that nobody has looked at has its date and its size', async () => {
  const home = newHome();
  put(home, '1600000001.a.host:2,F', 'a\nb\n');
  const store = await home.store();
  value(await store.create(name('X')));
  const inbox = await openInbox(store);
  value(await inbox.copy([statesOf(inbox)[0]?.uid ?? expect.fail()], name('X')));
  const [copy] = await recordsOf(value(await store.open(name('X'))));
  const [original] = await recordsOf(inbox);
  expect(copy).toMatchObject({ size: 6, internalDate: DATE * 1000, emailId: original?.emailId });
});

test('a message that was opened before its record was asked for has its date', async () => {
  const home = newHome();
  put(home, '1600000001.a.host:2,F', 'a\nb\n');
  const inbox = await openInbox(await home.store());
  const content = value(await inbox.open(statesOf(inbox)[0]?.uid ?? expect.fail()));
  expect(content.size).toBe(6);
  await content.close();
  expect(await recordsOf(inbox)).toMatchObject([{ size: 6, internalDate: DATE * 1000 }]);
});

test('a file that is not where its row says is looked for again; only one that is gone is left out', async () => {
  const home = newHome();
  for (const at of [1, 2, 3]) put(home, `160000000${at}.a.host,S=4,W=4:2,`, 'a\r\nb');
  const cur = join(home.maildir, 'cur');
  const inbox = await openInbox(await home.store({ fileSystem: { ...nodeFileSystem, watch: () => () => undefined } }));
  renameSync(join(cur, '1600000001.a.host,S=4,W=4:2,'), join(cur, '1600000001.a.host,S=4,W=4:2,F'));
  unlinkSync(join(cur, '1600000002.a.host,S=4,W=4:2,'));
  const records = await recordsOf(inbox);
  expect(records.map(({ uid, size, flags }) => [uid, size, [...flags]])).toEqual([
    [1, 4, ['\\Flagged']],
    [3, 4, []],
  ]);
  expect(statesOf(inbox).map(({ uid }) => uid)).toEqual([1, 3]);
});

test('records are right though the index cannot be written', async () => {
  const home = newHome();
  put(home, '1600000001.a.host,S=4,W=4:2,', 'a\r\nb');
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  const inbox = await openInbox(await home.store({ log }));
  const other = new DatabaseSync(home.indexFile);
  other.exec('BEGIN IMMEDIATE');
  expect((await recordsOf(inbox)).map(({ size }) => size)).toEqual([4]);
  expect(log.mock.calls.map(([entry]) => entry.code)).toEqual(['look-unrecorded']);
  other.close();
});

test('records come in slices, ascending, each message once, and stop at the signal', async () => {
  const home = newHome();
  for (let at = 0; at < 1200; at += 1) put(home, `16000${String(at).padStart(5, '0')}.a.host,S=1,W=1:2,`, 'x');
  const inbox = await openInbox(await home.store());
  const slices: (readonly MessageRecord[])[] = [];
  for await (const slice of inbox.records()) slices.push(slice);
  expect(slices.length).toBeGreaterThan(1);
  expect(slices.flat().map(({ uid }) => uid)).toEqual([...inbox.uids()]);
  const asked = [1200, 3, 3, 700, 5000, 1].map((uid) => uid as Uid); // UIDs as a client may name them
  const some: number[] = [];
  for await (const slice of inbox.records(asked)) some.push(...slice.map(({ uid }) => uid));
  expect(some).toEqual([1, 3, 700, 1200]);
  expect([...inbox.states(asked)].map(({ uid }) => uid)).toEqual([1, 3, 700, 1200]);
  const abort = new AbortController();
  const reason = new Error('enough');
  const read = async (): Promise<void> => {
    for await (const slice of inbox.records(undefined, abort.signal)) if (slice.length > 0) abort.abort(reason);
  };
  await expect(read()).rejects.toBe(reason);
});

test('UIDs follow the time of delivery that names tell, and the file time of those that tell none', async () => {
  const home = newHome();
  put(home, '1600000002.M5P1.host:2,', 'c');
  put(home, '1600000002.M000004P9.host:2,', 'b');
  put(home, 'odd-name.host:2,', 'a'); // of DATE, which is earlier
  put(home, '1600000003.host:2,', 'd');
  const inbox = await openInbox(await home.store());
  expect((await recordsOf(inbox)).map(({ baseName }) => baseName)).toEqual([
    'odd-name.host',
    '1600000002.M000004P9.host',
    '1600000002.M5P1.host',
    '1600000003.host',
  ]);
});

test('symbolic links and directories are no messages; hard links are', async () => {
  const home = newHome();
  put(home, '1600000001.real.host:2,', 'x');
  const cur = join(home.maildir, 'cur');
  writeFileSync(join(home.maildir, 'elsewhere'), 'yy');
  symlinkSync(join(home.maildir, 'elsewhere'), join(cur, '1600000002.link.host:2,'));
  symlinkSync('nowhere', join(cur, '1600000003.dangling.host:2,'));
  linkSync(join(home.maildir, 'elsewhere'), join(cur, '1600000005.hard.host:2,'));
  mkdirSync(join(cur, '1600000004.directory.host:2,'));
  const inbox = await openInbox(await home.store());
  expect((await recordsOf(inbox)).map(({ size }) => size)).toEqual([1, 2]);
});

test('files whose names are no UTF-8 are counted and said, not shown', async () => {
  const home = newHome();
  put(home, '1600000001.good.host:2,', 'x');
  const bad = Buffer.concat([
    Buffer.from(join(home.maildir, 'cur', '1600000002.b')),
    Buffer.from([0xe4]),
    Buffer.from(':2,'),
  ]);
  writeFileSync(bad, 'x');
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  const store = await home.store({ log });
  const inbox = await openInbox(store);
  expect(statesOf(inbox)).toHaveLength(1);
  expect(store.stats().unreadableNames).toBe(1);
  const said = log.mock.calls.flatMap(([entry]) => (entry.code === 'unreadable-names' ? [entry.message] : []));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('1 file');
  expect(readdirSync(join(home.maildir, 'cur'))).toHaveLength(2);
});

test('UIDs that another server gave are taken over by name; new files get higher ones', async () => {
  const home = newHome();
  for (const at of [1, 2, 3]) put(home, `160000000${at}.a.host,S=1,W=1:2,`, 'x');
  const store = await home.store();
  value(await store.status(INBOX)); // the row is there
  await closeQuietly(store);
  const db = new DatabaseSync(home.indexFile);
  db.exec(`DELETE FROM messages; DELETE FROM uid_ranges; UPDATE mailboxes SET uidnext = 50, scanned = '';
    INSERT INTO adopted_uids SELECT id, '1600000003.a.host,S=1,W=1', 7 FROM mailboxes;
    INSERT INTO adopted_uids SELECT id, '1600000001.a.host,S=1,W=1', 9 FROM mailboxes;
    INSERT INTO adopted_uids SELECT id, 'gone.a.host', 11 FROM mailboxes`);
  const again = await openInbox(await home.store());
  expect((await recordsOf(again)).map(({ uid, baseName }) => [uid, baseName.slice(0, 10)])).toEqual([
    [7, '1600000003'],
    [9, '1600000001'],
    [50, '1600000002'],
  ]);
  expect(again.uidNext).toBe(51);
  expect(db.prepare('SELECT count(*) AS n FROM adopted_uids').get()?.n).toBe(0);
  db.close();
});

test('a message that is gone is not opened, and not counted in the sum of sizes', async () => {
  const home = newHome();
  put(home, '1600000001.a.host,S=4,W=4:2,', 'a\r\nb');
  const store = await home.store();
  const inbox = await openInbox(store);
  const [message] = statesOf(inbox);
  unlinkSync(join(home.maildir, 'cur', onlyFile(join(home.maildir, 'cur'))));
  expect(errorOf(await inbox.open(message?.uid ?? expect.fail())).code).toBe('vanished');
  expect(value(await store.status(INBOX))).toMatchObject({ messages: 0, size: 0 });
});
