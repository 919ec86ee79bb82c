import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Mailbox, Uid } from '../src/index.ts';
import { BATCH, CHANGES } from '../src/limits.ts';
import { toModSeq, toUid } from '../src/names/ids.ts';
import { name, newHome, openInbox, statesOf, value } from './helpers.ts';

const MANY = 4 * BATCH;

async function filled(count = MANY) {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  for (let at = 0; at < count; at += 1)
    writeFileSync(join(home.maildir, 'cur', `${1_600_000_000 + at}.M1.host,S=2,W=2:2,T`), '\r\n');
  const store = await home.store();
  const inbox = await openInbox(store);
  return { store, inbox, uids: [...inbox.uids()].map(toUid) };
}

/** Aborts when the mailbox has changed for the first time: more than one transaction is left then. */
function afterTheFirst(mailbox: Mailbox): AbortSignal {
  const controller = new AbortController();
  mailbox.onChange(() => controller.abort(new Error('enough')));
  return controller.signal;
}

/** Some, but not all, and the first ones. */
function expectSome(done: readonly Uid[], uids: readonly Uid[]): void {
  expect(done.length).toBeGreaterThan(0);
  expect(done.length).toBeLessThan(uids.length);
  expect(done).toEqual(uids.slice(0, done.length));
}

test('a signal ends a change of flags between two messages, and the answer tells which were changed', async () => {
  const { inbox, uids } = await filled();
  const change = { operation: 'add', flags: ['\\Seen'] } as const;
  const { changed } = value(await inbox.store(uids, change, afterTheFirst(inbox)));
  const done = changed.map(({ uid }) => uid);
  expectSome(done, uids);
  expect(statesOf(inbox).flatMap(({ uid, flags }) => (flags.has('\\Seen') ? [uid] : []))).toEqual(done);
});

test('a signal ends a move and an expunge in the same way', async () => {
  const { store, inbox, uids } = await filled();
  value(await store.create(name('Archive')));
  const archive = value(await store.open(name('Archive')));
  const moved = value(await inbox.move(uids, name('Archive'), afterTheFirst(inbox))).pairs.map(({ source }) => source);
  expectSome(moved, uids);
  expect(archive.uids()).toHaveLength(moved.length);
  const left = uids.slice(moved.length);
  expect([...inbox.uids()]).toEqual(left);
  const signal = AbortSignal.abort();
  expect(value(await inbox.expunge(undefined, signal))).toEqual([]);
  expect([...inbox.uids()]).toEqual(left);
});

test('a signal ends a copy, and nothing of it is left', async () => {
  const { store, inbox, uids } = await filled();
  value(await store.create(name('Archive')));
  const archive = value(await store.open(name('Archive')));
  await expect(inbox.copy(uids, name('Archive'), afterTheFirst(archive))).rejects.toThrow('enough');
  value(await archive.refresh());
  expect(archive.uids()).toHaveLength(0);
});

test('changes come in pages, of one modification sequence as well, and each says where to go on', async () => {
  const { inbox, uids } = await filled(2 * CHANGES + 10);
  const gone = uids.slice(0, CHANGES + 5);
  value(await inbox.expunge(gone));
  const pages = [];
  for await (const page of inbox.changes(toModSeq(0))) pages.push(page);
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.flatMap(({ changed }) => changed.map(({ uid }) => uid))).toEqual(uids.slice(gone.length));
  expect(pages.flatMap(({ vanished }) => vanished)).toEqual(gone);
  expect(pages.map(({ complete }) => complete)).toEqual(pages.map((_, at) => at === pages.length - 1));
  expect(pages.at(-1)?.highestModSeq).toBe(inbox.highestModSeq);
  const [first] = pages;
  const told = new Set(first?.changed.map(({ uid }) => uid));
  const later = inbox.changesSince(first?.highestModSeq ?? expect.fail());
  for (const { uid } of later.changed) told.add(uid);
  expect(told.size).toBe(uids.length - gone.length);
  const ended = inbox.changes(toModSeq(0), AbortSignal.abort(new Error('enough')))[Symbol.asyncIterator]();
  await expect(ended.next()).rejects.toThrow('enough');
});
