import { cpSync, existsSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openIndex } from '../src/index/open.ts';
import { INBOX, type MailboxName, type MaildirStore, type StoreLogEntry, type Uid } from '../src/index.ts';
import { Child, closeQuietly, errorOf, type Home, mail, name, newHome, textOf, value } from './helpers.ts';
import { DAY, Hand, HOUR, overwrite, removeIndex, withDatabase } from './index-files.ts';

const WORK = name('work');
const COMMENT = '/private/comment';
/** The 27th keyword and those after it have no letter: only the index holds them. */
const KEYWORDS = Array.from({ length: 28 }, (_, at) => `keyword-${at}`);

/** What a mailbox shows of itself. */
async function view(store: MaildirStore, of: MailboxName) {
  const mailbox = value(await store.open(of));
  const messages = [];
  for await (const records of mailbox.records()) {
    for (const record of records) {
      const subject = /Subject: (\S+)/.exec(await textOf(mailbox, record))?.[1];
      messages.push({ uid: record.uid, subject, flags: [...record.flags].sort(), saved: record.saveDate });
    }
  }
  const comment = value(await store.metadata(of)).find(({ entry }) => entry === COMMENT)?.value;
  const { mailboxId, uidValidity } = mailbox;
  return {
    mailboxId,
    uidValidity,
    messages,
    comment: comment === undefined ? undefined : Buffer.from(comment).toString(),
  };
}

const deliver = async (store: MaildirStore, to: MailboxName, subject: string, flags: string[] = []): Promise<Uid> =>
  value(await store.append(to, { content: mail(subject), flags })).uid;

const comment = async (store: MaildirStore, of: MailboxName, text: string): Promise<void> =>
  value(await store.setMetadata(of, [{ entry: COMMENT, value: Buffer.from(text) }]));

interface Copied {
  readonly home: Home;
  readonly hand: Hand;
  readonly inbox: Awaited<ReturnType<typeof view>>;
  readonly work: Awaited<ReturnType<typeof view>>;
}

/** A user with two mailboxes, whose index was copied; the views are those at the copy. */
async function copied(): Promise<Copied> {
  const [home, hand] = [newHome(), new Hand()];
  const store = await home.store({ clock: hand.clock, repeat: hand.repeat });
  value(await store.create(WORK, '\\Archive'));
  await deliver(store, INBOX, 'one', KEYWORDS);
  await deliver(store, INBOX, 'two');
  await comment(store, INBOX, 'mine');
  await deliver(store, WORK, 'three');
  const [inbox, work] = [await view(store, INBOX), await view(store, WORK)];
  hand.pass(HOUR);
  await closeQuietly(store);
  return { home, hand, inbox, work };
}

async function opened(home: Home, hand: Hand): Promise<{ store: MaildirStore; codes: () => string[] }> {
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  const store = await home.store({ clock: hand.clock, repeat: hand.repeat, log });
  return { store, codes: () => log.mock.calls.map(([entry]) => entry.code) };
}

test('the first opening of a Maildir has lost nothing', async () => {
  const { codes } = await opened(newHome(), new Hand());
  expect(codes()).toEqual([]);
});

test('a lost index comes back from its copy, with all that only the index held, under higher UIDVALIDITYs', async () => {
  const { home, hand, inbox, work } = await copied();
  removeIndex(home.indexFile);
  const { store, codes } = await opened(home, hand);
  expect(codes()).toEqual(['index-restored']);
  const after = [await view(store, INBOX), await view(store, WORK)];
  const highest = Math.max(inbox.uidValidity, work.uidValidity);
  for (const { uidValidity } of after) expect(uidValidity).toBeGreaterThan(highest);
  const anew = { uidValidity: expect.any(Number) };
  expect(after).toEqual([
    { ...inbox, ...anew },
    { ...work, ...anew },
  ]);
  expect(inbox.messages[0]?.flags).toContain('keyword-27');
  expect(value(await store.list()).find((info) => info.name === WORK)?.specialUse).toEqual(['\\Archive']);
});

test('a restored index is corrected from the files: what came, went and changed since', async () => {
  const { home, hand, inbox } = await copied();
  const first = await opened(home, hand);
  const mailbox = value(await first.store.open(INBOX));
  const [, two] = [...mailbox.states()];
  if (two === undefined) throw new Error('Two messages were expected.');
  value(await mailbox.store([two.uid], { operation: 'add', flags: ['\\Deleted'] }));
  value(await mailbox.expunge());
  await deliver(first.store, INBOX, 'four');
  value(await first.store.create(name('later')));
  const given = value(await first.store.status(name('later'))).uidValidity;
  await closeQuietly(first.store);
  removeIndex(home.indexFile);
  const { store } = await opened(home, hand);
  const after = await view(store, INBOX);
  expect(after.messages.map(({ subject }) => subject)).toEqual(['one', 'four']);
  expect(after.messages[0]).toEqual(inbox.messages[0]);
  expect(after.uidValidity).toBeGreaterThan(given);
  expect(value(await store.status(name('later'))).uidValidity).toBeGreaterThan(after.uidValidity);
});

test.each([
  'messages_base',
  'messages',
  'mailboxes',
])('an index whose %s is damaged is restored as well', async (what) => {
  const { home, hand, inbox } = await copied();
  overwrite(home.indexFile, what);
  const broken = await opened(home, hand);
  // Damage may be met in any operation, or by nobody until somebody looks.
  await broken.store.open(INBOX).catch(() => undefined);
  await broken.store.append(INBOX, { content: mail('never') }).catch(() => undefined);
  const mended = await opened(home, hand); // while the useless one is still open
  expect(mended.codes()).toEqual(['index-set-aside', 'index-restored']);
  const after = await view(mended.store, INBOX);
  expect(after.messages.slice(0, 2)).toEqual(inbox.messages);
  expect(after.comment).toBe('mine');
  expect(errorOf(await broken.store.list()).code).toBe('index-replaced');
});

const unsound: Record<string, (copy: string) => void> = {
  'no database': (copy) => writeFileSync(copy, 'This is no database at all. '.repeat(100)),
  empty: (copy) => truncateSync(copy, 0),
  'cut short': (copy) => truncateSync(copy, 20_000),
  'damaged inside': (copy) => overwrite(copy, 'messages_modseq'),
  'of a newer version': (copy) => withDatabase(copy, (db) => db.exec('PRAGMA user_version = 9999')),
};

test.each(Object.keys(unsound))('a copy that is %s is not used: the index is built from the files', async (kind) => {
  const { home, hand, inbox, work } = await copied();
  unsound[kind]?.(`${home.indexFile}.copy`);
  removeIndex(home.indexFile);
  const { store, codes } = await opened(home, hand);
  expect(codes()).toEqual(['copy-unusable', 'index-rebuilt']);
  const after = await view(store, INBOX);
  expect(after.messages.map(({ subject }) => subject)).toEqual(['one', 'two']);
  expect(after.uidValidity).toBeGreaterThan(Math.max(inbox.uidValidity, work.uidValidity));
});

test('an empty file in the place of the index is a lost index', async () => {
  const { home, hand, inbox } = await copied();
  removeIndex(home.indexFile);
  writeFileSync(home.indexFile, '');
  const { store, codes } = await opened(home, hand);
  expect(codes()).toEqual(['index-restored']);
  expect((await view(store, INBOX)).mailboxId).toBe(inbox.mailboxId);
});

test('a write-ahead log that outlived its index is not applied to the copy', async () => {
  const { home, hand, inbox } = await copied();
  const { store } = await opened(home, hand);
  await deliver(store, INBOX, 'four');
  await comment(store, INBOX, 'later');
  cpSync(`${home.indexFile}-wal`, `${home.indexFile}-kept`);
  await closeQuietly(store);
  removeIndex(home.indexFile);
  renameSync(`${home.indexFile}-kept`, `${home.indexFile}-wal`);
  const again = await opened(home, hand);
  const after = await view(again.store, INBOX);
  expect(after.comment).toBe('mine');
  expect(after.messages.slice(0, 2)).toEqual(inbox.messages);
  withDatabase(home.indexFile, (db) => {
    expect(db.prepare('PRAGMA integrity_check').get()?.integrity_check).toBe('ok');
  });
});

test('whoever opens a restored index first renews its UIDVALIDITYs, even if whoever restored it died', async () => {
  const { home, hand, inbox } = await copied();
  withDatabase(home.indexFile, (db) => db.exec("INSERT INTO facts VALUES ('restored', 'yes')"));
  const first = await opened(home, hand);
  const renewed = value(await first.store.status(INBOX)).uidValidity;
  expect(renewed).toBeGreaterThan(inbox.uidValidity);
  const second = await opened(home, hand);
  expect(value(await second.store.status(INBOX)).uidValidity).toBe(renewed);
});

test('the copy of another Maildir brings no messages that are not there', async () => {
  const { home, hand } = await copied();
  removeIndex(home.indexFile);
  rmSync(home.maildir, { recursive: true });
  const other = newHome();
  const theirs = await other.store();
  await deliver(theirs, INBOX, 'other');
  await closeQuietly(theirs);
  cpSync(other.maildir, home.maildir, { recursive: true });
  const { store } = await opened(home, hand);
  expect((await view(store, INBOX)).messages.map(({ subject }) => subject)).toEqual(['other']);
  expect(value(await store.status(INBOX)).messages).toBe(1);
  expect(value(await store.list()).map((info) => info.name)).toEqual([INBOX]);
  expect(errorOf(await store.open(WORK)).code).toBe('no-such-mailbox');
});

test.each(['lost', 'damaged'])('processes that find the index %s at once agree on one', async (how) => {
  const { home, inbox } = await copied();
  const children = Array.from({ length: 4 }, () => new Child('opener.ts', [home.maildir, home.indexFile]));
  for (const child of children) expect(await child.line()).toBe('ready');
  if (how === 'lost') removeIndex(home.indexFile);
  else writeFileSync(home.indexFile, 'This is no database at all. '.repeat(100));
  for (const child of children) child.say('open');
  const seen = await Promise.all(children.map((child) => child.line()));
  expect(seen).toEqual(seen.map(() => seen[0]));
  const status = JSON.parse(seen[0] ?? '{}');
  expect(status).toMatchObject({ mailboxId: inbox.mailboxId, messages: 2 });
  expect(status.uidValidity).toBeGreaterThan(inbox.uidValidity);
  const left = readdirSync(dirname(home.indexFile)).filter((file) => file.includes('restoring'));
  expect(left).toEqual([]);
});

test('an index that another process sets aside between the look and the opening is opened once its successor is there', async () => {
  const { home } = await copied();
  const log = vi.fn<(entry: StoreLogEntry) => void>();
  const opening = openIndex({ file: home.indexFile, suffix: 'mine', hadIndex: true, log });
  // The look has found an index, in the turn that made the call; the opening follows in a later one.
  removeIndex(home.indexFile);
  const connection = await opening;
  expect(connection.isCurrent()).toBe(true);
  connection.close();
  expect(log.mock.calls.map(([entry]) => entry.code)).toEqual(['index-restored']);
});

test('a folder that another program renamed is a new mailbox; the old one is forgotten after a week', async () => {
  const { home, hand, work } = await copied();
  const rows = () =>
    withDatabase(home.indexFile, (db) => db.prepare('SELECT folder FROM mailboxes ORDER BY folder').all()).map(
      (row) => row.folder,
    );
  renameSync(join(home.maildir, '.work'), join(home.maildir, '.job'));
  const { store, codes } = await opened(home, hand);
  const job = await view(store, name('job'));
  expect(job.messages.map(({ subject }) => subject)).toEqual(['three']);
  expect(job.mailboxId).not.toBe(work.mailboxId);
  value(await store.list());
  hand.pass(7 * DAY - HOUR);
  value(await store.list());
  expect(rows()).toEqual(['', '.job', '.work']);
  hand.pass(HOUR);
  value(await store.list());
  expect(rows()).toEqual(['', '.job']);
  expect(codes()).toContain('mailbox-forgotten');
  value(await store.create(WORK)); // never under a UIDVALIDITY that its name has had
  expect(value(await store.status(WORK)).uidValidity).toBeGreaterThan(work.uidValidity);
});

test('a folder that comes back within the week is the mailbox that it was', async () => {
  const { home, hand, work } = await copied();
  const { store } = await opened(home, hand);
  const elsewhere = join(dirname(home.maildir), 'elsewhere');
  renameSync(join(home.maildir, '.work'), elsewhere);
  value(await store.list());
  hand.pass(6 * DAY);
  renameSync(elsewhere, join(home.maildir, '.work'));
  value(await store.list());
  hand.pass(6 * DAY);
  renameSync(join(home.maildir, '.work'), elsewhere);
  value(await store.list());
  hand.pass(6 * DAY);
  value(await store.list());
  renameSync(elsewhere, join(home.maildir, '.work'));
  expect(await view(store, WORK)).toEqual(work);
  expect(existsSync(elsewhere)).toBe(false);
});
