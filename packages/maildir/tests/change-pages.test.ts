import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileSystem } from '../src/files/file-system.ts';
import { nodeFileSystem } from '../src/files/node-file-system.ts';
import type { Mailbox, MailboxEvent, Uid } from '../src/index.ts';
import { CHANGES, FLAG_SETS } from '../src/limits.ts';
import { toModSeq } from '../src/names/ids.ts';
import { Child, mail, newHome, openInbox, statesOf, value } from './helpers.ts';

async function filled(count: number, info = ':2,') {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  for (let at = 0; at < count; at += 1)
    writeFileSync(join(home.maildir, 'cur', `${1_600_000_000 + at}.M1.host,S=2,W=2${info}`), '\r\n');
  const store = await home.store();
  return { home, store, inbox: await openInbox(store) };
}

/** The events of one look, each in a few words. */
async function look(events: AsyncIterator<MailboxEvent>, onEvent: (told: string) => void = () => undefined) {
  const told: string[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) throw new Error('The stream has ended.');
    const event = next.value;
    if (event.kind === 'upTo') return told;
    const uid = event.kind === 'expunged' ? event.uid : 'message' in event ? event.message.uid : '';
    told.push(`${event.kind} ${uid}`);
    onEvent(`${event.kind} ${uid}`);
  }
}

const COUNT = 3 * CHANGES + 7;
/** Before everything that is there from the beginning. */
const START = toModSeq(0);

test('changes come in pages where that is asked for, and together they are all', async () => {
  const { inbox } = await filled(COUNT);
  const uids = [...inbox.uids()] as Uid[]; // the index has just given them
  value(await inbox.store(uids.slice(0, 300), { operation: 'add', flags: ['\\Deleted'] }));
  value(await inbox.expunge(uids.slice(0, 300)));
  value(await inbox.store(uids.slice(300), { operation: 'add', flags: ['\\Answered'] }));
  const all = inbox.changesSince(toModSeq(1));
  expect([all.complete, all.changed.length, all.vanished.length]).toEqual([true, COUNT - 300, 300]);
  const [changed, vanished]: [number[], number[]] = [[], []];
  let pages = 0;
  for (let since = toModSeq(1); ; pages += 1) {
    const page = inbox.changesSince(since, 400);
    expect(page.changed.length + page.vanished.length).toBeLessThanOrEqual(400);
    changed.push(...page.changed.map(({ uid }) => uid));
    vanished.push(...page.vanished);
    since = page.highestModSeq;
    if (page.complete) break;
  }
  expect(pages).toBeGreaterThan(2);
  expect(changed.sort((a, b) => a - b)).toEqual(all.changed.map(({ uid }) => uid));
  expect(vanished.sort((a, b) => a - b)).toEqual(all.vanished);
  expect(inbox.changesSince(inbox.highestModSeq, 1)).toMatchObject({ complete: true, changed: [], vanished: [] });
});

test('what one modification sequence changed stays together, however little was asked for', async () => {
  const { inbox } = await filled(20);
  const page = inbox.changesSince(START, 5);
  expect(page.changed).toHaveLength(20);
});

test('the loop turns while very many arrivals are told, in the order of their UIDs', async () => {
  const { inbox } = await filled(COUNT);
  const events = inbox.events({ since: START, uidNext: 1 })[Symbol.asyncIterator]();
  let turns = 0;
  const count = (): void => {
    turns += 1;
    turning = setImmediate(count);
  };
  let turning = setImmediate(count);
  const first = await events.next();
  expect(first.value).toMatchObject({ kind: 'arrived' });
  turns = 0;
  const rest = await look(events);
  clearImmediate(turning);
  expect(rest).toEqual(Array.from({ length: COUNT - 1 }, (_, at) => `arrived ${at + 2}`));
  expect(turns).toBeGreaterThanOrEqual(3);
  await events.return?.();
});

test('a message that went before its page was read is never mentioned', async () => {
  const { inbox } = await filled(COUNT);
  const last = statesOf(inbox).at(-1)?.uid ?? expect.fail();
  const first = statesOf(inbox)[0]?.uid ?? expect.fail();
  value(await inbox.store([first, last], { operation: 'add', flags: ['\\Deleted'] }));
  const events = inbox.events({ since: START, uidNext: 1 })[Symbol.asyncIterator]();
  await events.next(); // `first` is told by now, and `last` on a later page
  value(await inbox.expunge([first, last]));
  const told = await look(events);
  expect(told).not.toContain(`arrived ${last}`);
  expect(await look(events)).toEqual([`expunged ${first}`]);
  await events.return?.();
});

test('flags and expunges of several pages come in the order of their modification sequences', async () => {
  const { inbox } = await filled(COUNT);
  const [since, uidNext] = [inbox.highestModSeq, inbox.uidNext];
  const uids = statesOf(inbox).map(({ uid }) => uid);
  const half = uids.slice(0, CHANGES + 100);
  value(await inbox.store(half, { operation: 'add', flags: ['\\Deleted'] }));
  value(await inbox.expunge(half));
  value(await inbox.store(uids.slice(half.length), { operation: 'add', flags: ['\\Seen'] }));
  const events = inbox.events({ since, uidNext })[Symbol.asyncIterator]();
  const told = await look(events);
  expect(told).toEqual([
    ...half.map((uid) => `expunged ${uid}`),
    ...uids.slice(half.length).map((uid) => `flags ${uid}`),
  ]);
  await events.return?.();
});

test('a program that waits for events is kept alive, and ends by itself when it does not any more', async () => {
  const home = newHome();
  const child = new Child('listener.ts', [home.maildir, home.indexFile]);
  expect(await child.line()).toBe('ready');
  writeFileSync(join(home.maildir, 'tmp', 'x'), mail('one'));
  renameSync(join(home.maildir, 'tmp', 'x'), join(home.maildir, 'new', '1600000000.M1.host'));
  expect(await child.line()).toBe('arrived');
});

const flagsOf = (inbox: Mailbox) => statesOf(inbox)[0]?.flags;

test('messages share their sets of flags, but not for ever where each has a combination of its own', async () => {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  const letters = 'abcdefghijk';
  writeFileSync(
    join(home.maildir, 'dovecot-keywords'),
    [...letters].map((letter, at) => `${at} k${letter}\n`).join(''),
  );
  for (let at = 0; at <= FLAG_SETS; at += 1) {
    const own = [...letters].filter((_, bit) => (at & (1 << bit)) !== 0).join('');
    writeFileSync(join(home.maildir, 'cur', `${1_600_000_000 + at}.M1.host,S=2,W=2:2,${own}`), '\r\n');
  }
  const inbox = await openInbox(await home.store());
  const before = inbox.state(statesOf(inbox)[0]?.uid ?? expect.fail())?.flags;
  expect(inbox.state(statesOf(inbox)[0]?.uid ?? expect.fail())?.flags).not.toBe(before);
  const few = await filled(3);
  expect(flagsOf(few.inbox)).toBe(flagsOf(few.inbox));
});

test('a folder that is slow to read is not read all the time while files trickle in after an overflow', async () => {
  const home = newHome();
  for (const directory of ['cur', 'new', 'tmp']) mkdirSync(join(home.maildir, directory), { recursive: true });
  let inDoubt: () => void = () => undefined;
  const fileSystem: FileSystem = {
    ...nodeFileSystem,
    async files(directory, onName, onLink) {
      await new Promise((resolve) => setTimeout(resolve, 150)); // what a large folder costs
      await nodeFileSystem.files(directory, onName, onLink);
    },
    watch(directory, onName, onError) {
      inDoubt = () => onName(undefined);
      return nodeFileSystem.watch(directory, onName, onError);
    },
  };
  const store = await home.store({ fileSystem });
  const inbox = await openInbox(store);
  const before = store.stats().scans;
  for (let overflow = 0; overflow < 20; overflow += 1) {
    inDoubt();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(store.stats().scans - before).toBeLessThanOrEqual(2);
  writeFileSync(join(home.maildir, 'cur', '1600000000.M1.host:2,'), mail('one'));
  value(await inbox.refresh()); // who asks is answered
  expect(inbox.uids()).toHaveLength(1);
});
