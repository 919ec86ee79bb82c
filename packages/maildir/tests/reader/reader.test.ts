import { readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { INBOX, MailReader, type ReadMessage, storedOctets, textWorker } from '../../src/index.ts';
import { closeQuietly, type Home, mail, name, newHome, value } from '../helpers.ts';

function read(home: Home): MailReader {
  const reader = new MailReader(home);
  onTestFinished(() => reader.close());
  return reader;
}

function inbox(reader: MailReader) {
  const folder = reader.folder(INBOX);
  if (folder === undefined) throw new Error('There is no INBOX.');
  return folder;
}

async function messagesOf(reader: MailReader): Promise<ReadMessage[]> {
  const all: ReadMessage[] = [];
  for await (const slice of inbox(reader).messages()) all.push(...slice);
  return all;
}

const shown = (messages: readonly ReadMessage[]) =>
  messages.map(({ uid, flags }) => [uid ?? 'new', ...flags].join(' '));

/** Three messages in INBOX, the second with flags, and a mailbox with a special use. */
async function account(): Promise<Home> {
  const home = newHome();
  const store = await home.store();
  value(await store.create(name('Archive.2026'), '\\Archive'));
  value(await store.subscribe(name('Archive.2026'), true));
  value(await store.append(INBOX, { content: mail('one') }));
  value(await store.append(INBOX, { content: mail('two'), flags: ['\\Seen', 'work'] }));
  value(await store.append(INBOX, { content: mail('three'), flags: ['\\Deleted'] }));
  await closeQuietly(store);
  return home;
}

const tree = ({ maildir, indexFile }: Home) =>
  readdirSync(join(maildir, '..'), { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.endsWith('-shm') && !path.endsWith('-wal'))
    .sort()
    .map((path) => `${path} ${statSync(join(maildir, '..', path)).mtimeMs}`)
    .concat(indexFile);

const NUL = { unreadable: 0, links: 0 };

it('shows mailboxes, numbers and messages, and changes nothing', async () => {
  const home = await account();
  const before = tree(home);
  const reader = read(home);
  expect(await reader.mailboxes()).toEqual([
    { name: 'INBOX', subscribed: false, specialUse: [] },
    { name: 'Archive.2026', subscribed: true, specialUse: ['\\Archive'] },
  ]);
  const tally = { messages: 3, unseen: 2, deleted: 1, notIndexed: 0, ...NUL };
  expect(await inbox(reader).tally()).toMatchObject({ ...tally, size: 3 * mail('one').length + 2 });
  expect(reader.numbers(INBOX)).toMatchObject({ uidNext: 4, recent: 3, keywords: ['work'] });
  expect(shown(await messagesOf(reader))).toEqual(['1', '2 \\Seen work', '3 \\Deleted']);
  expect(reader.sideFiles()).not.toHaveProperty('trouble');
  expect(tree(home)).toEqual(before);
});

it('believes the files: what was renamed, removed or delivered since nobody looked', async () => {
  const home = await account();
  const [first = ''] = readdirSync(join(home.maildir, 'new'));
  renameSync(join(home.maildir, 'new', first), join(home.maildir, 'cur', `${first}:2,FS`));
  const third = readdirSync(join(home.maildir, 'cur')).find((one) => one.endsWith(':2,T')) ?? '';
  rmSync(join(home.maildir, 'cur', third));
  writeFileSync(join(home.maildir, 'new', '1700000000.M1P1.host'), 'Subject: late\n\nlate\n');
  symlinkSync('/etc/passwd', join(home.maildir, 'cur', '1700000001.M1P1.host:2,'));
  const reader = read(home);
  expect(shown(await messagesOf(reader))).toEqual(['1 \\Flagged \\Seen', '2 \\Seen work', 'new']);
  const counts = { messages: 3, unseen: 1, deleted: 0, notIndexed: 1, links: 1, unreadable: 0 };
  expect(await inbox(reader).tally()).toMatchObject(counts);
});

it('opens a message that was renamed after it was listed, and knows when it is gone', async () => {
  const home = await account();
  const reader = read(home);
  const [first] = await messagesOf(reader);
  if (first === undefined) throw new Error('There are no messages.');
  renameSync(join(home.maildir, 'new', first.base), join(home.maildir, 'cur', `${first.base}:2,S`));
  const file = await inbox(reader).open(first);
  const octets: Uint8Array[] = [];
  if (file !== undefined) for await (const chunk of storedOctets(file)) octets.push(chunk);
  await file?.handle.close();
  expect(Buffer.concat(octets)).toEqual(Buffer.from(mail('one')));
  rmSync(join(home.maildir, 'cur', `${first.base}:2,S`));
  expect(await inbox(reader).open(first)).toBeUndefined();
  expect(await inbox(reader).message(first.uid as NonNullable<typeof first.uid>)).toBeUndefined();
});

it('shows files without UIDs where the index is lost or damaged', async () => {
  const home = await account();
  writeFileSync(home.indexFile, 'this is no database, and long enough to be taken for one'.repeat(20));
  rmSync(`${home.indexFile}-wal`, { force: true });
  const reader = read(home);
  expect(reader.sideFiles().trouble).toBe('index-damaged');
  expect(shown(await messagesOf(reader)).sort()).toEqual(['new', 'new \\Deleted', 'new \\Seen work']);
  rmSync(home.indexFile);
  expect(read(home).sideFiles().trouble).toBe('index-missing');
});

it('does not follow a folder that leads elsewhere, nor needs one that is not there', async () => {
  const [home, other] = [await account(), await account()];
  symlinkSync(other.maildir, join(home.maildir, '.Other'));
  const reader = read(home);
  expect((await reader.mailboxes()).map((mailbox) => mailbox.name)).toEqual(['INBOX', 'Archive.2026']);
  expect(reader.folder(name('Other'))).toBeUndefined();
  expect(() => read(newHome())).toThrow(/ENOENT/);
});

it('asks the text index without writing to it', async () => {
  const home = await account();
  const text = textWorker();
  const store = await home.store({ text, textFile: join(home.maildir, '..', 'text.db') });
  value(await store.buildTextIndex());
  await closeQuietly(store);
  await text.close();
  const before = tree(home);
  const reader = read(home);
  const uids = (await messagesOf(reader)).flatMap(({ uid }) => uid ?? []);
  const found = await reader.findText(INBOX, uids, 'TWO', { header: 'subject' });
  expect(found).toEqual({ hits: new Set([2]), unindexed: new Set() });
  expect(reader.indexedTexts(INBOX)).toBe(3);
  expect(tree(home)).toEqual(before);
});

it('reads while a server delivers and changes flags, and meets every message once', async () => {
  const home = await account();
  const store = await home.store();
  const mailbox = value(await store.open(INBOX));
  const changing = (async () => {
    for (let round = 0; round < 40; round += 1) {
      const operation = round % 2 === 0 ? 'add' : 'remove';
      value(await mailbox.store(mailbox.recent(), { operation, flags: ['\\Flagged'] }));
      value(await store.append(INBOX, { content: mail(`more ${round}`) }));
    }
  })();
  try {
    for (let round = 0; round < 20; round += 1) {
      const reader = read(home);
      const uids = (await messagesOf(reader)).flatMap(({ uid }) => uid ?? []);
      expect(new Set(uids).size).toBe(uids.length);
      expect(uids).toEqual(expect.arrayContaining([1, 2, 3]));
    }
  } finally {
    await changing;
  }
});
