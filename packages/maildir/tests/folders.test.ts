import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import { INBOX, type MaildirStore } from '../src/index.ts';
import { closeQuietly, errorOf, mail, name, newHome, openInbox, statesOf, textOf, value } from './helpers.ts';

const listed = async (store: MaildirStore) =>
  value(await store.list()).map(({ name, selectable }) => (selectable ? name : `(${name})`));

test('mailboxes are Maildir++ folders that other programs know', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.create(name('Entwürfe.2026')));
  expect(readdirSync(home.maildir)).toContain('.Entw&APw-rfe.2026');
  const entries = readdirSync(join(home.maildir, '.Entw&APw-rfe.2026')).sort();
  expect(entries).toEqual(['cur', 'maildirfolder', 'new', 'tmp']);
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, '.Theirs', part), { recursive: true });
  mkdirSync(join(home.maildir, '.not-a-maildir'));
  expect(await listed(store)).toEqual(['INBOX', '(Entwürfe)', 'Entwürfe.2026', 'Theirs']);
  expect(value(await store.list()).find((one) => one.name === 'Entwürfe')?.hasChildren).toBe(true);
});

test('what exists cannot be created, what does not exist cannot be deleted, INBOX stays', async () => {
  const store = await newHome().store();
  value(await store.create(name('a.b')));
  expect(errorOf(await store.create(name('a.b'))).code).toBe('mailbox-exists');
  expect(errorOf(await store.create(INBOX)).code).toBe('mailbox-exists');
  expect(errorOf(await store.delete(INBOX)).code).toBe('not-permitted');
  expect(errorOf(await store.delete(name('a'))).code).toBe('not-permitted');
  expect(errorOf(await store.delete(name('x'))).code).toBe('no-such-mailbox');
  value(await store.create(name('a')));
  expect(await listed(store)).toEqual(['INBOX', 'a', 'a.b']);
});

test('deleting a mailbox keeps its children, and its name comes back under a higher UIDVALIDITY', async () => {
  const home = newHome();
  const store = await home.store({ clock: () => 1_700_000_000_000 }); // a clock that stands
  for (const one of ['a', 'a.b']) value(await store.create(name(one)));
  const first = value(await store.append(name('a'), { content: mail('one') }));
  value(await store.delete(name('a')));
  expect(await listed(store)).toEqual(['INBOX', '(a)', 'a.b']);
  expect(errorOf(await store.open(name('a'))).code).toBe('no-such-mailbox');
  expect(readdirSync(home.maildir).filter((entry) => entry.startsWith('..'))).toEqual([]);
  value(await store.create(name('a')));
  const again = value(await store.append(name('a'), { content: mail('one') }));
  expect(again.uidValidity).toBeGreaterThan(first.uidValidity);
});

test('renaming takes children, UIDs and messages along', async () => {
  const home = newHome();
  const store = await home.store();
  for (const one of ['a', 'a.b', 'ab']) value(await store.create(name(one)));
  const before = value(await store.append(name('a.b'), { content: mail('one') }));
  expect(errorOf(await store.rename(name('a'), name('ab'))).code).toBe('mailbox-exists');
  expect(errorOf(await store.rename(name('a'), name('a.c'))).code).toBe('not-permitted');
  expect(errorOf(await store.rename(name('x'), name('y'))).code).toBe('no-such-mailbox');
  value(await store.rename(name('a'), name('z.y')));
  expect(await listed(store)).toEqual(['INBOX', 'ab', '(z)', 'z.y', 'z.y.b']);
  const moved = value(await store.open(name('z.y.b')));
  expect(moved.uidValidity).toBe(before.uidValidity);
  expect(statesOf(moved).map(({ uid }) => uid)).toEqual([before.uid]);
});

test('a name that had a higher UIDVALIDITY never goes back, not even by a rename', async () => {
  const store = await newHome().store();
  for (const one of ['old', 'new']) value(await store.create(name(one)));
  value(await store.append(name('old'), { content: mail('one') }));
  const second = value(await store.append(name('new'), { content: mail('two') }));
  value(await store.delete(name('new')));
  value(await store.rename(name('old'), name('new')));
  expect(value(await store.status(name('new'))).uidValidity).toBeGreaterThan(second.uidValidity);
});

test('renaming INBOX moves its messages and leaves it empty', async () => {
  const home = newHome();
  const store = await home.store();
  value(await store.append(INBOX, { content: mail('one'), flags: ['\\Seen', 'work'] }));
  value(await store.append(INBOX, { content: mail('two') }));
  const inbox = await openInbox(store);
  value(await store.rename(INBOX, name('kept')));
  expect(statesOf(inbox)).toEqual([]);
  const kept = value(await store.open(name('kept')));
  expect(statesOf(kept).map(({ flags }) => [...flags])).toEqual([['\\Seen', 'work'], []]);
  const [first] = statesOf(kept);
  if (first === undefined) throw new Error('The message is missing.');
  expect(await textOf(kept, first)).toContain('Subject: one');
  expect(await listed(store)).toEqual(['INBOX', 'kept']);
});

test('subscriptions are Dovecot’s file; lines of others survive', async () => {
  const home = newHome();
  const store = await home.store();
  const file = join(home.maildir, 'subscriptions');
  writeFileSync(file, 'Sent\nodd//line\n');
  value(await store.subscribe(name('Entwürfe'), true));
  value(await store.subscribe(name('Entwürfe'), true));
  expect(readFileSync(file, 'utf8')).toBe('Sent\nodd//line\nEntw&APw-rfe\n');
  expect(value(await store.subscriptions())).toEqual(['Entwürfe', 'Sent']);
  value(await store.subscribe(name('Sent'), false));
  expect(readFileSync(file, 'utf8')).toBe('odd//line\nEntw&APw-rfe\n');
  value(await store.create(name('Entwürfe')));
  expect(value(await store.list()).find((one) => one.name === 'Entwürfe')?.subscribed).toBe(true);
  writeFileSync(file, 'V\t2\n\nArchive\t2026\n');
  expect(value(await store.subscriptions())).toEqual(['Archive.2026']);
});

test('the rest of an unfinished delivery or deletion is never shown as mail or as a mailbox', async () => {
  const home = newHome();
  const store = await home.store();
  for (const part of ['cur', 'new', 'tmp']) {
    mkdirSync(join(home.maildir, '..scorpiox-trash-1', part), { recursive: true });
  }
  writeFileSync(join(home.maildir, 'tmp', '1700000000.half.host'), 'Subject: ha');
  expect(await listed(store)).toEqual(['INBOX']);
  expect(statesOf(await openInbox(store))).toEqual([]);
  // A day and a half later, by the clock of the file system, they are cleared away.
  const later = { ...nodeFileSystem, time: () => Date.now() + 37 * 3_600_000 };
  const again = await home.store({ fileSystem: later });
  await openInbox(again);
  await closeQuietly(again);
  expect(existsSync(join(home.maildir, '..scorpiox-trash-1'))).toBe(false);
  expect(readdirSync(join(home.maildir, 'tmp'))).toEqual([]);
});
