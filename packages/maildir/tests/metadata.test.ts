import { expect, test } from 'vitest';
import { INBOX, type MailboxName, type MaildirStore } from '../src/index.ts';
import { closeQuietly, errorOf, name, newHome, value } from './helpers.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

async function entriesOf(store: MaildirStore, mailbox: MailboxName | undefined): Promise<Record<string, string>> {
  const entries = value(await store.metadata(mailbox));
  return Object.fromEntries(entries.map(({ entry, value: held }) => [entry, Buffer.from(held).toString()]));
}

const set = (store: MaildirStore, mailbox: MailboxName | undefined, entries: Record<string, string | undefined>) =>
  store.setMetadata(
    mailbox,
    Object.entries(entries).map(([entry, text]) => ({ entry, value: text === undefined ? undefined : bytes(text) })),
  );

const usesOf = async (store: MaildirStore, mailbox: MailboxName) =>
  value(await store.list()).find((info) => info.name === mailbox)?.specialUse;

test('annotations are kept in lower case, ascending, for each mailbox and for the store', async () => {
  const home = newHome();
  const store = await home.store();
  value(await set(store, INBOX, { '/shared/Comment': 'ours', '/private/vendor/A b/Colour': '\0red' }));
  value(await set(store, undefined, { '/private/comment': 'whole' }));
  expect(Object.entries(await entriesOf(store, INBOX))).toEqual([
    ['/private/vendor/a b/colour', '\0red'],
    ['/shared/comment', 'ours'],
  ]);
  value(await set(store, INBOX, { '/SHARED/COMMENT': undefined, '/private/absent': undefined }));
  await closeQuietly(store);
  const again = await home.store();
  expect(await entriesOf(again, INBOX)).toEqual({ '/private/vendor/a b/colour': '\0red' });
  expect(await entriesOf(again, undefined)).toEqual({ '/private/comment': 'whole' });
});

test.each([
  '',
  '/private',
  '/private/',
  '/public/comment',
  'private/comment',
  '/private/comment/',
  '/private//comment',
  '/private/com*ment',
  '/private/com%ment',
  '/private/com\u0019ment',
  '/private/com\u007fment',
  '/private/cömment',
  '/private/\u212aelvin',
  `/private/${'x'.repeat(300)}`,
])('%j is no name of an annotation', async (entry) => {
  const store = await newHome().store();
  const change = { '/private/good': 'good', [entry]: 'text' };
  expect(errorOf(await set(store, INBOX, change)).code).toBe('invalid-name');
  expect(await entriesOf(store, INBOX)).toEqual({});
});

test('a value above the limit is too large, one at the limit is kept', async () => {
  const store = await newHome().store();
  value(await set(store, INBOX, { '/private/a': 'x'.repeat(65_536) }));
  expect(errorOf(await set(store, INBOX, { '/private/b': 'x'.repeat(65_537) })).code).toBe('too-large');
});

test('too many annotations are refused, all of the change or none', async () => {
  const store = await newHome().store();
  const hundred = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`/private/n${at}`, 'x']));
  value(await set(store, INBOX, hundred));
  expect(errorOf(await set(store, INBOX, { '/private/n1': 'y', '/private/more': 'x' })).code).toBe('not-permitted');
  expect((await entriesOf(store, INBOX))['/private/n1']).toBe('x');
  value(await set(store, INBOX, { '/private/more': 'x', '/private/n1': undefined }));
});

test('annotations follow a rename, with those of inferiors, and go with their mailbox', async () => {
  const store = await newHome().store();
  for (const mailbox of ['one', 'one.below']) value(await store.create(name(mailbox)));
  value(await set(store, name('one'), { '/private/comment': '1' }));
  value(await set(store, name('one.below'), { '/private/comment': '2' }));
  value(await store.rename(name('one'), name('two')));
  expect(await entriesOf(store, name('two'))).toEqual({ '/private/comment': '1' });
  expect(await entriesOf(store, name('two.below'))).toEqual({ '/private/comment': '2' });
  expect(errorOf(await store.metadata(name('one'))).code).toBe('no-such-mailbox');
  expect(errorOf(await set(store, name('one'), { '/private/comment': '1' })).code).toBe('no-such-mailbox');
  value(await store.delete(name('two')));
  value(await store.create(name('two')));
  expect(await entriesOf(store, name('two'))).toEqual({});
});

test('a mailbox is made with its special use, which its annotation holds', async () => {
  const store = await newHome().store();
  value(await store.create(name('Gone'), '\\Trash'));
  value(await store.create(name('plain')));
  expect(await entriesOf(store, name('Gone'))).toEqual({ '/private/specialuse': '\\Trash' });
  expect(await usesOf(store, name('Gone'))).toEqual(['\\Trash']);
  expect(await usesOf(store, name('plain'))).toEqual([]);
  value(await set(store, name('Gone'), { '/private/SpecialUse': '\\archive  \\SENT \\Archive' }));
  expect(await usesOf(store, name('Gone'))).toEqual(['\\Archive', '\\Sent']);
  expect(await entriesOf(store, name('Gone'))).toEqual({ '/private/specialuse': '\\Archive \\Sent' });
  value(await store.rename(name('Gone'), name('Kept')));
  expect(await usesOf(store, name('Kept'))).toEqual(['\\Archive', '\\Sent']);
  value(await set(store, name('Kept'), { '/private/specialuse': undefined }));
  expect(await usesOf(store, name('Kept'))).toEqual([]);
});

test.each(['\\All', '\\Flagged', 'Trash', '\\Trash,\\Sent', '\\Träsh'])('%s is no special use', async (use) => {
  const store = await newHome().store();
  value(await store.create(name('box')));
  expect(errorOf(await set(store, name('box'), { '/private/specialuse': use })).code).toBe('invalid-name');
  expect(await usesOf(store, name('box'))).toEqual([]);
});

test('the store itself has no special use', async () => {
  const store = await newHome().store();
  expect(errorOf(await set(store, undefined, { '/private/specialuse': '\\Trash' })).code).toBe('invalid-name');
});

test('a second process sees annotations as soon as they are set', async () => {
  const home = newHome();
  const [one, two] = [await home.store(), await home.store()];
  value(await set(one, INBOX, { '/shared/comment': 'new' }));
  expect(await entriesOf(two, INBOX)).toEqual({ '/shared/comment': 'new' });
});
