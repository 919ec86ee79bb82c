import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { INBOX, type MaildirStore, openMailStore, type StoreLogEntry } from '../src/index.ts';
import {
  closeQuietly,
  errorOf,
  mail,
  name,
  newHome,
  openInbox,
  recordsOf,
  statesOf,
  textOf,
  value,
} from './helpers.ts';

async function fill(store: MaildirStore): Promise<void> {
  value(
    await store.append(INBOX, { content: mail('one'), flags: ['\\Seen', 'work'], internalDate: 1_500_000_000_000 }),
  );
  value(await store.append(INBOX, { content: mail('two'), internalDate: 1_400_000_000_000 }));
}

const summary = async (store: MaildirStore) => {
  const inbox = await openInbox(store);
  const messages = [];
  for (const record of await recordsOf(inbox)) {
    const subject = /Subject: (\S+)/.exec(await textOf(inbox, record))?.[1];
    messages.push({ uid: record.uid, subject, flags: [...record.flags].sort(), date: record.internalDate });
  }
  return { uidValidity: inbox.uidValidity, messages };
};

const expected = [
  { uid: 1, subject: 'one', flags: ['\\Seen', 'work'], date: 1_500_000_000_000 },
  { uid: 2, subject: 'two', flags: [], date: 1_400_000_000_000 },
];

test('UIDs, UIDVALIDITY, dates and flags are the same after a restart', async () => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  const before = await summary(store);
  expect(before.messages).toEqual(expected);
  await closeQuietly(store);
  expect(await summary(await home.store())).toEqual(before);
});

test('UIDs rise and are not given again after an expunge and a restart', async () => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  const inbox = await openInbox(store);
  const [, second] = statesOf(inbox);
  if (second === undefined) throw new Error('The second message is missing.');
  value(await inbox.store([second.uid], { operation: 'add', flags: ['\\Deleted'] }));
  expect(value(await inbox.expunge())).toEqual([second.uid]);
  await closeQuietly(store);
  const again = await home.store();
  expect(value(await again.append(INBOX, { content: mail('three') })).uid).toBe(3);
});

/** Fills the root page of a table or index with rubbish. */
function overwrite(indexFile: string, what: string): void {
  const db = new DatabaseSync(indexFile);
  const page = Number(db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(what)?.rootpage);
  const size = Number(db.prepare('PRAGMA page_size').get()?.page_size);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const file = openSync(indexFile, 'r+');
  writeSync(file, Buffer.alloc(size, 0xaa), 0, size, (page - 1) * size);
  closeSync(file);
}

const damage: Record<string, (file: string) => void> = {
  'no database': (file) => writeFileSync(file, 'This is no database at all. '.repeat(100)),
  'an overwritten schema page': (file) => {
    const db = new DatabaseSync(file);
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    truncateSync(file, 5000);
  },
};

test.each(
  Object.keys(damage),
)('an index that is %s is set aside, said, and rebuilt under a higher UIDVALIDITY', async (kind) => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  const before = await summary(store);
  await closeQuietly(store);
  damage[kind]?.(home.indexFile);
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  const after = await summary(await home.store({ log }));
  expect(log.mock.calls.map(([entry]) => entry.code)).toEqual(['index-set-aside', 'index-rebuilt']);
  expect(readdirSync(dirname(home.indexFile)).some((file) => file.startsWith('index.sqlite.damaged-'))).toBe(true);
  expect(after.messages).toEqual(expected);
  expect(after.uidValidity).toBeGreaterThan(before.uidValidity);
});

test('a lost index is rebuilt under a higher UIDVALIDITY, even at once and with the clock set back', async () => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  const before = await summary(store);
  await closeQuietly(store);
  for (const part of ['', '-wal', '-shm']) rmSync(home.indexFile + part, { force: true });
  const after = await summary(await home.store({ clock: () => 1_000_000_000_000 }));
  expect(after.messages).toEqual(expected);
  expect(after.uidValidity).toBeGreaterThan(before.uidValidity);
});

test('damage that is met while working makes the store useless, and is mended at the next opening', async () => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  await closeQuietly(store);
  overwrite(home.indexFile, 'messages_base');
  const broken = await home.store();
  expect(errorOf(await broken.append(INBOX, { content: mail('three') })).code).toBe('index-replaced');
  expect(errorOf(await broken.list()).code).toBe('index-replaced');
  const mended = await summary(await home.store()); // while the useless one is still open
  expect(mended.messages.map(({ subject }) => subject)).toEqual(['one', 'two']);
});

test('damage that cannot be noted, on a full disk for one, is told as damage all the same', async () => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  await closeQuietly(store);
  overwrite(home.indexFile, 'messages_base');
  const broken = await home.store();
  mkdirSync(`${home.indexFile}.damaged`); // where the mark would be written
  expect(errorOf(await broken.append(INBOX, { content: mail('three') })).code).toBe('index-replaced');
  expect(errorOf(await broken.list()).code).toBe('index-replaced');
});

test('damage that a plain read meets is mended at the next opening as well', async () => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  await closeQuietly(store);
  overwrite(home.indexFile, 'messages');
  const broken = await home.store();
  expect(errorOf(await broken.open(INBOX)).code).toBe('index-replaced');
  expect((await summary(await home.store())).messages).toEqual(expected);
});

test('the mark of damage does not outlive the damaged index', async () => {
  const home = newHome();
  const store = await home.store();
  const { uidValidity } = value(await store.status(INBOX));
  await closeQuietly(store);
  writeFileSync(`${home.indexFile}.damaged`, '');
  for (const part of ['', '-wal', '-shm']) rmSync(home.indexFile + part, { force: true }); // removed by hand
  const rebuilt = await home.store();
  const after = value(await rebuilt.status(INBOX));
  expect(after.uidValidity).toBeGreaterThan(uidValidity);
  await closeQuietly(rebuilt);
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  expect(value(await (await home.store({ log })).status(INBOX)).uidValidity).toBe(after.uidValidity);
  expect(log).not.toHaveBeenCalled();
});

test.each([
  'replaced',
  'removed',
])('an index that is %s under an open store is told, and every operation says so', async (how) => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  const inbox = await openInbox(store);
  const told = new Promise<void>((resolve) => {
    inbox.onChange(resolve);
  });
  for (const part of ['', '-wal', '-shm']) rmSync(home.indexFile + part, { force: true });
  if (how === 'replaced') await home.store();
  await told;
  const answers = [
    await inbox.refresh(),
    await inbox.store([], { operation: 'add', flags: [] }),
    await store.status(INBOX),
    await store.open(INBOX),
    await store.list(),
  ];
  expect(answers.map((answer) => errorOf(answer).code)).toEqual(answers.map(() => 'index-replaced'));
  await closeQuietly(store);
  expect((await summary(await home.store())).messages).toEqual(expected);
});

test('an index replaced under a running store is not written to any more', async () => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  for (const part of ['', '-wal', '-shm']) rmSync(home.indexFile + part, { force: true });
  const other = await home.store();
  value(await other.append(INBOX, { content: mail('three') }));
  expect(errorOf(await store.append(INBOX, { content: mail('four') })).code).toBe('index-replaced');
  await closeQuietly(store); // must not take the other one's write-ahead log away
  expect(existsSync(`${home.indexFile}-wal`)).toBe(true);
  const files = readdirSync(join(home.maildir, 'new')).length + readdirSync(join(home.maildir, 'cur')).length;
  expect(files).toBe(3);
});

test('an index of a newer version is left alone', async () => {
  const home = newHome();
  await closeQuietly(await home.store());
  const db = new DatabaseSync(home.indexFile);
  db.exec('PRAGMA user_version = 9999');
  db.close();
  expect(errorOf(await openMailStore(home)).code).toBe('unavailable');
  expect(existsSync(home.indexFile)).toBe(true);
  expect(readdirSync(dirname(home.indexFile)).filter((file) => file.includes('damaged'))).toEqual([]);
});

test('a write waits for another process, and says unavailable only after a long time', async () => {
  const home = newHome();
  const store = await home.store();
  const blocker = new DatabaseSync(home.indexFile);
  value(await store.status(INBOX));
  blocker.exec('BEGIN IMMEDIATE');
  const append = store.append(INBOX, { content: mail('one') });
  await new Promise((resolve) => setTimeout(resolve, 300));
  blocker.exec('COMMIT');
  blocker.close();
  expect(value(await append).uid).toBe(1);
});

test('rendered texts are kept for their version and go with their message', async () => {
  const home = newHome();
  const store = await home.store();
  await fill(store);
  const inbox = await openInbox(store);
  const [first] = statesOf(inbox);
  if (first === undefined) throw new Error('The message is missing.');
  const rendered = { version: 2, envelope: '(NIL)', body: '("TEXT")', bodyStructure: '("TEXT" NIL)' };
  inbox.keepRendered(first.uid, rendered);
  expect(inbox.rendered(first.uid, 2)).toEqual(rendered);
  expect(inbox.rendered(first.uid, 3)).toBeUndefined();
  await closeQuietly(store);
  const again = await openInbox(await home.store());
  expect(again.rendered(first.uid, 2)).toEqual(rendered);
  value(await again.store([first.uid], { operation: 'add', flags: ['\\Deleted'] }));
  value(await again.expunge());
  expect(again.rendered(first.uid, 2)).toBeUndefined();
});

test('an envelope that is made anew takes no structure away, and texts of many messages come together', async () => {
  const home = newHome();
  const store = await home.store();
  for (const subject of ['one', 'two', 'three']) value(await store.append(INBOX, { content: mail(subject) }));
  const inbox = await openInbox(store);
  const [first, second, third] = statesOf(inbox).map(({ uid }) => uid);
  if (first === undefined || second === undefined || third === undefined) throw new Error('Messages are missing.');
  const whole = { version: 2, envelope: '(NIL)', body: '("TEXT")', bodyStructure: '("TEXT" NIL)' };
  const envelope = { version: 2, envelope: '(NIL)', body: '', bodyStructure: '' };
  inbox.keepRendered(first, whole);
  inbox.keepRendered(third, { ...envelope, envelope: `("${'x'.repeat(20_000)}")` });
  const asked = () =>
    ['envelope', 'bodyStructure'].map((text) => [
      ...inbox.renderedTexts([first, second, third], 2, text as 'envelope'),
    ]);
  const both = [[[first, '(NIL)']], [[first, '("TEXT" NIL)']]];
  expect(asked()).toEqual(both); // none where there is none, none of great length
  await closeQuietly(store);
  const again = await openInbox(await home.store());
  again.keepRendered(first, envelope);
  await again.close(); // writes what waits
  expect(again.rendered(first, 2)).toEqual(whole);
  expect([...again.renderedTexts([first, second], 2, 'bodyStructure')]).toEqual(both[1]);
  expect([...again.renderedTexts([first], 3, 'envelope')]).toEqual([]);
});

test('the paths of a store are made where they are missing, for their owner alone', async () => {
  const home = newHome();
  await home.store();
  expect(readdirSync(home.maildir).sort()).toEqual(['cur', 'new', 'tmp']);
  expect(basename(home.indexFile)).toBe('index.sqlite');
  expect(errorOf(await (await home.store()).open(name('absent'))).code).toBe('no-such-mailbox');
});
