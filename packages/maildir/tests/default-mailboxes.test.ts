import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INBOX, type MaildirStore, type MailStore, makeDefaultMailboxes } from '../src/index.ts';
import { closeQuietly, errorOf, mail, name, newHome, value } from './helpers.ts';

const DEFAULTS = [
  ['Archive', '\\Archive'],
  ['Drafts', '\\Drafts'],
  ['Junk', '\\Junk'],
  ['Sent', '\\Sent'],
  ['Trash', '\\Trash'],
];

const usesOf = async (store: MaildirStore) =>
  value(await store.list()).flatMap(({ name: mailbox, specialUse }) =>
    mailbox === INBOX ? [] : [[mailbox, ...specialUse]],
  );

/** A store whose `create` fails from the given call on. */
function failing(store: MaildirStore, after: number): MailStore {
  let calls = 0;
  return new Proxy<MailStore>(store, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      if (key !== 'create') return member.bind(target);
      calls += 1;
      if (calls <= after) return member.bind(target);
      return async () => ({ ok: false, error: { code: 'no-space', message: 'The disk is full.' } });
    },
  });
}

test('a new account has Archive, Drafts, Junk, Sent and Trash, with their uses and subscribed', async () => {
  const store = await newHome().store();
  value(await makeDefaultMailboxes(store));
  expect(await usesOf(store)).toEqual(DEFAULTS);
  expect(value(await store.subscriptions())).toEqual(['Archive', 'Drafts', 'INBOX', 'Junk', 'Sent', 'Trash']);
});

test('mail that came before the first look makes no difference', async () => {
  const store = await newHome().store();
  value(await store.append(INBOX, { content: mail('early') }));
  value(await makeDefaultMailboxes(store));
  expect(await usesOf(store)).toEqual(DEFAULTS);
});

test('what the owner deleted or renamed does not come back', async () => {
  const home = newHome();
  const store = await home.store();
  value(await makeDefaultMailboxes(store));
  value(await store.rename(name('Sent'), name('Gesendet')));
  for (const one of ['Archive', 'Drafts', 'Junk', 'Trash']) value(await store.delete(name(one)));
  value(await store.subscribe(name('Trash'), false));
  value(await makeDefaultMailboxes(store));
  await closeQuietly(store);
  const again = await home.store();
  value(await makeDefaultMailboxes(again));
  expect(await usesOf(again)).toEqual([['Gesendet', '\\Sent']]);
  expect(value(await again.subscriptions())).not.toContain('Trash');
});

test('two that do it at the same time make one of each', async () => {
  const home = newHome();
  const stores = [await home.store(), await home.store()];
  const done = await Promise.all([...stores, ...stores].map((store) => makeDefaultMailboxes(store)));
  for (const result of done) value(result);
  for (const store of stores) expect(await usesOf(store)).toEqual(DEFAULTS);
});

test('what was broken off is gone on with', async () => {
  const store = await newHome().store();
  expect(errorOf(await makeDefaultMailboxes(failing(store, 2))).code).toBe('no-space');
  expect((await usesOf(store)).map(([mailbox]) => mailbox)).toEqual(['Drafts', 'Sent']);
  value(await makeDefaultMailboxes(store));
  expect(await usesOf(store)).toEqual(DEFAULTS);
});

test('an account that was brought along gets no mailboxes, but known names get their uses', async () => {
  const home = newHome();
  for (const folder of ['.Sent', '.Trash', '.Drafts', '.Lists.a']) {
    for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, folder, part), { recursive: true });
  }
  writeFileSync(join(home.maildir, 'subscriptions'), 'Sent\n');
  const store = await home.store();
  value(await store.create(name('Old'), '\\Trash'));
  value(await makeDefaultMailboxes(store));
  const expected = [['Drafts', '\\Drafts'], ['Lists'], ['Lists.a'], ['Old', '\\Trash'], ['Sent', '\\Sent'], ['Trash']];
  expect(await usesOf(store)).toEqual(expected);
  expect(value(await store.subscriptions())).toEqual(['Sent']);
});

test('a mailbox can be made with several uses at once', async () => {
  const store = await newHome().store();
  value(await store.create(name('MySpecial'), ['\\Drafts', '\\Sent']));
  value(await store.create(name('Plain'), []));
  expect(await usesOf(store)).toEqual([['MySpecial', '\\Drafts', '\\Sent'], ['Plain']]);
});
