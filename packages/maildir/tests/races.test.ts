import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INBOX, type MailboxChanges } from '../src/index.ts';
import { Child, mail, newHome, openInbox, statesOf, textOf, value } from './helpers.ts';

/** An INBOX with one message that another process renames all the time. */
async function underfoot() {
  const home = newHome();
  const store = await home.store();
  const { uid } = value(await store.append(INBOX, { content: mail('one'), flags: ['\\Seen'] }));
  const inbox = await openInbox(store);
  const start = inbox.highestModSeq;
  const renamer = new Child('renamer.ts', [home.maildir]);
  expect(await renamer.line()).toBe('ready');
  return { home, inbox, uid, start, renamer };
}

const vanishedSince = (changes: MailboxChanges) => changes.vanished;

test('a message that is renamed all the time can always be read', async () => {
  const { inbox, uid, renamer } = await underfoot();
  const [record] = statesOf(inbox);
  if (record === undefined) throw new Error('The message is missing.');
  for (let count = 0; count < 200; count += 1) expect(await textOf(inbox, record)).toContain('Subject: one');
  await renamer.kill();
  expect(statesOf(inbox).map((one) => one.uid)).toEqual([uid]);
});

test('looking at a folder while names change in it loses nothing and gives no new UID', async () => {
  const { inbox, uid, start, renamer } = await underfoot();
  for (let count = 0; count < 100; count += 1) {
    value(await inbox.refresh());
    expect(statesOf(inbox).map((one) => one.uid)).toEqual([uid]);
  }
  await renamer.kill();
  value(await inbox.refresh());
  expect(vanishedSince(inbox.changesSince(start))).toEqual([]);
  expect(inbox.uidNext).toBe(uid + 1);
});

test('flags can be set on a message that somebody else keeps renaming', async () => {
  const { home, inbox, uid, renamer } = await underfoot();
  for (let count = 0; count < 10; count += 1) {
    const { changed } = value(await inbox.store([uid], { operation: 'add', flags: ['\\Draft'] }));
    expect(changed.map((one) => one.uid)).toEqual([uid]);
  }
  await renamer.kill();
  value(await inbox.refresh());
  const { changed } = value(await inbox.store([uid], { operation: 'add', flags: ['\\Draft'] }));
  const [record] = changed;
  expect(record?.flags.has('\\Draft')).toBe(true);
  expect(statesOf(inbox)).toEqual([record]);
  if (record === undefined) throw new Error(`The message is missing from ${join(home.maildir, 'cur')}.`);
  expect(await textOf(inbox, record)).toContain('Subject: one');
});

test('a flag change is followed at once by reading, on this and on another session of the process', async () => {
  const home = newHome();
  const store = await home.store();
  const { uid } = value(await store.append(INBOX, { content: mail('one') }));
  const [first, second] = [await openInbox(store), await openInbox(store)];
  for (let count = 0; count < 20; count += 1) {
    const operation = count % 2 === 0 ? 'add' : 'remove';
    const { changed } = value(await first.store([uid], { operation, flags: ['\\Seen'] }));
    const [record] = changed;
    if (record === undefined) throw new Error('The message vanished.');
    expect(await textOf(first, record)).toContain('Subject: one');
    expect(await textOf(second, record)).toContain('Subject: one');
    expect(statesOf(second)[0]?.flags.has('\\Seen')).toBe(count % 2 === 0);
  }
});

test('processes that deliver at the same time get different UIDs, and a third one that watches agrees with them', async () => {
  const home = newHome();
  const inbox = await openInbox(await home.store());
  const children = ['a', 'b'].map((prefix) => new Child('appender.ts', [home.maildir, home.indexFile, prefix, '20']));
  const answers = new Map<number, string>();
  const collect = async (child: Child): Promise<void> => {
    expect(await child.line()).toBe('ready');
    for (let line = await child.line(); line !== undefined; line = await child.line()) {
      const [uid, subject = ''] = line.split(' ');
      expect(answers.has(Number(uid))).toBe(false);
      answers.set(Number(uid), subject);
    }
  };
  await Promise.all(children.map(collect));
  value(await inbox.refresh());
  expect(answers.size).toBe(40);
  expect(statesOf(inbox)).toHaveLength(40);
  for (const record of statesOf(inbox)) {
    expect(await textOf(inbox, record)).toContain(`Subject: ${answers.get(record.uid)}\r\n`);
  }
});
